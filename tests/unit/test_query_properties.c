/* What holds of operators whatever the rows: against brute force, on rows made at random from fixed seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/record.h"
#include "query/aggregate.h"
#include "query/parse.h"
#include "query/run.h"

#define ROUNDS 40
#define MESSAGES_MAX 300
#define ROWS_MAX 400
#define TEXT_ROOM 48

/* ---- random messages ---- */

struct sample {
	char raw[TEXT_ROOM], host[8];
	int64_t time_ms;
};

static struct sample samples[MESSAGES_MAX];
static size_t sample_count;
static uint64_t seed;

static uint64_t random_below(uint64_t end)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % end;
}

static void make_raw(struct sample *sample)
{
	static const char *const odd[] = { "", "x", "1e3", "-0", "0.5", " 1", "abc", "10", "9", "\xc3\xa9" };

	if (random_below(4) == 0)
		snprintf(sample->raw, TEXT_ROOM, "%s", odd[random_below(10)]);
	else
		snprintf(sample->raw, TEXT_ROOM, "%d", (int)random_below(2001) - 1000);
}

static void make_samples(uint64_t with)
{
	seed = with;
	sample_count = random_below(MESSAGES_MAX + 1);
	for (size_t i = 0; i < sample_count; i++) {
		make_raw(&samples[i]);
		snprintf(samples[i].host, sizeof(samples[i].host), "h%d", (int)random_below(7));
		samples[i].time_ms = random_below(10) ? (int64_t)random_below(100) * 60000 : TIME_UNKNOWN;
	}
}

/* ---- running ---- */

struct result {
	char *rows[ROWS_MAX]; /* name=kind:value;… */
	size_t count;
	struct err err;
};

static void add_row(struct result *result, const struct row_view *view)
{
	struct buffer text = { 0 };

	assert_true(result->count < ROWS_MAX);
	for (size_t i = 0; i < view->count; i++) {
		const struct value *value = &view->values[i];
		buffer_add(&text, view->names[i]);
		if (value->kind == VALUE_TEXT)
			buffer_printf(&text, "=t:%.*s;", (int)value->text.len, value->text.data);
		else if (value->kind == VALUE_NULL)
			buffer_text(&text, "=null;");
		else
			buffer_printf(&text, "=%d:%.17g;", (int)value->kind, value->number);
	}
	buffer_add_byte(&text, '\0');
	result->rows[result->count++] = text.data;
}

static void take_rows(struct run *run, struct result *result)
{
	struct row_view view;

	while (run_next(run, &view, &result->err) > 0)
		add_row(result, &view);
}

static struct run *compile(const char *search, size_t memory, struct query **query)
{
	struct run_options options = { .memory = memory, .start_ms = TIME_UNKNOWN, .end_ms = TIME_UNKNOWN };
	struct query_error error;
	struct err err = { 0 };

	*query = query_parse(span_of(search), NULL, &error);
	if (!*query)
		fail_msg("%s: %s", search, error.message);
	struct run *run = run_create(*query, &options, &err);
	if (!run)
		fail_msg("%s: %s", search, err.text);
	return run;
}

static struct result run_within(const char *search, size_t memory)
{
	struct result result = { 0 };
	struct query *query;
	struct run *run = compile(search, memory, &query);

	for (size_t i = 0; i < sample_count && !result.err.number; i++) {
		struct message message = { .raw = span_of(samples[i].raw),
					   .host = span_of(samples[i].host),
					   .time_ms = samples[i].time_ms };
		if (run_message(run, &message, &result.err) != 0)
			break;
		take_rows(run, &result);
	}
	if (!result.err.number && run_end(run, &result.err) == 0)
		take_rows(run, &result);
	run_destroy(run);
	query_destroy(query);
	return result;
}

static struct result run_search(const char *search)
{
	struct result result = run_within(search, 0);

	if (result.err.number)
		fail_msg("%s: %s", search, result.err.text);
	return result;
}

static void forget(struct result *result)
{
	while (result->count)
		free(result->rows[--result->count]);
}

static void assert_same(const char *one, const char *other)
{
	struct result a = run_search(one), b = run_search(other);

	if (a.count != b.count)
		fail_msg("%zu rows: %s\n%zu rows: %s", a.count, one, b.count, other);
	for (size_t i = 0; i < a.count; i++)
		if (strcmp(a.rows[i], b.rows[i]) != 0)
			fail_msg("row %zu: %s: %s\n%s: %s", i, one, a.rows[i], other, b.rows[i]);
	forget(&a);
	forget(&b);
}

