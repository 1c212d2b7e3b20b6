/*
 * The sieve against the stream: the input is a log, both drivers scan it, and what they tell must be the same byte for
 * byte, but for the counts that the sieve does not make. Where the sieve hands over to the stream there is nothing to
 * compare, so it is best at logs that are nearly in order; sieve_mutate.h makes such.
 *
 * Two lines are read by this program itself: "fill N" stands for N times 4 KiB of messages of auditd's own, which are
 * no part of any event's order, and "next" begins another file.
 */
#include "../unit/drivers.h"
#include "sieve_mutate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES_MAX 3
#define FILL_MAX ((size_t)4 << 20)

static int files[FILES_MAX]; /* descriptors of memory */
static char paths[FILES_MAX][32];

static void open_files(void)
{
	for (size_t i = 0; i < FILES_MAX && !paths[i][0]; i++) {
		require((files[i] = memfd_create("log", MFD_CLOEXEC)) >= 0);
		snprintf(paths[i], sizeof(paths[i]), "/proc/self/fd/%d", files[i]);
	}
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

/* Where a log goes on in another piece, at most once: an event is never of more than two. */
static size_t choose_piece(struct span text)
{
	size_t half = text.len / 2 + 1;

	return span_find(text, SPAN("\nfill ")) < text.len ? 0 : half + hash_bytes(text) % half;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const list[FILES_MAX] = { paths[0], paths[1], paths[2] };
	struct scan_options options = drivers_options();

	open_files();
	options.piece_max = choose_piece((struct span){ (const char *)data, size });
	options.paths = list;
	options.path_count = write_log((struct span){ (const char *)data, size });
	if (!options.path_count)
		return 0;
	int compared = drivers_compare(&options);
	require(compared >= 0);
	if (!compared)
		return 0;
	options.filter.show_suppressed = false;
	options.telling = SCAN_INCIDENTS;
	require(drivers_compare(&options) >= 0);
	return 0;
}
