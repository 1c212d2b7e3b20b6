/* A stream read ahead gives what it would give read in place: bytes, end, error, position. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "source/ahead.h"

#define THREAD_FROM AHEAD_BEGINS
#define RING ((size_t)AHEAD_BLOCK * AHEAD_BLOCKS)

/* Counts up, in reads of 1 to `step` bytes, to `size`; then it ends, or breaks. What the test looks at is atomic. */
struct counting_stream {
	struct stream stream;
	size_t size, step;
	atomic_size_t given;
	bool breaks, takes_any_signal;
	pthread_t reader;
	bool in_thread; /* the last read was of another thread than `reader` */
	bool closed;
};

static char byte_at(size_t i)
{
	return (char)(i * 31 + (i >> 8) * 7 + (i >> 16));
}

static bool has_signals_open(void)
{
	sigset_t blocked;

	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	return !sigismember(&blocked, SIGINT) || !sigismember(&blocked, SIGTERM) || !sigismember(&blocked, SIGUSR1);
}

static ssize_t counting_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct counting_stream *counting = (struct counting_stream *)stream;
	size_t from = counting->given, len = counting->size - from;

	counting->in_thread = !pthread_equal(pthread_self(), counting->reader);
	counting->takes_any_signal |= counting->in_thread && has_signals_open();
	if (len == 0)
		return counting->breaks ? err_set(err, -EBADMSG, "broken behind %zu", from) : 0;
	len = len < room ? len : room;
	len = len < counting->step ? len : 1 + (counting->step + from) % counting->step;
	for (size_t i = 0; i < len; i++)
		to[i] = byte_at(from + i);
	counting->given = from + len;
	return (ssize_t)len;
}

static uint64_t counting_position(const struct stream *stream)
{
	return ((const struct counting_stream *)stream)->given;
}

static void counting_close(struct stream *stream)
{
	((struct counting_stream *)stream)->closed = true;
}

static struct counting_stream counting_of(size_t size, size_t step, bool breaks)
{
	return (struct counting_stream){
		.stream = { .read = counting_read,
			    .position = counting_position,
			    .close = counting_close,
			    .head_end = 1 },
		.size = size,
		.step = step,
		.breaks = breaks,
		.reader = pthread_self(),
	};
}

static void check_bytes(const char *bytes, size_t len, size_t from)
{
	size_t same = 0;

	while (same < len && bytes[same] == byte_at(from + same))
		same++;
	assert_int_equal(from + same, from + len);
}

/* Reads all of it, `room` at a time, and asks for the end twice. */
static void check(size_t size, size_t step, size_t room, bool breaks)
{
	struct counting_stream counting = counting_of(size, step, breaks);
	struct stream *ahead = ahead_stream(&counting.stream);
	char *bytes = malloc(room), expected[64];
	size_t seen = 0;
	ssize_t got;

	while ((got = stream_read(ahead, bytes, room, NULL)) > 0) {
		check_bytes(bytes, (size_t)got, seen);
		seen += (size_t)got;
		assert_true(stream_position(ahead) >= seen && stream_position(ahead) <= size);
	}
	assert_int_equal(seen, size);
	snprintf(expected, sizeof(expected), "broken behind %zu", size);
	for (int i = 0; i < 2; i++) {
		struct err err = { 0 };
		assert_int_equal(stream_read(ahead, bytes, room, &err), breaks ? -EBADMSG : 0);
		assert_string_equal(err.text, breaks ? expected : "");
	}
	assert_int_equal(stream_position(ahead), size);
	stream_close(ahead);
	assert_true(counting.closed);
	assert_int_equal(counting.in_thread, size >= THREAD_FROM);
	assert_false(counting.takes_any_signal);
	free(bytes);
}

static void test_sizes(void **state)
{
	static const size_t sizes[] = { 0, 1, 1000, THREAD_FROM - 1, THREAD_FROM, THREAD_FROM + 1, 3 * RING + 12345 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int breaks = 0; breaks < 2; breaks++) {
			check(sizes[i], SIZE_MAX / 2, 256u << 10, breaks);
			check(sizes[i], SIZE_MAX / 2, 10007, breaks);
			check(sizes[i], 4096, 256u << 10, breaks);
			check(sizes[i], 50021, 3001, breaks);
		}
}

static void test_broken_at_each_border(void **state)
{
	for (size_t block = 0; block <= 2 * AHEAD_BLOCKS + 1; block++)
		for (size_t near = 0; near < 3; near++) {
			size_t size = THREAD_FROM + block * AHEAD_BLOCK + near - 1;
			check(size, SIZE_MAX / 2, 256u << 10, true);
			check(size, SIZE_MAX / 2, 256u << 10, false);
		}
}

/* Bytes, one a read: a block holds whatever a read gave. */
static void test_short_reads(void **state)
{
	check(THREAD_FROM + 5000, 1, 64, false);
	check(THREAD_FROM + 5000, 1, 1, true);
}

static void test_huge(void **state)
{
	check(100u << 20, SIZE_MAX / 2, 256u << 10, false);
}

