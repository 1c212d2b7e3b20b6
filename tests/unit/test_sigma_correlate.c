/* Correlations: what fires when, over event time; and state that stays bounded. */
#include "sigma_scene.h"

struct log {
	struct scene scene;
	struct sigma_correlator *correlator;
	char text[4096]; /* "id@seconds(values) " for each firing */
	size_t firings;
	double last_count;
	int64_t last_first_ms;
};

static void note(void *context, const struct sigma_firing *firing)
{
	struct log *log = context;
	size_t used = strlen(log->text);
	const struct span *id = &log->scene.rules->items[firing->rule].id;

	log->firings++;
	log->last_count = firing->count;
	log->last_first_ms = firing->first_ms;
	if (used > sizeof(log->text) - 256)
		return;
	used += (size_t)snprintf(log->text + used, 64, "%.*s@%lld(", (int)id->len, id->data,
				 (long long)firing->time_ms / 1000);
	for (size_t i = 0; i < firing->group_count; i++)
		used += (size_t)snprintf(log->text + used, 48, "%s%.*s", i ? "," : "", (int)firing->group[i].len,
					 firing->group[i].data);
	snprintf(log->text + used, 8, ") ");
}

static void log_open(struct log *log, const char *rules)
{
	memset(log, 0, sizeof(*log));
	scene_open(&log->scene, rules);
	log->correlator = sigma_correlator_create(log->scene.rules, note, log);
	assert_non_null(log->correlator);
}

/* One event: what it is (field "f"), whose ("u") and which value ("v"); NULL: not there. */
static void happens(struct log *log, int64_t seconds, const char *what, const char *user, const char *value)
{
	struct scene *scene = &log->scene;

	scene_begin(scene, seconds * 1000);
	scene_add(scene, "f", what);
	if (user)
		scene_add(scene, "u", user);
	if (value)
		scene_add(scene, "v", value);
	scene->count = sigma_evaluate(scene->evaluator, &scene->event, &scene->matches);
	sigma_correlate(log->correlator, &scene->event, scene->matches, scene->count);
}

static void log_close(struct log *log)
{
	sigma_correlator_destroy(log->correlator);
	scene_close(&log->scene);
}

#define BASE ONE("a", "        f: a\n") ONE("b", "        f: b\n") ONE("c", "        f: c\n")
#define CORRELATION(id, type, rules, more)                                               \
	"---\ntitle: c\nid: " id "\ncorrelation:\n    type: " type "\n    rules: " rules \
	"\n    group-by: [u]\n    timespan: 10s\n" more

#define assert_log(log, expected)                          \
	do {                                               \
		assert_string_equal((log).text, expected); \
		(log).text[0] = '\0';                      \
	} while (0)

static void test_correlate_event_count(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("n", "event_count", "[a, b]", "    condition: {gte: 3}\n"));
	happens(&log, 0, "a", "joe", NULL);
	happens(&log, 4, "b", "joe", NULL);
	happens(&log, 5, "a", "ann", NULL);
	happens(&log, 6, "c", "joe", NULL);
	assert_log(log, "");
	happens(&log, 10, "a", "joe", NULL); /* the window is inclusive */
	assert_log(log, "n@10(joe) ");
	assert_int_equal(log.last_first_ms, 0);
	happens(&log, 11, "a", "joe", NULL); /* still more than enough: said already */
	assert_log(log, "");
	happens(&log, 40, "a", "joe", NULL);
	happens(&log, 41, "a", "joe", NULL);
	assert_log(log, "");
	happens(&log, 42, "a", "joe", NULL);
	assert_log(log, "n@42(joe) ");
	for (int i = 43; i < 60; i++)
		happens(&log, i, "a", "joe", NULL);
	assert_log(log, "n@52(joe) ");	  /* again after a whole timespan */
	assert_true(log.last_count == 4); /* of what is more than the condition can tell, no more is kept */
	happens(&log, 60, "a", NULL, NULL);
	assert_int_equal(sigma_correlator_counts(log.correlator)->ungrouped, 1);
	happens(&log, 20, "a", "joe", NULL);
	assert_int_equal(sigma_correlator_counts(log.correlator)->late, 1);
	log_close(&log);
}

