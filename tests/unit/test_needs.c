/* What a log must hold for rules to match: by the rules' own words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "rule/needs.h"

struct scene {
	struct pack pack;
	struct arena arena;
	struct needs needs;
};

#define CREATION(id, lines)                                                         \
	"---\ntitle: about programs\nid: " id                                       \
	"\nlogsource:\n    product: linux\n    category: process_creation\nlevel: " \
	"high\ndetection:\n" lines

#define AUDITD(selection)                                                                                             \
	"---\ntitle: about records\nid: x\nlogsource:\n    product: linux\n    service: auditd\ndetection:\n    s:\n" \
	"        " selection "\n    condition: s\n"

static void find(struct scene *scene, const char *text)
{
	struct sigma_rules *rules = sigma_rules_create(NULL, 0);
	struct err err;

	*scene = (struct scene){ 0 };
	sigma_rules_add_text(rules, "test.yml", span_of(text));
	sigma_rules_link(rules);
	assert_int_equal(rules->diagnostics.errors, 0);
	assert_int_equal(pack_init(&scene->pack, rules, &err), 0);
	arena_init(&scene->arena, 0);
	needs_find(&scene->needs, &scene->pack, &scene->arena);
}

static void finish(struct scene *scene)
{
	arena_finish(&scene->arena);
	pack_finish(&scene->pack);
}

static void show(const struct needs *needs)
{
	if (needs->always)
		print_error("always: %.*s\n", (int)needs->always->title.len, needs->always->title.data);
	for (size_t i = 0; i < needs->count; i++)
		print_error("%s\"%.*s\" \"%.*s\"\n", needs->literals[i].command ? "command " : "",
			    (int)needs->literals[i].text.len, needs->literals[i].text.data,
			    (int)needs->literals[i].encoded.len, needs->literals[i].encoded.data);
}

/* The rules need one text, which stands in records so; NULL: they can match whatever the log holds. */
static void expect(const char *rules, const char *text, const char *encoded, bool command)
{
	struct scene scene;

	find(&scene, rules);
	const struct needs *needs = &scene.needs;
	bool right = text ? !needs->always && needs->count == 1 : needs->always && !needs->count;
	right = right && (!text || (span_equal(needs->literals[0].text, span_of(text)) &&
				    span_equal(needs->literals[0].encoded, span_of(encoded)) &&
				    needs->literals[0].command == command));
	if (!right)
		show(needs);
	assert_true(right);
	finish(&scene);
}

static void test_words(void **state)
{
	expect(CREATION("x", "    s:\n        Image|endswith: /procdump\n    condition: s\n"), "procdump", "procdump",
	       false);
	expect(CREATION("x", "    s:\n        CommandLine|contains: mimipenguin\n    condition: s\n"), "mimipenguin",
	       "mimipenguin", true);
	expect(CREATION("x", "    s:\n        Image: /opt/long-directory/x\n    condition: s\n"), "long-directory",
	       "long-directory", false);
	/* A short name counts with what it must stand beside. */
	expect(CREATION("x", "    s:\n        Image|endswith: /w\n    condition: s\n"), "/w\"", "/w", false);
	expect(CREATION("x", "    s:\n        CommandLine|contains: csh\n    condition: s\n"), "csh", "csh", true);
	expect(CREATION("x", "    s:\n        Image|endswith: /nc\n    condition: s\n"), "/nc\"", "/nc", false);
	expect(CREATION("x", "    s:\n        Image|startswith: /tmp/\n    condition: s\n"), "\"/tmp/", "/tmp/", false);
	expect(CREATION("x", "    s:\n        Image: /bin/sh\n    condition: s\n"), "\"/bin/sh\"", "/bin/sh", false);
	expect(CREATION("x", "    s:\n        Image|contains: /nc/\n    condition: s\n"), "/nc/", "/nc/", false);
	expect(CREATION("x", "    s:\n        Image: '*/nc?'\n    condition: s\n"), "/nc", "/nc", false);
	expect(CREATION("x", "    s:\n        Image: '/a*/nc'\n    condition: s\n"), "/nc\"", "/nc", false);
	/* A blank parts arguments: each stands in quotes of its own. */
	expect(CREATION("x", "    s:\n        CommandLine|contains: 'gdb -p'\n    condition: s\n"), "gdb\"", "gdb",
	       true);
	expect(CREATION("x", "    s:\n        CommandLine|contains: 'cat /etc/shadow'\n    condition: s\n"),
	       "/etc/shadow", "/etc/shadow", true);
	/* The more so if something else must be true, too. */
	expect(CREATION("x",
			"    s:\n        CommandLine|contains: mimipenguin\n        User: root\n    condition: s\n"),
	       "mimipenguin", "mimipenguin", true);
}

