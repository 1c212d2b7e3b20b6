/*
 *   path  := [ '$' ] first { step }
 *   step  := '.' name | '.' '*' | '..' (name | '*' | '[' … ']') | '[' … ']'
 *            | '.[' … ']' | '*' behind a bracket: both as published
 *   name  := anything but '.' and '['
 */
#include "query/json_path.h"

#define INDEX_MAX INT32_MAX
#define PATH_MAX_BYTES 4096
#define STEPS_MAX 64 /* no JSON that is read nests deeper (json_scan.h) */

struct reader {
	struct span text;
	size_t at;
	struct arena *arena;
	struct json_path *path;
	const char *why; /* it is no path */
};

static int peek(const struct reader *reader)
{
	return reader->at < reader->text.len ? (unsigned char)reader->text.data[reader->at] : -1;
}

static bool take(struct reader *reader, char byte)
{
	if (peek(reader) != byte)
		return false;
	reader->at++;
	return true;
}

static bool refuse(struct reader *reader, const char *why)
{
	reader->why = why;
	return false;
}

static void skip_blanks(struct reader *reader)
{
	while (peek(reader) == ' ')
		reader->at++;
}

/* ---- what stands between brackets ---- */

static bool add_key(struct json_step *step, struct span key)
{
	step->kind = STEP_KEYS;
	step->keys[step->count++] = key;
	return true;
}

/* Bytes up to the quote that closes, or to the end. */
static size_t quoted_len(const struct reader *reader, char quote)
{
	struct span rest = span_skip(reader->text, reader->at + 1);
	size_t at = 0;

	while (at < rest.len && rest.data[at] != quote)
		at += rest.data[at] == '\\' ? 2 : 1;
	return at;
}

/* 'key' or "key"; a backslash takes the byte behind it as it is. */
static bool read_quoted(struct reader *reader, struct json_step *step)
{
	int quote = peek(reader), c;
	char *key = arena_alloc(reader->arena, quoted_len(reader, (char)quote));
	size_t len = 0;

	if (!key)
		return refuse(reader, "memory is out");
	reader->at++;
	while ((c = peek(reader)) != quote) {
		if (c == '\\') {
			reader->at++;
			c = peek(reader);
		}
		if (c < 0)
			return refuse(reader, "the quote around a key is not closed");
		key[len++] = (char)c;
		reader->at++;
	}
	reader->at++;
	return add_key(step, (struct span){ key, len });
}

static bool read_number(struct reader *reader, int64_t *number)
{
	bool negative = take(reader, '-');
	uint64_t digits;
	size_t used = span_decimal(span_skip(reader->text, reader->at), &digits);

	if (used == 0 || digits > INDEX_MAX)
		return refuse(reader, "a subscript is a number, a slice, * or a key in quotes: ['key']");
	reader->at += used;
	*number = negative ? -(int64_t)digits : (int64_t)digits;
	return true;
}

/* from : to : stride, each of which may be absent. */
static bool read_slice(struct reader *reader, struct json_step *step)
{
	step->kind = STEP_SLICE;
	step->to = INT64_MAX;
	step->stride = 1;
	if (peek(reader) != ']' && peek(reader) != ':' && !read_number(reader, &step->to))
		return false;
	if (take(reader, ':') && peek(reader) != ']' && !read_number(reader, &step->stride))
		return false;
	return step->stride > 0 || refuse(reader, "a slice goes forward: its stride is 1 or more");
}

static bool read_index(struct reader *reader, struct json_step *step)
{
	int64_t number = 0;

	if (peek(reader) != ':' && !read_number(reader, &number))
		return false;
	if (step->count == 0 && take(reader, ':')) {
		step->from = number;
		return read_slice(reader, step);
	}
	if (step->count && step->kind != STEP_INDEXES)
		return refuse(reader, "keys and indexes do not go together in one subscript");
	step->kind = STEP_INDEXES;
	step->indexes[step->count++] = number;
	return true;
}

static bool read_subscript_item(struct reader *reader, struct json_step *step)
{
	int c = peek(reader);

	if (c == '?' || c == '(')
		return refuse(reader, "proctor does not run filters and scripts in a path");
	if (c != '\'' && c != '"')
		return read_index(reader, step);
	if (step->count && step->kind != STEP_KEYS)
		return refuse(reader, "keys and indexes do not go together in one subscript");
	return read_quoted(reader, step);
}

