/*
 * steward: a small process that keeps the rights which a watch gives up, and
 * does three things with them: it looks at /proc/<pid>, opens the output file
 * again, and moves full ones away.
 *
 *   watch (confined)  ──pid──▶  steward ──▶ /proc/<pid>
 *                     ◀─texts─
 *                     ──turn──▶         ──▶ rename, open
 *                     ◀──fd────
 *
 * Whatever is hostile in records and in /proc is understood by the watch
 * alone. The steward reads numbers and hands on bytes, so that whoever takes
 * the watch over gets the look of /proc and a new output file, no more.
 */
#ifndef ENGINE_STEWARD_H
#define ENGINE_STEWARD_H

#include "base/err.h"
#include "source/process_look.h"

struct steward;

struct steward_options {
	const char *output_path; /* of -o, or NULL */
	unsigned keep;		 /* how many full files: FILE.1 is the newest of them; 0: full ones are emptied */
};

/* Starts it. Before confinement, and while no thread runs. NULL with err. */
struct steward *steward_start(const struct steward_options *options, struct err *err);

/*
 * Looks at a process; the answer lives until the next call. NULL when there is none, or no answer came in time:
 * steward_failures counts that.
 */
const struct process_look *steward_look(struct steward *steward, uint32_t pid);

/*
 * Opens the output file anew: `turn` after moving what is there to FILE.1, FILE.1 to FILE.2 and so on. A descriptor
 * that is the caller's, or a negative errno with err.
 */
int steward_open_output(struct steward *steward, bool turn, struct err *err);

uint64_t steward_failures(const struct steward *steward);

/* Ends it, and waits until it has. NULL is allowed. */
void steward_stop(struct steward *steward);

#endif
