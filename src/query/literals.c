/*
 * A condition gives a set of which a message must hold one:
 *
 *   a and b    the better of both
 *   a or b     both together, when each has one
 *   not a, …   none
 *   a keyword, a phrase                             its longest part, in any case of letters
 *   _raw matches, a parse of _raw without nodrop    what the pattern must hold
 *   contains(_raw, "text")                          the text
 *
 * Only what stands before the first operator that makes other rows of the
 * messages counts, and only as long as _raw is the message's.
 */
#include "query/literals.h"

#include "match/regex_literal.h"

#define LITERALS_KEPT_MAX 64
#define LITERAL_LEN_MIN 3 /* shorter ones stand everywhere */

/* Of no use when count is 0. */
struct set {
	struct literal items[LITERALS_KEPT_MAX];
	size_t count;
};

static size_t shortest(const struct set *set)
{
	size_t len = SIZE_MAX;

	for (size_t i = 0; i < set->count; i++)
		len = set->items[i].text.len < len ? set->items[i].text.len : len;
	return set->count ? len : 0;
}

/* The longer its shortest literal is, the less a set lets through; and each literal is another search. */
static bool is_better(const struct set *a, const struct set *b)
{
	size_t of_a = shortest(a), of_b = shortest(b);

	if (of_a < LITERAL_LEN_MIN || of_b < LITERAL_LEN_MIN)
		return of_a > of_b;
	return a->count != b->count ? a->count < b->count : of_a > of_b;
}

static void keep_better(struct set *best, const struct set *other)
{
	if (other->count && (!best->count || is_better(other, best)))
		*best = *other;
}

/* Either of the two must hold: false, and nothing is known, when one says nothing. */
static void join(struct set *set, const struct set *other)
{
	if (!other->count || !set->count || set->count + other->count > LITERALS_KEPT_MAX) {
		set->count = 0;
		return;
	}
	for (size_t i = 0; i < other->count; i++)
		set->items[set->count++] = other->items[i];
}

/* ---- patterns ---- */

static void of_regex(struct set *set, struct span pattern, bool ignore_case, struct arena *arena)
{
	struct regex_literals found;

	set->count = 0;
	if (!regex_literals_find(pattern, ignore_case, arena, &found))
		return;
	for (size_t i = 0; i < found.count; i++)
		set->items[set->count++] = (struct literal){ .text = found.items[i] };
}

static bool is_plain(char byte)
{
	return byte != '*' && byte != '?' && byte != '\\';
}

/* The longest run without a wildcard. */
static void of_wildcard(struct set *set, struct span pattern)
{
	struct span longest = { 0 };

	for (size_t start = 0; start < pattern.len;) {
		size_t end = start;
		while (end < pattern.len && is_plain(pattern.data[end]))
			end++;
		if (end - start > longest.len)
			longest = (struct span){ pattern.data + start, end - start };
		start = end + 1 + (end < pattern.len && pattern.data[end] == '\\');
	}
	set->count = longest.len > 0;
	set->items[0] = (struct literal){ .text = longest };
}

/* The longest anchor of parse "a*b"; an escape ends it. */
static void of_anchor(struct set *set, struct span pattern)
{
	of_wildcard(set, pattern);
	if (set->count && span_index(set->items[0].text, '?') < set->items[0].text.len)
		set->count = 0;
}

/* ---- conditions ---- */

static bool is_raw(const struct expr *expr)
{
	return !expr || (expr->kind == EXPR_FIELD && span_equal_nocase(expr->text, SPAN("_raw")));
}

static void of_matches(struct set *set, const struct expr *expr, struct arena *arena)
{
	set->count = 0;
	if (expr->negated || expr->child_count != 1 || !is_raw(expr->children[0]))
		return;
	if (expr->is_regex)
		of_regex(set, expr->text, expr->ignore_case, arena);
	else
		of_wildcard(set, expr->text);
}

/* contains(_raw, "text"), or _raw contains "text". */
static void of_call(struct set *set, const struct expr *expr)
{
	const struct expr *sought = expr->child_count == 2 ? expr->children[1] : NULL;

	set->count = sought && sought->kind == EXPR_STRING && sought->text.len && sought->text.len <= LITERAL_MAX &&
		     span_equal_nocase(expr->text, SPAN("contains")) && is_raw(expr->children[0]);
	if (set->count)
		set->items[0] = (struct literal){ .text = sought->text };
}

