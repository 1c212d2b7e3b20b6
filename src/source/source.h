/*
 * source: where bytes come from.
 *
 * A file, an archive, a pipe and a directory of rotations are the same thing
 * to the caller: open, next, close. `next` hands out a frame of whole lines,
 * which lives until the following call.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/err.h"
#include "model/frame.h"
#include "model/summary.h"

/* A longer line is cut there: its beginning is handed out, the rest is counted in a note. */
#define SOURCE_LINE_MAX (8u << 20)

/* More threads than this are not asked for. */
#define SOURCE_THREADS_MAX 1024

struct source;

struct source_options {
	enum format format; /* forced, or FORMAT_AUTO */
	unsigned threads;   /* at most so many, the caller's among them; 0: as many as there are processors for us */
	const char *root;   /* instead of "/" for this host's own logs (tests); NULL otherwise */
	size_t read_size;   /* bytes a read asks for, 0 the default: for tests that nothing depends on it */
};

/*
 * The source over all of `paths`, in order ("-" is stdin); with path_count 0,
 * this host's own logs. Finds out what there is to read before the first
 * frame, so that confinement can follow. What cannot be opened becomes a note
 * of the summary and the rest goes on. NULL only when memory is out or
 * nothing at all can be read, with err saying what to do.
 */
struct source *source_create(const char *const *paths, size_t path_count, const struct source_options *options,
			     struct summary *summary, struct err *err);
void source_destroy(struct source *source);

/*
 * Instead of source_next: the inputs as they lie. NULL: some of them cannot be mapped, and *why says it in words. It
 * lives as long as the source; mapped_destroy it before. summary->files and ->bytes are then the caller's to count.
 */
struct mapped;
struct mapped *source_map(const struct source *source, const char **why);

/* How far whoever reads what source_map gave has come, for source_progress. */
void source_show(struct source *source, uint64_t done);

/* Bytes on disk of all inputs, 0 when a pipe is among them. */
uint64_t source_size(const struct source *source);

/* How many threads it may run, the caller's among them. They start in source_next, and end in source_destroy. */
unsigned source_threads(const struct source *source);

/*
 * 1: *frame is the next one. 0: the end. Negative errno never: a broken
 * archive, a file that shrank or vanished is a note, and the next file follows.
 * summary->files and ->bytes (as handed out, so decompressed) are counted here.
 */
int source_next(struct source *source, struct frame *frame);

/* For progress: bytes as they lie on disk. total is 0 when not known (a pipe). */
void source_progress(const struct source *source, uint64_t *done, uint64_t *total);

/* The name of what is being read now, for progress; never NULL. */
const char *source_current(const struct source *source);

/* Every path on disk that source_next will open, for confinement. What is open already (stdin, a pipe) is not there. */
size_t source_path_count(const struct source *source);
const char *source_path(const struct source *source, size_t i);

#endif
