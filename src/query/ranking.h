/*
 * ranking: of each group the n rows that come first, by marks that the stage
 * computed. What dedup, top and topk stand on.
 *
 * A row that cannot be among the first n is not copied. All memory is counted
 * by stage_hold, and given back for rows that others have pushed out.
 */
#ifndef QUERY_RANKING_H
#define QUERY_RANKING_H

#include "query/grouping.h"
#include "query/order.h"
#include "query/shelf.h"

struct ranking {
	struct stage *stage;
	struct grouping grouping;
	struct keeper keeper;
	struct order order; /* of the marks */
	bool newest_first;  /* of rows with equal marks the later one comes first */
	size_t most;	    /* rows a group */
	uint64_t arrivals;
	struct ranked **rows; /* all that were kept, lined up by ranking_line_up */
	size_t count;
};

struct ranked {
	uint64_t arrival;
	size_t size; /* of this piece of memory */
	size_t rank; /* in its group, from 1; after ranking_line_up */
	struct group *group;
	struct kept_row *row;
	struct value marks[];
};

/* ranking->order, ->newest_first and ->most are the caller's to set. */
void ranking_init(struct ranking *ranking, struct plan *plan, struct stage *stage, size_t key_count);
void ranking_finish(struct ranking *ranking);

/*
 * Takes a row with the values of its keys and marks, or drops it for the
 * reason. 0 or a negative errno with run->err.
 */
int ranking_add(struct ranking *ranking, struct row *row, const struct value *keys, const struct value *marks,
		const char *reason);

/* The input has ended: fills ->rows and ->count and their ranks; by group, then rank. 0 or a negative errno. */
int ranking_line_up(struct ranking *ranking);

/* Sorts ->rows: by arrival, or by marks over all groups. */
void ranking_by_arrival(struct ranking *ranking);
void ranking_by_marks(struct ranking *ranking);

#endif