static void each_round(void (*check)(void))
{
	for (uint64_t i = 0; i < ROUNDS; i++) {
		make_samples(i);
		check();
	}
}

/* ---- what is the same ---- */

static void dedup_twice(void)
{
	assert_same("* | dedup by _sourceHost", "* | dedup by _sourceHost | dedup by _sourceHost");
	assert_same("* | dedup 3 by _sourceHost, _raw",
		    "* | dedup 3 by _sourceHost, _raw | dedup 3 by _sourceHost, _raw");
	assert_same("* | dedup consecutive 2 by _sourceHost",
		    "* | dedup consecutive 2 by _sourceHost | dedup consecutive 2 by _sourceHost");
	assert_same("* | sort by _raw | dedup 2 by _sourceHost",
		    "* | sort by _raw | dedup 2 by _sourceHost | dedup 2 by _sourceHost");
	assert_same("* | sort by _raw | dedup consecutive by _raw", "* | sort by _raw | dedup by _raw");
}

static void dedup_is_idempotent(void **state)
{
	each_round(dedup_twice);
}

static void sort_again(void)
{
	assert_same("* | sort by _sourceHost, _raw", "* | sort by _raw | sort by _sourceHost");
	assert_same("* | sort by _sourceHost", "* | sort by _sourceHost | sort by _sourceHost");
	assert_same("* | sort by _raw | limit 5", "* | sort by _raw | limit 20 | limit 5");
}

static void sort_is_stable(void **state)
{
	each_round(sort_again);
}

static void ways_to_the_first(void)
{
	assert_same("* | _raw + 0 as n | count by n | topk(5, n) | fields n, _count",
		    "* | _raw + 0 as n | count by n | sort by n | limit 5 | fields n, _count");
	assert_same("* | count by _sourceHost as h | top 3 h by _count",
		    "* | count by _sourceHost as h | sort by _count | limit 3");
	assert_same("* | _sourceHost as h | top 3 h",
		    "* | count by _sourceHost as h | sort by _count, h asc | limit 3");
	assert_same("* | _raw as v | count_frequent v | _approxcount as n | fields v, n",
		    "* | count as n by _raw as v | sort by n, v asc");
}

static void firsts_agree(void **state)
{
	each_round(ways_to_the_first);
}

static void sums(void)
{
	assert_same("* | accum _raw as s | sort by _messageTime | count", "* | total _raw | count");
	assert_same("* | _sourceHost as h | total _raw as s by h | count by h, s | fields h, s",
		    "* | where _raw * 0 = 0 | _sourceHost as h | sum(_raw) as s by h");
	assert_same("* | count by _sourceHost as h | total _count as t | max(t) as t", "* | count as t | where t > 0");
	assert_same("* | count by _sourceHost as h, _raw as r | sum(_count) as n by h",
		    "* | count as n by _sourceHost as h");
	assert_same("* | count by _raw as r | count as n | where n > 0", "* | count_distinct(_raw) as n | where n > 0");
}

static void sums_agree(void **state)
{
	each_round(sums);
}

static void moved_filters(void)
{
	assert_same("* | where _sourceHost = \"h1\" | _raw + 1 as n", "* | _raw + 1 as n | where _sourceHost = \"h1\"");
	assert_same("* | where _sourceHost = \"h1\" | timeslice 1h", "* | timeslice 1h | where _sourceHost = \"h1\"");
	assert_same("* | where _raw > 0 | withtime _raw", "* | withtime _raw | where _raw > 0");
	assert_same("* | where _sourceHost > \"h3\" | sort by _raw", "* | sort by _raw | where _sourceHost > \"h3\"");
	assert_same("* | where _sourceHost = \"h2\" | count by _sourceHost as h",
		    "* | count by _sourceHost as h | where h = \"h2\"");
	assert_same("* | where _sourceHost = \"h2\" | dedup by _sourceHost",
		    "* | dedup by _sourceHost | where _sourceHost = \"h2\"");
	assert_same("* | where _sourceHost = \"h2\" | accum _raw by _sourceHost",
		    "* | accum _raw by _sourceHost | where _sourceHost = \"h2\"");
	assert_same("* | where _sourceHost = \"h2\" | parse regex \"(?<d>\\d+)\"",
		    "* | parse regex \"(?<d>\\d+)\" | where _sourceHost = \"h2\"");
	assert_same("* | where _sourceHost = \"h2\" | parse regex \"(?<d>\\d+)\" nodrop",
		    "* | parse regex \"(?<d>\\d+)\" nodrop | where _sourceHost = \"h2\"");
}

static void filters_commute(void **state)
{
	each_round(moved_filters);
}

