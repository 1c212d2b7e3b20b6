/* Names, strings, lists of them, and `name = value`: what the operators are written with. */
#include "query/parse_parts.h"

bool parse_bare_name(struct parser *parser)
{
	if (!parser_is(parser, TOKEN_PERCENT))
		return true;
	lexer_move(&parser->lexer, &parser->token.place);
	return lexer_bare_name(&parser->lexer, &parser->token);
}

bool parse_name(struct parser *parser, struct span *name, const char *expected)
{
	if (!parse_bare_name(parser))
		return false;
	enum token_kind kind = parser->token.kind;
	*name = parser->token.text;
	if (kind == TOKEN_QUOTED_NAME) {
		if (!lexer_string_text(*name, STRING_PHRASE, &parser->query->arena, name))
			return parser_refuse(parser, &parser->token.place, "", "memory is out");
		if (name->len == 0)
			return parser_refuse(parser, &parser->token.place, expected, "this name is empty");
	} else if (kind != TOKEN_WORD && kind != TOKEN_PARAMETER && kind != TOKEN_NUMBER) {
		return parser_unexpected(parser, expected);
	}
	return parser_advance(parser);
}

bool parse_as(struct parser *parser, struct span *name)
{
	bool as;

	return parser_take_word(parser, "as", &as) && (!as || parse_name(parser, name, "a name for the field"));
}

bool parse_string(struct parser *parser, enum string_form form, struct span *text, const char *expected)
{
	if (!parser_is(parser, TOKEN_STRING))
		return parser_unexpected(parser, expected);
	if (!lexer_string_text(parser->token.text, form, &parser->query->arena, text))
		return parser_refuse(parser, &parser->token.place, "", "memory is out");
	return parser_advance(parser);
}

bool parse_fields_list(struct parser *parser, struct named_expr **names, size_t *count)
{
	bool more = true;

	while (more) {
		struct named_expr *item = PARSER_APPEND(parser, *names, *count);
		if (!item)
			return false;
		item->place = parser->token.place;
		if (!parse_name(parser, &item->name, "a field"))
			return false;
		item->place = parser_place_since(parser, &item->place);
		if (!parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

/* ---- keys ---- */

static bool parse_by_key(struct parser *parser, struct operator* operator)
{
	struct order_key *key = PARSER_APPEND(parser, operator->keys, operator->key_count);

	if (!key)
		return false;
	key->expr = parse_expression(parser);
	return key->expr && parse_as(parser, &key->name);
}

bool parse_by(struct parser *parser, struct operator* operator)
{
	bool group, more;

	if (!parser_take_word(parser, "group", &group))
		return false;
	if (group && !parser_is_word(parser, "by"))
		return parser_unexpected(parser, "by");
	if (!parser_take_word(parser, "by", &more))
		return false;
	while (more) {
		if (!parse_by_key(parser, operator) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

static bool parse_direction(struct parser *parser, struct order_key *key)
{
	bool down = parser_is_word(parser, "desc") || parser_is_word(parser, "descending");
	bool up = parser_is_word(parser, "asc") || parser_is_word(parser, "ascending");

	if (!down && !up)
		return true;
	key->direction_given = true;
	key->ascending = up;
	return parser_advance(parser);
}

static bool parse_order_key(struct parser *parser, struct operator* operator)
{
	struct order_key *key = PARSER_APPEND(parser, operator->keys, operator->key_count);

	if (!key)
		return false;
	key->ascending = parser_is(parser, TOKEN_PLUS);
	key->direction_given = key->ascending || parser_is(parser, TOKEN_MINUS);
	if (key->direction_given && !parser_advance(parser))
		return false;
	key->expr = parse_operand(parser);
	return key->expr && parse_direction(parser, key);
}

bool parse_order_keys(struct parser *parser, struct operator* operator)
{
	bool more = true;

	while (more) {
		if (!parse_order_key(parser, operator) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

/* ---- options and patterns ---- */

struct named_expr *parse_add_option(struct parser *parser, struct operator* operator, const char * name)
{
	struct named_expr *option = PARSER_APPEND(parser, operator->options, operator->option_count);

	if (option) {
		option->name = span_of(name);
		option->place = parser->token.place;
	}
	return option;
}

bool parse_add_pattern(struct parser *parser, struct operator* operator)
{
	size_t count = operator->pattern_count;
	struct span *pattern = PARSER_APPEND(parser, operator->patterns, operator->pattern_count);
	struct place_in_text *place = pattern ? PARSER_APPEND(parser, operator->pattern_places, count) : NULL;

	if (!place)
		return false;
	*place = parser->token.place;
	return parse_string(parser, STRING_PATTERN, pattern, "a \"pattern\"");
}
