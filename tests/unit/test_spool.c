/* spool: same findings, same order out, however they came in and however little memory there is. */
#include "sink/spool.h"
#include "sink_samples.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

static const size_t SMALL = 64 << 10;

/* What a test must see of a finding to know it again, in the order that the spool promises. */
struct seen {
	int64_t time_ms;
	enum risk risk;
	unsigned score;
	uint64_t count, offset;
	char id[24]; /* the id, and no padding behind it: these are compared as bytes */
};

/* The nth finding: many equal times, some equal ids. */
static struct finding nth(uint64_t n)
{
	struct finding finding = sample_finding();
	uint64_t seed = n * 7919;

	finding.access.time_ms = sample_random(&seed) % 50 ? (int64_t)(sample_random(&seed) % 5000) : TIME_UNKNOWN;
	finding.risk = (enum risk)(sample_random(&seed) % 4);
	finding.score = (unsigned)(sample_random(&seed) % 101);
	finding.count = sample_random(&seed) % 1000;
	finding.access.origin.offset = n;
	snprintf(finding.id, sizeof(finding.id), "%016llx", (unsigned long long)(sample_random(&seed) % 20000));
	return finding;
}

static struct seen see(const struct finding *finding)
{
	struct seen seen = { finding->access.time_ms,
			     finding->risk,
			     finding->score,
			     finding->count,
			     finding->access.origin.offset,
			     "" };

	memcpy(seen.id, finding->id, sizeof(finding->id));
	return seen;
}

#define MORE_FIRST(a, b)                           \
	do {                                       \
		if ((a) != (b))                    \
			return (a) > (b) ? -1 : 1; \
	} while (0)

static int compare_time(const void *left, const void *right)
{
	const struct seen *a = left, *b = right;

	MORE_FIRST(a->time_ms, b->time_ms);
	return strcmp(a->id, b->id);
}

static int compare_risk(const void *left, const void *right)
{
	const struct seen *a = left, *b = right;

	MORE_FIRST(a->risk, b->risk);
	MORE_FIRST(a->score, b->score);
	return compare_time(a, b);
}

static int compare_score(const void *left, const void *right)
{
	const struct seen *a = left, *b = right;

	MORE_FIRST(a->score, b->score);
	MORE_FIRST(a->risk, b->risk);
	return compare_time(a, b);
}

static int compare_count(const void *left, const void *right)
{
	const struct seen *a = left, *b = right;

	MORE_FIRST(a->count, b->count);
	return compare_time(a, b);
}

/* Everything that comes out. */
static struct seen *drain(struct spool *spool, size_t *count)
{
	struct seen *all = NULL;
	struct finding finding;
	size_t capacity = 0;

	assert_int_equal(spool_sort(spool, NULL), 0);
	*count = 0;
	while (spool_next(spool, &finding, NULL) == 1) {
		if (*count == capacity) {
			capacity = capacity ? 2 * capacity : 1024;
			struct seen *more = realloc(all, capacity * sizeof(*all));
			assert_non_null(more);
			all = more;
		}
		all[(*count)++] = see(&finding);
	}
	assert_int_equal(spool_next(spool, &finding, NULL), 0); /* the end stays the end */
	return all;
}

static struct seen *spooled(const struct spool_options *options, size_t findings, size_t step, size_t *count,
			    uint64_t *spilled)
{
	struct spool *spool = spool_create(options, NULL);

	assert_non_null(spool);
	for (size_t i = 0; i < findings; i++) {
		struct finding finding = nth(i * step % findings);
		assert_int_equal(spool_add(spool, &finding, NULL), 0);
	}
	assert_int_equal(spool_count(spool), findings);
	*spilled = spool_spilled_bytes(spool);
	struct seen *all = drain(spool, count);
	spool_destroy(spool);
	return all;
}

static void assert_sorted(enum spool_order order, int (*compare)(const void *, const void *), size_t findings)
{
	struct spool_options options = { .memory = SMALL, .order = order };
	struct seen *expected = calloc(findings, sizeof(*expected)), *all;
	uint64_t spilled;
	size_t count;

	for (size_t i = 0; i < findings; i++) {
		struct finding finding = nth(i);
		expected[i] = see(&finding);
	}
	qsort(expected, findings, sizeof(*expected), compare);
	all = spooled(&options, findings, 1, &count, &spilled);
	assert_true(spilled > 0);
	assert_int_equal(count, findings);
	for (size_t i = 0; i < findings; i++)
		if (compare(&all[i], &expected[i]) != 0)
			fail_msg("number %zu is not the one that an in-memory sort puts there", i);
	free(all);
	free(expected);
}

