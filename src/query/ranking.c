/*
 * A group's state is a binary heap of which the root is the row that comes
 * last, so the one to be pushed out.
 */
#include "query/ranking.h"

#include <stdlib.h>

#include "query/run_state.h"

struct heap {
	struct ranked **rows;
	size_t count, capacity;
};

void ranking_init(struct ranking *ranking, struct plan *plan, struct stage *stage, size_t key_count)
{
	*ranking = (struct ranking){ .stage = stage, .most = 1 };
	grouping_init(&ranking->grouping, stage, key_count, sizeof(struct heap));
	plan_keeper(plan, &ranking->keeper);
}

static void free_heap(void *state, void *context)
{
	struct heap *heap = state;

	(void)context;
	for (size_t i = 0; i < heap->count; i++)
		free(heap->rows[i]);
	free(heap->rows);
}

void ranking_finish(struct ranking *ranking)
{
	grouping_each(&ranking->grouping, free_heap, NULL);
	grouping_finish(&ranking->grouping);
	free(ranking->rows);
}

/* ---- order ---- */

/* Below 0 when a comes first. */
static int compare(const struct ranking *ranking, const struct value *a, uint64_t arrival_of_a, const struct ranked *b)
{
	int order = order_compare(&ranking->order, a, b->marks);

	if (order)
		return order;
	return (arrival_of_a > b->arrival) == ranking->newest_first ? -1 : 1;
}

static bool comes_first(const struct ranking *ranking, const struct ranked *a, const struct ranked *b)
{
	return compare(ranking, a->marks, a->arrival, b) < 0;
}

/* ---- the heap ---- */

static void swap(struct heap *heap, size_t a, size_t b)
{
	struct ranked *row = heap->rows[a];

	heap->rows[a] = heap->rows[b];
	heap->rows[b] = row;
}

static void sift_up(const struct ranking *ranking, struct heap *heap, size_t at)
{
	while (at && comes_first(ranking, heap->rows[(at - 1) / 2], heap->rows[at])) {
		swap(heap, at, (at - 1) / 2);
		at = (at - 1) / 2;
	}
}

static void sift_down(const struct ranking *ranking, struct heap *heap)
{
	size_t at = 0;

	for (;;) {
		size_t child = at * 2 + 1;
		if (child >= heap->count)
			return;
		if (child + 1 < heap->count && comes_first(ranking, heap->rows[child], heap->rows[child + 1]))
			child++;
		if (comes_first(ranking, heap->rows[child], heap->rows[at]))
			return;
		swap(heap, at, child);
		at = child;
	}
}

static int grow(struct heap *heap, struct stage *stage)
{
	size_t capacity = heap->capacity ? heap->capacity * 2 : 1;
	int status = stage_hold(stage, (capacity - heap->capacity) * sizeof(struct ranked *));

	if (status < 0)
		return status;
	struct ranked **rows = reallocarray(heap->rows, capacity, sizeof(struct ranked *));
	if (!rows)
		return stage_no_memory(stage);
	heap->rows = rows;
	heap->capacity = capacity;
	return 0;
}

/* ---- copies ---- */

static size_t marks_size(const struct ranking *ranking, const struct value *marks)
{
	size_t size = ranking->order.count * sizeof(*marks);

	for (size_t i = 0; i < ranking->order.count; i++)
		size += marks[i].kind == VALUE_TEXT ? marks[i].text.len : 0;
	return size;
}

static void put_marks(const struct ranking *ranking, struct ranked *ranked, const struct value *marks, char *text)
{
	for (size_t i = 0; i < ranking->order.count; i++) {
		struct value *mark = &ranked->marks[i];
		*mark = marks[i];
		if (mark->kind != VALUE_TEXT || !mark->text.len)
			continue;
		memcpy(text, mark->text.data, mark->text.len);
		mark->text.data = text;
		text += mark->text.len;
	}
}

static struct ranked *copy_row(struct ranking *ranking, const struct row *row, const struct value *marks)
{
	size_t head = sizeof(struct ranked) + ranking->order.count * sizeof(*marks);
	size_t kept = keeper_size(&ranking->keeper, row);
	size_t size = sizeof(struct ranked) + marks_size(ranking, marks) + kept;

