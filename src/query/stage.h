/*
 * stage: one operator at work. A row goes down the chain by function calls:
 *
 *   scope ─push─▶ where ─push─▶ … ─push─▶ output
 *
 * Stages that keep rows back (sort, aggregates) take them in push, and hand
 * them on in drain when the input has ended, one at a time.
 *
 * To add an operator: a file op_NAME.c that defines a const struct
 * operator_type, and its line in operator_types.def.
 */
#ifndef QUERY_STAGE_H
#define QUERY_STAGE_H

#include "base/err.h"
#include "query/ast.h"
#include "query/row.h"

struct plan;
struct run;
struct stage;

/* What push and drain return, beside a negative errno, whose words are in run->err. */
enum flow {
	FLOW_GO_ON = 0,
	FLOW_ENOUGH = 1, /* push: no later row can matter to what stands below */
};

struct operator_type {
	/* Sets stage->state and resolves fields. 0, or negative with the plan's error set and nothing to finish. */
	int (*create)(struct stage *stage, const struct operator* operator, struct plan * plan);

	/* Takes the row, which it may change: hands it on, drops it, or keeps a copy. */
	int (*push)(struct stage *stage, struct row *row);

	/*
	 * After the last push, with a fresh row: hands on the next of what was
	 * kept. FLOW_GO_ON: call again; FLOW_ENOUGH: that was all. NULL when
	 * nothing is kept.
	 */
	int (*drain)(struct stage *stage, struct row *row);

	void (*finish)(struct stage *stage); /* NULL when all is in the run's arena */
};

#define SAMPLE_MAX 512

struct stage {
	const struct operator_type *type;
	struct stage *next;
	struct run *run;
	void *state;
	struct place_in_text place;
	struct span text;
	uint64_t in, out, dropped;
	double seconds;
	const char *reason; /* why the first row was dropped */
	char *sample;	    /* its _raw, cut to SAMPLE_MAX; NULL before */
	size_t sample_len;
};

/* The driver's: counts, and times when explaining. */
int stage_push(struct stage *stage, struct row *row);
int stage_drain(struct stage *stage, struct row *row);

/* Hands the row to the stage below. */
int stage_hand_on(struct stage *stage, struct row *row);

/* The row ends here, for the reason, a constant text. Returns FLOW_GO_ON. */
int stage_drop(struct stage *stage, struct row *row, const char *reason);

/* The row ends here because of row->trouble, and counts as bad. Returns FLOW_GO_ON. */
int stage_drop_bad(struct stage *stage, struct row *row);

/*
 * A parse with nodrop and the parses that follow it at once are a chain, which
 * keeps a row that any of them matches. Each tells its result here, with
 * `first` when no parse with nodrop stands before it (plan->in_chain at its
 * create); a parse without nodrop drops the row when this says false.
 */
static inline bool stage_chain(struct row *row, bool first, bool matched)
{
	return row->chained = matched || (!first && row->chained);
}

/*
 * Counts bytes that the stage holds from now on (or no longer). 0, or
 * -E2BIG with run->err when all stages together hold more than they may.
 */
int stage_hold(struct stage *stage, size_t more);
void stage_let_go(struct stage *stage, size_t less);

/* Fails the run because memory is out. Returns -ENOMEM. */
int stage_no_memory(struct stage *stage);

#endif
