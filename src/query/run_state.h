/* run_state: what the stages of one run share. */
#ifndef QUERY_RUN_STATE_H
#define QUERY_RUN_STATE_H

#include "query/plan.h"
#include "query/run.h"

/* A row that waits for run_next, in the row's arena. */
struct ready_row {
	struct ready_row *next;
	size_t count;
	struct value values[];
};

/* The same search on earlier messages, for compare: its messages' times are shifted into the range. */
struct past_run {
	struct run *run;
	int64_t shift_ms;
};

struct run {
	struct arena arena; /* of all that was compiled */
	struct run_options options;
	struct fields fields;
	struct row row;
	struct stage *first;	/* the scope; the last is the output */
	struct stage *draining; /* after the end: hands on what it kept */
	size_t stage_count;
	bool ended, enough, failed;
	struct err err; /* of a run that failed */

	uint32_t size_slot, count_slot; /* _size, _messageCount, or SLOT_NONE */
	uint64_t message_count, bad_rows;
	size_t held, memory;   /* bytes that stages hold, and how many they may; of a past run, those of its root */
	struct run *root;      /* of a past run: the one that compares */
	struct past_run *past; /* NULL: nothing is compared */
	size_t past_count;

	/* What comes out. */
	const struct schema *schema; /* as it is below the last operator */
	struct slots shown;
	struct span *names; /* FIELDS_MAX of them have room */
	struct ready_row *ready, **ready_end;
	uint64_t handed_out;

	struct literal *literals;
	size_t literal_count;

	/* Explaining: the stage that runs now, and since when. */
	struct stage *timed;
	double since;

	struct made_regex *regexes;
};

/* The last stage of every chain: rows become ready for run_next. */
extern const struct operator_type output_type;

/* The first: what stands before the first pipe. */
extern const struct operator_type scope_type;
int scope_prepare(struct stage *stage, const struct scope *scope, struct plan *plan);

/*
 * The slot of a field that the data named, for a stage that was compiled with
 * `schema`. The field is shown when nothing below the stage hides it.
 * SLOT_NONE when nobody can see it, or FIELDS_MAX are reached.
 */
uint32_t run_dynamic_slot(struct run *run, struct schema *schema, struct span name);

#endif