static void read_whole(struct stream *stream, size_t len)
{
	char bytes[8192];

	while (len) {
		ssize_t got = stream_read(stream, bytes, len < sizeof(bytes) ? len : sizeof(bytes), NULL);
		assert_true(got > 0);
		len -= (size_t)got;
	}
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The ring is full, and the thread waits for room; the rest of the endless stream is not read. */
static void test_bounded_and_closed_early(void **state)
{
	struct counting_stream counting = counting_of(SIZE_MAX / 4, SIZE_MAX / 2, false);
	struct stream *ahead = ahead_stream(&counting.stream);
	const size_t read = THREAD_FROM + 1, full = THREAD_FROM + RING;
	double until = seconds() + 20;

	read_whole(ahead, read);
	while (counting.given < full && seconds() < until)
		usleep(1000);
	usleep(20000);
	assert_int_equal(counting.given, full);
	assert_int_equal(stream_position(ahead), full);
	stream_close(ahead);
	assert_true(counting.closed);
	assert_int_equal(counting.given, full);
}

static void test_closed_while_it_fills(void **state)
{
	for (size_t i = 0; i < 50; i++) {
		struct counting_stream counting = counting_of(SIZE_MAX / 4, 1 + i * 997, false);
		struct stream *ahead = ahead_stream(&counting.stream);
		read_whole(ahead, THREAD_FROM + 1 + i * 1009);
		stream_close(ahead);
		assert_true(counting.closed);
	}
}

/* What was peeked, of the inner stream and of this one, comes first. */
static void test_peek(void **state)
{
	struct counting_stream counting = counting_of(THREAD_FROM * 2, 10007, true);
	char *bytes = malloc(THREAD_FROM * 2);
	size_t seen = 0;
	ssize_t got;

	assert_int_equal(stream_peek(&counting.stream).len, STREAM_PEEK_MAX);
	struct stream *ahead = ahead_stream(&counting.stream);
	struct span head = stream_peek(ahead);
	assert_int_equal(head.len, STREAM_PEEK_MAX);
	check_bytes(head.data, head.len, 0);
	assert_int_equal(stream_seek(ahead, 0, SEEK_SET), -ESPIPE);
	while ((got = stream_read(ahead, bytes + seen, THREAD_FROM * 2 - seen, NULL)) > 0)
		seen += (size_t)got;
	assert_int_equal(seen, THREAD_FROM * 2);
	check_bytes(bytes, seen, 0);
	stream_close(ahead);
	free(bytes);
}

/* ---- pipes ---- */

struct feeding {
	int fd;
	size_t size;
};

static void *feed(void *context)
{
	const struct feeding *feeding = context;
	static char zeros[4096];

	for (size_t fed = 0; fed < feeding->size; fed += sizeof(zeros))
		if (write(feeding->fd, zeros, sizeof(zeros)) != (ssize_t)sizeof(zeros))
			return context;
	return NULL;
}

/* Nobody writes any more, and the pipe stays open. */
static void test_closed_while_a_pipe_is_idle(void **state)
{
	int ends[2];
	pthread_t feeder;

	assert_int_equal(pipe(ends), 0);
	struct feeding feeding = { ends[1], THREAD_FROM + 3 * 4096 };
	assert_int_equal(pthread_create(&feeder, NULL, feed, &feeding), 0);
	struct stream *ahead = ahead_stream(stream_of_fd(ends[0]));
	read_whole(ahead, feeding.size);
	assert_int_equal(pthread_join(feeder, NULL), 0);
	usleep(20000);
	double start = seconds();
	stream_close(ahead);
	assert_true(seconds() - start < 5);
	assert_int_equal(close(ends[0]), -1);
	close(ends[1]);
}

/* What comes is heard at once, though it fills no block. */
static void test_slow_pipe(void **state)
{
	struct feeding feeding = { .size = THREAD_FROM };
	int ends[2];
	pthread_t feeder;
	char byte;

	assert_int_equal(pipe(ends), 0);
	feeding.fd = ends[1];
	assert_int_equal(pthread_create(&feeder, NULL, feed, &feeding), 0);
	struct stream *ahead = ahead_stream(stream_of_fd(ends[0]));
	read_whole(ahead, THREAD_FROM);
	assert_int_equal(pthread_join(feeder, NULL), 0);
	for (const char *sent = "abcdefghijkl"; *sent; sent++) {
		assert_int_equal(write(ends[1], sent, 1), 1);
		assert_int_equal(stream_read(ahead, &byte, 1, NULL), 1);
		assert_int_equal(byte, *sent);
	}
	close(ends[1]);
	assert_int_equal(stream_read(ahead, &byte, 1, NULL), 0);
	stream_close(ahead);
}

/* As at Ctrl-C: the end of what replaced it is the end. */
static void test_replaced_while_it_waits(void **state)
{
	struct feeding feeding = { .size = THREAD_FROM };
	int ends[2], nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pthread_t feeder;
	char byte;

	assert_int_equal(pipe(ends), 0);
	feeding.fd = ends[1];
	assert_int_equal(pthread_create(&feeder, NULL, feed, &feeding), 0);
	struct stream *ahead = ahead_stream(stream_of_fd(ends[0]));
	read_whole(ahead, THREAD_FROM);
	assert_int_equal(pthread_join(feeder, NULL), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(stream_read(ahead, &byte, 1, NULL), 1);
	usleep(20000);
	assert_int_equal(dup2(nothing, ends[0]), ends[0]);
	assert_int_equal(stream_read(ahead, &byte, 1, NULL), 0);
	stream_close(ahead);
	close(ends[1]);
	close(nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_broken_at_each_border),
		cmocka_unit_test(test_short_reads),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_bounded_and_closed_early),
		cmocka_unit_test(test_closed_while_it_fills),
		cmocka_unit_test(test_peek),
		cmocka_unit_test(test_closed_while_a_pipe_is_idle),
		cmocka_unit_test(test_slow_pipe),
		cmocka_unit_test(test_replaced_while_it_waits),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
