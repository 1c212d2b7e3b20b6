/*
 * report: what a command that has read logs says at its end.
 *
 * Where things go: results to standard output or to -o; the summary under a
 * table, else to standard error; errors always to standard error.
 */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "base/buffer.h"
#include "model/summary.h"
#include "sink/output.h"

/* Appends the summary as text. */
typedef void summary_writer(struct buffer *to, const struct summary *summary, const void *context);

struct report {
	struct summary *summary;
	struct output *output;
	const char *output_path; /* of -o, or NULL */
	bool is_table;
	bool quiet;
	bool stopped;	/* a signal ended the reading */
	uint64_t lines; /* of results */
	summary_writer *write;
	const void *context;
};

/* Opens -o, or standard output, and refuses an output that is also an input. NULL once it has told why. */
struct output *report_open_output(const char *path, const char *const *inputs, size_t count);

/* Tells what is missing, prints the summary, ends the output. `result` is the run's, with err. Returns the exit status. */
int report_end(const struct report *report, int result, struct err *err);

#endif