/* The order of the messages is no part of a group. */
static void groups_do_not_ask_for_order(void **state)
{
	static const char search[] = "* | count, count_distinct(_raw) as d, min(_raw), max(_raw), values(_raw), "
				     "pct(_raw, 25, 90), median(_raw) by _sourceHost as h, timeslice(10m) as t";

	for (uint64_t round = 0; round < ROUNDS; round++) {
		make_samples(round);
		struct result before = run_search(search);
		for (size_t i = sample_count; i > 1; i--) {
			size_t j = random_below(i);
			struct sample sample = samples[i - 1];
			samples[i - 1] = samples[j];
			samples[j] = sample;
		}
		struct result after = run_search(search);
		assert_int_equal(before.count, after.count);
		for (size_t i = 0; i < before.count; i++)
			assert_string_equal(before.rows[i], after.rows[i]);
		forget(&before);
		forget(&after);
	}
}

/* ---- brute force ---- */

struct numbers {
	double items[MESSAGES_MAX];
	size_t count, rows;
};

static bool number_of(const struct sample *sample, double *number)
{
	char *end;

	if (!sample->raw[0] || sample->raw[0] == ' ')
		return false;
	*number = strtod(sample->raw, &end);
	return *end == '\0';
}

static struct numbers numbers_of(const char *host)
{
	struct numbers numbers = { 0 };

	for (size_t i = 0; i < sample_count; i++) {
		if (strcmp(samples[i].host, host) != 0)
			continue;
		numbers.rows++;
		numbers.count += number_of(&samples[i], &numbers.items[numbers.count]);
	}
	return numbers;
}

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* As the language defines it: the rank p/100 * (n - 1), linear between its neighbours. */
static double percentile(const struct numbers *sorted, double percent)
{
	double rank = percent / 100 * (double)(sorted->count - 1);
	size_t low = (size_t)rank, high = low + 1 < sorted->count ? low + 1 : low;

	return sorted->items[low] + (rank - (double)low) * (sorted->items[high] - sorted->items[low]);
}

static double deviation(const struct numbers *numbers, long double mean)
{
	long double squares = 0;

	for (size_t i = 0; i < numbers->count; i++)
		squares += (numbers->items[i] - mean) * (numbers->items[i] - mean);
	return numbers->count < 2 ? 0 : (double)sqrtl(squares / (numbers->count - 1));
}

static void assert_near(const char *what, const struct value *value, double expected)
{
	if (value->kind != VALUE_NUMBER || fabs(value->number - expected) > 1e-9 * (1 + fabs(expected)))
		fail_msg("%s is %.17g, not %.17g", what, value->number, expected);
}

static void check_numbers(const struct row_view *view)
{
	char host[8];
	const struct value *values = view->values;

	snprintf(host, sizeof(host), "%.*s", (int)values[0].text.len, values[0].text.data);
	struct numbers numbers = numbers_of(host);
	assert_near("count", &values[1], (double)numbers.rows);
	long double sum = 0;
	for (size_t i = 0; i < numbers.count; i++)
		sum += numbers.items[i];
	assert_near("sum", &values[2], (double)sum);
	if (!numbers.count)
		return;
	assert_near("avg", &values[3], (double)(sum / numbers.count));
	assert_near("stddev", &values[4], deviation(&numbers, sum / numbers.count));
	qsort(numbers.items, numbers.count, sizeof(double), compare_doubles);
	assert_near("pct 0", &values[5], numbers.items[0]);
	assert_near("pct 37.5", &values[6], percentile(&numbers, 37.5));
	assert_near("pct 95", &values[7], percentile(&numbers, 95));
	assert_near("max", &values[8], numbers.items[numbers.count - 1]);
}

static void numbers_by_brute_force(void **state)
{
	static const char search[] = "* | count, sum(_raw), avg(_raw), stddev(_raw), pct(_raw, 0, 37.5, 95), max(_raw) "
				     "by _sourceHost as h";

	for (uint64_t round = 0; round < ROUNDS; round++) {
		struct query *query;
		struct run *run = compile(search, 0, &query);
		struct row_view view;
		struct err err = { 0 };
		make_samples(round);
		for (size_t i = 0; i < sample_count; i++) {
			struct message message = { .raw = span_of(samples[i].raw), .host = span_of(samples[i].host) };
			assert_int_equal(run_message(run, &message, &err), 0);
		}
		assert_int_equal(run_end(run, &err), 0);
		while (run_next(run, &view, &err) > 0)
			check_numbers(&view);
		run_destroy(run);
		query_destroy(query);
	}
}

