/*
 * Groups, time, tables.
 *
 *   count, sum(x) as y, pct(z, 95) by a, b        count a, b (by them)
 *   timeslice [by] 5m | 10 buckets [as t] [by f]
 *   transpose row a, b column c [as x, y, *]
 *   fillmissing timeslice[(5m)] [in f], values("a", "b") in g, values all in h [with 0 for x, y] [takelast]
 */
#include "query/lexer_number.h"
#include "query/parse_operators.h"

/* ---- aggregates ---- */

static bool parse_bare_argument(struct parser *parser, struct aggregate *aggregate)
{
	struct expr **slot = PARSER_APPEND(parser, aggregate->arguments, aggregate->argument_count);

	if (!slot)
		return false;
	*slot = parse_field(parser);
	return *slot;
}

/* `(x, 95)` behind the function. */
static bool parse_aggregate_arguments(struct parser *parser, struct aggregate *aggregate)
{
	struct expr *list = expr_create(parser, EXPR_CALL, &aggregate->place);

	if (!list || !parse_arguments(parser, list))
		return false;
	aggregate->arguments = list->children;
	aggregate->argument_count = list->child_count;
	return true;
}

static bool is_clause(const struct parser *parser)
{
	return parser_is_word(parser, "as") || parser_is_word(parser, "by") || parser_is_word(parser, "group");
}

