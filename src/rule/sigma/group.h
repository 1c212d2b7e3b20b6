/*
 * group: what a correlation remembers of one set of group-by values.
 *
 *   sliding   entries, sorted by time: one an event, or one a value
 *   window    opened at `open_ms`; count, sum, and entries for distinct values
 *   temporal  of each rule, when it matched last; of each beginning of the order, where it begins and ends
 *
 * Entries lie in one pool for all groups. Internal to correlate.
 */
#ifndef RULE_SIGMA_GROUP_H
#define RULE_SIGMA_GROUP_H

#include "base/table.h"
#include "rule/sigma/correlate.h"

#define ENTRY_NONE_LEFT UINT32_MAX

struct group;

struct entry_node {
	int64_t time_ms;
	uint64_t value;
	struct group *group;
	uint32_t before, behind; /* in the group, by time */
	uint32_t chain;		 /* of the same hash: the entry's number and 1, as in `buckets` */
};

struct entry_pool {
	struct entry_node *nodes;
	uint32_t *buckets;   /* 0: empty. So the memory of those that are is never touched */
	uint32_t free, used; /* free: chained by `chain`, their numbers alone; used: never given out from there on */
};

struct group {
	struct entry_pool *pool;
	struct group_list *list;       /* of open windows; NULL: it is in none */
	struct group *earlier, *later; /* in the list */
	uint32_t correlation;	       /* index of the rule */
	uint64_t key, sub;
	int64_t open_ms, newest_ms, fired_ms;
	int64_t opened_ms; /* how late it was in the log when the window opened */
	bool started, fired;
	bool trusted;	  /* not all that came could have been written by any user */
	uint64_t counted; /* windows: identity of the event that was counted last */
	uint32_t first, last, entries;
	uint64_t count;
	double sum;
	/* What follows is not cleared (struct table): sigma_group_take and sigma_group_set_values set what they read. */
	int64_t seen
		[SIGMA_CORRELATED_MAX]; /* temporal: last match; ordered: where the beginning of that length begins */
	int64_t seen_to[SIGMA_CORRELATED_MAX]; /* ordered: … and ends */
	struct sigma_tag
		tags[SIGMA_CORRELATED_MAX]; /* temporal: of the match that seen tells of; ordered: its last one */
	uint16_t lengths[SIGMA_GROUP_MAX];  /* of the values, one behind the other in `text` */
	uint8_t cut;			    /* bits: that value is longer than what is kept */
	char text[SIGMA_GROUP_TEXT_MAX];
};

/* Open windows of one correlation, the first opened first. */
struct group_list {
	struct group *first, *last;
};

int sigma_pool_init(struct entry_pool *pool);
void sigma_pool_finish(struct entry_pool *pool);
bool sigma_pool_is_full(const struct entry_pool *pool);

/* The pool is not full. Sorted in by time; what is long out of order, about there. */
void sigma_group_add(struct group *group, int64_t time_ms, uint64_t value);

/* ENTRY_NONE_LEFT when the group does not hold it. */
uint32_t sigma_group_find(const struct group *group, uint64_t value);
void sigma_group_remove(struct group *group, uint32_t entry);
void sigma_group_expire(struct group *group, int64_t before_ms);

/* Opens a window at an event's time, when the log is at `now_ms`, or closes it. */
void sigma_group_open(struct group *group, struct group_list *list, int64_t time_ms, int64_t now_ms);
void sigma_group_close(struct group *group);

/* For the table: gives entries and its place in the list back. */
void sigma_group_release(void *group);

/* Keeps as much of the values as there is room for; compares with what is kept. */
void sigma_group_set_values(struct group *group, const struct span *values, size_t count);
bool sigma_group_has_values(const struct group *group, const struct span *values, size_t count);
void sigma_group_values(const struct group *group, struct span *values, size_t count);

#endif
