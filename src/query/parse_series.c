/*
 * Values in the order of the rows.
 *
 *   accum f [as g] [by a], total, diff            backshift f [, n] [as g] [by a], smooth, rollingstd, rateof
 *
 * f may stand in parentheses.
 */
#include "query/parse_operators.h"

static bool parse_series(struct parser *parser, struct operator* operator, enum operator_kind kind)
{
	struct named_expr *target = PARSER_APPEND(parser, operator->names, operator->name_count);
	bool open, comma;

	operator->kind = kind;
	if (!target || !parser_take(parser, TOKEN_OPEN, &open))
		return false;
	target->place = parser->token.place;
	target->expr = parse_field(parser);
	if (!target->expr || !parser_take(parser, TOKEN_COMMA, &comma))
		return false;
	if (comma) {
		operator->expr = parse_constant(parser);
		if (!operator->expr)
			return false;
	}
	if (open && !parser_expect(parser, TOKEN_CLOSE, ", or )"))
		return false;
	/* The name may stand before the groups or behind them. */
	return parse_as(parser, &target->name) && parse_by(parser, operator) && parse_as(parser, &target->name);
}

#define SERIES(word, kind)                                                           \
	bool parse_operator_##word(struct parser *parser, struct operator* operator) \
	{                                                                            \
		return parse_series(parser, operator, kind);                         \
	}

SERIES(accum, OPERATOR_ACCUM)
SERIES(total, OPERATOR_TOTAL)
SERIES(diff, OPERATOR_DIFF)
SERIES(backshift, OPERATOR_BACKSHIFT)
SERIES(smooth, OPERATOR_SMOOTH)
SERIES(rollingstd, OPERATOR_ROLLINGSTD)
SERIES(rateof, OPERATOR_RATEOF)
