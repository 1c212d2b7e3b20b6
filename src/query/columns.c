/*
 *   at ──▶ begins with the quote? ──yes──▶ up to its end, then up to the delimiter
 *              └──no──▶ up to the delimiter
 *
 * The end of the text behind a delimiter is a column of its own: "a," has
 * two. `at` is text.len + 1 when there is none left.
 */
#include "query/columns.h"

/* Where the column ends, and whether its bytes are not simply its value. */
struct extent {
	size_t start, end;
	bool quoted; /* start and end are inside of the quotes */
	bool made;
};

static int byte_at(const struct columns *columns, size_t i)
{
	return i < columns->text.len ? (unsigned char)columns->text.data[i] : -2;
}

static bool ends_column(const struct columns *columns, size_t i)
{
	int c = byte_at(columns, i);

	return c == -2 || c == columns->delimiter || (columns->lines && (c == '\n' || c == '\r'));
}

/* The quote that closes the one at `i`, or the end. */
static size_t closing_quote(const struct columns *columns, size_t i, bool *made)
{
	for (i++; byte_at(columns, i) != -2; i++) {
		int c = byte_at(columns, i);
		if (c == columns->escape && c != columns->quote) {
			*made = true;
			i++;
		} else if (c == columns->quote) {
			if (byte_at(columns, i + 1) != columns->quote)
				return i;
			*made = true;
			i++;
		}
	}
	return columns->text.len;
}

/* Reads one column, and moves behind the delimiter. */
static struct extent read_extent(struct columns *columns)
{
	struct extent extent = { .start = columns->at };
	size_t i = columns->at;

	if (byte_at(columns, i) == columns->quote) {
		extent.quoted = true;
		extent.start++;
		extent.end = closing_quote(columns, i, &extent.made);
		i = extent.end < columns->text.len ? extent.end + 1 : extent.end;
		/* What stands between the closing quote and the delimiter belongs to nothing. */
		while (!ends_column(columns, i))
			i++;
	} else {
		for (; !ends_column(columns, i); i++)
			if (byte_at(columns, i) == columns->escape) {
				extent.made = true;
				i++;
			}
		i = i < columns->text.len ? i : columns->text.len;
		extent.end = i;
	}
	if (byte_at(columns, i) == columns->delimiter) {
		columns->at = i + 1;
		return extent;
	}
	columns->record_ended = true;
	i += byte_at(columns, i) == '\r' && byte_at(columns, i + 1) == '\n';
	columns->at = i + 1;
	return extent;
}

static struct span make_value(const struct columns *columns, const struct extent *extent, struct arena *arena)
{
	char *room = arena_alloc(arena, extent->end - extent->start);
	size_t len = 0;

	if (!room)
		return (struct span){ "", 0 };
	for (size_t i = extent->start; i < extent->end; i++) {
		int c = byte_at(columns, i);
		bool skip = c == columns->escape || (extent->quoted && c == columns->quote);
		i += skip && i + 1 < extent->end;
		room[len++] = columns->text.data[i];
	}
	return (struct span){ room, len };
}

static bool begin(struct columns *columns)
{
	bool ended = columns->record_ended;

	columns->record_ended = false;
	/* The last line break of a text with lines begins no record. */
	return !ended && columns->at <= columns->text.len - (columns->lines && columns->text.len);
}

bool columns_next(struct columns *columns, struct arena *arena, struct span *column)
{
	if (!begin(columns))
		return false;
	struct extent extent = read_extent(columns);
	*column = extent.made ? make_value(columns, &extent, arena)
			      : (struct span){ columns->text.data + extent.start, extent.end - extent.start };
	return true;
}

bool columns_skip(struct columns *columns)
{
	if (!begin(columns))
		return false;
	read_extent(columns);
	return true;
}
