/* Which operator a stage is; and the operators that are a word and an expression, or a word and text. */
#include "query/parse_operators.h"

#include <stdio.h>

static const struct operator_type {
	struct span keyword;
	parse_operator_fn *parse;
	bool is_signed;
} types[] = {
#define OPERATOR(keyword, parser, is_signed) { SPAN(keyword), parse_operator_##parser, is_signed },
#include "query/operators.def"
#undef OPERATOR
};

static const struct operator_type *find_type(const struct token *token)
{
	if (token->kind != TOKEN_WORD)
		return NULL;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (span_equal_nocase(token->text, types[i].keyword))
			return &types[i];
	return NULL;
}

bool parse_is_aggregate(const struct token *token)
{
	const struct operator_type *type = find_type(token);

	return type && type->parse == parse_operator_aggregate;
}

/* Letters to insert, leave out or exchange; only as far as it matters. */
static size_t distance(struct span a, struct span b)
{
	size_t row[32];

	if (a.len >= 32 || b.len >= 32)
		return SIZE_MAX / 4;
	for (size_t i = 0; i <= b.len; i++)
		row[i] = i;
	for (size_t i = 0; i < a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < b.len; j++) {
			bool equal = (a.data[i] | 0x20) == (b.data[j] | 0x20);
			size_t change = diagonal + !equal, shift = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
			diagonal = row[j + 1];
			row[j + 1] = change < shift ? change : shift;
		}
	}
	return row[b.len];
}

static struct span nearest_keyword(struct span word)
{
	struct span nearest = { 0 };
	size_t least = 3;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t letters = distance(word, types[i].keyword);
		if (letters < least && letters * 2 < word.len) {
			least = letters;
			nearest = types[i].keyword;
		}
	}
	return nearest;
}

/* ---- expressions as fields ---- */

static bool set_target(struct parser *parser, struct operator* operator, struct span name)
{
	struct named_expr *target = PARSER_APPEND(parser, operator->names, operator->name_count);

	if (target)
		target->name = name;
	return target;
}

/* What begins a stage and is no operator: was a word meant to be one? */
static bool refuse_stage(struct parser *parser, const struct token *first)
{
	struct span word = span_first(first->text, 40);

	if (first->kind != TOKEN_WORD)
		return parser_unexpected(parser, "as and a name for the field");
	struct span near = nearest_keyword(first->text);
	char expected[64] = "an operator, or an expression and as";
	if (near.len)
		snprintf(expected, sizeof(expected), "%.*s?", (int)near.len, near.data);
	return parser_refuse(parser, &first->place, expected, "there is no operator %.*s", (int)word.len, word.data);
}

static bool parse_assignment(struct parser *parser, struct operator* operator)
{
	struct token first = parser->token;
	struct span name = { 0 };

	operator->kind = OPERATOR_ASSIGN;
	operator->name = SPAN("as");
	operator->expr = parse_expression(parser);
	if (!operator->expr)
		return false;
	bool is_call = operator->expr->kind == EXPR_CALL || operator->expr->kind == EXPR_CONDITION;
	bool stands_alone = is_call && parser_at_stage_end(parser);
	if (!stands_alone && !parser_is_word(parser, "as"))
		return operator->expr->kind == EXPR_FIELD ? refuse_stage(parser, &first)
							  : parser_unexpected(parser, "as and a name for the field");
	return parse_as(parser, &name) && set_target(parser, operator, name);
}

/* The words of the dialect: eval f = expression [, g = expression]. */
bool parse_operator_eval(struct parser *parser, struct operator* operator)
{
	struct span name;

	operator->kind = OPERATOR_ASSIGN;
	operator->is_dialect = true;
	if (!parse_name(parser, &name, "eval field = expression") || !set_target(parser, operator, name))
		return false;
	if (!parser_expect(parser, TOKEN_EQUAL, "="))
		return false;
	operator->expr = parse_expression(parser);
	return operator->expr;
}

bool parse_operator_where(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_WHERE;
	operator->expr = parse_expression(parser);
	return operator->expr;
}

/* ---- operators that are kept as text ---- */

bool parse_operator_other(struct parser *parser, struct operator* operator)
{
	struct token text;

	operator->kind = OPERATOR_OTHER;
	if (parser_is(parser, TOKEN_PIPE) || parser_is(parser, TOKEN_END))
		return true;
	lexer_move(&parser->lexer, &parser->token.place);
	if (!lexer_balanced(&parser->lexer, &text, false))
		return false;
	parser->token = text;
	return parser_advance(parser);
}

/* ---- the stage ---- */

/* A field may have an operator's name: `total / 2 as half`, `first as f`. `count as n` is no such case. */
static bool is_field(const struct operator_type *type, const struct token *next)
{
	if (next->kind == TOKEN_WORD && span_equal_nocase(next->text, SPAN("as")))
		return !span_equal(type->keyword, SPAN("count"));
	if (type->is_signed)
		return false;
	return next->kind >= TOKEN_EQUAL || next->kind == TOKEN_QUESTION;
}

static bool refuse_dialect(struct parser *parser, const struct token *word)
{
	return parser_refuse(parser, &word->place, "expression as field",
			     "eval belongs to metrics queries; a search of logs has no such operator");
}

bool parse_operator(struct parser *parser, struct operator* operator)
{
	const struct operator_type *type = find_type(&parser->token);
	struct token word = parser->token, next;

	if (parser_is(parser, TOKEN_PIPE) || parser_is(parser, TOKEN_END))
		return parser_unexpected(parser, "an operator");
	if (!type)
		return parse_assignment(parser, operator);
	if (!parser_peek(parser, &next))
		return false;
	if (is_field(type, &next))
		return parse_assignment(parser, operator);
	operator->name = word.text;
	if (type->parse == parse_operator_eval && parser->strict)
		return refuse_dialect(parser, &word);
	return parser_advance(parser) && type->parse(parser, operator);
}