static void test_spool_equals_a_sort_in_memory(void **state)
{
	assert_sorted(SPOOL_BY_TIME, compare_time, 200000);
}

static void test_spool_orders(void **state)
{
	assert_sorted(SPOOL_BY_RISK, compare_risk, 20000);
	assert_sorted(SPOOL_BY_SCORE, compare_score, 20000);
	assert_sorted(SPOOL_BY_COUNT, compare_count, 20000);
	assert_int_equal(spool_order_from_name("time"), SPOOL_BY_TIME);
	assert_int_equal(spool_order_from_name("risk"), SPOOL_BY_RISK);
	assert_int_equal(spool_order_from_name("score"), SPOOL_BY_SCORE);
	assert_int_equal(spool_order_from_name("count"), SPOOL_BY_COUNT);
	assert_int_equal(spool_order_from_name("colour"), -1);
}

/* Findings with equal keys and ids come out in one order, too: content decides. */
static void test_spool_does_not_depend_on_input_order_or_memory(void **state)
{
	enum { FINDINGS = 20011 }; /* a prime, so that every step visits all */
	static const size_t steps[] = { 1, 7, 4999, 20010 }, memories[] = { 64 << 10, 256 << 10, 64 << 20 };
	struct seen *first = NULL;
	size_t count;
	uint64_t spilled;

	for (size_t s = 0; s < 4; s++)
		for (size_t m = 0; m < 3; m++) {
			struct spool_options options = { .memory = memories[m] };
			struct seen *all = spooled(&options, FINDINGS, steps[s], &count, &spilled);
			assert_int_equal(count, FINDINGS);
			assert_int_equal(spilled == 0, m == 2);
			if (first) {
				assert_memory_equal(all, first, FINDINGS * sizeof(*all));
				free(all);
			} else {
				first = all;
			}
		}
	free(first);
}

static void test_spool_limit(void **state)
{
	struct spool_options plain = { .memory = 64 << 20 };
	uint64_t spilled;
	size_t all_count, count;
	struct seen *all = spooled(&plain, 20011, 1, &all_count, &spilled);

	for (size_t limit = 1; limit < 5000; limit = limit * 3 + 1) {
		struct spool_options options = { .memory = SMALL, .limit = limit };
		struct seen *some = spooled(&options, 20011, 7, &count, &spilled);
		assert_int_equal(count, limit);
		assert_memory_equal(some, all, limit * sizeof(*some));
		if (limit < 20)
			assert_int_equal(spilled, 0); /* the best fit into memory */
		free(some);
	}
	free(all);
}

static void test_spool_empty(void **state)
{
	struct spool *spool = spool_create(&(struct spool_options){ 0 }, NULL);
	struct finding finding;

	assert_int_equal(spool_sort(spool, NULL), 0);
	assert_int_equal(spool_next(spool, &finding, NULL), 0);
	spool_destroy(spool);
	spool_destroy(NULL);
}

/* Text, raw records and names come back as they were, from memory and from the file. */
static void test_spool_keeps_everything(void **state)
{
	enum { MAX = 200, FINDINGS = 2000 };
	static char room[SAMPLE_TEXTS * MAX];
	struct spool *spool = spool_create(&(struct spool_options){ .memory = SMALL }, NULL);
	struct finding finding;
	uint64_t seed;

	for (uint64_t i = 0; i < FINDINGS; i++) {
		seed = i;
		finding = sample_hostile_finding(&seed, room, MAX);
		finding.access.time_ms = (int64_t)(FINDINGS - i);
		finding.access.origin.offset = i;
		assert_int_equal(spool_add(spool, &finding, NULL), 0);
	}
	assert_int_equal(spool_sort(spool, NULL), 0);
	for (uint64_t i = 0; i < FINDINGS; i++) {
		seed = i;
		struct finding expected = sample_hostile_finding(&seed, room, MAX);
		assert_int_equal(spool_next(spool, &finding, NULL), 1);
		assert_int_equal(finding.access.origin.offset, i);
		assert_true(span_equal(finding.access.actor.cmdline, expected.access.actor.cmdline));
		assert_true(span_equal(finding.reasons[2], expected.reasons[2]));
		assert_int_equal(finding.access.raw_count, 2);
		assert_true(span_equal(finding.access.raw[1], expected.access.raw[1]));
		assert_ptr_equal(finding.access.origin.file, expected.access.origin.file);
	}
	spool_destroy(spool);
}

