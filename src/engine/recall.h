/*
 * recall: findings and incidents that `proctor scan --json` wrote, read back
 * and handed to a sink, in their order. The findings of an incident come
 * before it.
 */
#ifndef ENGINE_RECALL_H
#define ENGINE_RECALL_H

#include "model/summary.h"
#include "sink/sink.h"
#include "source/source.h"

struct recall_options {
	const char *path; /* "-": standard input; compressed files are read, too */
	bool confine;
	bool (*progress)(void *context, const struct source *source); /* as in scan.h */
	void *progress_context;
};

/*
 * Lines that are neither are counted in a note, a loss. Fills *summary in
 * every case. 0, or a negative errno with err: nothing could be read, or
 * nothing in it was a finding.
 */
int recall_run(const struct recall_options *options, struct sink *sink, struct summary *summary, struct err *err);

#endif
