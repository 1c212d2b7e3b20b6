/*
 *	line 3, column 9: unexpected =, expected a value
 *	    | where = 5
 *	            ^
 *
 * The search may come from anywhere, so what would not print as itself is
 * shown as \xNN, and a long line is cut around the caret.
 */
#include <wchar.h>

#include "query/parse.h"

#define WINDOW_BEFORE 60 /* characters shown before the place */
#define WINDOW_BEHIND 50 /* and from it on */

/* One character: how many bytes, and how many columns when it prints as itself, else 0. */
struct character {
	size_t len, columns;
};

static size_t sequence_len(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	return lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static bool is_smallest_form(wchar_t point, size_t len)
{
	static const wchar_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };

	return point >= lowest[len] && (point < 0xd800 || point > 0xdfff) && point <= 0x10ffff;
}

/* wcwidth knows nothing but ASCII where the locale does not: so the locale decides what is shown. */
static struct character read_character(struct span text)
{
	unsigned char lead = (unsigned char)text.data[0];
	size_t len = sequence_len(lead);
	struct character broken = { .len = 1 };

	if (len == 0 || len > text.len)
		return broken;
	wchar_t point = len == 1 ? lead : lead & (0x7f >> len);
	for (size_t i = 1; i < len; i++) {
		if ((text.data[i] & 0xc0) != 0x80)
			return broken;
		point = point << 6 | (text.data[i] & 0x3f);
	}
	if (!is_smallest_form(point, len))
		return broken;
	int columns = point == 0xad ? 0 : wcwidth(point);
	return (struct character){ .len = len, .columns = columns > 0 ? (size_t)columns : 0 };
}

/* Appends what is shown of the text. Returns the columns it takes. */
static size_t show(struct buffer *to, struct span text)
{
	size_t columns = 0;

	while (text.len) {
		struct character character = read_character(text);
		if (*text.data == '\t') {
			buffer_text(to, "    ");
			columns += 4;
		} else if (character.columns) {
			buffer_add(to, span_first(text, character.len));
			columns += character.columns;
		} else {
			for (size_t i = 0; i < character.len; i++)
				buffer_printf(to, "\\x%02x", (unsigned char)text.data[i]);
			columns += 4 * character.len;
		}
		text = span_skip(text, character.len);
	}
	return columns;
}

static bool is_inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The offset of the line's start, or of the first character of the window in it. */
static size_t window_start(struct span text, size_t at)
{
	size_t start = at;

	for (size_t characters = 0; start > 0 && text.data[start - 1] != '\n' && characters < WINDOW_BEFORE;)
		characters += !is_inside(text.data[--start]);
	return start;
}

static size_t window_end(struct span text, size_t at)
{
	size_t end = at;

	for (size_t characters = 0; end < text.len && text.data[end] != '\n' && text.data[end] != '\r'; end++) {
		characters += !is_inside(text.data[end]);
		if (characters > WINDOW_BEHIND)
			break;
	}
	return end;
}

static void add_times(struct buffer *to, char byte, size_t times)
{
	while (times-- > 0)
		buffer_add_byte(to, byte);
}

static void print_line(struct buffer *to, struct span text, const struct place_in_text *place)
{
	size_t at = place->offset < text.len ? place->offset : text.len;
	size_t start = window_start(text, at), end = window_end(text, at);
	size_t marked = place->len < end - at ? place->len : end - at;
	struct span before = { text.data + start, at - start };
	bool cut = start > 0 && text.data[start - 1] != '\n';

	buffer_text(to, cut ? "    ..." : "    ");
	size_t indent = (cut ? 7 : 4) + show(to, before);
	size_t carets = show(to, (struct span){ text.data + at, marked });
	show(to, (struct span){ text.data + at + marked, end - at - marked });
	if (end < text.len && text.data[end] != '\n' && text.data[end] != '\r')
		buffer_text(to, "...");
	buffer_text(to, "\n");
	add_times(to, ' ', indent);
	buffer_text(to, "^");
	add_times(to, '~', carets > 1 ? carets - 1 : 0);
	buffer_text(to, "\n");
}

void query_error_print(struct buffer *to, struct span text, const struct query_error *error)
{
	buffer_printf(to, "line %u, column %u: ", error->place.line, error->place.column);
	show(to, span_of(error->message));
	if (error->expected[0]) {
		buffer_text(to, ", expected ");
		show(to, span_of(error->expected));
	}
	buffer_text(to, "\n");
	print_line(to, text, &error->place);
}
