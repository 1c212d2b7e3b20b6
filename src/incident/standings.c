#include "incident/standings.h"

#include <errno.h>
#include <stdlib.h>

#define RANKED_MAX 65536
#define CHUNK 1024

void standings_finish(struct standings *standings)
{
	free(standings->items);
	free(standings->programs);
	*standings = (struct standings){ 0 };
}

void standings_add(struct standings *standings, const struct ranked *item)
{
	if (standings->count == standings->capacity && standings->capacity < RANKED_MAX) {
		struct ranked *items =
			reallocarray(standings->items, standings->capacity + CHUNK, sizeof(*standings->items));
		if (items)
			standings->items = items, standings->capacity += CHUNK;
	}
	if (standings->count < standings->capacity) {
		standings->items[standings->count++] = *item;
		return;
	}
	if (!standings->left++)
		standings->left_root = item->root, standings->left_ms = item->first_ms;
	standings->left_findings += item->findings;
}

static int compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

int standings_count_programs(struct standings *standings)
{
	standings->programs = standings->count ? calloc(standings->count, sizeof(uint64_t)) : NULL;
	if (!standings->programs)
		return standings->count ? -ENOMEM : 0;
	for (size_t i = 0; i < standings->count; i++)
		standings->programs[i] = standings->items[i].program;
	qsort(standings->programs, standings->count, sizeof(uint64_t), compare_numbers);
	return 0;
}

/* The first of the sorted numbers that is not less. */
static size_t lower(const uint64_t *numbers, size_t count, uint64_t number)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;
		if (numbers[middle] < number)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

size_t standings_by_program(const struct standings *standings, uint64_t program)
{
	if (!standings->programs)
		return 0;
	size_t first = lower(standings->programs, standings->count, program);
	size_t behind =
		program == UINT64_MAX ? standings->count : lower(standings->programs, standings->count, program + 1);
	return behind - first;
}

/* ---- order ---- */

struct ordering {
	const struct ranked *items;
	enum incident_order order;
};

static uint64_t weight(const struct ranked *item, enum incident_order order)
{
	switch (order) {
	case INCIDENT_BY_TIME:
		break;
	case INCIDENT_BY_RISK:
		return (uint64_t)item->risk << 8 | item->score;
	case INCIDENT_BY_SCORE:
		return (uint64_t)item->score << 8 | item->risk;
	case INCIDENT_BY_COUNT:
		return item->findings;
	}
	return 0;
}

/* From the most to the least; then the newest first; then by id; what shares all of them, by its root. */
static int compare_ranked(const void *a, const void *b, void *context)
{
	const struct ordering *ordering = context;
	const struct ranked *x = &ordering->items[*(const uint32_t *)a], *y = &ordering->items[*(const uint32_t *)b];
	uint64_t x_weight = weight(x, ordering->order), y_weight = weight(y, ordering->order);

	if (x_weight != y_weight)
		return x_weight > y_weight ? -1 : 1;
	if (x->first_ms != y->first_ms)
		return x->first_ms > y->first_ms ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->root < y->root ? -1 : x->root > y->root;
}

int standings_sort(struct standings *standings, enum incident_order order)
{
	struct ordering ordering = { standings->items, order };
	uint32_t *places = standings->count ? calloc(standings->count, sizeof(*places)) : NULL;

	for (size_t i = 0; i < standings->count; i++)
		standings->items[i].rank = (uint32_t)i;
	if (!places)
		return standings->count ? -ENOMEM : 0;
	for (size_t i = 0; i < standings->count; i++)
		places[i] = (uint32_t)i;
	qsort_r(places, standings->count, sizeof(*places), compare_ranked, &ordering);
	for (size_t i = 0; i < standings->count; i++)
		standings->items[places[i]].rank = (uint32_t)i;
	free(places);
	return 0;
}

const struct ranked *standings_find(const struct standings *standings, uint64_t root, int64_t first_ms)
{
	size_t low = 0, high = standings->count;
	bool beyond = root > standings->left_root || (root == standings->left_root && first_ms >= standings->left_ms);

	if (standings->left && beyond)
		return NULL;
	while (low < high) { /* the first that comes later */
		size_t middle = low + (high - low) / 2;
		const struct ranked *item = &standings->items[middle];
		if (item->root < root || (item->root == root && item->first_ms <= first_ms))
			low = middle + 1;
		else
			high = middle;
	}
	return low && standings->items[low - 1].root == root ? &standings->items[low - 1] : NULL;
}