static void test_correlate_disorder(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("n", "event_count", "[a]", "    condition: {gt: 2}\n"));
	happens(&log, 10, "a", "joe", NULL);
	happens(&log, 8, "a", "joe", NULL);  /* late, but within the window */
	happens(&log, 19, "a", "joe", NULL); /* 8 is too old now */
	assert_log(log, "");
	happens(&log, 12, "a", "joe", NULL);
	assert_log(log, "n@19(joe) ");
	log_close(&log);
}

static void test_correlate_value_count(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("n", "value_count", "[a]", "    condition: {gte: 3, field: v}\n"));
	happens(&log, 0, "a", "joe", "1");
	happens(&log, 1, "a", "joe", "1");
	happens(&log, 2, "a", "joe", "2");
	happens(&log, 3, "a", "joe", "2");
	happens(&log, 4, "a", "joe", NULL);
	happens(&log, 5, "a", "ann", "3");
	assert_log(log, "");
	happens(&log, 6, "a", "joe", "3");
	assert_log(log, "n@6(joe) ");
	assert_true(log.last_count == 3);
	happens(&log, 20, "a", "joe", "4");
	happens(&log, 21, "a", "joe", "5");
	happens(&log, 29, "a", "joe", "4"); /* seen again: younger now */
	happens(&log, 32, "a", "joe", "6"); /* 5 is gone, 4 is not */
	assert_log(log, "");
	happens(&log, 33, "a", "joe", "7");
	assert_log(log, "n@33(joe) ");
	log_close(&log);
}

static void test_correlate_windows(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("few", "event_count", "[a]", "    condition: {lt: 3}\n")
			       CORRELATION("range", "event_count", "[a]", "    condition: {gt: 2, lte: 4}\n"));
	happens(&log, 0, "a", "joe", NULL);
	happens(&log, 5, "a", "joe", NULL);
	happens(&log, 10, "c", "x", NULL);
	assert_log(log, "");
	happens(&log, 11, "c", "x", NULL); /* any event moves the time on */
	assert_log(log, "few@5(joe) ");
	for (int i = 20; i < 24; i++)
		happens(&log, i, "a", "ann", NULL);
	happens(&log, 31, "c", "x", NULL);
	assert_log(log, "range@23(ann) ");
	assert_true(log.last_count == 4);
	for (int i = 40; i < 45; i++)
		happens(&log, i, "a", "ann", NULL);
	sigma_correlate_end(log.correlator);
	assert_log(log, "");
	happens(&log, 60, "a", "eve", NULL);
	sigma_correlate_end(log.correlator);
	assert_log(log, "few@60(eve) ");
	happens(&log, 80, "a", "kim", NULL);
	sigma_correlate_time(log.correlator, 90 * 1000); /* so does the clock, live */
	assert_log(log, "");
	sigma_correlate_time(log.correlator, 90 * 1000 + 1);
	assert_log(log, "few@80(kim) ");
	sigma_correlate_time(log.correlator, 0);
	sigma_correlate_end(log.correlator);
	assert_log(log, "");
	log_close(&log);
}

static void test_correlate_sums(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("sum", "value_sum", "[a]", "    condition: {gt: 10, field: v}\n")
			       CORRELATION("avg", "value_avg", "[a]", "    condition: {gte: 5, field: v}\n"));
	happens(&log, 0, "a", "joe", "4");
	happens(&log, 1, "a", "joe", "7.5");
	happens(&log, 2, "a", "joe", "none");
	happens(&log, 3, "a", "ann", "4.9");
	sigma_correlate_end(log.correlator);
	assert_log(log, "sum@1(joe) avg@1(joe) ");
	assert_true(log.last_count == 5.75);
	log_close(&log);
}

static void test_correlate_temporal(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("t", "temporal", "[a, b, c]", "")
			       CORRELATION("two", "temporal", "[a, b, c]", "    condition: {gte: 2}\n"));
	happens(&log, 0, "c", "joe", NULL);
	happens(&log, 1, "c", "joe", NULL);
	happens(&log, 2, "a", "ann", NULL);
	assert_log(log, "");
	happens(&log, 5, "a", "joe", NULL);
	assert_log(log, "two@5(joe) ");
	happens(&log, 11, "b", "joe", NULL);
	assert_log(log, "t@11(joe) two@11(joe) ");
	happens(&log, 12, "b", "joe", NULL); /* the first c is too long ago */
	assert_log(log, "two@12(joe) ");
	happens(&log, 13, "c", "joe", NULL);
	assert_log(log, "t@13(joe) two@13(joe) ");
	happens(&log, 24, "a", "joe", NULL);
	assert_log(log, "");
	log_close(&log);
}