/* As deep as the tree: at most QUERY_DEPTH_MAX. */
static void of_condition(struct set *set, const struct expr *expr, struct arena *arena)
{
	struct set other;

	set->count = 0;
	if (expr->kind == EXPR_MATCHES) {
		of_matches(set, expr, arena);
		return;
	}
	if (expr->kind == EXPR_CALL) {
		of_call(set, expr);
		return;
	}
	if (expr->kind != EXPR_BINARY || (expr->op != OP_AND && expr->op != OP_OR))
		return;
	of_condition(set, expr->children[0], arena);
	of_condition(&other, expr->children[1], arena);
	if (expr->op == OP_AND)
		keep_better(set, &other);
	else
		join(set, &other);
}

/* ---- stages ---- */

static bool is_parse(const struct operator* operator)
{
	return operator->kind == OPERATOR_PARSE_REGEX || operator->kind == OPERATOR_PARSE_ANCHOR;
}

/* Of all its patterns, which must match; none behind a parse with nodrop, which a row may pass by. */
static void of_parse(struct set *best, const struct operator* operator, bool in_chain, struct arena *arena)
{
	struct set set;

	if (operator->nodrop || in_chain || !is_raw(operator->expr))
		return;
	for (size_t i = 0; i < operator->pattern_count; i++) {
		if (operator->kind == OPERATOR_PARSE_REGEX)
			of_regex(&set, operator->patterns[i], operator->ignore_case, arena);
		else
			of_anchor(&set, operator->patterns[i]);
		keep_better(best, &set);
	}
}

static bool writes_raw(const struct operator* operator)
{
	for (size_t i = 0; i < operator->name_count; i++)
		if (span_equal_nocase(operator->names[i].name, SPAN("_raw")))
			return true;
	return false;
}

/* A regex may capture into _raw by a group of that name. */
static bool may_write_raw(const struct operator* operator)
{
	for (size_t i = 0; i < operator->pattern_count; i++)
		if (span_find_nocase(operator->patterns[i], SPAN("<_raw>")) < operator->patterns[i].len)
			return true;
	return writes_raw(operator);
}

static void of_stages(struct set *best, const struct operator* at, struct arena *arena)
{
	struct set set;
	bool in_chain = false;

	for (; at; at = at->next) {
		if (at->kind == OPERATOR_WHERE) {
			of_condition(&set, at->expr, arena);
			keep_better(best, &set);
		} else if (is_parse(at)) {
			of_parse(best, at, in_chain, arena);
		} else if (at->kind != OPERATOR_ASSIGN && at->kind != OPERATOR_TIMESLICE) {
			return;
		}
		if (may_write_raw(at))
			return;
		in_chain = is_parse(at) && at->nodrop;
	}
}

/* ---- the scope ---- */

static bool parts_term(char c, bool phrase)
{
	return phrase ? c == ' ' || (c >= '\t' && c <= '\r') : c == '*' || c == '?';
}

/* Between wildcards, or between blanks: any run of those equals another. */
static void of_term(struct set *set, struct span text, bool phrase)
{
	struct span longest = { 0 };

	for (size_t start = 0, at = 0; at <= text.len; at++) {
		if (at < text.len && !parts_term(text.data[at], phrase))
			continue;
		if (at - start > longest.len)
			longest = (struct span){ text.data + start, at - start };
		start = at + 1;
	}
	set->count = longest.len > 0 && longest.len <= LITERAL_MAX;
	set->items[0] = (struct literal){ longest, true };
}

/* As deep as the tree: at most QUERY_DEPTH_MAX. */
static void of_scope(struct set *set, const struct scope *scope)
{
	struct set other;

	set->count = 0;
	if (scope->kind == SCOPE_TERM || scope->kind == SCOPE_PHRASE) {
		of_term(set, scope->text, scope->kind == SCOPE_PHRASE);
		return;
	}
	for (size_t i = 0; i < scope->child_count && (scope->kind == SCOPE_AND || scope->kind == SCOPE_OR); i++) {
		of_scope(&other, scope->children[i]);
		if (scope->kind == SCOPE_AND)
			keep_better(set, &other);
		else if (i)
			join(set, &other);
		else
			*set = other;
	}
}

bool literals_of_query(const struct query *query, struct arena *arena, struct literal **literals, size_t *count)
{
	struct set best, of_rest = { .count = 0 };

	of_scope(&best, query->scope);
	of_stages(&of_rest, query->first, arena);
	keep_better(&best, &of_rest);
	*count = shortest(&best) < 2 ? 0 : best.count;
	*literals = arena_alloc(arena, (best.count + 1) * sizeof(**literals));
	if (!*literals)
		return false;
	memcpy(*literals, best.items, best.count * sizeof(**literals));
	return true;
}
