/*
 * The loose half of expressions:
 *
 *   expression: or [ ? expression : expression ]
 *   or:         and { (or | "||") and }
 *   and:        not { (and | &&) not }
 *   not:        (not | !) not | comparison
 *   comparison: operand { = == != <> < <= > >= operand | [not | !] (in (…) | matches pattern | contains operand) }
 *
 * Chains of and/or become balanced trees: a list of a thousand alternatives
 * is ten levels deep.
 */
#include "query/parse_parts.h"

/* ---- in, matches ---- */

/* The wildcard pattern of a literal, also of one in parentheses. */
static bool pattern_text(struct parser *parser, const struct expr *literal, struct span *text)
{
	struct span written = { parser->query->text.data + literal->place.offset + 1, literal->place.len - 2 };

	return lexer_string_text(written, STRING_PATTERN, &parser->query->arena, text) ||
	       parser_refuse(parser, &literal->place, "", "memory is out");
}

static bool parse_pattern(struct parser *parser, struct expr *matches)
{
	bool is_regex = parser_is(parser, TOKEN_SLASH);
	struct expr *pattern = is_regex ? parse_regex_literal(parser) : parse_operand(parser);

	if (!pattern)
		return false;
	matches->is_regex = is_regex;
	matches->ignore_case = pattern->ignore_case;
	matches->text = pattern->text;
	if (pattern->kind == EXPR_STRING)
		return pattern_text(parser, pattern, &matches->text);
	if (is_regex)
		return true;
	matches->text = SPAN("");
	return expr_add(parser, matches, pattern);
}

static bool parse_list(struct parser *parser, struct expr *in)
{
	if (parser_is(parser, TOKEN_OPEN))
		return parse_arguments(parser, in);
	return expr_add(parser, in, parse_operand(parser));
}

/* `a contains b` is the function contains(a, b). */
static struct expr *parse_contains(struct parser *parser, struct expr *value, bool negated)
{
	struct expr *call = expr_create(parser, EXPR_CALL, &value->place);

	if (!call || !expr_add(parser, call, value))
		return NULL;
	call->text = SPAN("contains");
	if (!parser_advance(parser) || !expr_add(parser, call, parse_operand(parser)))
		return NULL;
	return negated ? expr_unary(parser, OP_NOT, &call->place, call) : call;
}

/* `value [not] in …`, `value [not] matches …`; the token is the word. */
static struct expr *parse_worded(struct parser *parser, struct expr *value, bool negated)
{
	bool is_in = parser_is_word(parser, "in");

	if (parser_is_word(parser, "contains"))
		return parse_contains(parser, value, negated);
	struct expr *expr = expr_create(parser, is_in ? EXPR_IN : EXPR_MATCHES, &value->place);
	if (!expr || !expr_add(parser, expr, value) || !parser_advance(parser))
		return NULL;
	expr->negated = negated;
	if (!(is_in ? parse_list(parser, expr) : parse_pattern(parser, expr)))
		return NULL;
	expr->place = parser_place_since(parser, &expr->place);
	return expr;
}

static bool is_worded(const struct token *token)
{
	return token->kind == TOKEN_WORD &&
	       (span_equal_nocase(token->text, SPAN("in")) || span_equal_nocase(token->text, SPAN("matches")) ||
		span_equal_nocase(token->text, SPAN("contains")));
}

/* Whether such a word comes, perhaps behind a not, which is taken. */
static bool take_worded(struct parser *parser, bool *found, bool *negated)
{
	struct token next;

	*negated = false;
	*found = is_worded(&parser->token);
	if (*found || (!parser_is(parser, TOKEN_NOT) && !parser_is_word(parser, "not")))
		return true;
	if (!parser_peek(parser, &next))
		return false;
	*found = is_worded(&next);
	*negated = *found;
	return !*found || parser_advance(parser);
}

/* ---- comparisons ---- */

