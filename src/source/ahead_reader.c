/*
 * The reader's side: what it has of a job is a stream.
 *
 *	STRAIGHT ──AHEAD_BEGINS were read──▶ QUEUED: the threads', see ahead.c
 *	   └──────no thread, no memory──────▶ STRAIGHT to the end
 *
 * The first block is the reader's while there is one.
 */
#include <stdlib.h>

#include "source/ahead_parts.h"

static void queue(struct job *job)
{
	struct ahead *ahead = job->ahead;

	ahead_start(ahead);
	if (ahead->alone)
		return;
	stream_heed(job->inner, &job->abandoned);
	job->queued = true;
	pthread_mutex_lock(&ahead->lock);
	job->next = ahead->first;
	ahead->first = job;
	pthread_cond_signal(&ahead->work);
	pthread_mutex_unlock(&ahead->lock);
}

static ssize_t read_straight(struct job *job, char *to, size_t room, struct err *err)
{
	ssize_t got = stream_read(job->inner, to, room, err);

	job->straight += got > 0 ? (uint64_t)got : 0;
	job->ahead->straight += got > 0 ? (uint64_t)got : 0;
	job->position = stream_position(job->inner);
	return got;
}

/* The block to read; NULL: there is none any more. */
static const struct block *await_block(struct job *job)
{
	struct ahead *ahead = job->ahead;

	pthread_mutex_lock(&ahead->lock);
	while (!job->first && !job->ended)
		if (ahead_step(ahead))
			pthread_cond_signal(&ahead->work); /* what it was busy with is for others to go on with */
		else
			pthread_cond_wait(&ahead->given, &ahead->lock);
	const struct block *block = job->first;
	pthread_mutex_unlock(&ahead->lock);
	job->position = block ? block->position : job->end_position;
	return block;
}

static void give_back(struct job *job)
{
	struct ahead *ahead = job->ahead;
	struct block *block = job->first;

	pthread_mutex_lock(&ahead->lock);
	job->first = block->next;
	job->filled--;
	ahead_free_block(ahead, block);
	pthread_cond_signal(&ahead->work);
	pthread_mutex_unlock(&ahead->lock);
	job->used = 0;
}

static ssize_t job_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct job *job = (struct job *)stream;

	if (!job->queued && job->straight >= AHEAD_BEGINS)
		queue(job);
	if (!job->queued)
		return read_straight(job, to, room, err);
	const struct block *block = await_block(job);
	if (!block && job->end < 0)
		return err_set(err, (int)job->end, "%s", job->err.text);
	if (!block)
		return 0;
	size_t left = block->len - job->used, len = left < room ? left : room;
	memcpy(to, block->bytes + job->used, len);
	job->used += len;
	if (len == left)
		give_back(job);
	return (ssize_t)len;
}

static uint64_t job_position(const struct stream *stream)
{
	return ((const struct job *)stream)->position;
}

static void leave(struct job *job)
{
	struct ahead *ahead = job->ahead;

	pthread_mutex_lock(&ahead->lock);
	job->abandoned = true;
	while (job->busy)
		pthread_cond_wait(&ahead->given, &ahead->lock);
	ahead_remove(ahead, job);
	pthread_cond_broadcast(&ahead->work);
	pthread_mutex_unlock(&ahead->lock);
}

static void job_close(struct stream *stream)
{
	struct job *job = (struct job *)stream;

	if (job->queued)
		leave(job);
	stream_close(job->inner);
	free(job);
}

void ahead_stream_init(struct job *job, struct ahead *ahead)
{
	job->stream = (struct stream){ .read = job_read, .position = job_position, .close = job_close, .head_end = 1 };
	job->ahead = ahead;
}

struct stream *ahead_stream(struct ahead *ahead, struct stream *inner)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job) {
		stream_close(inner);
		return NULL;
	}
	ahead_stream_init(job, ahead);
	job->inner = inner;
	job->input = SIZE_MAX;
	job->wanted = job->reading = true;
	return &job->stream;
}

/* ---- inputs ---- */

/* Some could not be opened: what that wants may be what others hold open, so that no more are until its turn is over. */
static bool has_failed(const struct ahead *ahead)
{
	const struct job *job = ahead->first;

	while (job && (job->opening || job->wanted || job->inner))
		job = job->next;
	return job;
}

static void wait_until_open(struct ahead *ahead, const struct job *job)
{
	while (job->opening)
		pthread_cond_wait(&ahead->given, &ahead->lock);
}

/* What was opened ahead as input i; NULL: nothing. It is the reader's now. */
static struct job *take_job(struct ahead *ahead, size_t i)
{
	struct job *job = ahead->first;

	if (ahead->cursor <= i)
		ahead->cursor = i + 1;
	if (job && job->input == i)
		wait_until_open(ahead, job);
	else
		job = NULL;
	ahead->failed = has_failed(ahead);
	if (job)
		job->reading = job->wanted;
	if (job && !job->wanted)
		ahead_remove(ahead, job);
	pthread_cond_broadcast(&ahead->work);
	return job;
}

bool ahead_take(struct ahead *ahead, size_t i, struct stream **stream, enum content *content)
{
	if (!ahead->helper_count && ahead->straight >= AHEAD_BEGINS && ahead_find_input(ahead))
		ahead_start(ahead);
	pthread_mutex_lock(&ahead->lock);
	struct job *job = take_job(ahead, i);
	pthread_mutex_unlock(&ahead->lock);
	if (!job)
		return false;
	*content = job->content;
	*stream = job->wanted ? &job->stream : job->inner;
	if (!job->wanted)
		free(job);
	return *stream;
}
