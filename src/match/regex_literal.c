/*
 * A pattern is alternatives of sequences of items. An item that is one byte
 * of the text (a letter, \., [=]) and stands there exactly once prolongs the
 * run of literal bytes; every other item ends it. A group that stands there
 * at least once offers what its own alternatives offer. The best offer of a
 * sequence, by its shortest literal, is what the sequence requires.
 *
 * What could change the meaning of what follows (flags i and x, verbs, \Q,
 * \K's like, conditions) gives the whole pattern up.
 */
#include "match/regex_literal.h"

#define LITERAL_MAX 64 /* bytes; a longer run is cut */
#define DEPTH_MAX 32

struct scan {
	struct span pattern;
	size_t at;
	struct arena *arena;
	unsigned depth;
	bool given_up;
};

/* The run of literal bytes that is being read. */
struct run {
	char bytes[LITERAL_MAX];
	size_t len;
	bool at_start;
};

/* How often the item that was read stands in a match. */
enum repeat { ONCE, AT_LEAST_ONCE, MAYBE };

static void read_alternatives(struct scan *scan, struct regex_literals *found);

static int byte_at(const struct scan *scan, size_t ahead)
{
	size_t at = scan->at + ahead;

	return at < scan->pattern.len ? (unsigned char)scan->pattern.data[at] : -1;
}

static struct span rest_of(const struct scan *scan)
{
	return span_skip(scan->pattern, scan->at);
}

static bool give_up(struct scan *scan)
{
	scan->given_up = true;
	scan->at = scan->pattern.len;
	return false;
}

