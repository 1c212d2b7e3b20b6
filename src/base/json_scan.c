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

#include "base/json_marks.h"

static inline const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (unsigned char)*p <= ' ' && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

void json_start(struct json_scan *scan, struct span text)
{
	*scan = (struct json_scan){ .at = text.data, .end = text.data + text.len };
}

static bool fail(struct json_scan *scan, const char *at)
{
	scan->failed = true;
	scan->stopped = at;
	scan->at = scan->end;
	scan->depth = 0;
	return false;
}

/* The first quote behind the backslash at p that none stands in front of, or `end`. */
static __attribute__((noinline)) const char *behind_escapes(const char *p, const char *end)
{
	while (p < end && *p != '"')
		p = end - p < 2 ? end : json_special(p + 2, end);
	return p;
}

/* The closing quote of a string that begins at p, or NULL. */
static inline __attribute__((always_inline)) const char *string_end(const char *p, const char *end, bool *escaped)
{
	p = json_special(p, end);
	*escaped = p < end && *p != '"';
	if (*escaped)
		p = behind_escapes(p, end);
	return p < end ? p : NULL;
}

/* The bracket at p opens a container. */
static bool enter(struct json_scan *scan, const char *p)
{
	if (scan->depth == JSON_DEPTH_MAX)
		return fail(scan, p);
	uint64_t bit = (uint64_t)1 << scan->depth++;
	scan->objects = *p == '{' ? scan->objects | bit : scan->objects & ~bit;
	scan->after = false;
	scan->at = p + 1;
	return true;
}

static inline bool in_object(const struct json_scan *scan)
{
	return scan->depth && scan->objects >> (scan->depth - 1) & 1;
}

/* The bracket at p must close the innermost container. */
static bool leave(struct json_scan *scan, const char *p)
{
	if (scan->depth == 0 || *p != (in_object(scan) ? '}' : ']'))
		return fail(scan, p);
	scan->depth--;
	scan->at = p + 1;
	scan->after = true;
	return true;
}

static inline bool is_word_byte(char c)
{
	static const bool of_words[256] = {
		['0' ... '9'] = true, ['a' ... 'z'] = true, ['A' ... 'Z'] = true,
		['-'] = true,	      ['+'] = true,	    ['.'] = true,
	};

	return of_words[(unsigned char)c];
}

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* A word that is no number, or a number with a sign; what is none of JSON's fails. */
static bool take_word(struct json_scan *scan, struct json_token *token)
{
	static const struct {
		struct span word;
		enum json_kind kind;
	} words[] = {
		{ SPAN("null"), JSON_NULL }, { SPAN("false"), JSON_FALSE },   { SPAN("true"), JSON_TRUE },
		{ SPAN("NaN"), JSON_NULL },  { SPAN("Infinity"), JSON_NULL }, { SPAN("-Infinity"), JSON_NULL },
	};
	struct span text = token->text;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (span_equal(text, words[i].word)) {
			token->kind = words[i].kind;
			return true;
		}
	token->kind = JSON_NUMBER;
	return (text.len > 1 && text.data[0] == '-' && is_digit(text.data[1])) || fail(scan, scan->at);
}

static inline bool read_word(struct json_scan *scan, const char *p, struct json_token *token)
{
	const char *start = p, *end = scan->end;

	while (p < end && is_word_byte(*p))
		p++;
	token->text = (struct span){ start, (size_t)(p - start) };
	token->kind = JSON_NUMBER;
	scan->at = p;
	return (p > start && is_digit(*start)) || take_word(scan, token);
}

static inline bool read_value(struct json_scan *scan, const char *p, struct json_token *token)
{
	char c = *p;

	token->escaped = false;
	if (c == '{' || c == '[') {
		token->kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
		token->text = (struct span){ p, 1 };
		return enter(scan, p);
	}
	scan->after = true;
	if (c != '"')
		return read_word(scan, p, token);
	const char *quote = string_end(p + 1, scan->end, &token->escaped);
	token->kind = JSON_STRING;
	if (!quote)
		return fail(scan, p);
	token->text = (struct span){ p + 1, (size_t)(quote - p - 1) };
	scan->at = quote + 1;
	return true;
}

/* Returns where the value begins; NULL with *stopped: there is none. */
static inline const char *read_key(const struct json_scan *scan, const char *p, struct span *key, const char **stopped)
{
	const char *end = scan->end, *quote;
	bool escaped;

	*stopped = p;
	if (*p != '"' || !(quote = string_end(p + 1, end, &escaped)))
		return NULL;
	*key = (struct span){ p + 1, (size_t)(quote - p - 1) };
	*stopped = p = skip_blanks(quote + 1, end);
	if (p == end || *p != ':')
		return NULL;
	*stopped = p = skip_blanks(p + 1, end);
	return p < end ? p : NULL;
}