/* What stands behind the function's name. A field there is what `count` counts by, and what others work on. */
static bool parse_behind_function(struct parser *parser, struct operator* operator, struct aggregate * aggregate)
{
	bool is_name = (parser_is(parser, TOKEN_WORD) && !is_clause(parser)) || parser_is(parser, TOKEN_QUOTED_NAME) ||
		       parser_is(parser, TOKEN_PARAMETER);

	if (parser_is(parser, TOKEN_OPEN))
		return parse_aggregate_arguments(parser, aggregate);
	if (!is_name)
		return true;
	if (span_equal_nocase(aggregate->function, SPAN("count")))
		return parse_order_keys(parser, operator);
	if (!span_equal_nocase(aggregate->function, SPAN("count_frequent")))
		return parse_bare_argument(parser, aggregate);
	for (bool more = true; more;)
		if (!parse_bare_argument(parser, aggregate) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	return true;
}

static bool parse_aggregate(struct parser *parser, struct operator* operator, struct span function,
			    const struct place_in_text *place)
{
	struct aggregate *aggregate = PARSER_APPEND(parser, operator->aggregates, operator->aggregate_count);

	if (!aggregate)
		return false;
	aggregate->function = function;
	aggregate->place = *place;
	if (!parse_behind_function(parser, operator, aggregate) || !parse_as(parser, &aggregate->name))
		return false;
	aggregate->place = parser_place_since(parser, &aggregate->place);
	return true;
}

/* max(a, b) of two values is a function of a row, no aggregate. */
static bool turn_into_function(struct parser *parser, struct operator* operator)
{
	struct aggregate *aggregate = operator->aggregates;
	bool is_extreme = span_equal_nocase(aggregate->function, SPAN("min")) ||
			  span_equal_nocase(aggregate->function, SPAN("max"));

	if (!is_extreme || aggregate->argument_count != 2 || operator->aggregate_count != 1 || operator->key_count)
		return true;
	struct named_expr *target = PARSER_APPEND(parser, operator->names, operator->name_count);
	operator->expr = target ? expr_create(parser, EXPR_CALL, &aggregate->place) : NULL;
	if (!operator->expr)
		return false;
	target->name = aggregate->name;
	operator->kind = OPERATOR_ASSIGN;
	operator->aggregate_count = 0;
	operator->expr->text = aggregate->function;
	return expr_add(parser, operator->expr, aggregate->arguments[0]) &&
	       expr_add(parser, operator->expr, aggregate->arguments[1]);
}

/* `by a, b`, where the `by` may be missing. */
static bool parse_groups(struct parser *parser, struct operator* operator)
{
	bool is_name = parser_is(parser, TOKEN_WORD) || parser_is(parser, TOKEN_QUOTED_NAME);

	return is_name && !is_clause(parser) ? parse_order_keys(parser, operator) : parse_by(parser, operator);
}

static bool parse_next_aggregate(struct parser *parser, struct operator* operator)
{
	struct token word = parser->token;

	if (!parse_is_aggregate(&word))
		return parser_unexpected(parser, "an aggregate such as count or sum(field)");
	return parser_advance(parser) && parse_aggregate(parser, operator, word.text, &word.place);
}

bool parse_operator_aggregate(struct parser *parser, struct operator* operator)
{
	struct place_in_text place = { .offset = (size_t)(operator->name.data - parser->query->text.data) };
	bool more = true;

	place.line = operator->place.line;
	place.column = operator->place.column;
	operator->kind = OPERATOR_AGGREGATE;
	if (!parse_aggregate(parser, operator, operator->name, &place))
		return false;
	for (;;) {
		if (!parser_take(parser, TOKEN_COMMA, &more))
			return false;
		if (!more)
			break;
		if (!parse_next_aggregate(parser, operator))
			return false;
	}
	return parse_groups(parser, operator) && turn_into_function(parser, operator);
}

/* ---- timeslice ---- */

/* `1 h`, with a blank. */
static bool parse_unit(struct parser *parser, struct expr *number)
{
	double factor;

	if (number->kind != EXPR_NUMBER || number->has_time_unit || !parser_is(parser, TOKEN_WORD) ||
	    !number_time_unit(parser->token.text, &factor))
		return true;
	number->number *= factor;
	number->has_time_unit = true;
	if (!parser_advance(parser))
		return false;
	number->place = parser_place_since(parser, &number->place);
	return true;
}

static bool parse_slice(struct parser *parser, struct operator* operator)
{
	bool buckets;

	operator->expr = parse_constant(parser);
	if (!operator->expr || !parse_unit(parser, operator->expr) || !parser_take_word(parser, "buckets", &buckets))
		return false;
	if (!buckets && !parser_take_word(parser, "bucket", &buckets))
		return false;
	return !buckets || parse_add_option(parser, operator, "buckets");
}

static bool is_slice(const struct parser *parser)
{
	return parser_is(parser, TOKEN_NUMBER) || parser_is(parser, TOKEN_PARAMETER);
}

static bool parse_slice_name(struct parser *parser, struct operator* operator)
{
	struct named_expr *name = PARSER_APPEND(parser, operator->names, operator->name_count);

	return name && parse_as(parser, &name->name);
}

bool parse_operator_timeslice(struct parser *parser, struct operator* operator)
{
	struct token next;
	bool open, by;

	operator->kind = OPERATOR_TIMESLICE;
	if (!parser_peek(parser, &next))
		return false;
	bool by_slice = parser_is_word(parser, "by") && (next.kind == TOKEN_NUMBER || next.kind == TOKEN_PARAMETER);
	if ((by_slice && !parser_advance(parser)) || !parser_take(parser, TOKEN_OPEN, &open))
		return false;
	if (is_slice(parser) && !parse_slice(parser, operator))
		return false;
	if (open && !parser_expect(parser, TOKEN_CLOSE, ")"))
		return false;
	while (parser_is_word(parser, "as") || parser_is_word(parser, "by")) {
		by = parser_is_word(parser, "by");
		if (by ? !parse_by(parser, operator) : !parse_slice_name(parser, operator))
			return false;
	}
	return true;
}

/* ---- transpose ---- */

static bool parse_transpose_names(struct parser *parser, struct operator* operator)
{
	bool more = true;

	while (more) {
		struct named_expr *option = parse_add_option(parser, operator, "as");
		bool star = parser_is(parser, TOKEN_STAR);
		if (!option)
			return false;
		option->expr = star ? expr_create(parser, EXPR_FIELD, &parser->token.place) : parse_field(parser);
		if (!option->expr)
			return false;
		if (star)
			option->expr->text = parser->token.text;
		if ((star && !parser_advance(parser)) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

bool parse_operator_transpose(struct parser *parser, struct operator* operator)
{
	bool as;

	operator->kind = OPERATOR_TRANSPOSE;
	return parser_expect_word(parser, "row") && parse_order_keys(parser, operator) &&
	       parser_expect_word(parser, "column") &&
	       parse_fields_list(parser, &operator->names, &operator->name_count) &&
	       parser_take_word(parser, "as", &as) && (!as || parse_transpose_names(parser, operator));
}

/* ---- fillmissing ---- */

static bool parse_fill_timeslice(struct parser *parser, struct operator* operator)
{
	struct named_expr *option = parse_add_option(parser, operator, "timeslice");
	bool taken;

	if (!option || !parser_advance(parser) || !parser_take(parser, TOKEN_OPEN, &taken))
		return false;
	if (taken) {
		option->expr = parse_constant(parser);
		if (!option->expr || !parser_expect(parser, TOKEN_CLOSE, ")"))
			return false;
	}
	if (!parser_take_word(parser, "in", &taken) || !taken)
		return !taken;
	option = parse_add_option(parser, operator, "timeslice in");
	if (!option)
		return false;
	option->expr = parse_field(parser);
	return option->expr;
}

static bool parse_fill_values(struct parser *parser, struct operator* operator)
{
	struct named_expr *option = parse_add_option(parser, operator, "values");
	struct expr *list = expr_create(parser, EXPR_IN, &parser->token.place);
	bool all;

	if (!option || !list || !parser_advance(parser) || !parser_take_word(parser, "all", &all))
		return false;
	if (!all && !parse_arguments(parser, list))
		return false;
	if (!parser_expect_word(parser, "in"))
		return false;
	struct expr *field = parse_field(parser);
	if (!field)
		return false;
	option->expr = all ? field : expr_create(parser, EXPR_IN, &list->place);
	if (all)
		option->name = SPAN("values all");
	if (all || !option->expr || !expr_add(parser, option->expr, field))
		return option->expr && all;
	for (size_t i = 0; i < list->child_count; i++)
		if (!expr_add(parser, option->expr, list->children[i]))
			return false;
	return true;
}

/* `0 for x, y, "" for z` */
static bool parse_fill_defaults(struct parser *parser, struct operator* operator)
{
	struct expr *value = NULL;
	bool more = true;

	while (more) {
		bool is_value = !parser_is(parser, TOKEN_WORD) && !parser_is(parser, TOKEN_QUOTED_NAME);
		if (!value || is_value || parser_is_word(parser, "null")) {
			value = parse_constant(parser);
			if (!value || !parser_expect_word(parser, "for"))
				return false;
		}
		struct expr *field = parse_field(parser);
		struct named_expr *option = field ? parse_add_option(parser, operator, "with") : NULL;
		if (!option)
			return false;
		option->expr = expr_binary(parser, OP_EQUAL, field, value);
		if (!option->expr || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

bool parse_operator_fillmissing(struct parser *parser, struct operator* operator)
{
	bool more = true, taken;

	operator->kind = OPERATOR_FILLMISSING;
	while (more) {
		bool done = false;
		if (parser_is_word(parser, "timeslice"))
			done = parse_fill_timeslice(parser, operator);
		else if (parser_is_word(parser, "values"))
			done = parse_fill_values(parser, operator);
		else
			return parser_unexpected(parser, "timeslice or values");
		if (!done || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	if (!parser_take_word(parser, "with", &taken) || (taken && !parse_fill_defaults(parser, operator)))
		return false;
	return parser_take_word(parser, "takelast", &taken) &&
	       (!taken || parse_add_option(parser, operator, "takelast"));
}
