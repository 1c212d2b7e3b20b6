/* entity: unique rules of one host or user add up over 14 days, and above 12 they are an insight; once. */
#include "incident/entity.h"
#include "sink_samples.h"

#include <stdio.h>

#define DAY INT64_C(86400000)

static const int64_t start = 1795474561786;

static struct entities *entities;

static struct finding signal_at(const char *rule, unsigned severity, int64_t time_ms)
{
	struct finding finding = sample_finding();

	finding.rule = span_of(rule);
	finding.severity = severity;
	finding.access.time_ms = finding.first_ms = time_ms;
	finding.last_ms = time_ms + 1000;
	finding.count = 3;
	return finding;
}

static void give(struct finding finding)
{
	entities_take(entities, &finding);
}

/* Gives it, and expects insights of the host and of the user. */
static struct insight told(struct finding finding)
{
	struct insight host, user;

	give(finding);
	assert_true(entities_next(entities, &host));
	assert_true(entities_next(entities, &user));
	assert_false(entities_next(entities, &user));
	assert_int_equal(host.entity.kind, ENTITY_HOST);
	assert_int_equal(user.entity.kind, ENTITY_USER);
	assert_string_not_equal(host.id, user.id);
	return host;
}

static void silent(struct finding finding)
{
	struct insight insight;

	give(finding);
	assert_false(entities_next(entities, &insight));
}

static int set_up(void **state)
{
	(void)state;
	entities = entities_create();
	return entities ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	entities_destroy(entities);
	return 0;
}

