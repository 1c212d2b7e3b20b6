/* Rules without one of their parts, and which logs tell them from the whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "rule/sigma/trial.h"

static const char text[] =
	"title: a\nid: a\nlogsource: {product: linux, service: auditd}\ndetection:\n"
	"    s:\n        exe: /x\n        name: [/a, /b]\n    m:\n        - k: 1\n          l: 2\n        - k: 3\n"
	"    f: {uid: 0}\n    condition: s and m and not f\n---\n"
	"title: c\nid: c\ncorrelation: {type: value_count, rules: [a], group-by: [host, pid], timespan: 1m, condition: "
	"{field: name, gte: 2}}\ngenerate: true\n---\n"
	"title: o\nid: o\ncorrelation: {type: temporal_ordered, rules: [a, b], timespan: 1m}\ngenerate: true\n---\n"
	"title: b\nid: b\nlogsource: {product: linux, service: auditd}\ndetection: {s: {exe: /y}, condition: s}\n---\n"
	"title: g\nid: g\nlogsource: {product: linux, service: auditd}\nfilter: {rules: [a], s: {auid: 5, exe: /x}, "
	"condition: s}\n";

enum { A, C, O, B, G };

struct trying {
	struct sigma_rules *rules;
	struct sigma_engine *engine;
	struct sigma_evaluator *evaluator;
	struct sigma_event event;
	struct trial *trial;
};

static void try_open(struct trying *trying)
{
	struct err err;

	*trying = (struct trying){ .rules = sigma_rules_create(NULL, 0) };
	sigma_rules_add_text(trying->rules, "t.yml", span_of(text));
	sigma_rules_link(trying->rules);
	assert_int_equal(trying->rules->diagnostics.count, 0);
	trying->engine = sigma_engine_create(trying->rules, &err);
	trying->evaluator = sigma_evaluator_create(trying->engine);
	assert_int_equal(sigma_event_init(&trying->event, sigma_rules_field_count(trying->rules)), 0);
	trying->trial = trial_create(trying->rules);
	assert_non_null(trying->trial);
}

static void try_close(struct trying *trying)
{
	trial_destroy(trying->trial);
	sigma_event_finish(&trying->event);
	sigma_evaluator_destroy(trying->evaluator);
	sigma_engine_destroy(trying->engine);
	sigma_rules_destroy(trying->rules);
}

/* Events parted by ; of fields parted by blanks: "exe=/x name=/a". One second lies between two events. */
static void record(struct trying *trying, struct trial_log *log, const char *events)
{
	struct span rest = span_of(events);
	const struct sigma_match *matches;

	*log = (struct trial_log){ .count = 0 };
	for (int64_t time_ms = 1000; rest.len; time_ms += 1000) {
		struct span event = span_first(rest, span_index(rest, ';'));
		rest = span_skip(rest, event.len + 1);
		sigma_event_begin(&trying->event, SIGMA_SOURCE_AUDITD, time_ms);
		while (event.len) {
			struct span pair = span_first(event, span_index(event, ' '));
			size_t equal = span_index(pair, '=');
			uint32_t field = sigma_rules_field(trying->rules, SIGMA_SOURCE_AUDITD, span_first(pair, equal));
			sigma_event_add(&trying->event, field, span_skip(pair, equal + 1));
			event = span_skip(event, pair.len + 1);
		}
		size_t count = sigma_evaluate(trying->evaluator, &trying->event, &matches);
		trial_log_add(log, &trying->event, matches, count, true);
	}
	assert_false(log->failed);
}

#define BASE "host=h pid=1 exe=/x name=/a k=3 uid=7"

static void test_trial_fires(void **state)
{
	static const struct {
		const char *events;
		uint32_t rule;
		int fires;
	} examples[] = {
		{ BASE, A, 1 },
		{ "exe=/x name=/a k=1 l=2", A, 1 },
		{ "exe=/x name=/a k=1", A, 0 },
		{ "exe=/x name=/a k=3 uid=0", A, 0 },
		{ BASE " auid=5", A, 0 },
		{ BASE " auid=5", G, 1 },
		{ "exe=/x auid=5", G, 0 },
		{ BASE ";" BASE, C, 0 },
		{ BASE ";host=h pid=1 exe=/x name=/b k=3", C, 1 },
		{ BASE ";host=h pid=2 exe=/x name=/b k=3", C, 0 },
		{ BASE " auid=5;host=h pid=1 exe=/x name=/b k=3", C, 0 },
		{ BASE ";exe=/y", O, 1 },
		{ "exe=/y;" BASE, O, 0 },
	};

	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct trying trying;
		struct trial_log log;
		try_open(&trying);
		record(&trying, &log, examples[i].events);
		int fires = trial_fires(trying.trial, &log, examples[i].rule, 0, NULL);
		if (fires != examples[i].fires)
			fail_msg("rule %u: %s", examples[i].rule, examples[i].events);
		trial_log_finish(&log);
		try_close(&trying);
	}
}

