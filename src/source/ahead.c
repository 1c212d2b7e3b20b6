/*
 *   input i + 2 ──▶ block ──▶ │ job │           A thread does one step after the other, each without the lock:
 *   input i + 1 ──▶ block ──▶ │ job │           fills a block of the first job that wants one, or opens the next
 *   input i     ──▶ block ──▶ │ job │ ──▶ reader    input. So does the reader while it waits.
 *
 *	              ┌─ cannot be opened: the reader tries when it is its turn
 *	OPENING ──▶ OPEN ──wanted──▶ FILLING ──inner ended, or broke──▶ ENDED, inner closed
 *	              └─ not wanted: stays as it is
 *
 * Invariants: a job is in the hands of one thread at most (busy), so its
 * blocks come in order; jobs are in the order of reading, and the first that
 * wants a block is served first, so that what is read next is there first. All
 * but the reader's own leave AHEAD_BLOCKS blocks free, of which it needs no
 * more: nobody waits for a block that never comes. A helper sleeps only when there
 * is nothing to do, or a signal is on its way: whoever ends a step takes up the
 * next itself, but for the reader, which sends a signal. How inner ended is told when
 * all before was read.
 *
 * What a window of a decompressor really takes is no more than what came out
 * of it, so that of inputs opened ahead all of them together take no more than
 * the blocks do. What they ask for is bounded for the sake of limits on that.
 */
#include "source/ahead.h"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "source/ahead_parts.h"

/* ---- what the lock protects ---- */

static struct block *take_block(struct ahead *ahead)
{
	struct block *block = ahead->spare;

	if (block)
		ahead->spare = block->next;
	else
		block = &ahead->blocks[ahead->touched++];
	ahead->taken++;
	block->next = NULL;
	block->len = 0;
	return block;
}

void ahead_free_block(struct ahead *ahead, struct block *block)
{
	block->next = ahead->spare;
	ahead->spare = block;
	ahead->taken--;
}

static void append(struct ahead *ahead, struct job *job)
{
	struct job **last = &ahead->first;

	while (*last)
		last = &(*last)->next;
	*last = job;
}

void ahead_remove(struct ahead *ahead, struct job *job)
{
	struct job **link = &ahead->first;

	while (*link != job)
		link = &(*link)->next;
	*link = job->next;
	while (job->first) {
		struct block *block = job->first;
		job->first = block->next;
		ahead_free_block(ahead, block);
	}
}

static bool leaves_enough(const struct ahead *ahead)
{
	return ahead->taken < AHEAD_BLOCKS_MAX - AHEAD_BLOCKS;
}

static struct job *choose(const struct ahead *ahead)
{
	for (struct job *job = ahead->first; job; job = job->next)
		if (job->wanted && !job->busy && !job->ended && !job->abandoned &&
		    (job->reading ? job->filled < AHEAD_BLOCKS : leaves_enough(ahead)))
			return job;
	return NULL;
}

/* Whether the next input may be opened. */
static bool has_room(const struct ahead *ahead)
{
	size_t open = 0, memory = 0;

	for (const struct job *job = ahead->first; job; job = job->next)
		if (!job->reading && !job->ended) {
			open++;
			memory += job->memory;
		}
	return open < AHEAD_OPEN_MAX && memory <= AHEAD_MEMORY_MAX && leaves_enough(ahead);
}

bool ahead_find_input(struct ahead *ahead)
{
	const struct ahead_inputs *inputs = &ahead->inputs;

	while (ahead->cursor < inputs->count && !inputs->is_worth(inputs->context, ahead->cursor))
		ahead->cursor++;
	return ahead->cursor < inputs->count;
}

/* ---- steps ---- */

/*
 * True: nothing follows. Of what the reader opened, a read is a block, however short, so that a slow pipe is heard at
 * once. What was opened ahead is closed at its end, for the sake of its memory and its descriptor.
 */
static bool read_block(struct job *job, struct block *block)
{
	ssize_t got;

	do {
		got = stream_read(job->inner, block->bytes + block->len, sizeof(block->bytes) - block->len, &job->err);
		block->len += got > 0 ? (size_t)got : 0;
	} while (got > 0 && job->input != SIZE_MAX && block->len < sizeof(block->bytes));
	block->position = stream_position(job->inner);
	if (got > 0)
		return false;
	job->end = got;
	if (job->input != SIZE_MAX) {
		stream_close(job->inner);
		job->inner = NULL;
	}
	return true;
}

