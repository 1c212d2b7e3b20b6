/*
 * The sieve against the stream: the input is a log, both drivers scan it, and what they tell must be the same byte for
 * byte, but for the counts that the sieve does not make. Where the sieve hands over to the stream there is nothing to
 * compare, so it is best at logs that are nearly in order; sieve_mutate.h makes such.
 *
 * Two lines are read by this program itself: "fill N" stands for N times 4 KiB of messages of auditd's own, which are
 * no part of any event's order, and "next" begins another file.
 */
#include "../unit/shipped.h"
#include "engine/scan.h"
#include "sieve_mutate.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES_MAX 3
#define FILL_MAX ((size_t)4 << 20)

static int files[FILES_MAX], outputs[2]; /* descriptors of memory */
static char paths[FILES_MAX][32];

struct told {
	struct span text;
	struct summary summary;
	struct scan_plan plan;
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void open_files(void)
{
	for (size_t i = 0; i < FILES_MAX && !paths[i][0]; i++) {
		require((files[i] = memfd_create("log", MFD_CLOEXEC)) >= 0);
		snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", files[i]);
	}
	for (size_t i = 0; i < 2 && !outputs[i]; i++)
		require((outputs[i] = memfd_create("told", MFD_CLOEXEC)) >= 0);
}

/* ---- the log ---- */

static void add_fill(struct buffer *log, struct span line)
{
	static const struct span head = SPAN("type=DAEMON_ROTATE msg=audit(1795430914.650:0): op=");
	uint64_t blocks = 0;

	span_decimal(span_skip(line, 5), &blocks);
	for (size_t i = 0; i < 4 * blocks && log->len < FILL_MAX; i++) {
		size_t start = log->len;
		buffer_add(log, head);
		require(buffer_reserve(log, 1024));
		memset(log->data + log->len, 'x', 1023 - head.len);
		log->len = start + 1023;
		buffer_add_byte(log, '\n');
	}
}

static void write_file(size_t i, const struct buffer *log)
{
	require(ftruncate(files[i], 0) == 0);
	require(pwrite(files[i], log->data, log->len, 0) == (ssize_t)log->len);
}

/* Returns of how many files the log is. */
static size_t write_log(struct span text)
{
	static struct buffer log;
	size_t count = 0;

	buffer_reset(&log);
	while (text.len) {
		size_t len = span_index(text, '\n');
		struct span line = span_first(text, len);
		text = span_skip(text, len + 1);
		if (span_starts(line, SPAN("fill "))) {
			add_fill(&log, line);
		} else if (span_equal(line, SPAN("next")) && log.len && count + 1 < FILES_MAX) {
			write_file(count++, &log);
			buffer_reset(&log);
		} else {
			buffer_add(&log, (struct span){ line.data, len + (text.data != line.data + len) });
		}
	}
	if (log.len)
		write_file(count++, &log);
	return count;
}

/* ---- the drivers ---- */

static void scan(struct scan_options options, enum scan_driver driver, int out, struct told *told)
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

static void forget(struct told *told)
{
	if (told->text.len)
		munmap((char *)told->text.data, told->text.len);
}

static bool same_suppressions(const struct summary *a, const struct summary *b)
{
	for (size_t i = 0; i < SUMMARY_KINDS_MAX; i++)
		if (a->suppressions[i].count != b->suppressions[i].count)
			return false;
	return true;
}

static bool same_counts(const struct summary *a, const struct summary *b)
{
	return a->accesses == b->accesses && a->self == b->self && a->untiered == b->untiered &&
	       a->findings == b->findings && a->incidents == b->incidents && a->suppressed == b->suppressed &&
	       a->unknown_target == b->unknown_target && a->uncertain == b->uncertain && a->lost_told == b->lost_told &&
	       a->files == b->files && a->bytes == b->bytes && a->coverage_seen_procfs == b->coverage_seen_procfs &&
	       same_suppressions(a, b);
}

static void show(const char *driver, const struct told *told)
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

/* False: the sieve does not read such a log. */
static bool compare(const struct scan_options *options)
{
	static struct told sieve, stream;

	scan(*options, SCAN_SIEVE, outputs[0], &sieve);
	bool sieved = sieve.plan.sieved;
	if (sieved) {
		scan(*options, SCAN_STREAM, outputs[1], &stream);
		if (!span_equal(sieve.text, stream.text) || !same_counts(&sieve.summary, &stream.summary)) {
			show("stream", &stream);
			show("sieve", &sieve);
			abort();
		}
		forget(&stream);
	}
	forget(&sieve);
	return sieved;
}

/* Where a log goes on in another piece, at most once: an event is never of more than two. */
static size_t choose_piece(struct span text)
{
	size_t half = text.len / 2 + 1;

	return span_find(text, SPAN("\nfill ")) < text.len ? 0 : half + hash_bytes(text) % half;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const list[FILES_MAX] = { paths[0], paths[1], paths[2] };
	struct scan_options options = {
		.paths = list,
		.source.threads = 1,
		.pack = shipped_pack(),
		.raw = true,
		.filter = { .since_ms = TIME_UNKNOWN, .until_ms = TIME_UNKNOWN, .show_suppressed = true },
	};

	open_files();
	options.piece_max = choose_piece((struct span){ (const char *)data, size });
	options.path_count = write_log((struct span){ (const char *)data, size });
	if (!options.path_count || !compare(&options))
		return 0;
	options.filter.show_suppressed = false;
	options.telling = SCAN_INCIDENTS;
	compare(&options);
	return 0;
}
