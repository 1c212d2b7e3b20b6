/*
 * plan: compiling a query. Names become slots, expressions nodes, operators
 * stages; what cannot run is refused with the place in the search.
 */
#ifndef QUERY_PLAN_H
#define QUERY_PLAN_H

#include "query/parse.h"
#include "query/run.h"
#include "query/schema.h"
#include "query/stage.h"

struct regex;
struct regex_match;
struct slicing;

/* A regex that is destroyed with the run. */
struct made_regex {
	struct made_regex *next;
	struct regex *regex;
	struct regex_match *match;
};

/* The slots that every message fills, in the order in which rows show them. */
enum message_slot {
	SLOT_MESSAGE_TIME,
	SLOT_CATEGORY,
	SLOT_HOST,
	SLOT_NAME,
	SLOT_RAW,
	MESSAGE_SLOT_COUNT,
};

/* Whose order the rows are in, at one place. */
enum row_order {
	ORDER_MESSAGES, /* as they were read; where the language speaks of the first, it means the newest */
	ORDER_GROUPS,	/* of the keys of an aggregate */
	ORDER_GIVEN,	/* a sort, or an operator like it, has said */
};

/* Slots in order. */
struct slots {
	uint32_t *items;
	size_t count, capacity;
};

struct plan {
	struct arena *arena; /* the run's: what is made here lives as long as the run */
	const struct run_options *options;
	struct span text; /* of the search */
	const struct query *query;
	struct fields *fields;
	struct schema *schema;
	struct slots shown;		 /* what a row shows at this place, in order */
	bool of_messages;		 /* rows are still messages: _size and its like can be asked for */
	bool open;			 /* fields that only the data knows flow by; they are shown too */
	const struct operator* operator; /* that is being compiled */
	enum row_order order;
	struct slots keys;	       /* by which the rows are grouped, when they are no messages */
	struct slots numbers;	       /* that are numbers whatever the rows */
	bool transposed;	       /* the rows are those of a transpose */
	const struct slicing *slicing; /* of the last timeslice, or NULL */
	bool in_chain; /* the operator before this one was a parse with nodrop (stage_chain in stage.h) */
	uint32_t size_slot, count_slot; /* _size, _messageCount; SLOT_NONE when nobody reads them */
	struct made_regex *regexes;
	struct err err;
};

/* ---- fields ---- */

/* The slot of a field that is read. One that nothing fills is null in every row. */
uint32_t plan_read(struct plan *plan, struct span name);

/* The slot of a field that this operator fills; shown from here on. */
uint32_t plan_write(struct plan *plan, struct span name);

/* Only these are known and shown from here on; `rows` says that they are messages no more. */
void plan_narrow(struct plan *plan, const struct slots *slots, bool rows);

/* The field is unknown from here on. */
void plan_remove(struct plan *plan, struct span name);

/* The slots that a stage which keeps rows has to keep; as `kept` says in keeper.h. */
struct keeper;
void plan_keeper(struct plan *plan, struct keeper *keeper);

bool slots_add(struct slots *slots, uint32_t slot, struct arena *arena);
bool slots_hold(const struct slots *slots, uint32_t slot);

/* ---- helpers of operators ---- */

/* Cleared memory that lives as long as the run. NULL with the error set. */
void *plan_alloc(struct plan *plan, size_t size);

/* Refuses the search at a place; returns -EINVAL. */
int plan_refuse(struct plan *plan, const struct place_in_text *place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int plan_no_memory(struct plan *plan); /* -ENOMEM */

/* A regex with its match, both destroyed with the run. */
struct searcher {
	const struct regex *regex;
	struct regex_match *match;
};
/* 0, or -EINVAL with the error at the place. */
int plan_regex(struct plan *plan, struct span pattern, bool ignore_case, const struct place_in_text *place,
	       struct searcher *searcher);

/* The number that the expression is, between least and most. -EINVAL with the error set when it is another. */
int plan_constant(struct plan *plan, const struct expr *expr, double least, double most, double *number);

/* The name of the field that the expression is. -EINVAL with the error set when it is no field. */
int plan_field_name(struct plan *plan, const struct expr *expr, struct span *name);

/* ---- the whole ---- */

/*
 * Adds the stages of the query at **last, which then points to where the next
 * one goes. 0, or negative with plan->err.
 */
int plan_operators(struct plan *plan, const struct query *query, struct run *run, struct stage ***last);

/* A stage of that type in the run's arena, not yet in the chain. NULL with the error set. */
struct stage *plan_stage(struct plan *plan, const struct operator_type *type, struct run *run);

#endif
