/*
 * run: a query over messages. Streaming operators stream; aggregates and
 * sorts keep what they must, under a ceiling.
 *
 *   run_create → (run_message → run_next*)* → run_end → run_next* → run_destroy
 *
 * Fields are found without regard to case. Rows come in the order of the
 * messages; behind an aggregate in the order of its groups, by their values;
 * behind a sort as it says, rows that are equal as they came.
 */
#ifndef QUERY_RUN_H
#define QUERY_RUN_H

#include "base/err.h"
#include "match/literals.h"
#include "query/ast.h"
#include "query/value.h"

/* What one message is known by beside its text; spans borrowed until the next run_message, run_end or run_destroy. */
struct message {
	struct span raw;
	int64_t time_ms;		  /* _messageTime; TIME_UNKNOWN becomes null */
	struct span category, host, name; /* _sourceCategory, _sourceHost, _sourceName */
	bool selected;			  /* it is known to hold one of run_literals */
};

struct lookup_tables;

struct run_options {
	size_t memory;		  /* bytes that sorts, aggregates and their like may hold in all; 0 means 256 MiB */
	uint64_t limit;		  /* rows handed out at most; 0: all */
	int64_t now_ms;		  /* for now(): the wall clock is an argument */
	int64_t start_ms, end_ms; /* the first and last moment that the search is over, or TIME_UNKNOWN */
	const struct lookup_tables *tables; /* for lookup and cat; NULL: none. They live longer than the run */
	bool explain;			    /* count and time stages, keep the first dropped row of each */
};

/* A row handed out: fields in order. Lives until the following call on the run. */
struct row_view {
	size_t count;
	const struct span *names;
	const struct value *values;
};

/* Rows in and out of one stage, for --explain. Stage 0 is the scope. */
struct stage_report {
	struct place_in_text place;
	struct span text;
	uint64_t in, out;
	double seconds;
	uint64_t dropped;		 /* rows that ended here: for an operator that keeps rows back, not in - out */
	struct span dropped_row, reason; /* the first dropped message's _raw (cut to 512 bytes) and why, in words */
};

struct run;

/*
 * Compiles the query. NULL with err (text with a caret where a place is
 * known) for what cannot be run: unknown functions, unnamed groups, operators
 * that are parsed only.
 */
struct run *run_create(const struct query *query, const struct run_options *options, struct err *err);
void run_destroy(struct run *run);

/*
 * Takes one message; rows that were not taken by run_next are forgotten.
 * 0, 1 when no more are wanted (limit reached; run_end is still due), or a
 * negative errno with err: a ceiling was hit, and the run is over.
 */
int run_message(struct run *run, const struct message *message, struct err *err);

/* The input has ended. 0 or a negative errno with err. */
int run_end(struct run *run, struct err *err);

/*
 * 1: *row is the next result row. 0: none is ready (before run_end: feed more;
 * after it: the end). A negative errno with err: a ceiling was hit.
 */
int run_next(struct run *run, struct row_view *row, struct err *err);

/*
 * The first moment whose messages matter: start_ms, or an earlier one when the
 * search compares with the past. TIME_UNKNOWN: all do.
 */
int64_t run_earliest_ms(const struct run *run);

size_t run_stage_count(const struct run *run);
void run_stage(const struct run *run, size_t i, struct stage_report *report);

/* Rows that a regex limit or a bad value left out, by reason; the run went on. */
uint64_t run_bad_rows(const struct run *run);

/*
 * Literals of which a message must hold at least one, or it makes no row;
 * count 0: none known. run_message looks for them itself.
 */
size_t run_literals(const struct run *run, const struct literal **literals);

#endif
