/*
 * keeper: copies of rows that a stage keeps until later (sort, dedup, a
 * window). Which fields there are may grow while it keeps, where the data
 * names fields (json auto): then all slots of the run are kept.
 */
#ifndef QUERY_KEEPER_H
#define QUERY_KEEPER_H

#include "query/row.h"
#include "query/schema.h"

struct keeper {
	const uint32_t *slots; /* what is shown here; all slots from 0 on when `open` */
	size_t count;
	bool open;
	const struct fields *fields;
};

/* Values in the order of the keeper's slots, text and all in one piece of memory. */
struct kept_row {
	uint32_t count;
	struct value values[];
};

/* How many bytes a copy of the row takes; for stage_hold. */
size_t keeper_size(const struct keeper *keeper, const struct row *row);

/* Into memory of keeper_size bytes, 8-byte aligned. */
struct kept_row *keeper_put(const struct keeper *keeper, const struct row *row, void *memory);

/* Puts the kept values back into a fresh row. */
void keeper_restore(const struct keeper *keeper, struct row *row, const struct kept_row *kept);

/* The value of a slot in a kept row; a null when it was not kept. */
struct value keeper_value(const struct keeper *keeper, const struct kept_row *kept, uint32_t slot);

#endif