/* Which message of the host comes first: the newest, of one time the later; those without a time last. */
static size_t first_of(const char *host, bool last)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < sample_count; i++) {
		if (strcmp(samples[i].host, host) != 0)
			continue;
		if (best == SIZE_MAX ||
		    (last ? samples[i].time_ms < samples[best].time_ms : samples[i].time_ms >= samples[best].time_ms))
			best = i;
	}
	return best;
}

static void first_and_last_by_brute_force(void **state)
{
	_Static_assert(TIME_UNKNOWN < 0, "an unknown time is older than all others");
	for (uint64_t round = 0; round < ROUNDS; round++) {
		make_samples(round);
		struct result result = run_search("* | first(_raw) as f, last(_raw) as l by _sourceHost as h");
		for (size_t i = 0; i < result.count; i++) {
			char host[8] = "", expected[256];
			snprintf(host, sizeof(host), "%.2s", result.rows[i] + strlen("h=t:"));
			snprintf(expected, sizeof(expected), "h=t:%s;f=t:%s;l=t:%s;", host,
				 samples[first_of(host, false)].raw, samples[first_of(host, true)].raw);
			assert_string_equal(result.rows[i], expected);
		}
		forget(&result);
	}
}

/* ---- sums ---- */

static void sums_are_exact(void **state)
{
	struct exact_sum sum = { 0 };

	for (int i = 0; i < 1000000; i++)
		exact_sum_add(&sum, 0.1);
	assert_true(exact_sum_value(&sum) == 100000);
	sum = (struct exact_sum){ 0 };
	for (int i = 0; i < 100000; i++)
		exact_sum_add(&sum, i % 2 ? 1e15 : -1e15 + 1);
	assert_true(exact_sum_value(&sum) == 50000);
}

/* ---- ceilings ---- */

/* Grows with what it keeps, and says which stage is too large. */
static void assert_ceiling(const char *search, const char *word)
{
	struct result result = run_within(search, 4096);

	if (result.err.number != -E2BIG || !strstr(result.err.text, word))
		fail_msg("%s: %d %s", search, result.err.number, result.err.text);
	forget(&result);
	result = run_within(search, (size_t)1 << 20);
	if (result.err.number)
		fail_msg("%s: %s", search, result.err.text);
	forget(&result);
}

static void what_is_kept_has_a_ceiling(void **state)
{
	sample_count = MESSAGES_MAX;
	for (size_t i = 0; i < sample_count; i++) {
		snprintf(samples[i].raw, TEXT_ROOM, "%d", (int)i);
		snprintf(samples[i].host, sizeof(samples[i].host), "h%d", (int)(i % 5));
		samples[i].time_ms = (int64_t)i * 1000;
	}
	assert_ceiling("* | count by _raw", "'count' in line 1");
	assert_ceiling("* | sort by _raw", "'sort'");
	assert_ceiling("* | count_distinct(_raw)", "'count_distinct(_raw)'");
	assert_ceiling("* | pct(_raw, 50) as p", "'pct(_raw,'");
	assert_ceiling("* | dedup by _raw", "'dedup'");
	assert_ceiling("* | sort by _raw | dedup by _raw", "'sort'");
	assert_ceiling("* | top 5 _raw", "'top'");
	assert_ceiling("* | top 5 _raw by _sourceHost", "'top'");
	assert_ceiling("* | topk(300, _raw)", "'topk(300,'");
	assert_ceiling("* | total _raw", "'total'");
	assert_ceiling("* | timeslice 5 buckets", "'timeslice'");
	assert_ceiling("* | accum _raw by _raw", "'accum'");
	assert_ceiling("* | smooth _raw, 1000", "'smooth'");
	assert_ceiling("* | 1 as n | transpose row _raw column _sourceHost as h1", "'transpose'");
	assert_ceiling("* | fillmissing values(\"x\") in _raw", "'fillmissing'");
	assert_ceiling("* | first(_raw) as f by _raw as r", "'first(_raw)'");
	assert_ceiling("* | values(_raw) by _raw as r", "'values(_raw)'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dedup_is_idempotent),	  cmocka_unit_test(sort_is_stable),
		cmocka_unit_test(firsts_agree),		  cmocka_unit_test(sums_agree),
		cmocka_unit_test(filters_commute),	  cmocka_unit_test(groups_do_not_ask_for_order),
		cmocka_unit_test(numbers_by_brute_force), cmocka_unit_test(first_and_last_by_brute_force),
		cmocka_unit_test(sums_are_exact),	  cmocka_unit_test(what_is_kept_has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