/* False, both at the end of all containers and amidst one, where it is too early. */
static bool end_text(struct json_scan *scan)
{
	return scan->depth ? fail(scan, scan->end) : false;
}

static bool end_container(struct json_scan *scan, const char *p)
{
	leave(scan, p);
	return false;
}

bool json_next(struct json_scan *scan, struct json_token *token)
{
	const char *p = skip_blanks(scan->at, scan->end), *stopped;

	if (p < scan->end && *p == ',' && (scan->after || scan->depth == 0)) {
		scan->after = false;
		p = skip_blanks(p + 1, scan->end);
	}
	scan->at = p;
	if (p == scan->end)
		return end_text(scan);
	if (*p == '}' || *p == ']')
		return end_container(scan, p);
	if (scan->after && scan->depth)
		return fail(scan, p);
	token->key = (struct span){ NULL, 0 };
	if (in_object(scan) && !(p = read_key(scan, p, &token->key, &stopped)))
		return fail(scan, stopped);
	return read_value(scan, p, token);
}

/* ---- over all of a container ---- */

/* Offset of the next quote or bracket. */
static const char *next_mark(const char *p, const char *end)
{
	static const bool marks[256] = { ['"'] = true, ['{'] = true, ['}'] = true, ['['] = true, [']'] = true };

	while (p < end && !marks[(unsigned char)*p])
		p++;
	return p;
}

/* The bracket at p. False: it was the last one, or it failed. */
static inline bool pass_bracket(struct json_scan *scan, unsigned outside, const char *p)
{
	if (*p != '{' && *p != '[')
		return leave(scan, p) && scan->depth > outside;
	return enter(scan, p);
}

/* Mark by mark, to `until` at least. False: likewise. */
static bool pass_marks(struct json_scan *scan, unsigned outside, const char *until)
{
	bool escaped;

	while (scan->at < until) {
		const char *p = next_mark(scan->at, scan->end), *quote;
		scan->at = p;
		if (p == scan->end)
			break;
		if (*p != '"') {
			if (!pass_bracket(scan, outside, p))
				return false;
		} else if ((quote = string_end(p + 1, scan->end, &escaped))) {
			scan->at = quote + 1;
		} else {
			return fail(scan, p);
		}
	}
	return true;
}

/* Each bit from one that is set to the next, without that. */
static inline uint64_t between(uint64_t bits)
{
	bits ^= bits << 1;
	bits ^= bits << 2;
	bits ^= bits << 4;
	bits ^= bits << 8;
	bits ^= bits << 16;
	return bits ^ bits << 32;
}

/* What backslashes stand in front of, `first`: of the block's first byte, too. Tells in it whether of the next one's. */
static inline uint64_t escaped_by(uint64_t backslashes, bool *first)
{
	uint64_t escaped = *first;

	for (*first = false; backslashes; backslashes &= backslashes - 1) {
		uint64_t backslash = backslashes & -backslashes;
		if (escaped & backslash)
			continue;
		escaped |= backslash << 1;
		*first |= backslash >> 63;
	}
	return escaped;
}

/* Those of the block at p that stand outside of strings. False: likewise. */
static inline bool pass_brackets(struct json_scan *scan, unsigned outside, const char *p, uint64_t brackets)
{
	for (; brackets; brackets &= brackets - 1)
		if (!pass_bracket(scan, outside, p + __builtin_ctzll(brackets)))
			return false;
	return true;
}

/*
 * Block by block. `string` is where the string begins that a block ends in. A backslash outside of strings escapes
 * nothing: from there on, what is no JSON is passed mark by mark.
 */
static bool pass_blocks(struct json_scan *scan, unsigned outside)
{
	const char *p = scan->at, *string = NULL, *end = scan->end;
	char room[JSON_BLOCK] = { 0 };
	bool first = false;

	for (; p < end; p += JSON_BLOCK) {
		bool whole = end - p >= JSON_BLOCK;
		if (!whole)
			memcpy(room, p, (size_t)(end - p));
		struct json_block block = json_block_at(whole ? p : room);
		block.quotes &= ~escaped_by(block.backslashes, &first);
		uint64_t inside = between(block.quotes) ^ (string ? UINT64_MAX : 0);
		if (block.backslashes & ~inside) {
			scan->at = string ? string : p;
			return pass_marks(scan, outside, end) && fail(scan, end);
		}
		if (!pass_brackets(scan, outside, p, block.brackets & ~inside))
			return false;
		if (!(inside >> 63))
			string = NULL;
		else if (block.quotes)
			string = p + 63 - __builtin_clzll(block.quotes);
	}
	return fail(scan, string ? string : end);
}

void json_skip(struct json_scan *scan, struct json_token *token)
{
	if (scan->failed)
		return;
	pass_blocks(scan, scan->depth - 1);
	scan->after = true;
	token->text.len = (size_t)(scan->at - token->text.data);
}
