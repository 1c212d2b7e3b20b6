/* Where rules come from: the order of places, what the later one replaces, lists, folders that are not trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "rule/places.h"

#define ACCESS_RULE(id, title, value)                                                                      \
	"title: " title "\nid: " id "\nlogsource: {product: linux, category: process_access}\ndetection: " \
	"{s: {" value "}, condition: s}\n"

static char root[64];

static char *path_of(const char *name)
{
	static char rooms[8][256];
	static unsigned at;
	char *room = rooms[at++ % 8];

	snprintf(room, sizeof(rooms[0]), "%s/%s", root, name);
	return room;
}

static void write_file(const char *name, const char *text)
{
	char *path = path_of(name), command[400];

	snprintf(command, sizeof(command), "mkdir -p \"$(dirname '%s')\"", path);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
	snprintf(root, sizeof(root), "/tmp/proctor_places.XXXXXX");
	assert_non_null(mkdtemp(root));
	setenv("PROCTOR_RULES", path_of("pack"), 1);
	setenv("XDG_CONFIG_HOME", path_of("config"), 1);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command); /* NOLINT(cert-env33-c) */
}

static struct sigma_rules *load(struct rule_places *places)
{
	struct err err = { 0 };

	assert_int_equal(rule_places_settle(places, &err), 0);
	struct sigma_rules *rules = rule_places_load(places, &err);
	assert_non_null(rules);
	return rules;
}

static const struct sigma_rule *rule_of(const struct sigma_rules *rules, const char *id)
{
	const struct sigma_rule *found = NULL;

	for (size_t i = 0; i < rules->count; i++) {
		if (!span_equal(rules->items[i].id, span_of(id)))
			continue;
		assert_null(found);
		found = &rules->items[i];
	}
	assert_non_null(found);
	return found;
}

static size_t values_of(const struct sigma_rules *rules, const char *id)
{
	return rule_of(rules, id)->selections[0].node->children[0]->item->count;
}

static const char *text_of(const struct sigma_rules *rules, size_t i)
{
	assert_true(i < rules->diagnostics.count);
	return rules->diagnostics.items[i].text;
}

static void test_places_later_wins(void **state)
{
	struct rule_places places;

	write_file("pack/a.yml", ACCESS_RULE("one", "shipped", "ProcEntry: mem") "---\n" ACCESS_RULE("two", "shipped",
												     "ProcEntry: mem"));
	write_file("config/proctor/rules.d/b.yml", ACCESS_RULE("one", "mine", "ProcEntry: maps"));
	write_file("named/deep/c.yml", ACCESS_RULE("two", "named", "ProcEntry: maps"));
	rule_places_init(&places);
	assert_int_equal(rule_places_add(&places, path_of("named/"), NULL), 0);
	struct sigma_rules *rules = load(&places);
	assert_int_equal(rules->count, 2);
	assert_true(span_equal(rule_of(rules, "one")->title, SPAN("mine")));
	assert_true(span_equal(rule_of(rules, "two")->title, SPAN("named")));
	assert_int_equal(rules->diagnostics.errors, 0);
	assert_int_equal(rules->diagnostics.warnings, 2);
	assert_non_null(strstr(text_of(rules, 0), "pack/a.yml:1"));
	assert_non_null(strstr(text_of(rules, 1), "pack/a.yml:6"));
	assert_int_equal(rule_places_of(&places, rule_of(rules, "one")->place.file)->kind, RULE_PLACE_USER);
	assert_int_equal(rule_places_of(&places, rule_of(rules, "two")->place.file)->kind, RULE_PLACE_NAMED);
	assert_null(rule_places_of(&places, path_of("namedelse/c.yml")));
	sigma_rules_destroy(rules);
	rule_places_finish(&places);
}

static void test_places_only(void **state)
{
	struct rule_places places;
	struct err err = { 0 };

	write_file("pack/a.yml", ACCESS_RULE("one", "shipped", "ProcEntry: mem"));
	write_file("b.yml", ACCESS_RULE("two", "a file", "ProcEntry: mem"));
	rule_places_init(&places);
	places.only = true;
	assert_int_equal(rule_places_add(&places, path_of("b.yml"), NULL), 0);
	assert_int_equal(rule_places_add(&places, path_of("missing"), &err), -ENOENT);
	assert_non_null(strstr(err.text, "missing: No such file"));
	assert_int_equal(rule_places_add(&places, "/dev/null", &err), -EINVAL);
	struct sigma_rules *rules = load(&places);
	assert_int_equal(rules->count, 1);
	rule_of(rules, "two");
	sigma_rules_destroy(rules);
	rule_places_finish(&places);
}

