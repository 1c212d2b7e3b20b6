/*
 * shelf: rows that a stage keeps until the input has ended, with values by
 * which it sorts them or finds them again.
 *
 * A row's marks are values that the stage computed (the keys of a sort); text
 * in them is copied with the row. All memory is counted by stage_hold.
 */
#ifndef QUERY_SHELF_H
#define QUERY_SHELF_H

#include "query/keeper.h"
#include "query/plan.h"

struct shelved {
	uint64_t arrival; /* 0 is the first */
	struct kept_row *row;
	struct value marks[];
};

struct shelf {
	struct stage *stage;
	struct keeper keeper;
	size_t mark_count;
	struct shelved **rows;
	size_t count, capacity;
	struct arena arena;
};

/* Keeps the fields that are known here; call it before plan_narrow or plan_write of the results. */
void shelf_init(struct shelf *shelf, struct plan *plan, struct stage *stage, size_t mark_count);
void shelf_finish(struct shelf *shelf);

/* Copies the row and its marks behind the others. NULL with run->err: memory, or the ceiling. */
struct shelved *shelf_add(struct shelf *shelf, const struct row *row, const struct value *marks);

/* Puts a row's values back into a fresh row. */
static inline void shelf_restore(const struct shelf *shelf, size_t i, struct row *row)
{
	keeper_restore(&shelf->keeper, row, shelf->rows[i]->row);
}

#endif
