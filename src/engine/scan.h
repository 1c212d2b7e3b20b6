/*
 * scan: the order of the stages, from inputs to sorted findings.
 */
#ifndef ENGINE_SCAN_H
#define ENGINE_SCAN_H

#include "engine/filter.h"
#include "model/summary.h"
#include "rule/assess.h"
#include "sink/sink.h"
#include "sink/spool.h"
#include "source/source.h"

enum scan_telling {
	SCAN_FINDINGS,	/* one by one */
	SCAN_NAMED,	/* one by one, each with the id of its incident */
	SCAN_INCIDENTS, /* incidents whole: the filter and the limit choose among them, the spool's order sorts them */
};

/* How the log goes through the stages: all of it, or by the sieve what matters. */
enum scan_driver {
	SCAN_AUTO, /* the sieve where it can, and the log is large */
	SCAN_STREAM,
	SCAN_SIEVE, /* where it can, however small the log is */
};

/* What a scan decided. */
struct scan_plan {
	bool sieved;
	char why[384]; /* it was not */
};

struct scan_options {
	enum scan_driver driver;
	size_t piece_max;	/* of the sieve, 0 the default: for tests that nothing depends on it */
	struct scan_plan *plan; /* filled, when not NULL */
	const char *const *paths;
	size_t path_count;
	struct source_options source;
	const struct pack *pack;	    /* the rules */
	const struct assessor_watch *watch; /* NULL, or who is told what rules are asked about */
	/* NULL, or who is told of each finding that passes the filter; borrowed for the call. */
	void (*found)(void *context, const struct finding *finding);
	void *found_context;
	struct scan_filter filter;
	struct spool_options spool;
	enum scan_telling telling;
	bool accesses; /* every access by itself, in the order of the log, straight to the sink */
	bool raw;
	bool confine;
	const char *output_path; /* of -o: an input that is the same file is refused; NULL is stdout */
	/*
	 * Called now and then, and with source NULL once when all is read, before findings are written; NULL: no
	 * progress is wanted. True ends the scan early: what was found is still printed.
	 */
	bool (*progress)(void *context, const struct source *source);
	void *progress_context;
};

/*
 * Reads, decides, sorts and writes to the sink; with sink NULL findings are dropped. Fills *summary in every case.
 * 0, or a negative errno with err when output is not possible or memory is out.
 */
int scan_run(const struct scan_options *options, struct sink *sink, struct summary *summary, struct err *err);

#endif
