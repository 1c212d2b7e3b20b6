/* A stream read ahead, and an input opened ahead, give what they would give read in place: bytes, end, error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
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
	bool in_thread; /* some read was of another thread than `reader` */
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

	bool elsewhere = !pthread_equal(pthread_self(), counting->reader);
	counting->in_thread |= elsewhere;
	counting->takes_any_signal |= elsewhere && has_signals_open();
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

static bool is_none(const void *context, size_t i)
{
	return false;
}

/* Streams that the reader opens, with one thread beside it. */
static struct ahead *beside(void)
{
	return ahead_create(2, &(struct ahead_inputs){ .is_worth = is_none });
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
	struct ahead *pool = beside();
	struct stream *ahead = ahead_stream(pool, &counting.stream);
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
	ahead_destroy(pool);
	assert_true(counting.closed);
	assert_true(size >= THREAD_FROM || !counting.in_thread);
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
	struct ahead *pool = beside();
	struct stream *ahead = ahead_stream(pool, &counting.stream);
	const size_t read = THREAD_FROM + 1, full = THREAD_FROM + RING;
	double until = seconds() + 20;

	read_whole(ahead, read);
	while (counting.given < full && seconds() < until)
		usleep(1000);
	usleep(20000);
	assert_int_equal(counting.given, full);
	assert_int_equal(stream_position(ahead), THREAD_FROM + AHEAD_BLOCK);
	assert_true(counting.in_thread);
	stream_close(ahead);
	ahead_destroy(pool);
	assert_true(counting.closed);
	assert_int_equal(counting.given, full);
}

static void test_closed_while_it_fills(void **state)
{
	for (size_t i = 0; i < 50; i++) {
		struct counting_stream counting = counting_of(SIZE_MAX / 4, 1 + i * 997, false);
		struct ahead *pool = beside();
		struct stream *ahead = ahead_stream(pool, &counting.stream);
		read_whole(ahead, THREAD_FROM + 1 + i * 1009);
		stream_close(ahead);
		ahead_destroy(pool);
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
	struct ahead *pool = beside();
	struct stream *ahead = ahead_stream(pool, &counting.stream);
	struct span head = stream_peek(ahead);
	assert_int_equal(head.len, STREAM_PEEK_MAX);
	check_bytes(head.data, head.len, 0);
	assert_int_equal(stream_seek(ahead, 0, SEEK_SET), -ESPIPE);
	while ((got = stream_read(ahead, bytes + seen, THREAD_FROM * 2 - seen, NULL)) > 0)
		seen += (size_t)got;
	assert_int_equal(seen, THREAD_FROM * 2);
	check_bytes(bytes, seen, 0);
	stream_close(ahead);
	ahead_destroy(pool);
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
	struct ahead *pool = beside();
	struct stream *ahead = ahead_stream(pool, stream_of_fd(ends[0]));
	read_whole(ahead, feeding.size);
	assert_int_equal(pthread_join(feeder, NULL), 0);
	usleep(20000);
	double start = seconds();
	stream_close(ahead);
	ahead_destroy(pool);
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
	struct ahead *pool = beside();
	struct stream *ahead = ahead_stream(pool, stream_of_fd(ends[0]));
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
	ahead_destroy(pool);
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
	struct ahead *pool = beside();
	struct stream *ahead = ahead_stream(pool, stream_of_fd(ends[0]));
	read_whole(ahead, THREAD_FROM);
	assert_int_equal(pthread_join(feeder, NULL), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(stream_read(ahead, &byte, 1, NULL), 1);
	usleep(20000);
	assert_int_equal(dup2(nothing, ends[0]), ends[0]);
	assert_int_equal(stream_read(ahead, &byte, 1, NULL), 0);
	stream_close(ahead);
	ahead_destroy(pool);
	close(ends[1]);
	close(nothing);
}

/* ---- inputs that are opened ahead ---- */

#define INPUTS 60
#define INPUT_MEMORY (20u << 20)

enum fate { READ, BREAKS, UNWANTED, UNOPENED, PLAIN };

/* Input i holds the bytes of byte_at from i * 1000 on. What threads share is atomic. */
struct scene {
	struct scene_input {
		struct stream stream;
		struct scene *scene;
		size_t from, size, given;
		enum fate fate;
	} inputs[INPUTS];
	size_t count;
	size_t memory; /* that each asks for */
	size_t refused;
	atomic_size_t given;
	atomic_int open, open_most, opening, opened;
	atomic_bool together; /* two were being opened at the same time */
};

static ssize_t scene_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct scene_input *input = (struct scene_input *)stream;
	size_t len = input->size - input->given;

	if (len == 0)
		return input->fate == BREAKS ? err_set(err, -EBADMSG, "broken at %zu", input->size) : 0;
	len = len < room ? len : room;
	len = len < 100003 ? len : 100003;
	for (size_t i = 0; i < len; i++)
		to[i] = byte_at(input->from + input->given + i);
	input->given += len;
	input->scene->given += len;
	return (ssize_t)len;
}

static void scene_close(struct stream *stream)
{
	((struct scene_input *)stream)->scene->open--;
}

static struct stream *scene_open(struct scene *scene, size_t i)
{
	struct scene_input *input = &scene->inputs[i];

	input->stream = (struct stream){ .read = scene_read, .close = scene_close, .head_end = 1 };
	input->given = 0;
	int open = ++scene->open;
	if (open > scene->open_most)
		scene->open_most = open;
	return &input->stream;
}

static struct ahead_opened scene_open_ahead(void *context, size_t i)
{
	struct scene *scene = context;
	struct ahead_opened opened = { .content = CONTENT_TEXT, .memory = scene->memory };
	enum fate fate = scene->inputs[i].fate;

	scene->together |= ++scene->opening > 1;
	usleep(100);
	scene->opening--;
	if (fate == UNOPENED)
		return opened;
	scene->opened++;
	opened.stream = scene_open(scene, i);
	opened.content = fate == UNWANTED ? CONTENT_BINARY : CONTENT_TEXT;
	opened.wanted = fate != UNWANTED;
	return opened;
}

static bool scene_is_worth(const void *context, size_t i)
{
	return ((const struct scene *)context)->inputs[i].fate != PLAIN;
}

static struct scene *scene_of(const size_t sizes[], size_t size_count)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->count = INPUTS;
	for (size_t i = 0; i < INPUTS; i++) {
		scene->inputs[i].scene = scene;
		scene->inputs[i].from = i * 1000;
		scene->inputs[i].size = sizes[i % size_count];
	}
	return scene;
}

