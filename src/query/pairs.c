/*
 * All offsets only ever go forward, but for the look back from a delimiter to
 * its key, which ends where the pair before it ended: time grows with the
 * length of the text.
 */
#include "query/pairs.h"

static int at(struct span text, size_t i)
{
	return i < text.len ? (unsigned char)text.data[i] : -1;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_quote(int c)
{
	return c == '"' || c == '\'';
}

static bool is_letter(int c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c >= 0x80;
}

static bool is_key_byte(int c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '/' || c == '@' || c == '[' ||
	       c == ']';
}

/* A word goes on here, so that a key beside it is only a part of it. */
static bool is_word_byte(int c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

/* Length of the delimiter at the place, or 0. */
static size_t delimiter_at(const struct pairs *pairs, struct span text, size_t i)
{
	struct span rest = span_skip(text, i);

	if (pairs->delimiter.len)
		return span_starts(rest, pairs->delimiter) ? pairs->delimiter.len : 0;
	if (i < text.len && (text.data[i] == '=' || text.data[i] == ':'))
		return 1;
	return span_starts(rest, SPAN("->")) ? 2 : 0;
}

/* ---- values ---- */

/* Offset of the quote that closes the one at `start`, or text.len. */
static size_t closing_quote(struct span text, size_t start)
{
	size_t i = start + 1;

	while (i < text.len && text.data[i] != text.data[start])
		i += text.data[i] == '\\' ? 2 : 1;
	return i < text.len ? i : text.len;
}

static bool ends_value(int c)
{
	return c < 0 || is_space(c) || c == ',' || c == ';';
}

/* End of a value that is not in quotes. */
static size_t value_end(struct span text, size_t start)
{
	size_t i = start, open = 0;
	bool in_query = false;

	for (; at(text, i) >= 0 && !is_space(at(text, i)); i++) {
		char c = text.data[i];
		if (open == 0 && ends_value(c))
			break;
		if (c == '(' || c == '[' || c == '{')
			open++;
		else if ((c == ')' || c == ']' || c == '}') && open-- == 0)
			break;
		else if (is_quote(c) && (ends_value(at(text, i + 1)) || strchr(")]}", text.data[i + 1])))
			break;
		else if (c == '&' && !in_query)
			break;
		in_query |= c == '?';
	}
	return i;
}

/* The value at the place, and the place behind it. */
static struct span read_value(struct span text, size_t start, size_t *behind)
{
	if (is_quote(at(text, start))) {
		size_t end = closing_quote(text, start);
		if (end < text.len) {
			*behind = end + 1;
			return span_first(span_skip(text, start + 1), end - start - 1);
		}
	}
	*behind = value_end(text, start);
	return span_first(span_skip(text, start), *behind - start);
}

/*
 * Behind a delimiter that ends at `i`. Blanks before the value are passed
 * over, but not behind a tight =, where they say that there is none: a= b=2
 */
static size_t value_start(struct span text, size_t i, bool tight)
{
	if (tight && text.data[i - 1] == '=')
		return i;
	while (is_blank(at(text, i)))
		i++;
	return i;
}

/* ---- pairs ---- */

/* Whether a key that ends at `end` has a value, and which. */
static bool value_behind(const struct pairs *pairs, struct span text, size_t end, struct span *value)
{
	size_t i = end, behind;

	while (is_blank(at(text, i)))
		i++;
	size_t delimiter = delimiter_at(pairs, text, i);
	if (delimiter == 0)
		return false;
	*value = read_value(text, value_start(text, i + delimiter, i == end), &behind);
	return true;
}

bool pairs_find(const struct pairs *pairs, struct span text, struct span key, struct span *value)
{
	size_t start = 0;

	if (key.len == 0)
		return false;
	for (;;) {
		size_t found = span_find(span_skip(text, start), key);
		if (found == text.len - start)
			return false;
		start += found;
		size_t end = start + key.len;
		int before = start ? at(text, start - 1) : -1;
		if (is_quote(before) && at(text, end) == before)
			end++;
		if (!is_word_byte(before) && value_behind(pairs, text, end, value))
			return true;
		start++;
	}
}

/* The key in front of a delimiter, not before `least`. Empty when there is none. */
static struct span key_before(struct span text, size_t least, size_t delimiter)
{
	size_t end = delimiter, start;

	while (end > least && is_blank(text.data[end - 1]))
		end--;
	if (end > least && is_quote(text.data[end - 1])) {
		char quote = text.data[--end];
		for (start = end; start > least && text.data[start - 1] != quote;)
			start--;
		return start > least ? span_first(span_skip(text, start), end - start) : (struct span){ 0 };
	}
	for (start = end; start > least && is_key_byte((unsigned char)text.data[start - 1]);)
		start--;
	while (start < end && !is_letter((unsigned char)text.data[start]) && strchr("[]@/.-", text.data[start]))
		start++;
	return span_first(span_skip(text, start), end - start);
}

bool pairs_next(const struct pairs *pairs, struct span text, size_t *from, struct pair *pair)
{
	size_t least = *from, behind;

	for (size_t i = least; i < text.len; i++) {
		size_t delimiter = delimiter_at(pairs, text, i);
		if (delimiter == 0)
			continue;
		pair->key = key_before(text, least, i);
		bool tight = pair->key.data && pair->key.data + pair->key.len == text.data + i;
		struct span rest = span_skip(text, i);
		least = i + delimiter;
		if (!pair->key.data || pair->key.len == 0 || !is_letter((unsigned char)pair->key.data[0]) ||
		    span_starts(rest, SPAN("://")))
			continue;
		pair->value = read_value(text, value_start(text, i + delimiter, tight), &behind);
		*from = behind;
		return true;
	}
	*from = text.len;
	return false;
}
