/*
 * Text for HTML and for XML, between tags and in quoted attributes. All that
 * is markup becomes a reference, so that one function serves both places.
 */
#include "sink/escape.h"

#include "sink/escape_unit.h"

/* More marks in a row than any script needs would paint over the lines around. */
#define MARKS_MAX 2

static bool is_mark(uint32_t point)
{
	return in(point, 0x300, 0x36f) || in(point, 0x483, 0x489) || in(point, 0x1ab0, 0x1aff) ||
	       in(point, 0x1dc0, 0x1dff) || in(point, 0x20d0, 0x20ff) || in(point, 0xfe20, 0xfe2f);
}

/* XML has no way to write them, and HTML calls them an error. */
static bool is_no_character(uint32_t point)
{
	return (point & 0xfffe) == 0xfffe || in(point, 0xfdd0, 0xfdef);
}

static const char *reference(uint32_t point)
{
	switch (point) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

static void add_unit(struct buffer *to, const struct unit *unit, struct span rest, unsigned marks)
{
	struct span bytes = span_first(rest, unit->len);
	const char *as = unit->valid ? reference(unit->point) : NULL;

	if (as)
		buffer_text(to, as);
	else if (!unit->valid || is_control(unit->point) || is_invisible(unit->point) || is_no_character(unit->point) ||
		 is_fake_escape(rest) || marks > MARKS_MAX)
		add_bytes_visibly(to, bytes);
	else
		buffer_add(to, bytes);
}

size_t escape_html(struct buffer *to, struct span text, size_t max)
{
	unsigned marks = 0;
	size_t left = text.len > max ? text.len - max : 0;

	for (text.len -= left; text.len;) {
		struct unit unit = read_unit(text);
		marks = unit.valid && is_mark(unit.point) ? marks + 1 : 0;
		add_unit(to, &unit, text, marks);
		text = span_skip(text, unit.len);
	}
	return left;
}