/* The pack named again is read once, and so replaces nothing. */
static void test_places_twice(void **state)
{
	struct rule_places places;

	write_file("pack/a.yml", ACCESS_RULE("one", "shipped", "ProcEntry: mem"));
	rule_places_init(&places);
	assert_int_equal(rule_places_add(&places, path_of("pack"), NULL), 0);
	assert_int_equal(rule_places_add(&places, path_of("pack/../pack"), NULL), 0);
	struct sigma_rules *rules = load(&places);
	assert_int_equal(rules->count, 1);
	assert_int_equal(rules->diagnostics.count, 0);
	sigma_rules_destroy(rules);
	rule_places_finish(&places);
}

/* One place may not have an id twice: only the later place wins, not the later file. */
static void test_places_duplicate(void **state)
{
	struct rule_places places;

	write_file("pack/a.yml", ACCESS_RULE("one", "first", "ProcEntry: mem"));
	write_file("pack/b.yml", ACCESS_RULE("one", "second", "ProcEntry: mem"));
	write_file("pack/c.yml", "title: [\n");
	rule_places_init(&places);
	struct sigma_rules *rules = load(&places);
	assert_int_equal(rules->diagnostics.errors, 2);
	assert_int_equal(rules->items[0].state, SIGMA_READY);
	assert_int_equal(rules->items[1].state, SIGMA_BROKEN);
	sigma_rules_destroy(rules);
	rule_places_finish(&places);
}

static void test_places_lists(void **state)
{
	struct rule_places places;

	write_file("pack/a.yml", ACCESS_RULE("one", "shipped", "TargetName|expand: '%holders%'"));
	write_file("pack/lists/holders.yml", "name: holders\ndescription: d\nvalues: [sshd, su]\n");
	write_file("config/proctor/rules.d/lists/more.yaml", "name: holders\nvalues:\n    - su\n    - vaultd\n");
	rule_places_init(&places);
	struct sigma_rules *rules = load(&places);
	assert_int_equal(rules->diagnostics.count, 0);
	assert_int_equal(values_of(rules, "one"), 3);
	sigma_rules_destroy(rules);
	write_file("config/proctor/rules.d/lists/more.yaml", "name: holders\nreplace: true\nvalues: [vaultd]\n");
	places.only = true; /* settled already */
	rules = load(&places);
	assert_int_equal(values_of(rules, "one"), 1);
	sigma_rules_destroy(rules);
	rule_places_finish(&places);
}

static void test_places_lists_wrong(void **state)
{
	static const char *const wrong[] = {
		"values: [a]\n",
		"name: 'a b'\nvalues: [a]\n",
		"name: x\nvalues: a\n",
		"name: x\nvalues: [[a]]\n",
		"name: x\nvalues: ['']\n",
		"name: x\nvalues: [~]\n",
		"name: x\nvalues: [a]\nreplace: maybe\n",
		"- x\n",
		"name: x\nvalues: &a [a]\n",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct rule_places places;
		write_file("pack/lists/x.yml", wrong[i]);
		write_file("pack/a.yml", ACCESS_RULE("one", "t", "ProcEntry: mem"));
		rule_places_init(&places);
		struct sigma_rules *rules = load(&places);
		assert_int_equal(rules->diagnostics.errors, 1);
		assert_non_null(strstr(rules->diagnostics.items[0].place.file, "lists/x.yml"));
		assert_int_equal(rules->items[0].state, SIGMA_READY);
		assert_int_equal(rules->count, 1);
		sigma_rules_destroy(rules);
		rule_places_finish(&places);
	}
}

static void test_places_untrusted(void **state)
{
	struct rule_places places;

	write_file("config/proctor/b.yml", ACCESS_RULE("one", "mine", "ProcEntry: maps"));
	rule_places_init(&places);
	struct sigma_rules *rules = load(&places);
	assert_int_equal(rules->count, 1);
	sigma_rules_destroy(rules);
	assert_int_equal(chmod(path_of("config/proctor"), 0777), 0);
	rules = load(&places);
	assert_int_equal(rules->count, 0);
	assert_non_null(strstr(text_of(rules, 0), "everybody may write there"));
	sigma_rules_destroy(rules);
	rule_places_finish(&places);
}

static void test_places_links(void **state)
{
	struct rule_places places;

	write_file("pack/a.yml", ACCESS_RULE("one", "shipped", "ProcEntry: mem"));
	assert_int_equal(symlink(".", path_of("pack/loop")), 0);
	assert_int_equal(symlink("..", path_of("pack/up.yml")), 0);
	rule_places_init(&places);
	struct sigma_rules *rules = load(&places);
	assert_int_equal(rules->count, 1);
	assert_int_equal(rules->diagnostics.count, 0);
	sigma_rules_destroy(rules);
	rule_places_finish(&places);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_places_later_wins), TEST(test_places_only),  TEST(test_places_twice),
		TEST(test_places_duplicate),  TEST(test_places_lists), TEST(test_places_lists_wrong),
		TEST(test_places_untrusted),  TEST(test_places_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
