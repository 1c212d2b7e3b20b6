/*
 * For tests that hold the sieve to the stream: both scan a log, and what they tell must be the same byte for byte, but
 * for the counts that the sieve does not make. Private to tests/.
 */
#ifndef TESTS_UNIT_DRIVERS_H
#define TESTS_UNIT_DRIVERS_H

#include <sys/mman.h>
#include <unistd.h>

#include "engine/scan.h"
#include "shipped.h"

struct told {
	struct span text;
	struct summary summary;
	struct scan_plan plan;
};

static inline void require(bool holds)
{
	if (!holds)
		abort();
}

/* To be completed with paths. */
static inline struct scan_options drivers_options(void)
{
	return (struct scan_options){
		.source.threads = 1,
		.pack = shipped_pack(),
		.raw = true,
		.filter = { .since_ms = TIME_UNKNOWN, .until_ms = TIME_UNKNOWN, .show_suppressed = true },
	};
}

static inline void drivers_scan(struct scan_options options, enum scan_driver driver, int out, struct told *told)
{
	struct sink_options sinking = { .raw = true, .utf8 = true };
	struct err err = { 0 };

	*told = (struct told){ 0 };
	require(ftruncate(out, 0) == 0 && lseek(out, 0, SEEK_SET) == 0);
	struct output *output = output_create(out, "memory", &err);
	struct sink *sink = sink_create("json", output, &sinking, &err);
	options.driver = driver;
	options.plan = &told->plan;
	require(output && sink && scan_run(&options, sink, &told->summary, &err) == 0);
	require(output_finish(output, &err) == 0);
	sink_destroy(sink);
	output_destroy(output);
	size_t len = (size_t)lseek(out, 0, SEEK_END);
	void *text = len ? mmap(NULL, len, PROT_READ, MAP_SHARED, out, 0) : NULL;
	require(text != MAP_FAILED);
	told->text = (struct span){ text, len };
}

static inline void drivers_forget(struct told *told)
{
	if (told->text.len)
		munmap((char *)told->text.data, told->text.len);
}

static inline bool drivers_same_suppressions(const struct summary *a, const struct summary *b)
{
	for (size_t i = 0; i < SUMMARY_KINDS_MAX; i++)
		if (a->suppressions[i].count != b->suppressions[i].count)
			return false;
	return true;
}

static inline bool drivers_same_counts(const struct summary *a, const struct summary *b)
{
	return a->accesses == b->accesses && a->self == b->self && a->untiered == b->untiered &&
	       a->findings == b->findings && a->incidents == b->incidents && a->suppressed == b->suppressed &&
	       a->unknown_target == b->unknown_target && a->uncertain == b->uncertain && a->lost_told == b->lost_told &&
	       a->files == b->files && a->bytes == b->bytes && a->coverage_seen_procfs == b->coverage_seen_procfs &&
	       drivers_same_suppressions(a, b);
}

static inline void drivers_show(const char *driver, const struct told *told)
{
	const struct summary *s = &told->summary;

	fprintf(stderr,
		"---- %s: accesses %llu self %llu untiered %llu findings %llu incidents %llu suppressed %llu unknown "
		"%llu "
		"uncertain %llu lost %llu procfs %d\n%.*s",
		driver, (unsigned long long)s->accesses, (unsigned long long)s->self, (unsigned long long)s->untiered,
		(unsigned long long)s->findings, (unsigned long long)s->incidents, (unsigned long long)s->suppressed,
		(unsigned long long)s->unknown_target, (unsigned long long)s->uncertain,
		(unsigned long long)s->lost_told, s->coverage_seen_procfs, (int)told->text.len, told->text.data);
}

/* 1: they tell the same. 0: the sieve does not read such a log. -1: they differ, and what they tell is shown. */
static inline int drivers_compare(const struct scan_options *options)
{
	static struct told sieve, stream;
	static int outputs[2];

	for (size_t i = 0; i < 2 && !outputs[i]; i++)
		require((outputs[i] = memfd_create("told", MFD_CLOEXEC)) >= 0);
	drivers_scan(*options, SCAN_SIEVE, outputs[0], &sieve);
	int result = sieve.plan.sieved;
	if (result) {
		drivers_scan(*options, SCAN_STREAM, outputs[1], &stream);
		if (!span_equal(sieve.text, stream.text) || !drivers_same_counts(&sieve.summary, &stream.summary)) {
			drivers_show("stream", &stream);
			drivers_show("sieve", &sieve);
			result = -1;
		}
		drivers_forget(&stream);
	}
	drivers_forget(&sieve);
	return result;
}

#endif