/* Findings larger than the block, among small ones; two of them differ in nothing but their content. */
static void test_spool_huge_findings(void **state)
{
	enum { LEN = 3 << 20, FINDINGS = 40 };
	struct spool *spool = spool_create(&(struct spool_options){ .memory = SMALL }, NULL);
	char *text = malloc(LEN);
	struct finding finding;

	memset(text, 'x', LEN);
	for (int i = 0; i < FINDINGS; i++) {
		finding = sample_finding();
		finding.access.time_ms = i / 4 * 2 + (i % 4 == 3);
		text[LEN - 1] = (char)('d' - i % 4);
		if (i % 4 != 3)
			finding.access.actor.cmdline = (struct span){ text, LEN };
		assert_int_equal(spool_add(spool, &finding, NULL), 0);
	}
	assert_int_equal(spool_sort(spool, NULL), 0);
	for (int i = 0; i < FINDINGS; i++) {
		assert_int_equal(spool_next(spool, &finding, NULL), 1);
		struct span cmdline = finding.access.actor.cmdline;
		assert_int_equal(finding.access.time_ms, (FINDINGS - 1 - i) / 4 * 2 + (i % 4 == 0));
		if (i % 4) {
			assert_int_equal(cmdline.len, LEN);
			assert_int_equal(cmdline.data[LEN - 1], 'a' + i % 4);
			assert_int_equal(cmdline.data[LEN / 2], 'x');
		}
	}
	assert_int_equal(spool_next(spool, &finding, NULL), 0);
	spool_destroy(spool);
	free(text);
}

/* Where nothing can be spilled, what was taken is kept and what does not fit is told. */
static void test_spool_without_a_file(void **state)
{
	struct rlimit old, none;
	struct err err = { 0 };
	struct spool *spool = spool_create(&(struct spool_options){ .memory = SMALL }, NULL);
	size_t taken = 0, refused = 0, count;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	for (uint64_t i = 0; i < 1000; i++) {
		struct finding finding = nth(i);
		if (spool_add(spool, &finding, &err) == 0)
			taken++;
		else
			refused++;
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(taken > 20 && refused > 20);
	assert_int_equal(spool_count(spool), taken);
	assert_int_equal(spool_refused(spool), refused);
	assert_int_equal(err.number, -EFBIG);
	assert_non_null(strstr(err.text, "TMPDIR"));
	struct seen *all = drain(spool, &count);
	assert_int_equal(count, taken);
	free(all);
	spool_destroy(spool);
}

static void test_spool_directory_is_left_clean(void **state)
{
	char folder[] = "/tmp/proctor-test-XXXXXX";

	assert_non_null(mkdtemp(folder));
	struct spool_options options = { .memory = SMALL, .directory = folder };
	struct spool *spool = spool_create(&options, NULL);
	for (uint64_t i = 0; i < 5000; i++) {
		struct finding finding = nth(i);
		assert_int_equal(spool_add(spool, &finding, NULL), 0);
	}
	assert_true(spool_spilled_bytes(spool) > 0);
	assert_int_equal(rmdir(folder), 0); /* empty: the file has no name */
	spool_destroy(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spool_equals_a_sort_in_memory),
		cmocka_unit_test(test_spool_orders),
		cmocka_unit_test(test_spool_does_not_depend_on_input_order_or_memory),
		cmocka_unit_test(test_spool_limit),
		cmocka_unit_test(test_spool_empty),
		cmocka_unit_test(test_spool_keeps_everything),
		cmocka_unit_test(test_spool_huge_findings),
		cmocka_unit_test(test_spool_without_a_file),
		cmocka_unit_test(test_spool_directory_is_left_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