static void test_trial_asked(void **state)
{
	struct trying trying;
	struct trial_log log;

	try_open(&trying);
	record(&trying, &log, "exe=/z");
	assert_true(trial_is_asked(trying.trial, &log, A));
	assert_true(trial_is_asked(trying.trial, &log, C));
	assert_false(trial_is_asked(trying.trial, &log, G));
	trial_log_finish(&log);
	record(&trying, &log, "");
	assert_false(trial_is_asked(trying.trial, &log, A));
	assert_false(trial_is_asked(trying.trial, &log, C));
	trial_log_finish(&log);
	try_close(&trying);
}

/* ---- mutants ---- */

struct trying_mutants {
	struct trying *trying;
	const struct trial_log *log;
	uint32_t changed, observed;
	struct buffer told;
};

static void try_mutant(void *context, const struct sigma_mutant *mutant)
{
	struct trying_mutants *all = context;
	int fires = trial_fires(all->trying->trial, all->log, all->observed, all->changed, mutant);

	buffer_printf(&all->told, "%s: %d\n", mutant->what, fires);
	assert_true(mutant->place.line > 0);
}

static void check_mutants(const char *events, uint32_t changed, uint32_t observed, const char *expected)
{
	struct trying trying;
	struct trial_log log;
	struct trying_mutants all = { &trying, &log, changed, observed, { 0 } };

	try_open(&trying);
	record(&trying, &log, events);
	assert_int_equal(sigma_mutate(&trying.rules->items[changed], try_mutant, &all), 0);
	buffer_add_byte(&all.told, '\0');
	assert_string_equal(all.told.data, expected);
	/* The rule is what it was. */
	assert_int_equal(trial_fires(trying.trial, &log, observed, 0, NULL),
			 trial_fires(trying.trial, &log, observed, changed, NULL));
	buffer_finish(&all.told);
	trial_log_finish(&log);
	try_close(&trying);
}

static void test_mutate_detection(void **state)
{
	check_mutants("exe=/x name=/c k=3", A, A,
		      "without the selection 's': 1\nwithout the test of 'exe': 0\nwithout the test of 'name': 1\n"
		      "without the selection 'm': 0\nwithout one of several maps: 0\nwithout the test of 'k': 0\n"
		      "without the test of 'l': 0\nwithout one of several maps: 0\nwithout the selection 'f': 0\n");
	check_mutants("exe=/x name=/a k=1", A, A,
		      "without the selection 's': 0\nwithout the test of 'exe': 0\nwithout the test of 'name': 0\n"
		      "without the selection 'm': 1\nwithout one of several maps: 0\nwithout the test of 'k': 0\n"
		      "without the test of 'l': 1\nwithout one of several maps: 0\nwithout the selection 'f': 0\n");
}

static void test_mutate_filter(void **state)
{
	check_mutants(BASE, G, G,
		      "without the selection 's': 1\nwithout the test of 'auid': 1\nwithout the test of 'exe': 0\n");
	check_mutants(BASE " auid=6", G, A,
		      "without the selection 's': 0\nwithout the test of 'auid': 0\nwithout the test of 'exe': 1\n");
}

static void test_mutate_correlation(void **state)
{
	check_mutants(BASE ";host=h pid=2 exe=/x name=/b k=3", C, C,
		      "without grouping by 'host': 0\nwithout grouping by 'pid': 1\nwithout counting 'name': 0\n"
		      "counting to one only: 1\n");
	check_mutants(BASE ";" BASE, C, C,
		      "without grouping by 'host': 0\nwithout grouping by 'pid': 0\nwithout counting 'name': 1\n"
		      "counting to one only: 1\n");
	check_mutants("exe=/y;" BASE, O, O, "without the rule 'a': 1\nwithout the rule 'b': 1\nin any order: 1\n");
	/* What a correlation makes of a rule that is changed. */
	check_mutants(BASE ";host=h pid=1 exe=/z name=/b k=3", A, C,
		      "without the selection 's': 1\nwithout the test of 'exe': 1\nwithout the test of 'name': 0\n"
		      "without the selection 'm': 0\nwithout one of several maps: 0\nwithout the test of 'k': 0\n"
		      "without the test of 'l': 0\nwithout one of several maps: 0\nwithout the selection 'f': 0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trial_fires),	   cmocka_unit_test(test_trial_asked),
		cmocka_unit_test(test_mutate_detection),   cmocka_unit_test(test_mutate_filter),
		cmocka_unit_test(test_mutate_correlation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
