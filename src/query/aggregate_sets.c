/*
 * count_distinct and values. The members of all groups' sets share one table,
 * keyed by the number of the set and the member: a set of three costs three
 * entries, not a table.
 */
#include <stdlib.h>

#include "query/aggregate.h"
#include "query/run_state.h"

#define VALUES_MAX 100 /* as Sumo Logic documents it: the first 100 distinct values */

struct set {
	uint64_t number; /* from 1; 0: has no member yet */
	uint64_t count;
	struct member *newest;
};

struct member {
	struct member *older;
	struct span text;
};

static int create(struct aggregator *aggregator, struct plan *plan, const struct aggregate *aggregate)
{
	(void)plan;
	(void)aggregate;
	grouping_init(&aggregator->members, aggregator->stage, aggregator->argument_count + 1, sizeof(struct member));
	return 0;
}

static void finish(struct aggregator *aggregator)
{
	grouping_finish(&aggregator->members);
}

/* The group of the member, when it is new; *failed when memory or the ceiling is reached. */
static struct group *add_member(struct aggregator *aggregator, struct set *set, const struct value *values,
				bool *failed)
{
	struct value keys[16];
	bool created;

	if (!set->number)
		set->number = ++aggregator->next_set;
	keys[0] = value_number((double)set->number);
	for (size_t i = 0; i < aggregator->argument_count; i++)
		keys[i + 1] = values[i];
	struct group *group = grouping_find(&aggregator->members, keys, &created);
	*failed = !group;
	set->count += group && created;
	return created ? group : NULL;
}

/* ---- count_distinct: exact; an empty text counts, a null does not ---- */

static int create_distinct(struct aggregator *aggregator, struct plan *plan, const struct aggregate *aggregate)
{
	if (aggregator->argument_count > 15)
		return plan_refuse(plan, &aggregate->place, "count_distinct takes at most 15 fields");
	return create(aggregator, plan, aggregate);
}

static int add_distinct(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	bool all_null = true, failed;

	(void)row;
	for (size_t i = 0; i < aggregator->argument_count; i++)
		all_null &= values[i].kind == VALUE_NULL;
	if (all_null)
		return 0;
	add_member(aggregator, state, values, &failed);
	return failed ? aggregator->stage->run->err.number : 0;
}

static void give_distinct(const struct aggregator *aggregator, void *state, struct row *row)
{
	const struct set *set = state;

	row->values[aggregator->slots[0]] = value_number((double)set->count);
}

const struct aggregate_type aggregate_count_distinct = { .state_size = sizeof(struct set),
							 .create = create_distinct,
							 .is_number = true,
							 .add = add_distinct,
							 .result = give_distinct,
							 .finish = finish };

/* ---- values: the texts in their order, one a line ---- */

static int add_value(struct aggregator *aggregator, void *state, const struct value *values, const struct row *row)
{
	struct set *set = state;
	struct value text = values[0];
	char room[NUMBER_ROOM];
	bool failed;

	(void)row;
	if (text.kind == VALUE_NULL || set->count == VALUES_MAX)
		return 0;
	if (text.kind == VALUE_NUMBER)
		text = value_text((struct span){ room, number_to_text(text.number, room) });
	else if (text.kind == VALUE_BOOL)
		text = value_text(text.number != 0 ? SPAN("true") : SPAN("false"));
	struct group *group = add_member(aggregator, set, &text, &failed);
	if (failed)
		return aggregator->stage->run->err.number;
	if (group) {
		struct member *member = grouping_state(&aggregator->members, group);
		*member = (struct member){ .older = set->newest, .text = group->keys[1].text };
		set->newest = member;
	}
	return 0;
}

static int compare_texts(const void *a, const void *b)
{
	struct value left = value_text(*(const struct span *)a), right = value_text(*(const struct span *)b);

	return value_compare(&left, &right);
}

static void give_values(const struct aggregator *aggregator, void *state, struct row *row)
{
	const struct set *set = state;
	struct span texts[VALUES_MAX];
	size_t count = 0, len = 0, at = 0;

	row->values[aggregator->slots[0]] = VALUE_OF_NULL;
	for (const struct member *member = set->newest; member; member = member->older) {
		texts[count++] = member->text;
		len += member->text.len + 1;
	}
	if (!count)
		return;
	qsort(texts, count, sizeof(*texts), compare_texts);
	char *room = row_room(row, len);
	if (!room)
		return;
	for (size_t i = 0; i < count; i++) {
		if (texts[i].len)
			memcpy(room + at, texts[i].data, texts[i].len);
		at += texts[i].len;
		room[at++] = '\n';
	}
	row->values[aggregator->slots[0]] = value_text((struct span){ room, at - 1 });
}

const struct aggregate_type aggregate_values = {
	.state_size = sizeof(struct set), .create = create, .add = add_value, .result = give_values, .finish = finish
};
