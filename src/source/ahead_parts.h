/* What ahead.c and ahead_reader.c share. Private to them. */
#ifndef SOURCE_AHEAD_PARTS_H
#define SOURCE_AHEAD_PARTS_H

#include <pthread.h>

#include "source/ahead.h"

struct block {
	struct block *next;
	size_t len;
	uint64_t position; /* of inner, behind it */
	char bytes[AHEAD_BLOCK];
};

/* A stream that is read ahead, or an input that was opened ahead. What the comment says belongs to the lock. */
struct job {
	struct stream stream; /* the reader's */
	struct ahead *ahead;
	struct stream *inner; /* of who is busy with it. NULL: opened ahead and read to its end, or not to be opened */
	size_t input;	      /* opened ahead; SIZE_MAX: by the reader */
	enum content content;
	size_t memory;
	bool wanted;

	bool queued;	   /* the reader's: it is in the list */
	uint64_t straight; /* the reader's: bytes read in place */
	size_t used;	   /* the reader's: of the first block */
	uint64_t position; /* the reader's */

	atomic_bool abandoned; /* the reader wants no more */
	struct job *next;      /* the lock's from here on */
	bool reading;	       /* it is its turn */
	bool busy;	       /* a thread reads, or opens, it */
	bool opening, ended;
	struct block *first, *last;
	size_t filled;	       /* blocks from first to last */
	uint64_t end_position; /* of inner */
	ssize_t end;	       /* 0, or why it broke, with err */
	struct err err;
};

struct ahead {
	struct ahead_inputs inputs;
	unsigned threads;
	bool alone;	   /* no thread could be started */
	uint64_t straight; /* bytes read in place */
	pthread_t *helpers;
	unsigned helper_count; /* 0: not started */
	struct block *blocks;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t work;  /* a helper may find something to do */
	pthread_cond_t given; /* the reader may go on: only it ever waits */
	struct job *first;    /* in the order of reading */
	size_t cursor;	      /* the first input that nobody opened */
	bool opening;	      /* some job is */
	bool failed;	      /* an opening did, and its turn is not over: nothing more is opened */
	bool stopping;
	struct block *spare; /* blocks that were used and are free */
	size_t touched;	     /* blocks that ever were used: memory is made by using it */
	size_t taken;	     /* of those, not free */
};

/* Starts helpers, once. They run when helper_count says so. */
void ahead_start(struct ahead *ahead);

/* The functions below want the lock to be held. */

/* The cursor comes to stand on an input that is worth opening ahead; false: there is none. */
bool ahead_find_input(struct ahead *ahead);

/* Does one thing that is to be done, without the lock. False: there is none. */
bool ahead_step(struct ahead *ahead);

/* It must not be busy. Its blocks are free again; the rest stays. */
void ahead_remove(struct ahead *ahead, struct job *job);

void ahead_free_block(struct ahead *ahead, struct block *block);

/* Makes the job's functions those of a stream. */
void ahead_stream_init(struct job *job, struct ahead *ahead);

#endif
