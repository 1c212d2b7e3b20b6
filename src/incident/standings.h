/*
 * standings: of each incident no more than decides its place among all. Private
 * to src/incident.
 *
 *   standings_add*, in the order of root and time → standings_sort → standings_find
 */
#ifndef INCIDENT_STANDINGS_H
#define INCIDENT_STANDINGS_H

#include "base/span.h"
#include "incident/incident.h"

struct ranked {
	uint64_t root, id, program;
	int64_t first_ms;
	uint32_t findings, rank;
	uint8_t score, risk;
	bool forgeable; /* nothing of it is by anybody but what any user can write */
	bool shown;
};

struct standings {
	struct ranked *items; /* by root and first_ms */
	size_t count, capacity;
	uint64_t left, left_findings; /* that found no room: they come last */
	uint64_t left_root;	      /* the first of them */
	int64_t left_ms;
	uint64_t *programs; /* of all items, sorted; when sorted */
};

void standings_finish(struct standings *standings);
void standings_add(struct standings *standings, const struct ranked *item);

/* Counts programs: before scores are final. 0 or -ENOMEM, and then nothing is rare. */
int standings_count_programs(struct standings *standings);

/* How many of the incidents are by that program. */
size_t standings_by_program(const struct standings *standings, uint64_t program);

/* 0 or -ENOMEM: then the order is that of root and time. */
int standings_sort(struct standings *standings, enum incident_order order);

/* The incident of that root at that time; NULL when it found no room. */
const struct ranked *standings_find(const struct standings *standings, uint64_t root, int64_t first_ms);

#endif