static bool is_letter_or_digit(int c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* ---- offers ---- */

static size_t shortest(const struct regex_literals *set)
{
	size_t least = set->count ? SIZE_MAX : 0;

	for (size_t i = 0; i < set->count; i++)
		least = set->items[i].len < least ? set->items[i].len : least;
	return least;
}

static void take_better(struct regex_literals *best, const struct regex_literals *offer)
{
	size_t of_best = shortest(best), of_offer = shortest(offer);

	if (of_offer > of_best || (of_offer == of_best && offer->count < best->count))
		*best = *offer;
}

static void end_run(struct scan *scan, struct run *run, struct regex_literals *best)
{
	struct regex_literals offer = { .count = 1, .at_start = run->at_start };

	if (run->len > shortest(best)) {
		offer.items[0] = arena_copy(scan->arena, (struct span){ run->bytes, run->len });
		if (offer.items[0].len)
			take_better(best, &offer);
	}
	*run = (struct run){ 0 };
}

/* ---- items ---- */

/* {2}, {2,} or {2,5} at the place: its length, and the least number. */
static size_t read_counts(const struct scan *scan, uint64_t *least)
{
	struct span rest = rest_of(scan);
	uint64_t most;
	size_t at = 1, digits = span_decimal(span_skip(rest, 1), least);

	if (digits == 0)
		return 0;
	at += digits;
	if (at < rest.len && rest.data[at] == ',') {
		at++;
		at += span_decimal(span_skip(rest, at), &most);
	}
	return at < rest.len && rest.data[at] == '}' ? at + 1 : 0;
}

/* Takes the quantifier that stands here, if one does. */
static enum repeat read_repeat(struct scan *scan)
{
	int c = byte_at(scan, 0);
	enum repeat repeat = c == '+' ? AT_LEAST_ONCE : MAYBE;
	size_t used = 1;
	uint64_t least = 0;

	if (c != '?' && c != '*' && c != '+' && c != '{')
		return ONCE;
	if (c == '{') {
		used = read_counts(scan, &least);
		/* {,2} and { 2 } are counts to later versions of PCRE2 only; any other brace is a letter. */
		if (used == 0 && (byte_at(scan, 1) == ',' || byte_at(scan, 1) == ' '))
			give_up(scan);
		if (used == 0)
			return ONCE;
		repeat = least ? AT_LEAST_ONCE : MAYBE;
	}
	scan->at += used;
	c = byte_at(scan, 0);
	scan->at += c == '?' || c == '+';
	return repeat;
}

/* Behind a class; *byte is its one byte, or -1. */
static bool skip_class(struct scan *scan, int *byte)
{
	size_t start = scan->at + 1, end = start;
	struct span all = scan->pattern;

	end += end < all.len && all.data[end] == '^';
	end += end < all.len && all.data[end] == ']';
	while (end < all.len && all.data[end] != ']') {
		if (all.data[end] == '[' && end + 1 < all.len && strchr(":.=", all.data[end + 1]))
			return give_up(scan);
		end += all.data[end] == '\\' ? 2 : 1;
	}
	if (end >= all.len)
		return give_up(scan);
	*byte = end == start + 1 && !strchr("^]\\", all.data[start]) ? (unsigned char)all.data[start] : -1;
	scan->at = end + 1;
	return true;
}

/* Behind what belongs to an escape: \x41, \x{41}, \p{L}, \k<name>, \12. Too much does no harm. */
static void skip_operand(struct scan *scan)
{
	int opening = byte_at(scan, 0);
	char closing = opening == '{' ? '}' : opening == '<' ? '>' : '\'';

	if (opening == '{' || opening == '<' || opening == '\'') {
		scan->at += span_index(span_skip(rest_of(scan), 1), closing) + 1;
		scan->at += scan->at < scan->pattern.len;
		return;
	}
	for (unsigned i = 0; i < 4 && is_letter_or_digit(byte_at(scan, 0)); i++)
		scan->at++;
}

/* Behind an escape; *byte is what it stands for, or -1. */
static bool skip_escape(struct scan *scan, int *byte)
{
	static const char letters[] = "tnrfea", values[] = "\t\n\r\f\x1b\a";
	int c = byte_at(scan, 1);
	const char *letter;

	*byte = -1;
	if (c <= 0 || strchr("QEGcN", c))
		return give_up(scan);
	letter = strchr(letters, c);
	scan->at += 2;
	if (letter)
		*byte = (unsigned char)values[letter - letters];
	else if (!is_letter_or_digit(c) && c > ' ' && c < 0x7f)
		*byte = c;
	else if (strchr("xupPkgo0123456789", c))
		skip_operand(scan);
	return true;
}

/* One item of one byte, or of none that is known. */
static bool read_single(struct scan *scan, int *byte)
{
	int c = byte_at(scan, 0);

	if (c == '[')
		return skip_class(scan, byte);
	if (c == '\\')
		return skip_escape(scan, byte);
	scan->at++;
	*byte = strchr(".^$", c) || c >= 0x80 || c == 0 ? -1 : c;
	return true;
}

/* ---- groups ---- */

/* Behind flags such as (?s) or (?s: when they change nothing that matters here. */
static bool skip_flags(struct scan *scan, bool *is_group)
{
	while (byte_at(scan, 0) > 0 && strchr("smUJn-", byte_at(scan, 0)))
		scan->at++;
	*is_group = byte_at(scan, 0) == ':';
	if (!*is_group && byte_at(scan, 0) != ')')
		return give_up(scan);
	scan->at++;
	return true;
}

/* Behind the opening of a group, at its contents. *is_group: it has contents; *counts: they are of the match. */
static bool open_group(struct scan *scan, bool *is_group, bool *counts)
{
	struct span rest = rest_of(scan);
	size_t used = 1;

	*is_group = *counts = true;
	if (span_starts(rest, SPAN("(*")))
		return give_up(scan);
	if (!span_starts(rest, SPAN("(?"))) {
		scan->at += used;
		return true;
	}
	if (span_starts(rest, SPAN("(?=")) || span_starts(rest, SPAN("(?!"))) {
		*counts = false;
		used = 3;
	} else if (span_starts(rest, SPAN("(?<=")) || span_starts(rest, SPAN("(?<!"))) {
		*counts = false;
		used = 4;
	} else if (span_starts(rest, SPAN("(?:")) || span_starts(rest, SPAN("(?>")) || span_starts(rest, SPAN("(?|"))) {
		used = 3;
	} else if (span_starts(rest, SPAN("(?<")) || span_starts(rest, SPAN("(?P<"))) {
		used = span_index(rest, '>') + 1;
	} else {
		scan->at += 2;
		return skip_flags(scan, is_group);
	}
	scan->at += used;
	return scan->at <= scan->pattern.len || give_up(scan);
}

static void read_group(struct scan *scan, struct regex_literals *best)
{
	struct regex_literals inner = { 0 };
	bool is_group, counts;

	if (!open_group(scan, &is_group, &counts) || !is_group)
		return;
	if (++scan->depth > DEPTH_MAX) {
		give_up(scan);
		return;
	}
	read_alternatives(scan, &inner);
	scan->depth--;
	if (byte_at(scan, 0) != ')') {
		give_up(scan);
		return;
	}
	scan->at++;
	inner.at_start = false;
	if (read_repeat(scan) != MAYBE && counts)
		take_better(best, &inner);
}

/* ---- sequences ---- */

static void read_item(struct scan *scan, struct run *run, struct regex_literals *best)
{
	int byte = -1;

	if (!read_single(scan, &byte))
		return;
	enum repeat repeat = read_repeat(scan);
	if (byte < 0 || repeat == MAYBE || run->len == LITERAL_MAX) {
		end_run(scan, run, best);
		return;
	}
	run->bytes[run->len++] = (char)byte;
	if (repeat == ONCE)
		return;
	end_run(scan, run, best);
	run->bytes[run->len++] = (char)byte; /* the last of them, with what follows */
}

static void read_sequence(struct scan *scan, struct regex_literals *best)
{
	struct run run = { .at_start = scan->depth == 0 };

	for (int c = byte_at(scan, 0); c >= 0 && c != '|' && c != ')'; c = byte_at(scan, 0)) {
		if (c == '(') {
			end_run(scan, &run, best);
			read_group(scan, best);
		} else {
			read_item(scan, &run, best);
		}
	}
	end_run(scan, &run, best);
}

/* One of the alternatives matches: all that they require, or nothing where one of them requires nothing. */
static void read_alternatives(struct scan *scan, struct regex_literals *found)
{
	bool none = false, first = true;

	for (bool more = true; more; first = false) {
		struct regex_literals one = { 0 };
		read_sequence(scan, &one);
		more = byte_at(scan, 0) == '|';
		scan->at += more;
		none |= one.count == 0 || found->count + one.count > REGEX_LITERALS_MAX;
		if (none)
			continue;
		found->at_start = first && one.at_start;
		memcpy(found->items + found->count, one.items, one.count * sizeof(*one.items));
		found->count += one.count;
	}
	if (none)
		*found = (struct regex_literals){ 0 };
}

bool regex_literals_find(struct span pattern, bool ignore_case, struct arena *arena, struct regex_literals *literals)
{
	struct scan scan = { .pattern = pattern, .arena = arena };

	*literals = (struct regex_literals){ 0 };
	if (ignore_case || span_find(pattern, SPAN("\\Q")) < pattern.len)
		return false;
	read_alternatives(&scan, literals);
	if (scan.given_up || scan.at < pattern.len)
		*literals = (struct regex_literals){ 0 };
	return literals->count;
}

size_t regex_literals_in(const struct regex_literals *literals, struct span text)
{
	for (size_t i = 0; i < literals->count; i++) {
		size_t at = span_find(text, literals->items[i]);
		if (at < text.len)
			return at;
	}
	return text.len;
}
