#include "query/date_pattern.h"

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* The text between quotes from its head on, with '' for one quote. False when it is not closed. */
static bool take_quoted(struct span *rest, struct span *text, struct arena *arena)
{
	char *copy = arena_alloc(arena, rest->len);
	size_t at = 0, len = 0;

	if (!copy)
		return false;
	for (; at < rest->len; at++) {
		if (rest->data[at] == '\'' && (at + 1 == rest->len || rest->data[at + 1] != '\''))
			break;
		at += rest->data[at] == '\'';
		copy[len++] = rest->data[at];
	}
	*text = (struct span){ copy, len };
	bool closed = at < rest->len;
	*rest = span_skip(*rest, at + 1);
	return closed;
}

static const char *take_part(struct span *rest, struct date_part *part, struct arena *arena)
{
	char c = rest->data[0];
	size_t len = 1;

	*part = (struct date_part){ 0 };
	if (span_starts(*rest, SPAN("''"))) {
		part->text = span_first(*rest, 1);
		*rest = span_skip(*rest, 2);
		return NULL;
	}
	if (c == '\'') {
		*rest = span_skip(*rest, 1);
		return take_quoted(rest, &part->text, arena) ? NULL : "a quote in this date pattern is not closed";
	}
	if (is_letter(c)) {
		while (len < rest->len && rest->data[len] == c)
			len++;
		part->letter = c;
		part->count = (unsigned)len;
	} else {
		while (len < rest->len && !is_letter(rest->data[len]) && rest->data[len] != '\'')
			len++;
		part->text = span_first(*rest, len);
	}
	*rest = span_skip(*rest, len);
	return c && is_letter(c) && !strchr("GyYMLwWDdFEuaHkKhmsSzZX", c)
		       ? "a letter of this date pattern means nothing: other text stands between single quotes"
		       : NULL;
}

const char *date_pattern_read(struct date_pattern *pattern, struct span text, struct arena *arena)
{
	const char *why = NULL;

	if (text.len > DATE_PATTERN_MAX)
		return "a date pattern is longer than 256 characters";
	*pattern = (struct date_pattern){ .parts = arena_alloc(arena, (text.len + 1) * sizeof(struct date_part)) };
	if (!pattern->parts)
		return "memory is out for a date pattern";
	while (text.len && !why)
		why = take_part(&text, &pattern->parts[pattern->count++], arena);
	for (size_t i = 0; i < pattern->count && !why; i++)
		if (pattern->parts[i].letter == 'X' && pattern->parts[i].count > 3)
			why = "X stands once to three times in a date pattern";
	return why;
}

bool date_pattern_parses(const struct date_pattern *pattern)
{
	for (size_t i = 0; i < pattern->count; i++)
		if (pattern->parts[i].letter && strchr("YwWFu", pattern->parts[i].letter))
			return false;
	return true;
}
