/*
 * Times: milliseconds since the epoch, as _messageTime is. formatDate and
 * parseDate take patterns of Java's SimpleDateFormat (date_pattern.h).
 */
#include "model/record.h"
#include "query/date_pattern.h"
#include "query/functions.h"

/* The pattern of a call whose pattern is a constant; else it is read for each row. */
struct date_call {
	struct date_pattern pattern;
	struct time_zone *zone;
	bool has_pattern, has_zone;
};

#define PATTERN_OF_FORMAT "MM/dd/yyyy HH:mm:ss" /* when formatDate is given none */

static int prepare(struct node *node, struct plan *plan, const struct expr *call)
{
	struct date_call *date = plan_alloc(plan, sizeof(*date));
	const struct value *pattern = node->count > 1 ? node_constant(node->children[1]) : NULL;
	const struct value *zone = node->count > 2 ? node_constant(node->children[2]) : NULL;
	const char *why = NULL;

	if (!date)
		return -ENOMEM;
	node->prepared = date;
	if (node->count == 1 || (pattern && pattern->kind == VALUE_TEXT)) {
		date->has_pattern = true;
		why = date_pattern_read(&date->pattern, node->count == 1 ? SPAN(PATTERN_OF_FORMAT) : pattern->text);
		if (why)
			return plan_refuse(plan, &call->children[node->count > 1]->place, "%s", why);
	}
	if (zone && zone->kind == VALUE_TEXT) {
		date->has_zone = true;
		date->zone = time_zone_find(zone->text, plan->arena);
		if (!date->zone)
			return plan_refuse(
				plan, &call->children[2]->place,
				"there is no time zone of that name; give one such as \"UTC\", \"+02:00\" or "
				"\"America/Los_Angeles\"");
	}
	return 0;
}

int prepare_format_date(struct node *node, struct plan *plan, const struct expr *call)
{
	return prepare(node, plan, call);
}

int prepare_parse_date(struct node *node, struct plan *plan, const struct expr *call)
{
	if (node->count < 2)
		return plan_refuse(plan, &call->place, "parseDate takes a text and its pattern");
	return prepare(node, plan, call);
}

/* The pattern and the zone of this row. False when there is none. */
static bool take_pattern(const struct node *node, struct row *row, struct date_call *date)
{
	struct span text;

	*date = *(const struct date_call *)node->prepared;
	if (!date->has_pattern &&
	    (!argument_text(node, 1, row, &text) || date_pattern_read(&date->pattern, text) != NULL))
		return false;
	if (node->count < 3 || date->has_zone)
		return true;
	if (!argument_text(node, 2, row, &text))
		return false;
	date->zone = time_zone_find(text, &row->arena);
	return date->zone;
}

void run_format_date(const struct node *node, struct row *row, struct value *result)
{
	struct date_call date;
	struct buffer text = { 0 };
	double ms;

	*result = VALUE_OF_NULL;
	if (!argument_number(node, 0, row, &ms) || !(ms > -6e13 && ms < 2.5e14) || !take_pattern(node, row, &date))
		return;
	date_pattern_write(&text, &date.pattern, (int64_t)ms, date.zone);
	char *room = result_room(row, text.failed ? 0 : text.len, result);
	if (room && text.len)
		memcpy(room, text.data, text.len);
	buffer_finish(&text);
}

void run_parse_date(const struct node *node, struct row *row, struct value *result)
{
	struct date_call date;
	struct span text;
	int64_t ms;

	*result = VALUE_OF_NULL;
	if (argument_text(node, 0, row, &text) && take_pattern(node, row, &date) &&
	    date_pattern_parse(&date.pattern, text, date.zone, &ms))
		*result = value_number((double)ms);
}

/* ---- the clock, and numbers as times ---- */

static struct value time_or_null(int64_t ms)
{
	return ms == TIME_UNKNOWN ? VALUE_OF_NULL : value_number((double)ms);
}

void run_now(const struct node *node, struct row *row, struct value *result)
{
	(void)node;
	*result = time_or_null(row->now_ms);
}

void run_query_start(const struct node *node, struct row *row, struct value *result)
{
	(void)node;
	*result = time_or_null(row->start_ms);
}

void run_query_end(const struct node *node, struct row *row, struct value *result)
{
	(void)node;
	*result = time_or_null(row->end_ms == TIME_UNKNOWN ? row->now_ms : row->end_ms);
}

void run_query_range(const struct node *node, struct row *row, struct value *result)
{
	int64_t end = row->end_ms == TIME_UNKNOWN ? row->now_ms : row->end_ms;

	(void)node;
	*result = row->start_ms == TIME_UNKNOWN ? VALUE_OF_NULL : value_number((double)(end - row->start_ms));
}

static void scale(const struct node *node, struct row *row, struct value *result, double factor)
{
	double number;

	*result = argument_number(node, 0, row, &number) ? number_or_null(number * factor) : VALUE_OF_NULL;
}

void run_from_millis(const struct node *node, struct row *row, struct value *result)
{
	scale(node, row, result, 1);
}

void run_to_millis(const struct node *node, struct row *row, struct value *result)
{
	scale(node, row, result, 1);
}

void run_from_seconds(const struct node *node, struct row *row, struct value *result)
{
	scale(node, row, result, 1000);
}