static bool relation(enum token_kind kind, enum expr_op *op)
{
	static const enum expr_op ops[] = {
		[TOKEN_EQUAL] = OP_EQUAL,     [TOKEN_NOT_EQUAL] = OP_NOT_EQUAL,
		[TOKEN_LESS] = OP_LESS,	      [TOKEN_LESS_EQUAL] = OP_LESS_EQUAL,
		[TOKEN_GREATER] = OP_GREATER, [TOKEN_GREATER_EQUAL] = OP_GREATER_EQUAL,
	};

	if (kind < TOKEN_EQUAL || kind > TOKEN_GREATER_EQUAL)
		return false;
	*op = ops[kind];
	return true;
}

/* `(field {{how_compared}})`: a dashboard puts the operator in, too. */
static struct expr *parse_templated(struct parser *parser, struct expr *value)
{
	struct expr *expr = expr_create(parser, EXPR_PARAMETER, &value->place);

	if (!expr || !expr_add(parser, expr, value))
		return NULL;
	expr->text = parser->token.text;
	if (!parser_advance(parser))
		return NULL;
	expr->place = parser_place_since(parser, &expr->place);
	return expr;
}

static struct expr *parse_comparison(struct parser *parser)
{
	struct expr *expr = parse_operand(parser);
	bool worded, negated;
	enum expr_op op;

	while (expr) {
		if (relation(parser->token.kind, &op)) {
			if (!parser_advance(parser))
				return NULL;
			expr = expr_binary(parser, op, expr, parse_operand(parser));
			continue;
		}
		if (parser->open && parser_is(parser, TOKEN_PARAMETER)) {
			expr = parse_templated(parser, expr);
			continue;
		}
		if (!take_worded(parser, &worded, &negated))
			return NULL;
		if (!worded)
			break;
		expr = parse_worded(parser, expr, negated);
	}
	return expr;
}

/* ---- not, and, or, ?: ---- */

static struct expr *parse_not(struct parser *parser)
{
	struct place_in_text start = parser->token.place;

	if (!parser_is(parser, TOKEN_NOT) && !parser_is_word(parser, "not"))
		return parse_comparison(parser);
	if (!parser_enter(parser) || !parser_advance(parser))
		return NULL;
	struct expr *expr = parse_not(parser);
	parser_leave(parser);
	return expr_unary(parser, OP_NOT, &start, expr);
}

static struct expr *balance(struct parser *parser, enum expr_op op, struct expr **operands, size_t count)
{
	if (count == 1)
		return operands[0];
	return expr_binary(parser, op, balance(parser, op, operands, count / 2),
			   balance(parser, op, operands + count / 2, count - count / 2));
}

static bool take_link(struct parser *parser, enum expr_op op, bool *taken)
{
	if (!parser_take(parser, op == OP_OR ? TOKEN_OR : TOKEN_AND, taken))
		return false;
	return *taken || parser_take_word(parser, op == OP_OR ? "or" : "and", taken);
}

static struct expr *parse_links(struct parser *parser, enum expr_op op)
{
	struct expr **operands = NULL;
	size_t count = 0;
	bool more = true;

	while (more) {
		struct expr *operand = op == OP_OR ? parse_links(parser, OP_AND) : parse_not(parser);
		struct expr **slot = operand ? PARSER_APPEND(parser, operands, count) : NULL;
		if (!slot)
			return NULL;
		*slot = operand;
		if (!take_link(parser, op, &more))
			return NULL;
	}
	return balance(parser, op, operands, count);
}

static struct expr *parse_choice(struct parser *parser, struct expr *condition)
{
	struct expr *expr = expr_create(parser, EXPR_CONDITION, &condition->place);

	if (!expr || !expr_add(parser, expr, condition) || !parser_advance(parser) ||
	    !expr_add(parser, expr, parse_expression(parser)) ||
	    !parser_expect(parser, TOKEN_COLON, ": and the value for when the condition is false") ||
	    !expr_add(parser, expr, parse_expression(parser)))
		return NULL;
	return expr;
}

struct expr *parse_expression(struct parser *parser)
{
	if (!parser_enter(parser))
		return NULL;
	struct expr *expr = parse_links(parser, OP_OR);
	if (expr && parser_is(parser, TOKEN_QUESTION))
		expr = parse_choice(parser, expr);
	parser_leave(parser);
	return expr;
}
