/*
 * json, keyvalue, csv, split: fields out of text that has a form of its own.
 *
 *   json { option } "path" { , "path" } [as x, y] { option }
 *   kv { option } [regex "r"] [keys] "key" { , "key" } [as x, y] { option }
 *   csv f { option } extract 1 as a, 2 as b | extract a, _, b
 *   option: auto, infer, keys, nodrop, field=f, refonly, extractarrays, maxdepth 2, delim=",", …
 */
#include "query/parse_operators.h"

static bool is_value(const struct parser *parser)
{
	return parser_is(parser, TOKEN_NUMBER) || parser_is(parser, TOKEN_STRING) ||
	       parser_is(parser, TOKEN_APOSTROPHES) || parser_is(parser, TOKEN_PARAMETER);
}

/* The text between apostrophes stands for itself. */
static struct expr *parse_apostrophes(struct parser *parser)
{
	struct expr *expr = expr_create(parser, EXPR_STRING, &parser->token.place);

	if (!expr)
		return NULL;
	expr->text = parser->token.text;
	return parser_advance(parser) ? expr : NULL;
}

/* The option's value, if one stands there. */
static bool parse_value(struct parser *parser, struct named_expr *option, bool required)
{
	if (!required && !is_value(parser))
		return true;
	option->expr = parser_is(parser, TOKEN_APOSTROPHES) ? parse_apostrophes(parser) : parse_constant(parser);
	return option->expr;
}

/* `name`, `name value` or `name = value`; the name is the token. */
static bool parse_option(struct parser *parser, struct operator* operator, const char * name, bool takes_value)
{
	struct named_expr *option = parse_add_option(parser, operator, name);
	bool equal;

	if (!option || !parser_advance(parser))
		return false;
	if (takes_value && (!parser_take(parser, TOKEN_EQUAL, &equal) || !parse_value(parser, option, equal)))
		return false;
	option->place = parser_place_since(parser, &option->place);
	return true;
}

/* ---- json, keyvalue ---- */

static const struct word_option {
	const char *word;
	bool takes_value;
} options[] = {
	{ "infer", false },   { "refonly", false }, { "extractarrays", false }, { "keys", false },
	{ "maxdepth", true }, { "delim", true },    { "delimiter", true },
};

/* The option that stands here, if one does. */
static bool take_option(struct parser *parser, struct operator* operator, bool * taken)
{
	*taken = true;
	if (parser_is_word(parser, "auto")) {
		operator->auto_mode = true;
		return parser_advance(parser);
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (parser_is_word(parser, options[i].word))
			return parse_option(parser, operator, options[i].word, options[i].takes_value);
	return parse_extract_option(parser, operator, taken);
}

static bool take_options(struct parser *parser, struct operator* operator)
{
	bool taken = true;

	while (taken)
		if (!take_option(parser, operator, & taken))
			return false;
	return true;
}

static bool parse_keyed(struct parser *parser, struct operator* operator)
{
	if (!take_options(parser, operator))
		return false;
	if (parser_at_stage_end(parser) && operator->auto_mode)
		return true;
	return parse_paths(parser, operator) && take_options(parser, operator);
}

bool parse_operator_json(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_JSON;
	return parse_keyed(parser, operator);
}

bool parse_operator_keyvalue(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_KEYVALUE;
	if (!take_options(parser, operator))
		return false;
	if (!parser_is_word(parser, "regex"))
		return parse_keyed(parser, operator);
	struct named_expr *option = parse_add_option(parser, operator, "regex");
	if (!option || !parser_advance(parser))
		return false;
	option->expr = expr_create(parser, EXPR_STRING, &parser->token.place);
	return option->expr && parse_string(parser, STRING_PATTERN, &option->expr->text, "a \"regular expression\"") &&
	       parse_keyed(parser, operator);
}

/* ---- csv, split ---- */

static struct expr *column_number(struct parser *parser, double number)
{
	struct expr *expr = expr_create(parser, EXPR_NUMBER, &parser->token.place);

	if (expr)
		expr->number = number;
	return expr;
}

/* `2 as b`, or a name that stands for the column behind the one before; _ passes one over. */
static bool parse_column(struct parser *parser, struct operator* operator, double * column)
{
	struct named_expr item = { .place = parser->token.place };

	if (parser_is(parser, TOKEN_NUMBER) && !parser->token.has_time_unit) {
		item.expr = parse_constant(parser);
		if (!item.expr || !parser_expect_word(parser, "as"))
			return false;
		*column = item.expr->number;
	} else {
		item.expr = column_number(parser, ++*column);
	}
	if (!item.expr || !parse_name(parser, &item.name, "a name for the field"))
		return false;
	if (span_equal(item.name, SPAN("_")))
		return true;
	item.place = parser_place_since(parser, &item.place);
	struct named_expr *slot = PARSER_APPEND(parser, operator->names, operator->name_count);
	if (slot)
		*slot = item;
	return slot;
}

/* `name=value`, with a comma behind it or none, up to `extract`. */
static bool parse_column_options(struct parser *parser, struct operator* operator)
{
	bool taken;

	while (!parser_is_word(parser, "extract")) {
		struct named_expr *option = parse_add_option(parser, operator, "");
		if (!option || !parse_name(parser, &option->name, "extract") ||
		    !parser_expect(parser, TOKEN_EQUAL, "extract, or an option and =") ||
		    !parse_value(parser, option, true) || !parser_take(parser, TOKEN_COMMA, &taken))
			return false;
	}
	return parser_advance(parser);
}

static bool parse_columns(struct parser *parser, struct operator* operator)
{
	bool more = true, taken = true;
	double column = 0;

	if (!parser_is_word(parser, "extract")) {
		operator->expr = parse_field(parser);
		if (!operator->expr)
			return false;
	}
	if (!parse_column_options(parser, operator))
		return false;
	while (more)
		if (!parse_column(parser, operator, & column) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	while (taken)
		if (!parse_extract_option(parser, operator, & taken))
			return false;
	return true;
}

bool parse_operator_csv(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_CSV;
	return parse_columns(parser, operator);
}

bool parse_operator_split(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_SPLIT;
	return parse_columns(parser, operator);
}