static void above_twelve(void **state)
{
	static const struct {
		unsigned last;
		const char *severity;
	} cases[] = { { 1, "LOW" }, { 2, "MEDIUM" }, { 3, "MEDIUM" }, { 4, "HIGH" }, { 10, "HIGH" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t at = start + (int64_t)i * 30 * DAY;
		silent(signal_at("a", 8, at));
		silent(signal_at("b", 4, at));
		struct insight insight = told(signal_at("c", cases[i].last, at));
		assert_int_equal(insight.score, 12 + cases[i].last);
		assert_string_equal(insight_severity_name(insight.severity), cases[i].severity);
		assert_int_equal(insight.signal_count, 3);
		assert_int_equal(insight.created_ms, at);
		assert_int_equal(strlen(insight.id), 16);
	}
}

static void thirteen_small_ones(void **state)
{
	char rules[INSIGHT_SIGNALS_MAX][8];

	(void)state;
	for (unsigned i = 0; i < INSIGHT_SIGNALS_MAX - 1; i++) {
		snprintf(rules[i], sizeof(rules[i]), "r%u", i);
		silent(signal_at(rules[i], 1, start + i));
	}
	struct insight insight = told(signal_at("last", 1, start + 100));
	assert_int_equal(insight.signal_count, INSIGHT_SIGNALS_MAX);
	for (unsigned i = 0; i < INSIGHT_SIGNALS_MAX - 1; i++)
		assert_true(span_equal(insight.signals[i].finding->rule, span_of(rules[i])));
}

static void a_rule_counts_once_with_its_gravest(void **state)
{
	struct finding grave = signal_at("a", 7, start + 2);

	(void)state;
	silent(signal_at("a", 5, start));
	silent(signal_at("a", 5, start + 1));
	silent(grave);
	silent(signal_at("a", 6, start + 3));
	struct insight insight = told(signal_at("b", 6, start + 4));
	assert_int_equal(insight.score, 13);
	assert_int_equal(insight.signals[0].findings, 4);
	assert_int_equal(insight.signals[0].accesses, 12);
	assert_int_equal(insight.signals[0].first_ms, start);
	assert_int_equal(insight.signals[0].last_ms, start + 3 + 1000);
	assert_int_equal(insight.signals[0].finding->first_ms, start + 2);
	assert_true(span_equal(insight.entity.host, SPAN("web-01")));
}

static void over_fourteen_days(void **state)
{
	(void)state;
	silent(signal_at("a", 8, start));
	silent(signal_at("b", 8, start + 14 * DAY + 1));
	told(signal_at("c", 8, start + 28 * DAY + 1));
}

static void what_comes_again_lasts_longer(void **state)
{
	(void)state;
	silent(signal_at("a", 8, start));
	silent(signal_at("a", 8, start + 10 * DAY));
	told(signal_at("b", 8, start + 24 * DAY));
}

static void begins_again_at_zero(void **state)
{
	(void)state;
	silent(signal_at("a", 8, start));
	told(signal_at("b", 8, start + 1));
	silent(signal_at("c", 8, start + 2));
	silent(signal_at("a", 8, start + 3)); /* told a moment ago */
	silent(signal_at("b", 8, start + 1 + DAY));
	told(signal_at("b", 8, start + 2 + DAY));
}

static void hosts_and_users_are_apart(void **state)
{
	struct finding other = signal_at("b", 8, start + 1), daemon = signal_at("c", 8, start + 2);
	struct insight insight;

	(void)state;
	silent(signal_at("a", 8, start));
	other.access.host = SPAN("web-02");
	silent(other); /* the same number is another user there */
	daemon.access.actor.auid = 4294967295u;
	daemon.access.actor.uid = 33;
	give(daemon); /* another user: only the host has both */
	assert_true(entities_next(entities, &insight));
	assert_int_equal(insight.entity.kind, ENTITY_HOST);
	assert_false(entities_next(entities, &insight));
	give(signal_at("d", 8, start + 3));
	assert_true(entities_next(entities, &insight));
	assert_int_equal(insight.entity.kind, ENTITY_USER);
	assert_int_equal(insight.entity.uid, 1000);
	assert_false(entities_next(entities, &insight));
	daemon = signal_at("d", 8, start + 4);
	daemon.access.actor.auid = UNKNOWN_ID;
	daemon.access.actor.uid = 33;
	give(daemon);
	assert_true(entities_next(entities, &insight));
	assert_int_equal(insight.entity.uid, 33);
}

static void what_is_no_signal(void **state)
{
	struct summary *summary = calloc(1, sizeof(*summary));
	struct finding own = signal_at("b", 8, start), tuned = signal_at("c", 8, start);

	(void)state;
	silent(signal_at("a", 8, start));
	own.access.self = true;
	silent(own);
	tuned.suppressed_by = SPAN("ps");
	silent(tuned);
	silent(signal_at("d", 0, start));
	silent(signal_at("e", 8, TIME_UNKNOWN));
	entities_account(entities, summary);
	assert_int_equal(summary->notes[0].count, 1);
	assert_int_equal(summary_status(summary), 0);
	free(summary);
}

static void same_content_same_id(void **state)
{
	struct insight first, again;

	(void)state;
	give(signal_at("a", 8, start));
	first = told(signal_at("b", 8, start + 1));
	entities_destroy(entities);
	entities = entities_create();
	give(signal_at("a", 8, start));
	again = told(signal_at("b", 8, start + 1));
	assert_string_equal(first.id, again.id);
}

static uint64_t evicted(void)
{
	struct summary *summary = calloc(1, sizeof(*summary));

	entities_account(entities, summary);
	uint64_t count = summary->evicted;
	free(summary);
	return count;
}

static void nobody_is_no_user(void **state)
{
	struct finding finding = signal_at("a", 8, start);
	struct insight insight;

	(void)state;
	finding.access.actor.auid = finding.access.actor.uid = UNKNOWN_ID;
	silent(finding);
	finding.rule = SPAN("b");
	give(finding);
	assert_true(entities_next(entities, &insight));
	assert_false(entities_next(entities, &insight));
}

/* All that follows comes from logs, so nothing of it may make memory grow. */
static void long_texts_give_way(void **state)
{
	size_t len = 1 << 20;
	char host[32], *text = malloc(len);
	struct finding finding = signal_at("a", 8, start);

	(void)state;
	memset(text, 'x', len);
	finding.access.actor.cmdline = (struct span){ text, len };
	for (unsigned i = 0; i < 30; i++) {
		snprintf(host, sizeof(host), "long-%u", i);
		finding.access.host = span_of(host);
		silent(finding);
	}
	assert_in_range(evicted(), 50, 56); /* of 60 there is room for six, and two of them for the last finding */
	free(text);
}

static void many_hosts_give_way(void **state)
{
	struct finding finding = signal_at("a", 8, start);
	char host[32];

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(host, sizeof(host), "host-%u", i);
		finding.access.host = span_of(host);
		silent(finding);
	}
	assert_int_equal(evicted(), 10000 - 4096);
}

static void many_rules_give_way(void **state)
{
	char rule[32];

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		snprintf(rule, sizeof(rule), "r%u", i);
		give(signal_at(rule, 10, start));
	}
	assert_int_equal(evicted(), 2 * (200 - 32));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(above_twelve, set_up, tear_down),
		cmocka_unit_test_setup_teardown(thirteen_small_ones, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_rule_counts_once_with_its_gravest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(over_fourteen_days, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_comes_again_lasts_longer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(begins_again_at_zero, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hosts_and_users_are_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_signal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(same_content_same_id, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nobody_is_no_user, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_texts_give_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_hosts_give_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_rules_give_way, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
