/*
 * JSON (RFC 8259) as far as is needed to know where an object ends, and to
 * notice soon that something is none: a stray '{' at the start of a line must
 * not swallow the log behind it. An object is given up at the first token
 * that its grammar does not allow, at a newline in a string, and at a line
 * that begins with '{' in its first column: there a new document starts.
 *
 *            ┌──────────── ',' ───────────┐
 *            ▼                            │
 *   '{' → KEY_OR_END → ':' COLON → VALUE ─┴→ COMMA_OR_END → '}' 
 */
#include "decode/extent.h"

enum {
	EXPECT_START,
	EXPECT_KEY_OR_END,
	EXPECT_KEY,
	EXPECT_COLON,
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END,
	EXPECT_COMMA_OR_END,
};

static bool in_object(const struct json_extent *extent)
{
	unsigned level = extent->depth - 1;

	return extent->object[level / 64] >> (level % 64) & 1;
}

static bool value_allowed(const struct json_extent *extent)
{
	return extent->expect == EXPECT_VALUE || extent->expect == EXPECT_VALUE_OR_END;
}

static bool open_level(struct json_extent *extent, bool object)
{
	if (extent->depth == EXTENT_DEPTH_MAX)
		return false;
	if (extent->expect == EXPECT_START ? !object : !value_allowed(extent))
		return false;
	unsigned level = extent->depth++;
	uint64_t bit = (uint64_t)1 << (level % 64);
	extent->object[level / 64] = object ? extent->object[level / 64] | bit : extent->object[level / 64] & ~bit;
	extent->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	return true;
}

static bool close_level(struct json_extent *extent, bool object)
{
	if (extent->depth == 0 || in_object(extent) != object)
		return false;
	if (extent->expect != EXPECT_COMMA_OR_END &&
	    extent->expect != (object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END))
		return false;
	extent->depth--;
	extent->expect = EXPECT_COMMA_OR_END;
	return true;
}

static bool take_comma(struct json_extent *extent)
{
	if (extent->expect != EXPECT_COMMA_OR_END || extent->depth == 0)
		return false;
	extent->expect = in_object(extent) ? EXPECT_KEY : EXPECT_VALUE;
	return true;
}

static bool open_string(struct json_extent *extent)
{
	if (extent->expect == EXPECT_KEY || extent->expect == EXPECT_KEY_OR_END)
		extent->expect = EXPECT_COLON;
	else if (value_allowed(extent))
		extent->expect = EXPECT_COMMA_OR_END;
	else
		return false;
	extent->in_string = true;
	return true;
}

static bool is_scalar_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' ||
	       c == '.';
}

static bool open_scalar(struct json_extent *extent, char c)
{
	if (!value_allowed(extent) || !is_scalar_char(c))
		return false;
	extent->expect = EXPECT_COMMA_OR_END;
	extent->in_scalar = true;
	return true;
}

/* One byte outside of strings; false when it cannot stand there. */
static bool take_token(struct json_extent *extent, char c)
{
	if (extent->in_scalar && is_scalar_char(c))
		return true;
	extent->in_scalar = false;
	switch (c) {
	case '{':
		return !(extent->line_start && extent->depth) && open_level(extent, true);
	case '[':
		return open_level(extent, false);
	case '}':
		return close_level(extent, true);
	case ']':
		return close_level(extent, false);
	case ',':
		return take_comma(extent);
	case '"':
		return open_string(extent);
	case ':':
		if (extent->expect != EXPECT_COLON)
			return false;
		extent->expect = EXPECT_VALUE;
		return true;
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return true;
	default:
		return open_scalar(extent, c);
	}
}

/* Inside of a string: returns how many bytes it takes of the text, or SIZE_MAX at a newline. */
static size_t take_string(struct json_extent *extent, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c == '\n')
			return SIZE_MAX;
		if (extent->escaped) {
			extent->escaped = false;
		} else if (c == '\\') {
			extent->escaped = true;
		} else if (c == '"') {
			extent->in_string = false;
			return i + 1;
		}
	}
	return text.len;
}

