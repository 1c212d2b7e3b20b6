/*
 *              ┌───────── json_next: '{' or '[' ──────────┐
 *              │                                          ▼
 *   depth d ───┤ json_next: scalar, stays      depth d + 1, no comma due
 *              │                                          │
 *              └◀── json_next: bracket closes, false ─────┘
 *                   json_skip: all of it at once
 *
 * Invariants: `at` never goes back; once `failed`, nothing more is read;
 * depth <= JSON_DEPTH_MAX, so that one word holds the kinds of all brackets.
 */
#include "base/json_scan.h"

#include "base/words.h"

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

void json_start(struct json_scan *scan, struct span text)
{
	*scan = (struct json_scan){ .at = text.data, .end = text.data + text.len };
}

static bool fail(struct json_scan *scan)
{
	scan->failed = true;
	scan->stopped = scan->at;
	scan->at = scan->end;
	scan->depth = 0;
	return false;
}

/* The next quote or backslash, or `end`. */
static const char *next_special(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t word = word_load(p), found = word_equal(word, '"') | word_equal(word, '\\');
		if (found)
			return p + word_first(found);
	}
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* The closing quote of a string that begins at p, or NULL. */
static const char *string_end(const char *p, const char *end, bool *escaped)
{
	*escaped = false;
	for (p = next_special(p, end); p < end; p = next_special(p, end)) {
		if (*p == '"')
			return p;
		*escaped = true;
		if (end - p < 2)
			return NULL;
		p += 2;
	}
	return NULL;
}

static bool enter(struct json_scan *scan, bool object)
{
	if (scan->depth == JSON_DEPTH_MAX)
		return fail(scan);
	uint64_t bit = (uint64_t)1 << scan->depth++;
	scan->objects = object ? scan->objects | bit : scan->objects & ~bit;
	scan->after = false;
	return true;
}

/* The bracket at `at` must close the innermost container. */
static bool leave(struct json_scan *scan)
{
	if (scan->depth == 0)
		return fail(scan);
	bool object = scan->objects >> (scan->depth - 1) & 1;
	if (*scan->at != (object ? '}' : ']'))
		return fail(scan);
	scan->depth--;
	scan->at++;
	scan->after = true;
	return true;
}

static bool read_string(struct json_scan *scan, struct span *text, bool *escaped)
{
	const char *start = scan->at + 1, *quote = string_end(start, scan->end, escaped);

	if (!quote)
		return fail(scan);
	*text = (struct span){ start, (size_t)(quote - start) };
	scan->at = quote + 1;
	return true;
}

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' ||
	       c == '.';
}

static bool read_word(struct json_scan *scan, struct json_token *token)
{
	static const struct {
		struct span word;
		enum json_kind kind;
	} words[] = {
		{ SPAN("null"), JSON_NULL }, { SPAN("false"), JSON_FALSE },   { SPAN("true"), JSON_TRUE },
		{ SPAN("NaN"), JSON_NULL },  { SPAN("Infinity"), JSON_NULL }, { SPAN("-Infinity"), JSON_NULL },
	};
	const char *start = scan->at;

	while (scan->at < scan->end && is_word_byte(*scan->at))
		scan->at++;
	token->text = (struct span){ start, (size_t)(scan->at - start) };
	bool digit = (unsigned char)(*start - '0') < 10;
	for (size_t i = 0; !digit && i < sizeof(words) / sizeof(*words); i++)
		if (span_equal(token->text, words[i].word)) {
			token->kind = words[i].kind;
			return true;
		}
	struct span digits = span_skip(token->text, *start == '-');
	if (digits.len == 0 || (unsigned char)(digits.data[0] - '0') > 9)
		return fail(scan);
	token->kind = JSON_NUMBER;
	return true;
}

static bool read_value(struct json_scan *scan, struct json_token *token)
{
	char c = *scan->at;

	token->escaped = false;
	if (c == '"') {
		token->kind = JSON_STRING;
		scan->after = true;
		return read_string(scan, &token->text, &token->escaped);
	}
	if (c == '{' || c == '[') {
		token->kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
		token->text = (struct span){ scan->at, 1 };
		if (!enter(scan, c == '{'))
			return false;
		scan->at++;
		return true;
	}
	scan->after = true;
	return read_word(scan, token);
}

static bool read_key(struct json_scan *scan, struct json_token *token)
{
	bool escaped;

	if (*scan->at != '"')
		return fail(scan);
	if (!read_string(scan, &token->key, &escaped))
		return false;
	scan->at = skip_blanks(scan->at, scan->end);
	if (scan->at == scan->end || *scan->at != ':')
		return fail(scan);
	scan->at = skip_blanks(scan->at + 1, scan->end);
	return scan->at < scan->end || fail(scan);
}

bool json_next(struct json_scan *scan, struct json_token *token)
{
	scan->at = skip_blanks(scan->at, scan->end);
	if (scan->at < scan->end && *scan->at == ',' && (scan->after || scan->depth == 0)) {
		scan->after = false;
		scan->at = skip_blanks(scan->at + 1, scan->end);
	}
	if (scan->at == scan->end) {
		if (scan->depth)
			fail(scan);
		return false;
	}
	if (*scan->at == '}' || *scan->at == ']') {
		leave(scan);
		return false;
	}
	if (scan->after && scan->depth)
		return fail(scan);
	token->key = (struct span){ NULL, 0 };
	if (scan->depth && scan->objects >> (scan->depth - 1) & 1 && !read_key(scan, token))
		return false;
	return read_value(scan, token);
}

/* Offset of the next quote or bracket. */
static const char *next_mark(const char *p, const char *end)
{
	static const bool marks[256] = { ['"'] = true, ['{'] = true, ['}'] = true, ['['] = true, [']'] = true };

	while (p < end && !marks[(unsigned char)*p])
		p++;
	return p;
}

void json_skip(struct json_scan *scan, struct json_token *token)
{
	unsigned outside = scan->depth - 1;
	bool escaped;
	struct span text;

	if (scan->failed)
		return;
	while (scan->depth > outside) {
		scan->at = next_mark(scan->at, scan->end);
		if (scan->at == scan->end) {
			fail(scan);
			break;
		}
		if (*scan->at == '"') {
			if (!read_string(scan, &text, &escaped))
				break;
		} else if (*scan->at == '{' || *scan->at == '[') {
			if (!enter(scan, *scan->at == '{'))
				break;
			scan->at++;
		} else if (!leave(scan)) {
			break;
		}
	}
	scan->after = true;
	token->text.len = (size_t)(scan->at - token->text.data);
}
