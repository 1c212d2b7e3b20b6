#include "query/row.h"

void row_reset(struct row *row)
{
	arena_reset(&row->arena);
	row->trouble = NULL;
	row->work = 0;
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