enum extent_result json_extent(struct json_extent *extent, struct span text, size_t *used)
{
	size_t i = 0;

	while (i < text.len) {
		if (extent->in_string) {
			size_t taken = take_string(extent, span_skip(text, i));
			if (taken == SIZE_MAX) {
				*used = i + span_index(span_skip(text, i), '\n');
				return EXTENT_BROKEN;
			}
			i += taken;
			continue;
		}
		if (!take_token(extent, text.data[i])) {
			*used = i;
			return EXTENT_BROKEN;
		}
		extent->line_start = text.data[i] == '\n';
		i++;
		if (extent->depth == 0 && extent->expect == EXPECT_COMMA_OR_END) {
			*used = i;
			return EXTENT_DONE;
		}
	}
	*used = i;
	return EXTENT_MORE;
}

/* A whole line of an export entry has been read. */
static enum extent_result export_line(struct export_extent *extent)
{
	bool empty = extent->line_len == 0, binary = !extent->has_equals;

	extent->line_len = 0;
	extent->has_equals = false;
	if (empty)
		return EXTENT_DONE;
	if (binary) {
		extent->in_size = true;
		extent->size = 0;
		extent->size_bytes = 0;
	}
	return EXTENT_MORE;
}

/* A name of [A-Z0-9_] and then '=' or the end of the line. */
static bool export_name_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* As much of one line as there is; false when it is no field. */
static bool export_take_line(struct export_extent *extent, struct span text, size_t *i, bool *ended)
{
	*ended = false;
	for (; *i < text.len; (*i)++) {
		char c = text.data[*i];
		if (c == '\n') {
			(*i)++;
			*ended = true;
			return true;
		}
		if (c == '\r')
			continue;
		if (extent->has_equals) {
			size_t rest = span_index(span_skip(text, *i), '\n');
			extent->line_len += rest;
			*i += rest - 1;
			continue;
		}
		if (c == '=' && extent->line_len)
			extent->has_equals = true;
		else if (!export_name_byte(c))
			return false;
		extent->line_len++;
	}
	return true;
}

/* The eight bytes, least significant first, that tell how long a binary field is, and with its newline that field. */
static bool export_take_binary(struct export_extent *extent, struct span text, size_t *i)
{
	for (; extent->in_size && *i < text.len; (*i)++) {
		extent->size |= (uint64_t)(unsigned char)text.data[*i] << (8 * extent->size_bytes++);
		if (extent->size_bytes < 8)
			continue;
		if (extent->size > EXTENT_BYTES_MAX)
			return false;
		extent->in_size = false;
		extent->in_data = true;
		extent->data_left = extent->size + 1;
	}
	if (extent->in_data) {
		size_t take = text.len - *i < extent->data_left ? text.len - *i : (size_t)extent->data_left;
		*i += take;
		extent->data_left -= take;
		extent->in_data = extent->data_left > 0;
	}
	return true;
}

enum extent_result export_extent(struct export_extent *extent, struct span text, size_t *used)
{
	enum extent_result result = EXTENT_MORE;
	bool fine = true, ended;
	size_t i = 0;

	while (i < text.len && result == EXTENT_MORE && fine) {
		if (extent->in_size || extent->in_data) {
			fine = export_take_binary(extent, text, &i);
			continue;
		}
		fine = export_take_line(extent, text, &i, &ended);
		if (fine && ended)
			result = export_line(extent);
	}
	*used = i;
	return fine ? result : EXTENT_BROKEN;
}

enum extent_result csv_extent(struct csv_extent *extent, struct span text, size_t *used)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			extent->quoted = !extent->quoted;
		if (text.data[i] == '\n' && !extent->quoted) {
			*used = i + 1;
			return EXTENT_DONE;
		}
	}
	*used = text.len;
	return EXTENT_MORE;
}