static void fill(struct ahead *ahead, struct job *job)
{
	struct block *block = take_block(ahead);

	job->busy = true;
	pthread_mutex_unlock(&ahead->lock);
	bool ended = read_block(job, block);
	pthread_mutex_lock(&ahead->lock);
	job->busy = false;
	job->ended = ended;
	job->end_position = block->position;
	if (block->len) {
		*(job->first ? &job->last->next : &job->first) = block;
		job->last = block;
		job->filled++;
	} else {
		ahead_free_block(ahead, block);
	}
	if (job->reading)
		pthread_cond_signal(&ahead->given);
}

static bool open_next(struct ahead *ahead)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		return false;
	ahead_stream_init(job, ahead);
	job->input = ahead->cursor++;
	job->queued = job->busy = job->opening = ahead->opening = true;
	append(ahead, job);
	pthread_mutex_unlock(&ahead->lock);
	struct ahead_opened opened = ahead->inputs.open(ahead->inputs.context, job->input);
	pthread_mutex_lock(&ahead->lock);
	job->inner = opened.stream;
	job->content = opened.content;
	job->memory = opened.memory;
	job->wanted = opened.wanted && opened.stream;
	job->busy = job->opening = ahead->opening = false;
	job->ended = !opened.stream;
	ahead->failed |= !opened.stream;
	pthread_cond_signal(&ahead->work);
	pthread_cond_signal(&ahead->given);
	return true;
}

bool ahead_step(struct ahead *ahead)
{
	struct job *job = choose(ahead);

	if (job)
		fill(ahead, job);
	else if (ahead->opening || ahead->failed || !has_room(ahead) || !ahead_find_input(ahead))
		return false;
	else
		return open_next(ahead);
	return true;
}

/* ---- helpers ---- */

static void *help(void *context)
{
	struct ahead *ahead = context;

	pthread_mutex_lock(&ahead->lock);
	while (!ahead->stopping)
		if (!ahead_step(ahead))
			pthread_cond_wait(&ahead->work, &ahead->lock);
	pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

/* No more than there are inputs that one of them could be busy with. */
static unsigned count_helpers(const struct ahead *ahead)
{
	const struct ahead_inputs *inputs = &ahead->inputs;
	unsigned most = ahead->threads - 1 < AHEAD_OPEN_MAX ? ahead->threads - 1 : AHEAD_OPEN_MAX, useful = 1;

	for (size_t i = ahead->cursor; i < inputs->count && useful < most; i++)
		useful += inputs->is_worth(inputs->context, i);
	return useful;
}

/*
 * What a decompressor asked for goes back to the system when it is done. By default glibc keeps what was freed once,
 * however large, for each thread: 50 MiB more with eight of them on what `xz -6` made.
 */
static void give_memory_back(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

void ahead_start(struct ahead *ahead)
{
	sigset_t all, before;

	if (ahead->helper_count || ahead->alone)
		return;
	give_memory_back();
	unsigned count = count_helpers(ahead);
	ahead->helpers = calloc(count, sizeof(*ahead->helpers));
	ahead->blocks = malloc(sizeof(*ahead->blocks) * AHEAD_BLOCKS_MAX);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (ahead->helpers && ahead->blocks && ahead->helper_count < count &&
	       pthread_create(&ahead->helpers[ahead->helper_count], NULL, help, ahead) == 0)
		ahead->helper_count++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	ahead->alone = ahead->helper_count == 0;
}

/* ---- lifecycle ---- */

static bool has_descriptors(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= AHEAD_DESCRIPTORS;
}

struct ahead *ahead_create(unsigned threads, const struct ahead_inputs *inputs)
{
	struct ahead *ahead = calloc(1, sizeof(*ahead));

	if (!ahead)
		return NULL;
	ahead->threads = threads;
	ahead->inputs = *inputs;
	if (!has_descriptors())
		ahead->inputs.count = 0;
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->work, NULL);
	pthread_cond_init(&ahead->given, NULL);
	return ahead;
}

static void stop(struct ahead *ahead)
{
	pthread_mutex_lock(&ahead->lock);
	ahead->stopping = true;
	pthread_cond_broadcast(&ahead->work);
	pthread_mutex_unlock(&ahead->lock);
	for (unsigned i = 0; i < ahead->helper_count; i++)
		pthread_join(ahead->helpers[i], NULL);
}

void ahead_destroy(struct ahead *ahead)
{
	if (!ahead)
		return;
	stop(ahead);
	while (ahead->first) {
		struct job *job = ahead->first;
		ahead_remove(ahead, job);
		stream_close(job->inner);
		free(job);
	}
	pthread_cond_destroy(&ahead->given);
	pthread_cond_destroy(&ahead->work);
	pthread_mutex_destroy(&ahead->lock);
	free(ahead->blocks);
	free(ahead->helpers);
	free(ahead);
}