static struct ahead *scene_ahead(struct scene *scene, unsigned threads)
{
	return ahead_create(threads, &(struct ahead_inputs){ scene->count, scene, scene_is_worth, scene_open_ahead });
}

/* As parts.c does. */
static struct stream *scene_take(struct scene *scene, struct ahead *ahead, size_t i)
{
	struct stream *stream;
	enum content content;
	enum fate fate = scene->inputs[i].fate;

	if (!ahead_take(ahead, i, &stream, &content))
		return fate == PLAIN ? scene_open(scene, i) : ahead_stream(ahead, scene_open(scene, i));
	assert_int_equal(content, fate == UNWANTED ? CONTENT_BINARY : CONTENT_TEXT);
	assert_true(fate != PLAIN && fate != UNOPENED);
	return stream;
}

/* All of input i, its end and its position. */
static void scene_check(struct scene *scene, struct ahead *ahead, size_t i, char *bytes, size_t room)
{
	const struct scene_input *input = &scene->inputs[i];
	struct stream *stream = scene_take(scene, ahead, i);
	struct err err = { 0 };
	char expected[64];
	size_t seen = 0;
	ssize_t got;

	snprintf(expected, sizeof(expected), "broken at %zu", input->size);
	while ((got = stream_read(stream, bytes, room, &err)) > 0) {
		check_bytes(bytes, (size_t)got, input->from + seen);
		seen += (size_t)got;
	}
	assert_int_equal(seen, input->size);
	assert_int_equal(got, input->fate == BREAKS ? -EBADMSG : 0);
	assert_string_equal(err.text, got ? expected : "");
	stream_close(stream);
}

static size_t tasks(void)
{
	DIR *directory = opendir("/proc/self/task");
	size_t count = 0;

	while (readdir(directory))
		count++;
	closedir(directory);
	return count - 2;
}

static const size_t mixed_sizes[] = { 300000, 0, 1, 70000, 3000000, AHEAD_BLOCK, 1000, 2 * AHEAD_BLOCK + 1, 40000 };

static void test_inputs_in_order(void **state)
{
	static const enum fate fates[] = { READ, READ, BREAKS, UNWANTED, READ, PLAIN, UNOPENED, READ };
	static const unsigned threads[] = { 2, 3, 8, 1000 };
	char *bytes = malloc(AHEAD_BLOCK);
	size_t before = tasks(); /* ThreadSanitizer has one of its own */

	for (size_t t = 0; t < sizeof(threads) / sizeof(*threads); t++) {
		struct scene *scene = scene_of(mixed_sizes, sizeof(mixed_sizes) / sizeof(*mixed_sizes));
		struct ahead *ahead = scene_ahead(scene, threads[t]);
		size_t most = 0;
		for (size_t i = 0; i < INPUTS; i++)
			scene->inputs[i].fate = fates[(i * 7 + i / 8) % (sizeof(fates) / sizeof(*fates))];
		for (size_t i = 0; i < INPUTS; i++) {
			scene_check(scene, ahead, i, bytes, AHEAD_BLOCK - 999 * t);
			most = tasks() > most ? tasks() : most;
		}
		assert_int_equal(scene->open, 0);
		assert_in_range(scene->open_most, 1, AHEAD_OPEN_MAX + 2);
		assert_false(scene->together);
		assert_in_range(most - before + 1, 2, threads[t] < 17 ? threads[t] : 17);
		ahead_destroy(ahead);
		free(scene);
	}
	free(bytes);
}

