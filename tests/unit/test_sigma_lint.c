/* What the lint tells, and what it must not tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "rule/sigma/lint.h"

#define ACCESS(selections, condition)                                                                            \
	"title: t\nid: i\nlogsource: {product: linux, category: process_access}\ndetection:\n" selections "    " \
	"condition: " condition "\n"
#define AUDITD(selections, condition)                                                            \
	"title: t\nid: i\nlogsource: {product: linux, service: auditd}\ndetection:\n" selections \
	"    condition: " condition "\n"

struct example {
	const char *text, *expected; /* part of the one warning; NULL: none */
};

static struct sigma_rules *load(const char *text)
{
	struct sigma_rules *rules = sigma_rules_create(NULL, 0);

	assert_non_null(rules);
	sigma_rules_add_text(rules, "test.yml", span_of(text));
	sigma_rules_link(rules);
	assert_int_equal(rules->diagnostics.errors, 0);
	return rules;
}

static void check(const struct example *example)
{
	struct sigma_rules *rules = load(example->text);
	size_t before = rules->diagnostics.count;
	sigma_rules_lint(rules);
	size_t count = rules->diagnostics.count - before;
	const char *told = count ? rules->diagnostics.items[before].text : "nothing";
	if (count != (example->expected ? 1 : 0) || (count && !strstr(told, example->expected)))
		fail_msg("%s\nwanted: %s\ntold %zu: %s", example->text,
			 example->expected ? example->expected : "nothing", count, told);
	sigma_rules_destroy(rules);
}

#define CHECK(examples)                                                             \
	do {                                                                        \
		for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) \
			check(&(examples)[i]);                                      \
	} while (0)

static void test_lint_never(void **state)
{
	static const struct example examples[] = {
		{ ACCESS("    a: {ProcEntry: mem, ProcEntry|endswith: maps}\n", "a"),
		  "'a' can never hold: what it says of 'ProcEntry' in line 5" },
		{ ACCESS("    a: {ProcEntry: [mem, maps], ProcEntry|endswith: ps}\n", "a"), NULL },
		{ ACCESS("    a: {ProcEntry: mem}\n    b: {ProcEntry: maps}\n", "a and b"),
		  "the condition can never hold: what lines 5 and 6 say of 'ProcEntry'" },
		{ ACCESS("    a: {ProcEntry: mem}\n    b: {ProcEntry: maps}\n", "a or b"), NULL },
		{ ACCESS("    a: {ProcEntry: mem}\n    b: {ProcEntry: maps}\n", "all of them"), "can never hold" },
		{ ACCESS("    a: {ProcEntry: mem}\n    b: {ProcEntry: maps}\n", "1 of them"), NULL },
		{ ACCESS("    a: {ProcEntry: mem}\n", "a and not a"), "can never hold" },
		{ ACCESS("    a: {ProcEntry: mem}\n    f: {ProcEntry|startswith: m}\n", "a and not f"),
		  "can never hold" },
		{ ACCESS("    a: {ProcEntry: mem}\n    f: {ProcEntry|startswith: m, SourceName: x}\n", "a and not f"),
		  NULL },
		{ ACCESS("    a: {ProcEntry: mem}\n    f: {ProcEntry: [maps, mem]}\n", "a and not 1 of f*"),
		  "can never hold" },
		{ ACCESS("    a: {ProcEntry|contains: e}\n    f: {ProcEntry: [maps, mem]}\n", "a and not 1 of f*"),
		  NULL },
		{ ACCESS("    a: {ProcEntry: MEM}\n    b: {ProcEntry|cased: Mem}\n", "a and b"), NULL },
		{ ACCESS("    a: {ProcEntry|cased: MEM}\n    b: {ProcEntry|cased: Mem}\n", "a and b"),
		  "can never hold" },
		{ ACCESS("    a: {ProcEntry: 'm?m'}\n    b: {ProcEntry: mem}\n", "a and b"), NULL },
		{ ACCESS("    a: {SourceImage|startswith: /usr/}\n    b: {SourceImage|startswith: /opt/}\n", "a and b"),
		  "can never hold" },
		{ ACCESS("    a: {SourceImage|startswith: /usr/}\n    b: {SourceImage|startswith: /usr/bin/}\n",
			 "a and b"),
		  NULL },
		{ ACCESS("    a: {SourceImage|endswith: /gdb}\n    b: {SourceImage|endswith: /perl}\n", "a and b"),
		  "can never hold" },
		{ ACCESS("    a: {SourceImage|contains|all: [/usr/, /bin/]}\n", "a"), NULL },
		{ ACCESS("    a: {SourceImage|startswith|all: [/usr/, /bin/]}\n", "a"), "can never hold" },
		{ ACCESS("    a: {SourceProcessId|gt: 5, SourceProcessId|lt: 5}\n", "a"), "can never hold" },
		{ ACCESS("    a: {SourceProcessId|gte: 5, SourceProcessId|lte: 5}\n", "a"), NULL },
		{ ACCESS("    a: {SourceProcessId: 7, SourceProcessId|lt: 5}\n", "a"), "can never hold" },
		{ ACCESS("    a: {SourceScript: null, SourceScript|startswith: /}\n", "a"), "can never hold" },
		{ ACCESS("    a: {SourceScript: null, SourceScript|exists: true}\n", "a"), NULL },
		{ ACCESS("    a: {SourceScript|exists: false}\n    b: {SourceScript: '*'}\n", "a and b"),
		  "can never hold" },
		{ ACCESS("    a: {SourceScript|neq: x, SourceScript: x}\n", "a"), "can never hold" },
		{ ACCESS("    a: {SourceScript|neq: x, SourceScript: y}\n", "a"), NULL },
		{ ACCESS("    a: {Sauce: x}\n    b: {ProcEntry: mem}\n", "a or b"),
		  "'a' can never hold: no event has the field 'Sauce'" },
		/* An account has a number and a name; any field of audit records can have several values. */
		{ ACCESS("    a: {SourceUser: 0}\n    b: {SourceUser: root}\n", "a and b"), NULL },
		{ AUDITD("    a: {name: /a}\n    b: {name: /b}\n", "a and b"), NULL },
		{ AUDITD("    a: {name: /a}\n    b: {name: /a*}\n", "a and not b"), "can never hold" },
	};

	CHECK(examples);
}

