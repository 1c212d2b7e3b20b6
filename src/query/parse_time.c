/*
 * Values and their times.
 *
 *   outlier f [by a, b] [window=5, threshold=3, consecutive=1, direction=+-]     commas or none; `by` may stand last
 *   withtime f
 *   compare [with] timeshift 1d [7] [avg|min|max] [as x] [, timeshift …]
 */
#include "query/parse_operators.h"

static bool parse_target(struct parser *parser, struct operator* operator)
{
	struct named_expr *target = PARSER_APPEND(parser, operator->names, operator->name_count);

	if (!target)
		return false;
	target->place = parser->token.place;
	target->expr = parse_field(parser);
	return target->expr;
}

bool parse_operator_withtime(struct parser *parser, struct operator* operator)
{
	bool open;

	operator->kind = OPERATOR_WITHTIME;
	return parser_take(parser, TOKEN_OPEN, &open) && parse_target(parser, operator) &&
	       (!open || parser_expect(parser, TOKEN_CLOSE, ")"));
}

/* ---- outlier ---- */

/* +, -, +- or -+, also as a string. */
static bool parse_signs(struct parser *parser, struct named_expr *option)
{
	struct place_in_text start = parser->token.place;

	option->expr = expr_create(parser, EXPR_STRING, &start);
	if (!option->expr)
		return false;
	if (parser_is(parser, TOKEN_STRING))
		return parse_string(parser, STRING_TEXT, &option->expr->text, "a direction");
	if (!parser_is(parser, TOKEN_PLUS) && !parser_is(parser, TOKEN_MINUS))
		return parser_unexpected(parser, "+, - or +-");
	while (parser_is(parser, TOKEN_PLUS) || parser_is(parser, TOKEN_MINUS))
		if (!parser_advance(parser))
			return false;
	option->expr->place = parser_place_since(parser, &start);
	option->expr->text = (struct span){ parser->query->text.data + start.offset, option->expr->place.len };
	return true;
}

static const char *outlier_option(const struct parser *parser)
{
	static const char *const names[] = { "window", "threshold", "consecutive", "direction" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (parser_is_word(parser, names[i]))
			return names[i];
	return NULL;
}

static bool parse_outlier_option(struct parser *parser, struct operator* operator, const char * name)
{
	struct named_expr *option = parse_add_option(parser, operator, name);
	bool comma;

	if (!option || !parser_advance(parser) || !parser_expect(parser, TOKEN_EQUAL, "="))
		return false;
	if (span_equal(option->name, SPAN("direction"))) {
		if (!parse_signs(parser, option))
			return false;
	} else if (!(option->expr = parse_constant(parser))) {
		return false;
	}
	return parser_take(parser, TOKEN_COMMA, &comma);
}

bool parse_operator_outlier(struct parser *parser, struct operator* operator)
{
	const char *name;

	operator->kind = OPERATOR_OUTLIER;
	if (!parse_target(parser, operator))
		return false;
	while ((name = outlier_option(parser)) || parser_is_word(parser, "by") || parser_is_word(parser, "group"))
		if (name ? !parse_outlier_option(parser, operator, name) : !parse_by(parser, operator))
			return false;
	return true;
}

/* ---- compare ---- */

static bool parse_times(struct parser *parser, struct operator* operator)
{
	struct named_expr *times = parse_add_option(parser, operator, "times");

	if (!times || !parser_is(parser, TOKEN_NUMBER))
		return times;
	times->expr = parse_constant(parser);
	return times->expr;
}

/* What several times become one by. */
static bool parse_summary(struct parser *parser, struct operator* operator)
{
	struct named_expr *by = parse_add_option(parser, operator, "by");
	bool stands = parser_is_word(parser, "avg") || parser_is_word(parser, "min") || parser_is_word(parser, "max");

	if (!by || !stands)
		return by;
	by->expr = expr_create(parser, EXPR_STRING, &parser->token.place);
	if (!by->expr)
		return false;
	by->expr->text = parser->token.text;
	return parser_advance(parser);
}

static bool parse_comparison(struct parser *parser, struct operator* operator)
{
	struct named_expr *name, *shift;

	if (!parser_is_word(parser, "timeshift"))
		return parser_unexpected(parser, "timeshift");
	name = PARSER_APPEND(parser, operator->names, operator->name_count);
	shift = name ? parse_add_option(parser, operator, "timeshift") : NULL;
	if (!shift || !parser_advance(parser))
		return false;
	name->place = shift->place;
	shift->expr = parse_constant(parser);
	if (!shift->expr || !parse_times(parser, operator) || !parse_summary(parser, operator))
		return false;
	return parse_as(parser, &operator->names[operator->name_count - 1].name);
}

bool parse_operator_compare(struct parser *parser, struct operator* operator)
{
	bool with, more = true;

	operator->kind = OPERATOR_COMPARE;
	if (!parser_take_word(parser, "with", &with))
		return false;
	while (more)
		if (!parse_comparison(parser, operator) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	return true;
}
