#include "query/row.h"

void row_reset(struct row *row)
{
	arena_reset(&row->arena);
	row->trouble = NULL;
	memset(row->values, 0, row->count * sizeof(*row->values));
}

char *row_room(struct row *row, size_t len)
{
	char *room = NULL;

	if (len <= TEXT_MAX && row->arena.used <= ROW_TEXT_MAX)
		room = arena_alloc(&row->arena, len);
	if (!room)
		row->trouble = "a text that the search makes grows beyond 16 MiB, or all of a row beyond 64 MiB";
	return room;
}

bool row_keep(const struct row *row, const uint32_t *slots, size_t count, struct arena *arena, struct kept_row *kept)
{
	size_t size = count * sizeof(*kept->values);

	for (size_t i = 0; i < count; i++)
		if (row->values[slots[i]].kind == VALUE_TEXT)
			size += row->values[slots[i]].text.len;
	kept->values = arena_alloc(arena, size);
	if (!kept->values)
		return false;
	char *text = (char *)(kept->values + count);
	for (size_t i = 0; i < count; i++) {
		const struct value *value = &row->values[slots[i]];
		kept->values[i] = *value;
		if (value->kind != VALUE_TEXT || value->text.len == 0)
			continue;
		memcpy(text, value->text.data, value->text.len);
		kept->values[i].text.data = text;
		text += value->text.len;
	}
	return true;
}

void row_restore(struct row *row, const uint32_t *slots, size_t count, const struct kept_row *kept)
{
	for (size_t i = 0; i < count; i++)
		row->values[slots[i]] = kept->values[i];
}