/* Waits until nothing more is read. */
static size_t settled(struct scene *scene)
{
	double until = seconds() + 20;
	size_t before;

	while (scene->opened < 2 && seconds() < until)
		usleep(1000);
	do {
		before = scene->given;
		usleep(200000);
	} while (scene->given != before && seconds() < until);
	return before;
}

/* Small ones cause a thread only when they are many. */
static void test_few_small_inputs(void **state)
{
	const size_t small = 40000;
	struct scene *scene = scene_of(&small, 1);
	struct ahead *ahead = scene_ahead(scene, 8);
	char *bytes = malloc(AHEAD_BLOCK);
	size_t before = tasks(), i = 0;

	for (; i < AHEAD_BEGINS / small; i++)
		scene_check(scene, ahead, i, bytes, AHEAD_BLOCK);
	assert_int_equal(tasks(), before);
	assert_int_equal(scene->opened, 0);
	scene_check(scene, ahead, i++, bytes, AHEAD_BLOCK);
	scene_check(scene, ahead, i++, bytes, AHEAD_BLOCK);
	assert_true(tasks() > before);
	settled(scene);
	assert_true(scene->opened > 1);
	for (; i < INPUTS; i++)
		scene_check(scene, ahead, i, bytes, AHEAD_BLOCK);
	ahead_destroy(ahead);
	free(scene);
	free(bytes);
}

/* What waits of all together has a ceiling, and the reader's own gets what it needs below it. */
static void test_window(void **state)
{
	const size_t sizes[] = { 40u << 20, 3u << 20 };
	struct scene *scene = scene_of(sizes, 2);
	struct ahead *ahead = scene_ahead(scene, 4);
	struct stream *stream = scene_take(scene, ahead, 0);

	read_whole(stream, AHEAD_BEGINS + 1);
	size_t given = settled(scene);
	assert_true(given <= AHEAD_BEGINS + (size_t)AHEAD_BLOCKS_MAX * AHEAD_BLOCK);
	/* A read of what the reader opened fills no block. */
	assert_true(given >= AHEAD_BEGINS + (size_t)(AHEAD_BLOCKS_MAX - 2 * AHEAD_BLOCKS) * AHEAD_BLOCK);
	read_whole(stream, (40u << 20) - AHEAD_BEGINS - 1);
	stream_close(stream);
	char *bytes = malloc(AHEAD_BLOCK);
	for (size_t i = 1; i < 5; i++)
		scene_check(scene, ahead, i, bytes, AHEAD_BLOCK);
	ahead_destroy(ahead);
	assert_int_equal(scene->open, 0);
	free(bytes);
	free(scene);
}

/* Decompressors that ask for much are few at a time. */
static void test_memory(void **state)
{
	const size_t size = 1u << 20;
	struct scene *scene = scene_of(&size, 1);
	struct ahead *ahead = scene_ahead(scene, 8);
	char *bytes = malloc(AHEAD_BLOCK);

	scene->memory = INPUT_MEMORY;
	for (size_t i = 0; i < INPUTS; i++)
		scene_check(scene, ahead, i, bytes, AHEAD_BLOCK);
	assert_in_range(scene->open_most, 1, 1 + AHEAD_MEMORY_MAX / INPUT_MEMORY + 1);
	ahead_destroy(ahead);
	free(scene);
	free(bytes);
}

/* At any point, within an input and between two: whatever was opened is closed. */
static void test_inputs_abandoned(void **state)
{
	for (size_t i = 0; i < 40; i++) {
		struct scene *scene = scene_of(mixed_sizes, sizeof(mixed_sizes) / sizeof(*mixed_sizes));
		struct ahead *ahead = scene_ahead(scene, 2 + i % 4);
		char *bytes = malloc(AHEAD_BLOCK);
		for (size_t k = 0; k < 1 + i; k++)
			scene_check(scene, ahead, k, bytes, AHEAD_BLOCK);
		if (i % 2) {
			struct stream *stream = scene_take(scene, ahead, i + 1);
			stream_read(stream, bytes, 1 + i * 1000, NULL);
			stream_close(stream);
		}
		ahead_destroy(ahead);
		assert_int_equal(scene->open, 0);
		free(bytes);
		free(scene);
	}
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
		cmocka_unit_test(test_inputs_in_order),
		cmocka_unit_test(test_few_small_inputs),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_inputs_abandoned),
	};

	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
