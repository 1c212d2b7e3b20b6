/* Walks the stages and hands every pattern to the rules; the rules are in lint_*.c. */
#include "query/lint_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- findings ---- */

struct lint_finding *lint_add(struct lint *lint, const char *code, const struct place_in_text *place)
{
	struct lint_finding *finding = lint->count < lint->max ? &lint->out[lint->count] : &lint->unwanted;

	lint->count++;
	*finding = (struct lint_finding){ .code = code, .place = *place };
	return finding;
}

void lint_say(struct lint_finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(finding->message, sizeof(finding->message), format, args);
	va_end(args);
}

/* An overfull rewrite begins with NUL and ends with a mark, so that nothing is appended to it any more. */
void lint_append(struct lint_finding *finding, struct span text)
{
	size_t last = sizeof(finding->rewrite) - 1, used = strlen(finding->rewrite);

	if (finding->rewrite[last])
		return;
	if (text.len < last - used) {
		memcpy(finding->rewrite + used, text.data, text.len);
		finding->rewrite[used + text.len] = '\0';
	} else {
		finding->rewrite[0] = '\0';
		finding->rewrite[last] = 1;
	}
}

void lint_rewrite(struct lint_finding *finding, const struct lint_pattern *pattern, size_t at, size_t len,
		  const char *replacement)
{
	struct span whole = pattern->operator->text;
	size_t before = (size_t)(pattern->text.data + at - whole.data);

	finding->rewrite[0] = '\0';
	lint_append(finding, span_first(whole, before));
	lint_append(finding, span_of(replacement));
	lint_append(finding, span_skip(whole, before + len));
}

struct place_in_text lint_place(const struct lint_pattern *pattern, size_t at, size_t len)
{
	struct place_in_text place = pattern->place;

	for (size_t i = 0; i < at; i++) {
		unsigned char byte = (unsigned char)pattern->text.data[i];
		place.column = byte == '\n' ? 1 : place.column + ((byte & 0xc0) != 0x80);
		place.line += byte == '\n';
	}
	place.offset += at;
	place.len = len;
	return place;
}

/* ---- walking ---- */

static void check_pattern(struct lint *lint, const struct lint_pattern *pattern)
{
	if (pattern->is_regex)
		lint_regex(lint, pattern);
	if (lint->is_audit)
		lint_audit_pattern(lint, pattern);
}

/* What stands between the quotes at a place. */
static void check_quoted(struct lint *lint, struct lint_pattern *pattern, const struct place_in_text *quoted)
{
	if (quoted->len < 2)
		return;
	pattern->text = (struct span){ lint->query->text.data + quoted->offset + 1, quoted->len - 2 };
	pattern->place = *quoted;
	pattern->place.offset++;
	pattern->place.column++;
	check_pattern(lint, pattern);
}

/* The literal of a `matches`, found again in the search: its last quotes or slashes. */
static void check_matches(struct lint *lint, const struct operator* operator, const struct expr * expr, bool excluded)
{
	struct span search = lint->query->text;
	struct lint_pattern node = { .operator= operator,
				     .text = { search.data + expr->place.offset, expr->place.len },
				     .place = expr->place };
	bool borrowed = expr->text.data >= search.data && expr->text.data < search.data + search.len;

	if (!borrowed || expr->child_count != 1)
		return;
	struct lint_pattern pattern = { .operator= operator,
					.matches = expr,
					.text = expr->text,
					.is_regex = expr->is_regex,
					.is_excluded = excluded != expr->negated };
	pattern.place = lint_place(&node, (size_t)(expr->text.data - node.text.data), expr->text.len);
	check_pattern(lint, &pattern);
}

/* As deep as the tree: at most QUERY_DEPTH_MAX. */
static void check_expression(struct lint *lint, const struct operator* operator, const struct expr * expr,
			     bool excluded)
{
	if (expr->kind == EXPR_MATCHES)
		check_matches(lint, operator, expr, excluded);
	if (expr->kind == EXPR_UNARY && expr->op == OP_NOT)
		excluded = !excluded;
	for (size_t i = 0; i < expr->child_count; i++)
		check_expression(lint, operator, expr->children[i], excluded);
}

static void check_eval(struct lint *lint, const struct operator* operator)
{
	struct place_in_text place = operator->place;
	struct span name = operator->names[0].name;

	place.len = operator->expr->place.offset - place.offset;
	struct lint_finding *finding = lint_add(lint, "eval", &place);
	lint_say(finding, "eval belongs to metrics queries; a search of logs assigns with `expression as field`");
	lint_append(finding, (struct span){ lint->query->text.data + operator->expr->place.offset,
					    operator->expr->place.len });
	lint_append(finding, SPAN(" as "));
	lint_append(finding, name);
}

static void check_operator(struct lint *lint, const struct operator* operator)
{
	struct lint_pattern pattern = { .operator= operator, .is_regex = operator->kind == OPERATOR_PARSE_REGEX };
	bool parses = pattern.is_regex || operator->kind == OPERATOR_PARSE_ANCHOR;

	if (operator->is_dialect)
		check_eval(lint, operator);
	for (size_t i = 0; parses && i < operator->pattern_count; i++)
		check_quoted(lint, &pattern, &operator->pattern_places[i]);
	if (operator->kind == OPERATOR_WHERE || operator->kind == OPERATOR_ASSIGN)
		check_expression(lint, operator, operator->expr, false);
}

static bool looks_at_audit(struct span text)
{
	static const struct span marks[] = { SPAN("linux/audit"), SPAN("auditd"), SPAN("exe="),	     SPAN("syscall="),
					     SPAN("auid="),	  SPAN("/proc/"), SPAN("\\/proc\\/") };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (span_find_nocase(text, marks[i]) < text.len)
			return true;
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct lint_finding *first = a, *second = b;

	if (first->place.offset != second->place.offset)
		return first->place.offset < second->place.offset ? -1 : 1;
	return strcmp(first->code, second->code);
}

size_t query_lint(const struct query *query, struct lint_finding *out, size_t max)
{
	struct lint lint = { .query = query, .out = out, .max = max, .is_audit = looks_at_audit(query->text) };

	for (const struct operator* operator= query->first; operator; operator= operator->next)
		check_operator(&lint, operator);
	if (lint.is_audit)
		lint_audit_stages(&lint);
	lint_order(&lint);
	if (lint.count && max)
		qsort(out, lint.count < max ? lint.count : max, sizeof(*out), by_place);
	return lint.count;
}
