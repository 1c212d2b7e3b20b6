#include "query/scope_term.h"

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool is_term_byte(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether a term is cut in two at the offset. */
static bool is_inside_term(struct span text, size_t at)
{
	return at > 0 && at < text.len && is_term_byte(text.data[at - 1]) && is_term_byte(text.data[at]);
}

/* ---- keywords ---- */

static bool is_wild(struct span keyword, size_t at)
{
	return at < keyword.len && keyword.data[at] == '*';
}

static bool equal_at(struct span keyword, size_t k, struct span text, size_t t)
{
	return keyword.data[k] == '?' ? is_term_byte(text.data[t]) : lower(keyword.data[k]) == lower(text.data[t]);
}

/*
 * Whether the keyword stands at `from`. A star takes bytes of one term only,
 * so the last star alone has to be tried again: where punctuation lies between
 * two of them, the first one's end is settled.
 */
static bool keyword_at(struct span keyword, struct span text, size_t from)
{
	size_t k = 0, t = from, star = keyword.len, star_end = 0;

	for (;;) {
		if (k == keyword.len && !is_inside_term(text, t))
			return true;
		if (is_wild(keyword, k)) {
			star = k++;
			star_end = t;
			continue;
		}
		if (k < keyword.len && t < text.len && equal_at(keyword, k, text, t)) {
			k++;
			t++;
			continue;
		}
		if (star == keyword.len || star_end >= text.len || !is_term_byte(text.data[star_end]))
			return false;
		k = star + 1;
		t = ++star_end;
	}
}

static bool plain_in(struct span keyword, struct span text)
{
	for (size_t from = 0; from + keyword.len <= text.len;) {
		struct span rest = span_skip(text, from);
		size_t at = span_find_nocase(rest, keyword);
		if (at == rest.len)
			return false;
		if (!is_inside_term(text, from + at) && !is_inside_term(text, from + at + keyword.len))
			return true;
		from += at + 1;
	}
	return false;
}

bool scope_keyword_in(struct span keyword, struct span text)
{
	if (span_index(keyword, '*') == keyword.len && span_index(keyword, '?') == keyword.len)
		return keyword.len == 0 || plain_in(keyword, text);
	for (size_t at = 0; at < text.len; at++)
		if (!is_inside_term(text, at) && keyword_at(keyword, text, at))
			return true;
	return false;
}

/* ---- phrases ---- */

static size_t skip_space(struct span s, size_t at)
{
	while (at < s.len && is_space(s.data[at]))
		at++;
	return at;
}

/* Where the phrase that stands at `from` ends, or 0. */
static size_t phrase_end(struct span phrase, struct span text, size_t from)
{
	size_t p = 0, t = from;

	while (p < phrase.len) {
		if (t == text.len || is_space(phrase.data[p]) != is_space(text.data[t]))
			return 0;
		if (is_space(phrase.data[p])) {
			p = skip_space(phrase, p);
			t = skip_space(text, t);
		} else if (lower(phrase.data[p++]) != lower(text.data[t++])) {
			return 0;
		}
	}
	return t;
}

bool scope_phrase_in(struct span phrase, struct span text)
{
	struct span word = span_trim(phrase);
	size_t first_space = 0;

	while (first_space < word.len && !is_space(word.data[first_space]))
		first_space++;
	if (first_space == word.len)
		return word.len == 0 || plain_in(word, text);
	for (size_t at = 0; at < text.len; at++) {
		struct span rest = span_skip(text, at);
		size_t next = span_find_nocase(rest, span_first(word, first_space));
		if (next == rest.len)
			return false;
		at += next;
		size_t end = phrase_end(word, text, at);
		if (end && !is_inside_term(text, at) && !is_inside_term(text, end))
			return true;
	}
	return false;
}

/* ---- metadata ---- */

bool scope_value_matches(struct span pattern, bool quoted, struct span value)
{
	size_t p = 0, v = 0, star = pattern.len, star_end = 0;

	if (quoted)
		return span_equal_nocase(pattern, value);
	while (v < value.len || p < pattern.len) {
		if (is_wild(pattern, p)) {
			star = p++;
			star_end = v;
		} else if (p < pattern.len && v < value.len && lower(pattern.data[p]) == lower(value.data[v])) {
			p++;
			v++;
		} else if (star < pattern.len && star_end < value.len) {
			p = star + 1;
			v = ++star_end;
		} else {
			return false;
		}
	}
	return true;
}