/* Behind the opening bracket. */
static bool read_subscript(struct reader *reader, struct json_step *step)
{
	size_t most = 1;

	for (size_t i = reader->at; i < reader->text.len; i++)
		most += reader->text.data[i] == ',';
	step->keys = arena_alloc(reader->arena, most * sizeof(*step->keys));
	step->indexes = arena_alloc(reader->arena, most * sizeof(*step->indexes));
	if (!step->keys || !step->indexes)
		return refuse(reader, "memory is out");
	skip_blanks(reader);
	step->kind = STEP_ANY;
	if (!take(reader, '*')) {
		do {
			skip_blanks(reader);
			if (!read_subscript_item(reader, step))
				return false;
			skip_blanks(reader);
		} while (take(reader, ','));
	}
	skip_blanks(reader);
	return take(reader, ']') || refuse(reader, "a bracket is not closed");
}

/* ---- names ---- */

static bool read_name(struct reader *reader, struct json_step *step)
{
	size_t start = reader->at;

	while (peek(reader) >= 0 && peek(reader) != '.' && peek(reader) != '[')
		reader->at++;
	struct span name = span_first(span_skip(reader->text, start), reader->at - start);
	if (name.len == 0)
		return refuse(reader, "a key is missing");
	if (span_equal(name, SPAN("*"))) {
		step->kind = STEP_ANY;
		return true;
	}
	if (span_equal(name, SPAN("length()"))) {
		step->kind = STEP_LENGTH;
		return peek(reader) < 0 || refuse(reader, "length() is the end of a path");
	}
	if (span_ends(name, SPAN("()")))
		return refuse(reader, "the only function in a path is length()");
	step->keys = arena_alloc(reader->arena, sizeof(*step->keys));
	name = arena_copy(reader->arena, name);
	if (!step->keys || !name.data)
		return refuse(reader, "memory is out");
	return add_key(step, name);
}

static bool read_step(struct reader *reader, struct json_step *step, bool first)
{
	bool behind_bracket = reader->at && reader->text.data[reader->at - 1] == ']';

	if (take(reader, '[')) {
		return read_subscript(reader, step);
	}
	if (take(reader, '.')) {
		step->descend = take(reader, '.');
		return take(reader, '[') ? read_subscript(reader, step) : read_name(reader, step);
	}
	if (behind_bracket && take(reader, '*')) {
		step->kind = STEP_ANY;
		return true;
	}
	return first ? read_name(reader, step) : refuse(reader, "a dot or a bracket belongs between two keys");
}

const char *json_path_parse(struct span text, struct arena *arena, struct json_path *path)
{
	struct reader reader = { .text = text, .arena = arena, .path = path };
	bool first = !take(&reader, '$');

	if (text.len == 0 || text.len > PATH_MAX_BYTES)
		return text.len ? "the path is longer than 4,096 bytes" : "the path is empty";
	*path = (struct json_path){ .steps = arena_alloc(arena, STEPS_MAX * sizeof(*path->steps)) };
	if (!path->steps)
		return "memory is out";
	for (; reader.at < text.len; first = false) {
		if (path->count == STEPS_MAX)
			return "the path has more than 64 steps";
		struct json_step *step = &path->steps[path->count];
		*step = (struct json_step){ 0 };
		if (!read_step(&reader, step, first))
			return reader.why;
		path->count++;
		path->many |= json_step_is_many(step);
	}
	return NULL;
}

/* ---- what a step takes ---- */

bool json_step_is_many(const struct json_step *step)
{
	return step->descend || step->kind == STEP_ANY || step->kind == STEP_SLICE || step->count > 1;
}

bool json_step_takes_key(const struct json_step *step, struct span key)
{
	if (step->kind == STEP_ANY)
		return true;
	for (size_t i = 0; step->kind == STEP_KEYS && i < step->count; i++)
		if (span_equal(step->keys[i], key))
			return true;
	return false;
}

static int64_t from_start(int64_t index, int64_t length)
{
	return index < 0 ? index + length : index;
}

bool json_step_takes_index(const struct json_step *step, int64_t index, int64_t length)
{
	int64_t from;

	switch (step->kind) {
	case STEP_ANY:
		return true;
	case STEP_INDEXES:
		for (size_t i = 0; i < step->count; i++)
			if (from_start(step->indexes[i], length) == index)
				return true;
		return false;
	case STEP_SLICE:
		from = from_start(step->from, length);
		from = from < 0 ? 0 : from;
		return index >= from && index < from_start(step->to, length) && (index - from) % step->stride == 0;
	case STEP_KEYS:
	case STEP_LENGTH:
		break;
	}
	return false;
}

bool json_step_needs_length(const struct json_step *step)
{
	for (size_t i = 0; step->kind == STEP_INDEXES && i < step->count; i++)
		if (step->indexes[i] < 0)
			return true;
	return step->kind == STEP_SLICE && (step->from < 0 || step->to < 0);
}