static void test_correlate_expressions(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("or", "temporal", "[a, b, c]", "    condition: a and (b or c)\n")
			       CORRELATION("not", "temporal", "[a, b]", "    condition: a and not b\n"));
	happens(&log, 0, "c", "joe", NULL);
	happens(&log, 1, "a", "joe", NULL);
	assert_log(log, "or@1(joe) ");
	happens(&log, 12, "c", "x", NULL); /* joe's window of 1 to 11 has closed, and no b came */
	assert_log(log, "not@1(joe) ");
	happens(&log, 20, "a", "ann", NULL);
	happens(&log, 25, "b", "ann", NULL);
	assert_log(log, "or@25(ann) ");
	happens(&log, 50, "c", "x", NULL);
	assert_log(log, "");
	log_close(&log);
}

static void test_correlate_ordered(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("o", "temporal_ordered", "[a, b, c]", ""));
	happens(&log, 0, "c", "joe", NULL);
	happens(&log, 1, "b", "joe", NULL);
	happens(&log, 2, "a", "joe", NULL);
	assert_log(log, "");
	happens(&log, 3, "b", "joe", NULL);
	happens(&log, 4, "c", "joe", NULL);
	assert_log(log, "o@4(joe) ");
	assert_int_equal(log.last_first_ms, 2000);
	happens(&log, 20, "a", "joe", NULL); /* too early, but the next a is not */
	happens(&log, 25, "a", "joe", NULL);
	happens(&log, 29, "b", "joe", NULL);
	happens(&log, 35, "c", "joe", NULL);
	assert_log(log, "o@35(joe) ");
	happens(&log, 40, "a", "joe", NULL);
	happens(&log, 45, "b", "joe", NULL);
	happens(&log, 46, "a", "joe", NULL);
	happens(&log, 51, "c", "joe", NULL); /* 11 s after the a that b followed */
	assert_log(log, "");
	log_close(&log);
}

static void test_correlate_aliases(void **state)
{
	struct log log;

	log_open(&log,
		 "---\ntitle: t\nname: first\nlogsource: {service: auditd}\ndetection: {s: {f: a}, condition: s}\n"
		 "---\ntitle: t\nname: second\nlogsource: {service: auditd}\ndetection: {s: {f: b}, condition: s}\n"
		 "---\ntitle: t\nid: al\ncorrelation:\n    type: temporal\n    rules: [first, second]\n    timespan: "
		 "1m\n"
		 "    group-by: [who]\n    aliases:\n        who: {first: u, second: v}\n");
	happens(&log, 0, "a", "joe", "ann");
	happens(&log, 1, "b", "joe", "ann");
	assert_log(log, "");
	happens(&log, 2, "b", "ann", "joe");
	assert_log(log, "al@2(joe) ");
	log_close(&log);
}

/* Many failed logins, then one that works: the specification's example. */
static void test_correlate_chain(void **state)
{
	struct log log;

	log_open(&log, CORRELATION("outer", "temporal_ordered", "[many, b]", "")
			       CORRELATION("many", "event_count", "[a]", "    condition: {gte: 3}\n")
				       CORRELATION("deep", "event_count", "[outer]", "    condition: {gte: 2}\n") BASE);
	happens(&log, 0, "b", "joe", NULL);
	for (int i = 1; i < 4; i++)
		happens(&log, i, "a", "joe", NULL);
	assert_log(log, "many@3(joe) ");
	happens(&log, 4, "b", "ann", NULL);
	happens(&log, 5, "b", "joe", NULL);
	assert_log(log, "outer@5(joe) ");
	assert_true(log.scene.rules->items[1].silent);
	assert_true(log.scene.rules->items[0].silent);
	assert_false(log.scene.rules->items[2].silent);
	assert_true(log.scene.rules->items[3].silent);	/* a */
	assert_false(log.scene.rules->items[5].silent); /* c */
	log_close(&log);
}

