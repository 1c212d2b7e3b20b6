#include "engine/message_needs.h"

/* Comments and strings count, too: then it is looked for in vain. */
static bool mentions(const struct query *query, struct span word)
{
	return span_find_nocase(query->text, word) < query->text.len;
}

/* Whether each row depends on its message alone, not on those before it. */
static bool is_rowwise(enum operator_kind kind)
{
	switch (kind) {
	case OPERATOR_WHERE:
	case OPERATOR_ASSIGN:
	case OPERATOR_PARSE_REGEX:
	case OPERATOR_PARSE_ANCHOR:
	case OPERATOR_JSON:
	case OPERATOR_KEYVALUE:
	case OPERATOR_CSV:
	case OPERATOR_SPLIT:
	case OPERATOR_PARSE_XML:
	case OPERATOR_FIELDS:
		return true;
	case OPERATOR_SORT:
	case OPERATOR_LIMIT:
	case OPERATOR_TOP:
	case OPERATOR_TOPK:
	case OPERATOR_DEDUP:
	case OPERATOR_AGGREGATE:
	case OPERATOR_TIMESLICE:
	case OPERATOR_TRANSPOSE:
	case OPERATOR_FILLMISSING:
	case OPERATOR_LOOKUP:
	case OPERATOR_CAT:
	case OPERATOR_ACCUM:
	case OPERATOR_TOTAL:
	case OPERATOR_DIFF:
	case OPERATOR_BACKSHIFT:
	case OPERATOR_SMOOTH:
	case OPERATOR_ROLLINGSTD:
	case OPERATOR_RATEOF:
	case OPERATOR_OUTLIER:
	case OPERATOR_WITHTIME:
	case OPERATOR_COMPARE:
	case OPERATOR_OTHER:
		break;
	}
	return false;
}

static bool is_ordered(const struct aggregate *aggregate)
{
	static const struct span names[] = {
		SPAN("count"),
		SPAN("count_distinct"),
		SPAN("count_frequent"),
		SPAN("sum"),
		SPAN("avg"),
		SPAN("min"),
		SPAN("max"),
		SPAN("pct"),
		SPAN("stddev"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal_nocase(aggregate->function, names[i]))
			return false;
	return true;
}

static bool has_order(const struct operator* aggregates)
{
	for (size_t i = 0; i < aggregates->aggregate_count; i++)
		if (is_ordered(&aggregates->aggregates[i]))
			return true;
	return false;
}

struct message_needs message_needs_of(const struct query *query)
{
	const struct operator* at = query->first;
	struct message_needs all = { true, true, true };

	while (at && is_rowwise(at->kind))
		at = at->next;
	if (!at || at->kind != OPERATOR_AGGREGATE || mentions(query, SPAN("{{")))
		return all;
	return (struct message_needs){
		.time = has_order(at) || mentions(query, SPAN("time")),
		.host = mentions(query, SPAN("_sourcehost")),
		.category = mentions(query, SPAN("_sourcecategory")),
	};
}