static void test_always(void **state)
{
	expect(CREATION("x", "    s:\n        User: root\n    condition: s\n"), NULL, NULL, false);
	expect(CREATION("x", "    s:\n        Image|contains: /x\n    condition: s\n"), NULL, NULL, false);
	expect(CREATION("x", "    s:\n        CommandLine|contains: -e\n    condition: s\n"), NULL, NULL, false);
	expect(CREATION("x", "    s:\n        Image|endswith: /procdump\n    condition: not s\n"), NULL, NULL, false);
	expect(CREATION("x",
			"    s:\n        Image|endswith: /procdump\n    t:\n        User: root\n    condition: s or "
			"t\n"),
	       NULL, NULL, false);
}

/* One text that two rules need is looked for once, and everywhere if one of them wants that. */
static void test_shared(void **state)
{
	expect(CREATION("x", "    s:\n        CommandLine|contains: truffle\n    condition: s\n")
		       CREATION("y", "    s:\n        CommandLine|contains: truffle\n    condition: s\n"),
	       "truffle", "truffle", true);
	expect(CREATION("x", "    s:\n        CommandLine|contains: truffle\n    condition: s\n")
		       CREATION("y", "    s:\n        Image|contains: truffle\n    condition: s\n"),
	       "truffle", "truffle", false);
}

static void test_other_sources(void **state)
{
	struct scene scene;

	find(&scene, "---\ntitle: a file\nid: x\nlogsource:\n    product: linux\n    category: file_event\ndetection:\n"
		     "    s:\n        TargetFilename: /etc/x\n    condition: s\n");
	assert_true(scene.needs.files);
	assert_null(scene.needs.always);
	finish(&scene);
	find(&scene, AUDITD("type: USER_CMD"));
	assert_false(scene.needs.files);
	assert_null(scene.needs.always);
	assert_int_equal(scene.needs.types.count, 1);
	assert_int_equal(scene.needs.types.types[0], AUDIT_TYPE_USER_CMD);
	finish(&scene);
	find(&scene, AUDITD("uid: 0"));
	assert_true(scene.needs.types.any);
	assert_non_null(scene.needs.always);
	finish(&scene);
}

static void add_words(struct buffer *text, unsigned from, unsigned to)
{
	if (from)
		buffer_text(text, CREATION("y", "    s:\n        CommandLine|contains:\n"));
	else
		buffer_text(text, CREATION("x", "    s:\n        CommandLine|contains:\n"));
	for (unsigned i = from; i < to; i++)
		buffer_printf(text, "            - word%u\n", i);
	buffer_text(text, "    condition: s\n");
}

/* As many as packs have; what two of the rules want is there once. */
static void test_many(void **state)
{
	struct buffer text = { 0 };
	struct scene scene;

	add_words(&text, 0, 3000);
	add_words(&text, 2500, 5000);
	buffer_add_byte(&text, 0);
	find(&scene, text.data);
	assert_null(scene.needs.always);
	assert_int_equal(scene.needs.count, 5000);
	for (unsigned i = 0; i < 5000; i++) {
		char word[16];
		snprintf(word, sizeof(word), "word%u", i);
		assert_true(span_equal(scene.needs.literals[i].text, span_of(word)));
	}
	finish(&scene);
	buffer_finish(&text);
}

/* One text, which is part of an argument of which it is the end, and a text with a quote: in hex they differ. */
static void test_quotes(void **state)
{
	struct scene scene;

	find(&scene, CREATION("x", "    s:\n        CommandLine|contains: 'gdb\"'\n    condition: s\n")
			     CREATION("y", "    s:\n        CommandLine|contains: 'gdb -p'\n    condition: s\n"));
	assert_int_equal(scene.needs.count, 2);
	assert_true(span_equal(scene.needs.literals[0].encoded, SPAN("gdb\"")));
	assert_true(span_equal(scene.needs.literals[1].encoded, SPAN("gdb")));
	finish(&scene);
}

/* More texts than are looked for: the rule that has no room may match whatever the log holds. */
static void test_too_many(void **state)
{
	struct buffer text = { 0 };
	struct scene scene;

	add_words(&text, 0, NEEDS_LITERALS_MAX - 1);
	add_words(&text, NEEDS_LITERALS_MAX - 1, NEEDS_LITERALS_MAX + 1);
	buffer_add_byte(&text, 0);
	find(&scene, text.data);
	assert_non_null(scene.needs.always);
	assert_int_equal(scene.needs.count, NEEDS_LITERALS_MAX);
	finish(&scene);
	buffer_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words),   cmocka_unit_test(test_always),
					    cmocka_unit_test(test_shared),  cmocka_unit_test(test_other_sources),
					    cmocka_unit_test(test_many),    cmocka_unit_test(test_quotes),
					    cmocka_unit_test(test_too_many) };

	return cmocka_run_group_tests_name("needs", tests, NULL, NULL);
}
