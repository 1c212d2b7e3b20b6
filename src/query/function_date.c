/* Dates: milliseconds since 1970, and their text by Java's patterns. UTC where no zone is named. */
#include "query/date_pattern.h"
#include "query/function_runs.h"

#include <math.h>

struct dating {
	bool known; /* the pattern is a constant */
	struct date_pattern pattern;
	const struct zone *zone;
};

/* ---- the clock ---- */

void run_now(const struct node *node, struct row *row, struct value *result)
{
	(void)node;
	*result = value_number((double)row->now_ms);
}

static struct value time_value(int64_t ms)
{
	return ms == TIME_UNKNOWN ? VALUE_OF_NULL : value_number((double)ms);
}

void run_query_start(const struct node *node, struct row *row, struct value *result)
{
	(void)node;
	*result = time_value(row->start_ms);
}

void run_query_end(const struct node *node, struct row *row, struct value *result)
{
	(void)node;
	*result = time_value(row->end_ms);
}

void run_query_range(const struct node *node, struct row *row, struct value *result)
{
	(void)node;
	*result = VALUE_OF_NULL;
	if (row->start_ms != TIME_UNKNOWN && row->end_ms != TIME_UNKNOWN)
		*result = value_number((double)row->end_ms - (double)row->start_ms);
}

/* A date is its milliseconds, so fromMillis and toMillis change nothing. */
void run_milliseconds(const struct node *node, struct row *row, struct value *result)
{
	double number;

	*result = argument_number(node, 0, row, &number) ? value_number(number) : VALUE_OF_NULL;
}

void run_from_seconds(const struct node *node, struct row *row, struct value *result)
{
	double number;

	*result = argument_number(node, 0, row, &number) ? number_or_null(number * 1000) : VALUE_OF_NULL;
}

/* ---- making ready ---- */

/* Zones are files, and the run may open none: so they have to be known before. */
static int prepare_zone(struct dating *dating, struct plan *plan, const struct expr *call)
{
	const struct expr *zone = call->child_count > 2 ? call->children[2] : NULL;
	const char *why;

	if (zone && zone->kind != EXPR_STRING)
		return plan_refuse(plan, &zone->place, "a time zone is written as a string, such as \"UTC\"");
	dating->zone = zone_find(zone ? zone->text : SPAN("UTC"), plan->arena, &why);
	return dating->zone ? 0 : plan_refuse(plan, zone ? &zone->place : &call->place, "%s", why);
}

static int prepare_pattern(struct dating *dating, struct plan *plan, const struct expr *call)
{
	static const struct span usual = SPAN("MM/dd/yyyy HH:mm:ss");
	const struct expr *pattern = call->child_count > 1 ? call->children[1] : NULL;

	if (pattern && pattern->kind != EXPR_STRING)
		return 0;
	const char *why = date_pattern_read(&dating->pattern, pattern ? pattern->text : usual, plan->arena);
	dating->known = true;
	return why ? plan_refuse(plan, pattern ? &pattern->place : &call->place, "%s", why) : 0;
}

int prepare_format_date(struct node *node, struct plan *plan, const struct expr *call)
{
	struct dating *dating = plan_alloc(plan, sizeof(*dating));

	if (!dating)
		return -ENOMEM;
	node->prepared = dating;
	int status = prepare_pattern(dating, plan, call);
	return status < 0 ? status : prepare_zone(dating, plan, call);
}

int prepare_parse_date(struct node *node, struct plan *plan, const struct expr *call)
{
	int status = prepare_format_date(node, plan, call);
	const struct dating *dating = node->prepared;

	if (status == 0 && dating->known && !date_pattern_parses(&dating->pattern))
		return plan_refuse(plan, &call->children[1]->place,
				   "parseDate reads no weeks (the letters Y, w, W, F and u)");
	return status;
}

/* ---- at work ---- */

/* A pattern out of the row that is none gives null. */
static bool pattern_of(const struct node *node, struct row *row, struct date_pattern *pattern)
{
	const struct dating *dating = node->prepared;
	struct span text;

	if (dating->known) {
		*pattern = dating->pattern;
		return true;
	}
	return argument_text(node, 1, row, &text) && !date_pattern_read(pattern, text, &row->arena);
}

void run_format_date(const struct node *node, struct row *row, struct value *result)
{
	const struct dating *dating = node->prepared;
	struct date_pattern pattern;
	struct text_maker maker;
	double ms;

	*result = VALUE_OF_NULL;
	if (!argument_number(node, 0, row, &ms) || fabs(ms) > (double)CALENDAR_MS_MAX ||
	    !pattern_of(node, row, &pattern))
		return;
	text_maker_init(&maker, row, 40);
	date_format(&maker, &pattern, (int64_t)ms, dating->zone);
	*result = text_maker_value(&maker);
}

void run_parse_date(const struct node *node, struct row *row, struct value *result)
{
	const struct dating *dating = node->prepared;
	struct date_pattern pattern;
	struct span text;
	int64_t ms;

	*result = VALUE_OF_NULL;
	if (argument_text(node, 0, row, &text) && pattern_of(node, row, &pattern) && date_pattern_parses(&pattern) &&
	    date_parse(&pattern, text, dating->zone, row->now_ms, &ms))
		*result = value_number((double)ms);
}
