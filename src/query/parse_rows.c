/*
 * Which rows, which fields, in which order.
 *
 *   fields [-] a, b                    top 10 a, b by x asc, y
 *   sort [[by] +a, -b, c asc]           topk(3, x, -y) [group] by a, b
 *   limit 10                           dedup [consecutive] [n] [by] a, b
 *   lookup a, b as c from path on x=y, z=w        cat path
 */
#include "query/parse_operators.h"

bool parse_operator_fields(struct parser *parser, struct operator* operator)
{
	bool more = true, plus, open;

	operator->kind = OPERATOR_FIELDS;
	if (!parser_take(parser, TOKEN_MINUS, &operator->negated) || !parser_take(parser, TOKEN_PLUS, &plus) ||
	    !parser_take(parser, TOKEN_OPEN, &open))
		return false;
	while (more) {
		struct named_expr *item = PARSER_APPEND(parser, operator->names, operator->name_count);
		if (!item)
			return false;
		item->place = parser->token.place;
		struct expr *field = parse_field(parser);
		if (!field)
			return false;
		item->name = field->text;
		if (parser_is_word(parser, "as"))
			item->expr = field;
		if (!parse_as(parser, &item->name) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
		item->place = parser_place_since(parser, &item->place);
	}
	return !open || parser_expect(parser, TOKEN_CLOSE, ", or )");
}

bool parse_operator_sort(struct parser *parser, struct operator* operator)
{
	bool by;

	operator->kind = OPERATOR_SORT;
	if (!parser_take_word(parser, "by", &by))
		return false;
	return (!by && parser_at_stage_end(parser)) || parse_order_keys(parser, operator);
}

bool parse_operator_limit(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_LIMIT;
	operator->expr = parse_constant(parser);
	return operator->expr;
}

bool parse_operator_top(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_TOP;
	operator->expr = parse_constant(parser);
	if (!operator->expr || !parse_fields_list(parser, &operator->names, &operator->name_count))
		return false;
	bool by;
	return parser_take_word(parser, "by", &by) && (!by || parse_order_keys(parser, operator));
}

static bool parse_topk_value(struct parser *parser, struct aggregate *aggregate)
{
	bool plus;

	if (!parser_take(parser, TOKEN_PLUS, &plus))
		return false;
	struct expr *value = parse_operand(parser);
	struct expr **slot = value ? PARSER_APPEND(parser, aggregate->arguments, aggregate->argument_count) : NULL;
	if (slot)
		*slot = value;
	return slot;
}

bool parse_operator_topk(struct parser *parser, struct operator* operator)
{
	bool more = true;

	operator->kind = OPERATOR_TOPK;
	if (!parser_expect(parser, TOKEN_OPEN, "(number, field)"))
		return false;
	operator->expr = parse_constant(parser);
	struct aggregate *aggregate = PARSER_APPEND(parser, operator->aggregates, operator->aggregate_count);
	if (!operator->expr || !aggregate || !parser_expect(parser, TOKEN_COMMA, ", and a field"))
		return false;
	aggregate->function = operator->name;
	while (more)
		if (!parse_topk_value(parser, aggregate) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	return parser_expect(parser, TOKEN_CLOSE, ", or )") && parse_by(parser, operator);
}

bool parse_operator_dedup(struct parser *parser, struct operator* operator)
{
	bool consecutive, by;

	operator->kind = OPERATOR_DEDUP;
	if (!parser_take_word(parser, "consecutive", &consecutive))
		return false;
	if (consecutive && !parse_add_option(parser, operator, "consecutive"))
		return false;
	if (parser_is(parser, TOKEN_NUMBER) || parser_is(parser, TOKEN_PARAMETER)) {
		operator->expr = parse_constant(parser);
		if (!operator->expr)
			return false;
	}
	if (!parser_take_word(parser, "by", &by))
		return false;
	return (!by && parser_at_stage_end(parser)) || parse_order_keys(parser, operator);
}

/* ---- tables ---- */

/* The path is the token's place in another reading. */
static bool parse_path(struct parser *parser, struct operator* operator)
{
	struct place_in_text *place;
	struct span *path;
	size_t count = 0;

	lexer_move(&parser->lexer, &parser->token.place);
	if (!lexer_path(&parser->lexer, &parser->token))
		return false;
	if (parser->token.place.len == 0)
		return parser_unexpected(parser, "the path of a lookup table");
	path = PARSER_APPEND(parser, operator->patterns, operator->pattern_count);
	place = path ? PARSER_APPEND(parser, operator->pattern_places, count) : NULL;
	if (!place)
		return false;
	*path = parser->token.text;
	*place = parser->token.place;
	return parser_advance(parser);
}

static bool parse_lookup_column(struct parser *parser, struct operator* operator)
{
	struct named_expr *item = PARSER_APPEND(parser, operator->names, operator->name_count);
	bool star = parser_is(parser, TOKEN_STAR);

	if (!item)
		return false;
	item->place = parser->token.place;
	if (star) {
		item->expr = expr_create(parser, EXPR_FIELD, &parser->token.place);
		if (!item->expr)
			return false;
		item->expr->text = parser->token.text;
		return parser_advance(parser);
	}
	item->expr = parse_field(parser);
	if (!item->expr || !parse_as(parser, &item->name))
		return false;
	item->place = parser_place_since(parser, &item->place);
	return true;
}

static bool parse_lookup_condition(struct parser *parser, struct operator* operator)
{
	struct order_key *key = PARSER_APPEND(parser, operator->keys, operator->key_count);
	struct expr *column = key ? parse_field(parser) : NULL;
	bool equal;

	if (!column || !parser_take(parser, TOKEN_EQUAL, &equal))
		return false;
	key->expr = expr_binary(parser, OP_EQUAL, column, equal ? parse_operand(parser) : column);
	return key->expr;
}

bool parse_operator_lookup(struct parser *parser, struct operator* operator)
{
	bool more = true, and = false;

	operator->kind = OPERATOR_LOOKUP;
	while (more)
		if (!parse_lookup_column(parser, operator) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	if (!parser_is_word(parser, "from"))
		return parser_unexpected(parser, ", as or from");
	parser->token.place = (struct place_in_text){ parser->lexer.at, 0, parser->lexer.line, parser->lexer.column };
	if (!parse_path(parser, operator) || !parser_expect_word(parser, "on"))
		return false;
	for (more = true; more;) {
		if (!parse_lookup_condition(parser, operator) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
		if (!more && !parser_take_word(parser, "and", &and))
			return false;
		more |= and;
		and = false;
	}
	return true;
}

bool parse_operator_cat(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_CAT;
	return parse_path(parser, operator);
}
