/*
 * The tight half of expressions; parse_condition.c has the loose one.
 *
 *   sum:        product { + - product }
 *   product:    sign { * / % sign }
 *   sign:       (- | +) sign | primary
 *   primary:    literal | field | call(…) | if(c, a, b) | ( expression ) | [subquery …]
 *
 * A tree deeper than QUERY_DEPTH_MAX is an error.
 */
#include "query/parse_parts.h"

/* ---- nodes ---- */

struct expr *expr_create(struct parser *parser, enum expr_kind kind, const struct place_in_text *place)
{
	struct expr *expr = parser_alloc(parser, sizeof(*expr));

	if (!expr)
		return NULL;
	expr->kind = kind;
	expr->place = *place;
	expr->height = 1;
	return expr;
}

/* The place grows to the end of what was taken. */
bool expr_add(struct parser *parser, struct expr *parent, struct expr *child)
{
	struct expr **slot = child ? PARSER_APPEND(parser, parent->children, parent->child_count) : NULL;

	if (!slot)
		return false;
	if (child->height >= QUERY_DEPTH_MAX)
		return parser_refuse(parser, &child->place, "", "this expression is built of more than %d levels",
				     QUERY_DEPTH_MAX);
	*slot = child;
	if (child->height >= parent->height)
		parent->height = (unsigned short)(child->height + 1);
	size_t end = child->place.offset + child->place.len;
	if (end > parent->place.offset + parent->place.len)
		parent->place.len = end - parent->place.offset;
	return true;
}

struct expr *expr_binary(struct parser *parser, enum expr_op op, struct expr *a, struct expr *b)
{
	struct expr *expr = a && b ? expr_create(parser, EXPR_BINARY, &a->place) : NULL;

	if (!expr || !expr_add(parser, expr, a) || !expr_add(parser, expr, b))
		return NULL;
	expr->op = op;
	return expr;
}

struct expr *expr_unary(struct parser *parser, enum expr_op op, const struct place_in_text *place, struct expr *child)
{
	struct expr *expr = child ? expr_create(parser, EXPR_UNARY, place) : NULL;

	if (!expr || !expr_add(parser, expr, child))
		return NULL;
	expr->op = op;
	return expr;
}

/* A node of what was taken since `start`, parentheses and all. */
static struct expr *close(struct parser *parser, struct expr *expr)
{
	expr->place = parser_place_since(parser, &expr->place);
	return expr;
}

/* ---- primaries ---- */

static struct expr *parse_string_literal(struct parser *parser)
{
	struct expr *expr = expr_create(parser, EXPR_STRING, &parser->token.place);

	return expr && parse_string(parser, STRING_TEXT, &expr->text, "a string") ? expr : NULL;
}

static struct expr *parse_number(struct parser *parser)
{
	struct expr *expr = expr_create(parser, EXPR_NUMBER, &parser->token.place);

	if (!expr)
		return NULL;
	expr->text = parser->token.text;
	expr->number = parser->token.number;
	expr->has_time_unit = parser->token.has_time_unit;
	return parser_advance(parser) ? expr : NULL;
}

static struct expr *parse_parameter(struct parser *parser)
{
	struct expr *expr = expr_create(parser, EXPR_PARAMETER, &parser->token.place);

	if (!expr)
		return NULL;
	expr->text = parser->token.text;
	return parser_advance(parser) ? expr : NULL;
}

struct expr *parse_field(struct parser *parser)
{
	struct expr *expr = expr_create(parser, EXPR_FIELD, &parser->token.place);

	if (!expr)
		return NULL;
	expr->quoted_name = parser_is(parser, TOKEN_QUOTED_NAME);
	return parse_name(parser, &expr->text, "a field") ? expr : NULL;
}

static struct expr *parse_word_literal(struct parser *parser)
{
	bool is_null = parser_is_word(parser, "null");
	struct expr *expr = expr_create(parser, is_null ? EXPR_NULL : EXPR_BOOL, &parser->token.place);

	if (!expr)
		return NULL;
	expr->number = parser_is_word(parser, "true");
	expr->text = parser->token.text;
	return parser_advance(parser) ? expr : NULL;
}

/* The lexer stands behind the token: go back and read it as another form. */
static bool reread(struct parser *parser, bool (*read)(struct lexer *, struct token *))
{
	lexer_move(&parser->lexer, &parser->token.place);
	return read(&parser->lexer, &parser->token);
}

static bool read_subquery(struct lexer *lexer, struct token *token)
{
	return lexer_balanced(lexer, token, true);
}

static struct expr *parse_subquery(struct parser *parser)
{
	struct token word;

	if (!parser_peek(parser, &word))
		return NULL;
	if (!span_equal_nocase(word.text, SPAN("subquery"))) {
		parser_unexpected(parser, "[subquery …]");
		return NULL;
	}
	if (!reread(parser, read_subquery))
		return NULL;
	struct expr *expr = expr_create(parser, EXPR_SUBQUERY, &parser->token.place);
	if (!expr)
		return NULL;
	expr->text = parser->token.text;
	return parser_advance(parser) ? expr : NULL;
}

struct expr *parse_regex_literal(struct parser *parser)
{
	if (!reread(parser, lexer_regex))
		return NULL;
	struct expr *expr = expr_create(parser, EXPR_REGEX, &parser->token.place);
	if (!expr)
		return NULL;
	expr->is_regex = true;
	expr->text = parser->token.text;
	expr->ignore_case = parser->token.ignore_case;
	return parser_advance(parser) ? expr : NULL;
}

static struct expr *parse_parenthesis(struct parser *parser)
{
	struct place_in_text start = parser->token.place;

