/*
 * scan_parts: a scan while it runs, and its stages, which both drivers share.
 * Private to src/engine.
 */
#ifndef ENGINE_SCAN_PARTS_H
#define ENGINE_SCAN_PARTS_H

#include "assemble/assemble.h"
#include "decode/decode.h"
#include "engine/scan.h"
#include "incident/incident.h"
#include "resolve/resolve.h"
#include "rule/judge.h"

struct scan {
	const struct scan_options *options;
	struct summary *summary;
	struct source *source;
	struct decoder *decoder;
	struct assembler *assembler;
	struct resolver *resolver;
	struct judge *judge;
	struct incidents *incidents; /* NULL when findings are told without */
	struct spool *spool;
	int shelf; /* a temporary file for the sieve, or -1 */
	struct sink *sink;
	struct err *err;
	int failed; /* negative errno of the first output error */
	bool stopped;
	bool offers; /* rules ask for audit events as they are */
	bool files;  /* … for files that were made or written */
	uint64_t steps;
	/* Who is told of each finding, be it printed or not; NULL: nobody. */
	void (*seen)(void *context, const struct finding *finding);
	void *seen_context;
};

/* All but the spool. 0, or -ENOMEM with scan->err; scan_end_stages in any case. */
int scan_begin_stages(struct scan *scan);
void scan_end_stages(struct scan *scan);

/* A record of the log, through all stages. */
void scan_take(struct scan *scan, const struct record *record);

/* No more will come: hands out all that the stages hold. */
void scan_finish_stages(struct scan *scan);

/* Whether output has failed or the user wants no more. */
bool scan_wants_stop(struct scan *scan);

/*
 * The second driver: only the events that matter, by the sieve. 1: done. 0: these logs or rules need the first, and
 * options->plan says why. Negative errno with scan->err.
 */
int scan_sieve(struct scan *scan);

#endif
