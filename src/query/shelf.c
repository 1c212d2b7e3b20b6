#include "query/shelf.h"

#include <stdlib.h>

#define CAPACITY_LEAST 64

void shelf_init(struct shelf *shelf, struct plan *plan, struct stage *stage, size_t mark_count)
{
	*shelf = (struct shelf){ .stage = stage, .mark_count = mark_count };
	plan_keeper(plan, &shelf->keeper);
	arena_init(&shelf->arena, 0);
}

void shelf_finish(struct shelf *shelf)
{
	free(shelf->rows);
	arena_finish(&shelf->arena);
	*shelf = (struct shelf){ 0 };
}

static bool grow(struct shelf *shelf)
{
	size_t capacity = shelf->capacity ? shelf->capacity * 2 : CAPACITY_LEAST;

	if (stage_hold(shelf->stage, (capacity - shelf->capacity) * sizeof(struct shelved *)) < 0)
		return false;
	struct shelved **rows = reallocarray(shelf->rows, capacity, sizeof(struct shelved *));
	if (!rows) {
		stage_no_memory(shelf->stage);
		return false;
	}
	shelf->rows = rows;
	shelf->capacity = capacity;
	return true;
}

static size_t marks_text(const struct shelf *shelf, const struct value *marks)
{
	size_t len = 0;

	for (size_t i = 0; i < shelf->mark_count; i++)
		len += marks[i].kind == VALUE_TEXT ? marks[i].text.len : 0;
	return len;
}

static void put_marks(const struct shelf *shelf, struct shelved *shelved, const struct value *marks, char *text)
{
	for (size_t i = 0; i < shelf->mark_count; i++) {
		struct value *mark = &shelved->marks[i];
		*mark = marks[i];
		if (mark->kind != VALUE_TEXT || !mark->text.len)
			continue;
		memcpy(text, mark->text.data, mark->text.len);
		mark->text.data = text;
		text += mark->text.len;
	}
}

struct shelved *shelf_add(struct shelf *shelf, const struct row *row, const struct value *marks)
{
	size_t head = sizeof(struct shelved) + shelf->mark_count * sizeof(*marks);
	size_t kept = keeper_size(&shelf->keeper, row), size = head + kept + marks_text(shelf, marks);

	if (shelf->count == shelf->capacity && !grow(shelf))
		return NULL;
	if (stage_hold(shelf->stage, size) < 0)
		return NULL;
	struct shelved *shelved = arena_alloc(&shelf->arena, size);
	if (!shelved) {
		stage_no_memory(shelf->stage);
		return NULL;
	}
	shelved->arrival = shelf->count;
	shelved->row = keeper_put(&shelf->keeper, row, (char *)shelved + head);
	put_marks(shelf, shelved, marks, (char *)shelved + head + kept);
	shelf->rows[shelf->count++] = shelved;
	return shelved;
}