static void test_correlate_generate(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("n", "event_count", "[a]", "    condition: {gte: 3}\n    generate: true\n")
			       CORRELATION("m", "event_count", "[a, b]", "    condition: {gte: 3}\ngenerate: true\n")
				       CORRELATION("o", "event_count", "[a, c]", "    condition: {gte: 3}\n"));
	assert_false(log.scene.rules->items[0].silent);
	assert_false(log.scene.rules->items[1].silent);
	assert_true(log.scene.rules->items[2].silent);
	log_close(&log);
}

static void test_correlate_suppressed(void **state)
{
	struct log log;

	log_open(&log, BASE CORRELATION("n", "event_count", "[a]",
					"    condition: {gte: 2}\n") "---\ntitle: f\nlogsource: {product: linux, "
								     "service: auditd}\nfilter:\n    rules: [a]\n"
								     "    s: {v: fine}\n    condition: s\n");
	happens(&log, 0, "a", "joe", "fine");
	happens(&log, 1, "a", "joe", "fine");
	happens(&log, 2, "a", "joe", "x");
	assert_log(log, "");
	happens(&log, 3, "a", "joe", "x");
	assert_log(log, "n@3(joe) ");
	log_close(&log);
}

/* ---- state that stays bounded ---- */

static void test_correlate_many_groups(void **state)
{
	struct log log;
	char user[32];

	log_open(&log, BASE CORRELATION("n", "event_count", "[a]", "    condition: {gte: 2}\n"));
	for (int i = 0; i < SIGMA_GROUPS_MAX + 1000; i++) {
		snprintf(user, sizeof(user), "user%d", i);
		happens(&log, 1, "a", user, NULL);
	}
	assert_int_equal(sigma_correlator_counts(log.correlator)->evicted, 1000);
	happens(&log, 2, "a", user, NULL);
	assert_int_equal(log.firings, 1);
	log_close(&log);
}

static void test_correlate_many_values(void **state)
{
	struct log log;
	char value[32];

	log_open(&log, BASE CORRELATION("n", "value_count", "[a]", "    condition: {gte: 60000, field: v}\n"));
	for (int user = 0; user < 6; user++)
		for (int i = 0; i < 60000; i++) {
			snprintf(value, sizeof(value), "%d", i);
			happens(&log, 1, "a", (char[2]){ (char)('a' + user), 0 }, value);
		}
	assert_int_equal(log.firings, 6);
	assert_int_equal(sigma_correlator_counts(log.correlator)->evicted, 4);
	log_close(&log);
}

static void test_correlate_long_values(void **state)
{
	struct log log;
	char user[600];

	log_open(&log, BASE CORRELATION("n", "event_count", "[a]", "    condition: {gte: 2}\n"));
	memset(user, 'x', sizeof(user) - 1);
	user[sizeof(user) - 1] = '\0';
	happens(&log, 0, "a", user, NULL);
	user[sizeof(user) - 2] = 'y'; /* another one, only behind what is kept */
	happens(&log, 1, "a", user, NULL);
	assert_int_equal(log.firings, 0);
	happens(&log, 2, "a", user, NULL);
	assert_int_equal(log.firings, 1);
	log_close(&log);
}

/* ---- what is wrong ---- */

static void check_wrong(const char *rule, const char *part, bool broken)
{
	struct scene scene;
	char text[4096];

	snprintf(text, sizeof(text), BASE "%s", rule);
	scene_load(&scene, text);
	scene_link(&scene);
	const struct sigma_diagnostic *found = scene_diagnostic(&scene, part);
	if (!found) {
		fail_msg("no '%s' but %s", part,
			 scene.rules->diagnostics.count ? scene.rules->diagnostics.items[0].text : "nothing");
		return;
	}
	assert_int_equal(found->severity, broken ? SIGMA_ERROR : SIGMA_WARNING);
	assert_true(found->place.line > 20);
	assert_true(scene_asks(&scene, "a", "f", "a"));
	scene_close(&scene);
}

