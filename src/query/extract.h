/*
 * extract: what the operators share that take fields out of the text of one.
 */
#ifndef QUERY_EXTRACT_H
#define QUERY_EXTRACT_H

#include "query/plan.h"

struct extract {
	uint32_t from; /* the slot whose text is read: field=f, or _raw */
	bool nodrop;
	bool first; /* no parse with nodrop stands before it (stage_chain) */
};

void extract_create(struct plan *plan, const struct operator* operator, struct extract * extract);

/* The slots of the names, in order; a name that is empty is that of its pattern. NULL with the plan's error set. */
uint32_t *extract_targets(struct plan *plan, const struct operator* operator, size_t count);

/* The text to be read; false when the field is null. It lives as long as the row's arena. */
bool extract_text(const struct extract *extract, struct row *row, struct span *text);

/* Hands the row on when it matched or may stay without; else drops it for the reason. */
int extract_end(struct stage *stage, struct row *row, const struct extract *extract, bool matched, const char *reason);

/* The same with the rules of a chain of parses. */
int extract_end_chained(struct stage *stage, struct row *row, const struct extract *extract, bool matched,
			const char *reason);

/*
 * Counts one more match in the text, as if it had looked at all of it: what
 * all stages do with one message stays bounded, however often they match.
 * False with row->trouble when that was too often.
 */
bool extract_spend(struct row *row, struct span text);

/*
 * For operators that make several rows of one: the row as it was, in its
 * arena. What stages below change is undone before the next row is made.
 */
struct extract_rows {
	struct value *values;
	uint32_t count;
	bool chained;
	struct span text;
	int flow; /* what the last row that was handed on came to; other than FLOW_GO_ON ends it */
};

/* False: memory is out, and the run has failed. */
bool extract_rows_begin(struct stage *stage, struct row *row, struct extract_rows *rows, struct span text);

/* The row is as it was. False with row->trouble when enough were made of it. */
bool extract_rows_next(struct row *row, struct extract_rows *rows);

#endif