	if (!parser_advance(parser))
		return NULL;
	parser->open++;
	struct expr *expr = parse_expression(parser);
	if (!expr)
		return NULL;
	parser->open--;
	if (parser_is(parser, TOKEN_END)) {
		parser_refuse(parser, &start, ")", "a parenthesis that is opened here is not closed");
		return NULL;
	}
	if (!parser_expect(parser, TOKEN_CLOSE, "an operator or )"))
		return NULL;
	if (expr->child_count > 0)
		expr->place = parser_place_since(parser, &start);
	return expr;
}

static bool parse_argument(struct parser *parser, struct expr *parent)
{
	if (parser_is(parser, TOKEN_STAR)) /* count(*) */
		return parser_advance(parser);
	bool is_regex = parser_is(parser, TOKEN_SLASH);
	return expr_add(parser, parent, is_regex ? parse_regex_literal(parser) : parse_expression(parser));
}

bool parse_arguments(struct parser *parser, struct expr *parent)
{
	struct place_in_text start = parser->token.place;
	bool more = true;

	if (!parser_advance(parser))
		return false;
	parser->open++;
	more = !parser_is(parser, TOKEN_CLOSE);
	while (more) {
		if (!parse_argument(parser, parent) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	if (parser_is(parser, TOKEN_END))
		return parser_refuse(parser, &start, ")", "a parenthesis that is opened here is not closed");
	parser->open--;
	return parser_expect(parser, TOKEN_CLOSE, ", or )");
}

static struct expr *parse_call(struct parser *parser)
{
	bool is_if = parser_is_word(parser, "if");
	struct expr *expr = expr_create(parser, is_if ? EXPR_CONDITION : EXPR_CALL, &parser->token.place);

	if (!expr)
		return NULL;
	expr->text = parser->token.text;
	if (!parser_advance(parser) || !parse_arguments(parser, expr))
		return NULL;
	close(parser, expr);
	if (is_if && expr->child_count != 3) {
		parser_refuse(parser, &expr->place, "if(condition, then, else)", "if takes three arguments, not %zu",
			      expr->child_count);
		return NULL;
	}
	return expr;
}

static bool arithmetic(enum token_kind kind, bool is_product, enum expr_op *op)
{
	*op = kind == TOKEN_PLUS    ? OP_ADD
	      : kind == TOKEN_MINUS ? OP_SUBTRACT
	      : kind == TOKEN_STAR  ? OP_MULTIPLY
	      : kind == TOKEN_SLASH ? OP_DIVIDE
				    : OP_MODULO;
	if (is_product)
		return kind == TOKEN_STAR || kind == TOKEN_SLASH || kind == TOKEN_PERCENT;
	return kind == TOKEN_PLUS || kind == TOKEN_MINUS;
}

static bool is_reserved(const struct parser *parser)
{
	static const char *const words[] = { "and", "or", "not", "in", "matches", "as", "by" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (parser_is_word(parser, words[i]))
			return true;
	return false;
}

static struct expr *parse_word(struct parser *parser)
{
	struct token next;

	if (is_reserved(parser)) {
		parser_unexpected(parser, "a value");
		return NULL;
	}
	if (!parser_peek(parser, &next))
		return NULL;
	if (next.kind == TOKEN_OPEN)
		return parse_call(parser);
	if (parser_is_word(parser, "true") || parser_is_word(parser, "false") || parser_is_word(parser, "null"))
		return parse_word_literal(parser);
	return parse_field(parser);
}

static struct expr *parse_primary(struct parser *parser)
{
	static struct expr *(*const by_token[])(struct parser * parser) = {
		[TOKEN_NUMBER] = parse_number,
		[TOKEN_STRING] = parse_string_literal,
		[TOKEN_QUOTED_NAME] = parse_field,
		[TOKEN_PARAMETER] = parse_parameter,
		[TOKEN_WORD] = parse_word,
		[TOKEN_OPEN] = parse_parenthesis,
		[TOKEN_OPEN_BRACKET] = parse_subquery,
	};
	if (!parse_bare_name(parser))
		return NULL;
	enum token_kind kind = parser->token.kind;
	if (kind < sizeof(by_token) / sizeof(by_token[0]) && by_token[kind])
		return by_token[kind](parser);
	parser_unexpected(parser, "a value");
	return NULL;
}

/* ---- arithmetic ---- */

static struct expr *parse_sign(struct parser *parser)
{
	struct place_in_text start = parser->token.place;
	bool minus = parser_is(parser, TOKEN_MINUS);
	struct expr *expr = NULL;

	if (!parser_enter(parser))
		return NULL;
	if (!minus && !parser_is(parser, TOKEN_PLUS))
		expr = parse_primary(parser);
	else if (parser_advance(parser))
		expr = parse_sign(parser);
	parser_leave(parser);
	return minus ? expr_unary(parser, OP_NEGATE, &start, expr) : expr;
}

/* A chain to the left of operators that have the same rank. */
static struct expr *parse_chain(struct parser *parser, bool is_product)
{
	struct expr *expr = is_product ? parse_sign(parser) : parse_chain(parser, true);
	enum expr_op op;

	while (expr && arithmetic(parser->token.kind, is_product, &op)) {
		if (!parser_advance(parser))
			return NULL;
		expr = expr_binary(parser, op, expr, is_product ? parse_sign(parser) : parse_chain(parser, true));
	}
	return expr;
}

struct expr *parse_operand(struct parser *parser)
{
	return parse_chain(parser, false);
}

struct expr *parse_constant(struct parser *parser)
{
	struct place_in_text start = parser->token.place;
	bool minus = parser_is(parser, TOKEN_MINUS);

	if ((minus || parser_is(parser, TOKEN_PLUS)) && !parser_advance(parser))
		return NULL;
	struct expr *expr = parse_primary(parser);
	return minus ? expr_unary(parser, OP_NEGATE, &start, expr) : expr;
}