static void test_correlate_wrong(void **state)
{
	check_wrong(CORRELATION("x", "event_cuont", "[a]", "    condition: {gte: 1}\n"), "did you mean 'event_count'?",
		    true);
	check_wrong(CORRELATION("x", "value_percentile", "[a]", ""), "is not evaluated", true);
	check_wrong(CORRELATION("x", "event_count", "[a]", ""), "condition is missing", true);
	check_wrong(CORRELATION("x", "event_count", "[a]", "    condition: {field: v}\n"), "compares with nothing",
		    true);
	check_wrong(CORRELATION("x", "event_count", "[a]", "    condition: {gte: many}\n"), "it is no number", true);
	check_wrong(CORRELATION("x", "event_count", "[a]", "    condition: {gte: 1000000}\n"), "within 0 and 65536",
		    true);
	check_wrong(CORRELATION("x", "event_count", "[a]", "    condition: {ge: 1}\n"), "not 'ge'", true);
	check_wrong(CORRELATION("x", "event_count", "[a]", "    condition: a and b\n"), "must be a map", true);
	check_wrong(CORRELATION("x", "value_count", "[a]", "    condition: {gte: 1}\n"), "which field it counts", true);
	check_wrong(CORRELATION("x", "temporal", "[a, b]", "    condition: a and x\n"), "there is no selection 'x'",
		    true);
	check_wrong(CORRELATION("x", "temporal", "[a, b]", "    condition: a\n"), "does not ask for the rule 'b'",
		    true);
	check_wrong(CORRELATION("x", "temporal_ordered", "[a, b]", "    condition: a or b\n"), "joined by 'and' only",
		    true);
	check_wrong(CORRELATION("x", "temporal", "[a, nobody]", ""), "'nobody' is nowhere", true);
	check_wrong(CORRELATION("x", "temporal", "[]", ""), "names no rules", true);
	check_wrong("---\ntitle: c\nid: x\ncorrelation: {type: temporal, rules: [a], timespan: 5x}\n",
		    "'5x' is no timespan", true);
	check_wrong("---\ntitle: c\nid: x\ncorrelation: {type: temporal, rules: [a], timespan: 999999d}\n",
		    "is no timespan", true);
	check_wrong(CORRELATION("x", "temporal", "[y]", "") CORRELATION("y", "temporal", "[z]", "")
			    CORRELATION("z", "temporal", "[x]", ""),
		    "a circle", true);
	check_wrong(CORRELATION("x", "temporal", "[x]", ""), "a circle", true);
	check_wrong(CORRELATION("x", "temporal", "[a]", "    aliases: {u: {nobody: v}}\n"),
		    "none of the correlation's rules", false);
}

/* One of whose rules cannot be evaluated: a temporal one cannot fire, a count can. */
static void test_correlate_states(void **state)
{
	struct log log;

	log_open(&log, BASE
		 "---\ntitle: w\nid: w\nlogsource: {product: windows}\ndetection: {s: [x], condition: s}\n" CORRELATION(
			 "t", "temporal", "[a, w]", "")
			 CORRELATION("n", "event_count", "[a, w]", "    condition: {gte: 1}\n"));
	assert_int_equal(log.scene.rules->items[4].state, SIGMA_NO_SOURCE);
	assert_int_equal(log.scene.rules->items[5].state, SIGMA_READY);
	happens(&log, 0, "a", "joe", NULL);
	assert_log(log, "n@0(joe) ");
	log_close(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_correlate_event_count), cmocka_unit_test(test_correlate_disorder),
		cmocka_unit_test(test_correlate_value_count), cmocka_unit_test(test_correlate_windows),
		cmocka_unit_test(test_correlate_sums),	      cmocka_unit_test(test_correlate_temporal),
		cmocka_unit_test(test_correlate_expressions), cmocka_unit_test(test_correlate_ordered),
		cmocka_unit_test(test_correlate_aliases),     cmocka_unit_test(test_correlate_chain),
		cmocka_unit_test(test_correlate_generate),    cmocka_unit_test(test_correlate_suppressed),
		cmocka_unit_test(test_correlate_many_groups), cmocka_unit_test(test_correlate_many_values),
		cmocka_unit_test(test_correlate_long_values), cmocka_unit_test(test_correlate_wrong),
		cmocka_unit_test(test_correlate_states),
	};

	return cmocka_run_group_tests_name("sigma_correlate", tests, NULL, NULL);
}