static void test_lint_needless(void **state)
{
	static const struct example examples[] = {
		{ ACCESS("    a: {ProcEntry: mem}\n    b: {ProcEntry: mem, SourceName: x}\n", "a or b"),
		  "'b' is never needed: where it holds, 'a' holds" },
		{ ACCESS("    a: {ProcEntry: mem}\n    b: {ProcEntry: mem, SourceName: x}\n", "a and b"), NULL },
		{ ACCESS("    a: {ProcEntry: mem}\n    b: {ProcEntry: MEM}\n", "1 of them"), "'b' is never needed" },
		{ ACCESS("    a:\n        - ProcEntry: mem\n          SourceName: x\n        - ProcEntry|startswith: "
			 "m\n",
			 "a"),
		  "what begins in line 8 holds" },
		{ ACCESS("    a:\n        - ProcEntry: mem\n        - SourceName: x\n", "a"), NULL },
		{ ACCESS("    a: {SourceProcessId|gt: 5}\n    b: {SourceProcessId|gt: 7}\n", "a or b"),
		  "'b' is never needed" },
		{ ACCESS("    a: {SourceName|contains: x}\n    b: {SourceName|contains: axb}\n", "a or b"),
		  "'b' is never needed" },
		{ ACCESS("    a: {SourceName|contains: axb}\n    b: {SourceName|endswith: b}\n", "a or b"), NULL },
	};

	CHECK(examples);
}

static void test_lint_loose(void **state)
{
	static const struct example examples[] = {
		{ ACCESS("    a: {SourceImage: '*'}\n", "a"), "matches every event that has its fields" },
		{ ACCESS("    a: {SourceImage: [/x, '*'], ProcEntry|contains: ''}\n", "a"), "matches every event" },
		{ ACCESS("    a: {SourceImage: '*', ProcEntry: mem}\n", "a"), NULL },
		{ ACCESS("    a: {SourceImage: '*'}\n    b: {ProcEntry: mem}\n", "a or b"), "matches every event" },
		{ ACCESS("    a: {SourceImage: '*'}\n    b: {ProcEntry: mem}\n", "a and b"), NULL },
		{ "title: f\nid: f\nlogsource: {product: linux, category: process_access}\nfilter:\n    rules: any\n   "
		  " a: {SourceImage|exists: true}\n    condition: a\n",
		  "the filter 'f' suppresses every event" },
	};

	CHECK(examples);
}

static void test_lint_tags(void **state)
{
	static const struct example examples[] = {
		{ "tags: [attack.t1003.007, attack.credential_access, attack.s0349, cve.2020-1, "
		  "attack.ds0009]\n" ACCESS("    a: {ProcEntry: mem}\n", "a"),
		  NULL },
		{ "tags: [attack.t1003.7]\n" ACCESS("    a: {ProcEntry: mem}\n", "a"),
		  "nothing like the tag 'attack.t1003.7'" },
		{ "tags: [attack.credential-acces]\n" ACCESS("    a: {ProcEntry: mem}\n", "a"),
		  "did you mean 'attack.credential-access'" },
	};

	CHECK(examples);
}

/* A rule of which too much would have to be compared: given up, in bounded time. */
static void test_lint_bounded(void **state)
{
	struct buffer text = { 0 };

	buffer_text(&text, "title: t\nlogsource: {product: linux, category: process_access}\ndetection:\n");
	for (int side = 0; side < 2; side++) {
		buffer_printf(&text, "    s%d:\n", side);
		for (int i = 0; i < 150; i++) {
			buffer_printf(&text, "        - SourceName|contains|all: [");
			for (int j = 0; j < 60; j++)
				buffer_printf(&text, "a%d_%d_%d, ", side, i, j);
			buffer_text(&text, "z]\n");
		}
	}
	buffer_text(&text, "    condition: 1 of s* and not all of s*\n");
	buffer_add_byte(&text, '\0');
	struct sigma_rules *rules = load(text.data);
	sigma_rules_lint(rules);
	assert_int_equal(rules->diagnostics.warnings, 0);
	sigma_rules_destroy(rules);
	buffer_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lint_never),   cmocka_unit_test(test_lint_needless),
		cmocka_unit_test(test_lint_loose),   cmocka_unit_test(test_lint_tags),
		cmocka_unit_test(test_lint_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
