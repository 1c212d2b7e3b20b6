/* Rules for any regular expression. */
#include "query/lint_parts.h"

static char at(struct span text, size_t i)
{
	return i < text.len ? text.data[i] : '\0';
}

/*
 * Where a doubled backslash was surely meant as one: before a class that is
 * then repeated or ends a group. (C:\\Windows has its two by right.)
 */
static size_t find_doubled(struct span text)
{
	for (size_t i = 0; i + 2 < text.len; i++) {
		if (text.data[i] != '\\')
			continue;
		bool is_class = text.data[i + 1] == '\\' && strchr("dDwWsSbB", text.data[i + 2]) && text.data[i + 2];
		if (is_class && (i + 3 == text.len || strchr("+*?{)|$\\", at(text, i + 3))))
			return i;
		i++;
	}
	return text.len;
}

/* The operator as written, with one backslash for every two of the pattern. */
static void rewrite_single(struct lint_finding *finding, const struct lint_pattern *pattern)
{
	struct span whole = pattern->operator->text, text = pattern->text;
	size_t start = (size_t)(text.data - whole.data);

	lint_append(finding, span_first(whole, start));
	for (size_t i = 0; i < text.len; i++) {
		size_t pair = text.data[i] == '\\' && at(text, i + 1) == '\\';
		size_t len = pair + 1 + (pair && i + 2 < text.len);
		lint_append(finding, (struct span){ text.data + i + pair, len - pair });
		i += len - 1;
	}
	lint_append(finding, span_skip(whole, start + text.len));
}

static void check_doubled(struct lint *lint, const struct lint_pattern *pattern)
{
	size_t found = find_doubled(pattern->text);

	if (found == pattern->text.len)
		return;
	struct place_in_text place = lint_place(pattern, found, 3);
	struct lint_finding *finding = lint_add(lint, "doubled-backslash", &place);
	char letter = pattern->text.data[found + 2];
	lint_say(finding, "\\\\%c is a backslash and the letter %c; a search takes one backslash: \\%c", letter, letter,
		 letter);
	rewrite_single(finding, pattern);
}

/* A group that captures and has no name; behind an escape or in a class a parenthesis is none. */
static size_t find_unnamed(struct span text)
{
	bool in_class = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\\') {
			if (at(text, i + 1) == 'Q')
				return text.len; /* quoted literally: not looked into */
			i++;
		} else if (text.data[i] == '[' || text.data[i] == ']') {
			in_class = text.data[i] == '[';
		} else if (text.data[i] == '(' && !in_class && at(text, i + 1) != '?' && at(text, i + 1) != '*') {
			return i;
		}
	}
	return text.len;
}

static void check_unnamed(struct lint *lint, const struct lint_pattern *pattern)
{
	size_t found = find_unnamed(pattern->text);

	if (pattern->matches || found == pattern->text.len)
		return;
	struct place_in_text place = lint_place(pattern, found, 1);
	struct lint_finding *finding = lint_add(lint, "unnamed-group", &place);
	lint_say(finding, "a group of parse regex has a name, (?<name>…), or captures nothing, (?:…)");
	lint_rewrite(finding, pattern, found, 1, "(?:");
}

void lint_regex(struct lint *lint, const struct lint_pattern *pattern)
{
	check_doubled(lint, pattern);
	check_unnamed(lint, pattern);
}
