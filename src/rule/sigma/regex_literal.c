/*
 * Only what stands outside of groups and classes is looked at, and whatever
 * is not understood ends a run of letters or, if it could mean that nothing
 * is needed at all (an alternative, a flag), the search.
 */
#include "rule/sigma/regex_literal.h"

#include "match/fold.h"

struct run {
	char *bytes;
	size_t len, best, best_len; /* of the run that is read; offset and length of the longest */
	size_t start;
};

static void end_run(struct run *run)
{
	if (run->len - run->start > run->best_len) {
		run->best = run->start;
		run->best_len = run->len - run->start;
	}
	run->start = run->len;
}

/* The offset behind the class that opens at `at`, or pattern.len. */
static size_t skip_class(struct span pattern, size_t at)
{
	at++;
	at += at < pattern.len && pattern.data[at] == '^';
	at += at < pattern.len && pattern.data[at] == ']';
	for (; at < pattern.len && pattern.data[at] != ']'; at++) {
		if (pattern.data[at] == '\\')
			at++;
		else if (pattern.data[at] == '[' && at + 1 < pattern.len && pattern.data[at + 1] == ':')
			at += span_find(span_skip(pattern, at), SPAN(":]")) + 1;
	}
	return at < pattern.len ? at + 1 : pattern.len;
}

/* Behind the group that opens at `at`, or SIZE_MAX for one that is not understood. */
static size_t skip_group(struct span pattern, size_t at)
{
	size_t depth = 0;

	while (at < pattern.len) {
		char byte = pattern.data[at];
		if (byte == '(' && at + 1 < pattern.len &&
		    (pattern.data[at + 1] == '*' ||
		     (pattern.data[at + 1] == '?' && !span_starts(span_skip(pattern, at), SPAN("(?:")))))
			return SIZE_MAX;
		if (byte == '[') {
			at = skip_class(pattern, at);
			continue;
		}
		depth += byte == '(';
		depth -= byte == ')';
		at += byte == '\\' ? 2 : 1;
		if (depth == 0)
			return at;
	}
	return SIZE_MAX;
}

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* One letter, and whether what follows lets it be absent. */
static size_t take_letter(struct run *run, struct span pattern, size_t at, char byte)
{
	if ((unsigned char)byte >= 0x80) /* PCRE2 matches as UTF-8 then, where K is also the sign of kelvin */
		return SIZE_MAX;
	if (at + 1 < pattern.len && memchr("?*{", pattern.data[at + 1], 3)) {
		end_run(run);
		return at + 1;
	}
	run->bytes[run->len++] = (char)fold(byte);
	if (at + 1 < pattern.len && pattern.data[at + 1] == '+')
		end_run(run);
	return at + 1;
}

/* \. and its like are letters; \d and its like are not. SIZE_MAX: not understood. */
static size_t take_escape(struct run *run, struct span pattern, size_t at)
{
	if (at + 1 >= pattern.len)
		return SIZE_MAX;
	char next = pattern.data[at + 1];
	if (!is_letter_or_digit(next))
		return take_letter(run, pattern, at + 1, next);
	end_run(run);
	return memchr("dDwWsSbBnrtAzZ", next, 14) ? at + 2 : SIZE_MAX;
}

static size_t take(struct run *run, struct span pattern, size_t at)
{
	char byte = pattern.data[at];

	switch (byte) {
	case '|':
		return SIZE_MAX;
	case '\\':
		return take_escape(run, pattern, at);
	case '[':
		end_run(run);
		return skip_class(pattern, at);
	case '(':
		end_run(run);
		return skip_group(pattern, at);
	case '{': /* {2,} behind a class or a group; the letters in it are none */
		end_run(run);
		at += span_index(span_skip(pattern, at), '}') + 1;
		return at < pattern.len ? at : pattern.len;
	case '.':
	case '^':
	case '$':
	case '*':
	case '+':
	case '?':
	case ')':
		end_run(run);
		return at + 1;
	default:
		return take_letter(run, pattern, at, byte);
	}
}

struct span sigma_regex_literal(struct span pattern, struct arena *arena)
{
	struct run run = { .bytes = arena_alloc(arena, pattern.len + 1) };

	if (!run.bytes)
		return (struct span){ 0 };
	for (size_t at = 0; at < pattern.len;) {
		at = take(&run, pattern, at);
		if (at == SIZE_MAX)
			return (struct span){ 0 };
	}
	end_run(&run);
	return (struct span){ run.bytes + run.best, run.best_len };
}
