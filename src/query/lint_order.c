/* The order of stages: sorts whose order is lost, filters that come late. */
#include "query/lint_parts.h"

/* Whether a stage hands its rows on one by one, whatever their order, and leaves fields as they were or adds some. */
static bool is_plain(const struct operator* operator)
{
	enum operator_kind kind = operator->kind;

	return kind == OPERATOR_WHERE || kind == OPERATOR_ASSIGN || kind == OPERATOR_PARSE_REGEX ||
	       kind == OPERATOR_PARSE_ANCHOR || kind == OPERATOR_JSON || kind == OPERATOR_KEYVALUE ||
	       kind == OPERATOR_CSV || kind == OPERATOR_SPLIT || kind == OPERATOR_PARSE_XML ||
	       kind == OPERATOR_FIELDS || kind == OPERATOR_SORT || kind == OPERATOR_TIMESLICE ||
	       kind == OPERATOR_LOOKUP;
}

/* first, last and values take the rows in their order. */
static bool needs_order(const struct operator* aggregate)
{
	static const struct span names[] = { SPAN("first"), SPAN("last"), SPAN("values") };

	for (size_t i = 0; i < aggregate->aggregate_count; i++)
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			if (span_equal_nocase(aggregate->aggregates[i].function, names[j]))
				return true;
	return false;
}

static void check_sort(struct lint *lint, const struct operator* sort)
{
	const struct operator* next = sort->next;

	while (next && is_plain(next) && next->kind != OPERATOR_SORT)
		next = next->next;
	if (!next || next->kind != OPERATOR_AGGREGATE || needs_order(next))
		return;
	struct lint_finding *finding = lint_add(lint, "sort-before-aggregate", &sort->place);
	lint_say(finding, "the %.40s on line %u forgets this order: sort behind it, or not at all",
		 span_equal_nocase(next->aggregates[0].function, SPAN("count")) ? "count" : "aggregate",
		 next->place.line);
	lint_append(finding, next->text);
	lint_append(finding, SPAN(" | "));
	lint_append(finding, sort->text);
}

static void check_filter(struct lint *lint, const struct operator* sort, const struct operator* filter)
{
	struct lint_finding *finding = lint_add(lint, "filter-after-sort", &filter->place);
	lint_say(finding, "this filter could come before the sort, which then has fewer rows to keep");
	lint_append(finding, filter->text);
	lint_append(finding, SPAN(" | "));
	lint_append(finding, sort->text);
}

void lint_order(struct lint *lint)
{
	for (const struct operator* operator= lint->query->first; operator; operator= operator->next) {
		if (operator->kind != OPERATOR_SORT)
			continue;
		check_sort(lint, operator);
		for (const struct operator* next = operator->next; next && next->kind == OPERATOR_WHERE;
		     next = next->next)
			check_filter(lint, operator, next);
	}
}
