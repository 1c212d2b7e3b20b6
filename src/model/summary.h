/*
 * summary: the line of truth. What was read, what it gave, what was left
 * out and why, and what was lost. Whatever is lost is counted here and shown.
 */
#ifndef MODEL_SUMMARY_H
#define MODEL_SUMMARY_H

#include "base/err.h"
#include "base/span.h"
#include "model/frame.h"

#define SUMMARY_KINDS_MAX 24
#define SUMMARY_SAMPLE_LEN 160
#define SUMMARY_NAME_LEN 256
#define SUMMARY_NOTES_MAX 32

/* A kind of thing that was counted, with one sample of it (raw bytes of the log: escape before printing). */
struct summary_kind {
	char name[64];
	uint64_t count;
	char sample[SUMMARY_SAMPLE_LEN];
	size_t sample_len;
	char file[SUMMARY_NAME_LEN],
		member[SUMMARY_NAME_LEN]; /* where the sample stood; copies, cut; "" unknown or none */
	uint64_t offset;
};

/* What the operator should know of a file or of the log: message as err.h wants it. */
struct summary_note {
	char text[384];
	uint64_t count;
	bool loss;	  /* something is missing: exit status 3 */
	bool input_error; /* an input could not be read: exit status 2 */
};

/* Of lines, records and events, where only those that matter were looked at. */
#define SUMMARY_NOT_COUNTED UINT64_MAX

struct summary {
	uint64_t files, bytes, lines, records, events, accesses, self, untiered, findings, suppressed;
	uint64_t incidents; /* that those findings are part of; 0 where nobody asked */
	uint64_t log_lines, unknown_target, uncertain;
	uint64_t duplicate_records, late_records, incomplete_events;
	uint64_t late_events; /* that came when a later one had left: each a serial that was missing, and is not */
	uint64_t lost_told;   /* events that the log itself says are lost */
	uint64_t serial_gaps; /* serials missing between the first and the last of a node's boot */
	uint64_t evicted;     /* entries that a full history table gave up */
	uint64_t undecoded_lines;
	struct summary_kind undecoded[SUMMARY_KINDS_MAX];    /* by kind */
	struct summary_kind suppressions[SUMMARY_KINDS_MAX]; /* by name of the tuning */
	struct summary_note notes[SUMMARY_NOTES_MAX];
	uint64_t notes_dropped;
	bool live;		   /* `files` are sensors */
	bool coverage_seen_procfs; /* some open on procfs was in the log */
	double seconds;
};

/* Counts one of that kind, and keeps the first as its sample. A full table counts under "other". */
void summary_count(struct summary_kind kinds[SUMMARY_KINDS_MAX], const char *name, struct span sample,
		   const struct origin *origin);

/* Adds a note, or one to the count of an equal one. */
void summary_note(struct summary *summary, bool loss, bool input_error, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* 0 nothing found, 1 something found, 2 an input error, 3 finished with losses. */
int summary_status(const struct summary *summary);

#endif
