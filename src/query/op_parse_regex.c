/*
 * parse regex [field=f] "…(?<name>…)…", "…" [nodrop] [multi]     (also: extract)
 *
 * Every pattern looks at the text from its start, and all of them have to
 * match. Fields are spans of the text: nothing is copied. With multi, each
 * match makes a row; several patterns then make all combinations.
 *
 * Most messages do not match most patterns, so bytes that the pattern requires
 * are looked for first.
 */
#include "match/regex.h"
#include "match/regex_literal.h"
#include "query/extract.h"

struct capture {
	size_t group;
	uint32_t slot;
	bool again; /* the name stands in the pattern before: (?<a>x)|(?<a>y) */
};

struct pattern {
	struct searcher searcher;
	struct regex_literals literals;
	struct capture *captures;
	size_t capture_count;
};

struct parse_regex {
	struct extract extract;
	struct pattern *patterns;
	size_t count;
	bool multi;
};

/* ---- compiling ---- */

static bool is_captured(const struct pattern *pattern, uint32_t slot)
{
	for (size_t i = 0; i < pattern->capture_count; i++)
		if (pattern->captures[i].slot == slot)
			return true;
	return false;
}

static int create_captures(struct plan *plan, struct pattern *pattern, const struct place_in_text *place)
{
	const struct regex *regex = pattern->searcher.regex;
	size_t groups = regex_group_count(regex);

	pattern->captures = plan_alloc(plan, groups * sizeof(*pattern->captures));
	if (!pattern->captures)
		return -ENOMEM;
	for (size_t i = 1; i <= groups; i++) {
		struct span name = regex_group_name(regex, i);
		if (name.len == 0)
			continue;
		uint32_t slot = plan_write(plan, name);
		pattern->captures[pattern->capture_count++] =
			(struct capture){ .group = i, .slot = slot, .again = is_captured(pattern, slot) };
	}
	if (pattern->capture_count == 0)
		return plan_refuse(plan, place,
				   "the pattern has no named group: write (?<name>…) around what becomes a field");
	return 0;
}

static int create_pattern(struct plan *plan, const struct operator* operator, size_t i, struct pattern *pattern)
{
	const struct place_in_text *place = &operator->pattern_places[i];
	int status = plan_regex(plan, operator->patterns[i], operator->ignore_case, place, &pattern->searcher);

	if (status < 0)
		return status;
	regex_literals_find(operator->patterns[i], operator->ignore_case, plan->arena, &pattern->literals);
	return create_captures(plan, pattern, place);
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct parse_regex *parse = plan_alloc(plan, sizeof(*parse));

	if (!parse)
		return -ENOMEM;
	parse->patterns = plan_alloc(plan, operator->pattern_count * sizeof(*parse->patterns));
	if (!parse->patterns)
		return -ENOMEM;
	extract_create(plan, operator, & parse->extract);
	parse->multi = operator->multi;
	stage->state = parse;
	for (; parse->count < operator->pattern_count; parse->count++) {
		int status = create_pattern(plan, operator, parse->count, &parse->patterns[parse->count]);
		if (status < 0)
			return status;
	}
	return 0;
}

/* ---- matching ---- */

static bool search(const struct pattern *pattern, struct row *row, struct span text, size_t from)
{
	const struct searcher *searcher = &pattern->searcher;

	if (pattern->literals.count) {
		size_t at = regex_literals_in(&pattern->literals, span_skip(text, from));
		if (at == text.len - from)
			return false;
		from += pattern->literals.at_start ? at : 0;
	}
	int found = regex_search(searcher->regex, searcher->match, text, from);
	if (found < 0)
		row->trouble = "the regex took too many steps";
	return found > 0;
}

static void assign(const struct pattern *pattern, struct row *row, struct span text)
{
	for (size_t i = 0; i < pattern->capture_count; i++) {
		const struct capture *capture = &pattern->captures[i];
		struct span group = regex_group(pattern->searcher.match, text, capture->group);
		if (group.data)
			row->values[capture->slot] = value_text(group);
		else if (!capture->again)
			row->values[capture->slot] = VALUE_OF_NULL;
	}
}

static bool search_all(const struct parse_regex *parse, struct row *row, struct span text)
{
	for (size_t i = 0; i < parse->count; i++)
		if (!search(&parse->patterns[i], row, text, 0))
			return false;
	return true;
}

/* ---- multi ---- */

/* Where the search for the next match begins. */
static size_t behind_match(const struct pattern *pattern, struct span text)
{
	struct span whole = regex_group(pattern->searcher.match, text, 0);
	size_t end = (size_t)(whole.data - text.data) + whole.len;

	return end + (whole.len == 0);
}

/* The patterns from `depth` on; the matches of those above are chosen. */
static void hand_on_each(struct stage *stage, struct row *row, struct extract_rows *rows, struct span text,
			 size_t depth)
{
	const struct parse_regex *parse = stage->state;
	const struct pattern *pattern = &parse->patterns[depth];

	for (size_t from = 0; rows->flow == FLOW_GO_ON && from <= text.len && search(pattern, row, text, from);
	     from = behind_match(pattern, text)) {
		if (depth + 1 < parse->count) {
			hand_on_each(stage, row, rows, text, depth + 1);
		} else if (extract_rows_next(row, rows)) {
			for (size_t i = 0; i < parse->count; i++)
				assign(&parse->patterns[i], row, text);
			rows->flow = stage_hand_on(stage, row);
			row->trouble = NULL;
		}
		if (row->trouble)
			return;
	}
}

static int push_multi(struct stage *stage, struct row *row, struct span text)
{
	struct extract_rows rows;

	if (!extract_rows_begin(stage, row, &rows, text))
		return rows.flow;
	hand_on_each(stage, row, &rows, text, 0);
	if (row->trouble && rows.flow == FLOW_GO_ON)
		return stage_drop_bad(stage, row);
	return rows.flow;
}

static int push(struct stage *stage, struct row *row)
{
	const struct parse_regex *parse = stage->state;
	struct span text;
	bool matched = extract_text(&parse->extract, row, &text) && search_all(parse, row, text);

	if (matched && parse->multi) {
		stage_chain(row, parse->extract.first, true);
		return push_multi(stage, row, text);
	}
	for (size_t i = 0; matched && i < parse->count; i++)
		assign(&parse->patterns[i], row, text);
	return extract_end_chained(stage, row, &parse->extract, matched, "the pattern does not match");
}

const struct operator_type parse_regex_type = { .create = create, .push = push };