	if (stage_hold(ranking->stage, size) < 0)
		return NULL;
	struct ranked *ranked = malloc(size);
	if (!ranked) {
		stage_no_memory(ranking->stage);
		return NULL;
	}
	ranked->size = size;
	ranked->row = keeper_put(&ranking->keeper, row, (char *)ranked + head);
	put_marks(ranking, ranked, marks, (char *)ranked + head + kept);
	return ranked;
}

/* ---- rows in ---- */

/* What --explain shows is the row that leaves, not the one that came. */
static void drop_old(struct ranking *ranking, struct row *row, const struct ranked *old, const char *reason)
{
	struct value raw = row->values[SLOT_RAW];

	row->values[SLOT_RAW] = keeper_value(&ranking->keeper, old->row, SLOT_RAW);
	stage_drop(ranking->stage, row, reason);
	row->values[SLOT_RAW] = raw;
}

static int replace_last(struct ranking *ranking, struct heap *heap, struct row *row, struct ranked *ranked,
			const char *reason)
{
	struct ranked *old = heap->rows[0];

	drop_old(ranking, row, old, reason);
	stage_let_go(ranking->stage, old->size);
	free(old);
	heap->rows[0] = ranked;
	sift_down(ranking, heap);
	return 0;
}

int ranking_add(struct ranking *ranking, struct row *row, const struct value *keys, const struct value *marks,
		const char *reason)
{
	uint64_t arrival = ranking->arrivals++;
	bool created;
	struct group *group = grouping_find(&ranking->grouping, keys, &created);

	if (!group)
		return ranking->stage->run->err.number;
	struct heap *heap = grouping_state(&ranking->grouping, group);
	bool full = heap->count == ranking->most;
	if (full && compare(ranking, marks, arrival, heap->rows[0]) > 0)
		return stage_drop(ranking->stage, row, reason);
	if (!full && heap->count == heap->capacity && grow(heap, ranking->stage) < 0)
		return ranking->stage->run->err.number;
	struct ranked *ranked = copy_row(ranking, row, marks);
	if (!ranked)
		return ranking->stage->run->err.number;
	ranked->arrival = arrival;
	ranked->group = group;
	if (full)
		return replace_last(ranking, heap, row, ranked, reason);
	heap->rows[heap->count++] = ranked;
	sift_up(ranking, heap, heap->count - 1);
	return 0;
}

/* ---- rows out ---- */

static int compare_ranked(const void *a, const void *b, void *context)
{
	const struct ranked *left = *(struct ranked *const *)a, *right = *(struct ranked *const *)b;

	return compare(context, left->marks, left->arrival, right);
}

static int compare_arrivals(const void *a, const void *b)
{
	const struct ranked *left = *(struct ranked *const *)a, *right = *(struct ranked *const *)b;

	return (left->arrival > right->arrival) - (left->arrival < right->arrival);
}

void ranking_by_arrival(struct ranking *ranking)
{
	if (ranking->count)
		qsort(ranking->rows, ranking->count, sizeof(struct ranked *), compare_arrivals);
}

void ranking_by_marks(struct ranking *ranking)
{
	if (ranking->count)
		qsort_r(ranking->rows, ranking->count, sizeof(struct ranked *), compare_ranked, ranking);
}

static void add_count(void *state, void *context)
{
	const struct heap *heap = state;
	size_t *count = context;

	*count += heap->count;
}

int ranking_line_up(struct ranking *ranking)
{
	size_t count = 0;

	grouping_each(&ranking->grouping, add_count, &count);
	int status = stage_hold(ranking->stage, count * sizeof(struct ranked *));
	if (status < 0)
		return status;
	ranking->rows = calloc(count ? count : 1, sizeof(struct ranked *));
	if (!ranking->rows)
		return stage_no_memory(ranking->stage);
	grouping_sort(&ranking->grouping, grouping_compare, &ranking->grouping);
	for (size_t i = 0; i < ranking->grouping.count; i++) {
		struct heap *heap = grouping_state(&ranking->grouping, grouping_at(&ranking->grouping, i));
		qsort_r(heap->rows, heap->count, sizeof(struct ranked *), compare_ranked, ranking);
		for (size_t j = 0; j < heap->count; j++) {
			heap->rows[j]->rank = j + 1;
			ranking->rows[ranking->count++] = heap->rows[j];
		}
	}
	return 0;
}
