#include "query/json_value.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Behind the string that begins at p, with its quote. */
static const char *behind_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\';
	return p < end ? p + 1 : end;
}

/* The first blank outside of strings from p on, or end. */
static const char *next_blank(const char *p, const char *end)
{
	while (p < end && !is_blank(*p))
		p = *p == '"' ? behind_string(p, end) : p + 1;
	return p;
}

struct span json_compact(struct span text, struct row *row)
{
	const char *p = text.data, *end = text.data + text.len, *blank = next_blank(p, end);
	char *room, *to;

	if (blank == end)
		return text;
	room = to = row_room(row, text.len);
	if (!room)
		return (struct span){ 0 };
	for (; p < end; blank = next_blank(p, end)) {
		memcpy(to, p, (size_t)(blank - p));
		to += blank - p;
		for (p = blank; p < end && is_blank(*p);)
			p++;
	}
	return (struct span){ room, (size_t)(to - room) };
}

struct value json_value(const struct json_token *token, struct row *row)
{
	switch (token->kind) {
	case JSON_NULL:
		return VALUE_OF_NULL;
	case JSON_STRING:
		return value_text(json_text(token, &row->arena));
	case JSON_OBJECT:
	case JSON_ARRAY:
		return value_text(json_compact(token->text, row));
	case JSON_FALSE:
	case JSON_TRUE:
	case JSON_NUMBER:
		break;
	}
	return value_text(token->text);
}

struct span json_written(const struct json_token *token)
{
	if (token->kind == JSON_STRING)
		return (struct span){ token->text.data - 1, token->text.len + 2 };
	return token->text;
}

bool json_read_all(struct json_scan *scan, struct json_token *token)
{
	unsigned outside = scan->depth - 1;
	struct json_token inner;

	while (scan->depth > outside && !scan->failed)
		json_next(scan, &inner);
	token->text.len = (size_t)(scan->at - token->text.data);
	return !scan->failed;
}

bool json_at_end(const struct json_scan *scan)
{
	const char *p = scan->at;

	while (p < scan->end && is_blank(*p))
		p++;
	return p == scan->end && !scan->failed;
}
