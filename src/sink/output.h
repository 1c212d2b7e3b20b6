/*
 * output: a file, pipe or terminal that only ever holds whole lines.
 *
 * Text is handed over in whole lines and written in large pieces. When a
 * write fails half-way into a line (a full disk, a quota), a regular file is
 * cut back to the end of its last whole line. After the first failure every
 * call returns the same error and does nothing.
 *
 * A reader that went away is no accident: -EPIPE comes without a text, and
 * the caller ends quietly. SIGPIPE and SIGXFSZ must be ignored (cmd does).
 */
#ifndef SINK_OUTPUT_H
#define SINK_OUTPUT_H

#include "base/err.h"
#include "base/span.h"

struct output;

/* Writes to fd, which stays the caller's; `name` is for messages ("stdout"). NULL when memory is out. */
struct output *output_create(int fd, const char *name, struct err *err);

/*
 * Writes to the file at `path`, made with mode 0600 if it is not there. What
 * is in it stays until the first byte is written or output_finish is called,
 * so that the caller can still see with output_is that it is an input. NULL
 * with err when it cannot be opened.
 */
struct output *output_open(const char *path, struct err *err);

/* As output_open, but what is in the file stays, and what is written goes behind it. */
struct output *output_append(const char *path, struct err *err);

/*
 * For an output that must not hold its writer up for ever: before each piece that could, `wait` is called with the
 * descriptor and returns once it can be written to, or false to give up; then the output has failed with -ECANCELED.
 */
void output_set_patience(struct output *output, bool (*wait)(void *context, int fd), void *context);

/* From now on it is written to fd, which is the output's; what was written to is closed. After output_flush. */
void output_swap(struct output *output, int fd);

/* Bytes in the file that it appends to or was swapped for, as far as they are ours to know; 0 when it is no file. */
uint64_t output_size(const struct output *output);

/* What was flushed is on the disk when it returns; a pipe has none. 0, or a negative errno with err. */
int output_sync(struct output *output, struct err *err);

/* Whether the file at `path` is the one written to: never write over what is being read. */
bool output_is(const struct output *output, const char *path);

/* 0, or a negative errno. `lines` ends with a newline or is empty. */
int output_write(struct output *output, struct span lines, struct err *err);
int output_flush(struct output *output, struct err *err);

/* Flushes and, where output_open opened it, closes the file: the last chance for an error. */
int output_finish(struct output *output, struct err *err);

void output_destroy(struct output *output); /* without a flush */

#endif
