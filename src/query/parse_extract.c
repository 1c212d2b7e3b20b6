/*
 * parse regex, parse xml, parse with anchors: fields out of text.
 *
 *   parse [regex|xml] { option } "pattern" [as x, y] { , "pattern" [as z] } { option }
 *   option: field=f | nodrop | multi
 */
#include "query/parse_operators.h"

static bool parse_from_field(struct parser *parser, struct operator* operator)
{
	if (!parser_advance(parser) || !parser_expect(parser, TOKEN_EQUAL, "field = name"))
		return false;
	operator->expr = parse_field(parser);
	return operator->expr;
}

bool parse_extract_option(struct parser *parser, struct operator* operator, bool * taken)
{
	struct token next;

	*taken = parser_is(parser, TOKEN_WORD);
	if (parser_is_word(parser, "nodrop")) {
		operator->nodrop = true;
		return parser_advance(parser);
	}
	if (parser_is_word(parser, "multi")) {
		operator->multi = true;
		return parser_advance(parser);
	}
	*taken = parser_is_word(parser, "field") && parser_peek(parser, &next) && next.kind == TOKEN_EQUAL;
	return !*taken || parse_from_field(parser, operator);
}

static bool parse_extract_options(struct parser *parser, struct operator* operator)
{
	bool taken = true;

	while (taken)
		if (!parse_extract_option(parser, operator, & taken))
			return false;
	return true;
}

/* ---- names behind `as` ---- */

/* Names up to a pattern or whatever is no name. */
static bool parse_targets(struct parser *parser, struct operator* operator)
{
	struct token next;

	for (;;) {
		struct named_expr *name = PARSER_APPEND(parser, operator->names, operator->name_count);
		if (!name)
			return false;
		name->place = parser->token.place;
		if (!parse_name(parser, &name->name, "a name for the field"))
			return false;
		name->place = parser_place_since(parser, &name->place);
		if (!parser_is(parser, TOKEN_COMMA))
			return true;
		if (!parser_peek(parser, &next))
			return false;
		if (next.kind == TOKEN_STRING)
			return true;
		if (!parser_advance(parser))
			return false;
	}
}

static bool parse_patterns(struct parser *parser, struct operator* operator)
{
	struct token next;
	bool more = true;

	while (more) {
		if (!parse_add_pattern(parser, operator))
			return false;
		more = parser_is(parser, TOKEN_COMMA) || parser_is(parser, TOKEN_STRING);
		if (!parser_is(parser, TOKEN_COMMA))
			continue;
		if (!parser_peek(parser, &next) || !parser_advance(parser))
			return false;
	}
	return true;
}

/* Every pattern has its name, or none: an empty one stands in. */
static bool pad_names(struct parser *parser, struct operator* operator)
{
	while (operator->name_count<operator->pattern_count)
		if (!PARSER_APPEND(parser, operator->names, operator->name_count))
			return false;
	return true;
}

bool parse_paths(struct parser *parser, struct operator* operator)
{
	bool more = true, as;

	while (more) {
		if (!parse_patterns(parser, operator) || !parser_take_word(parser, "as", &as))
			return false;
		struct place_in_text names = parser->token.place;
		if (as && !parse_targets(parser, operator))
			return false;
		if (as && operator->name_count != operator->pattern_count)
			return parser_refuse(parser, &names, "",
					     "%zu names for %zu keys", operator->name_count, operator->pattern_count);
		if (!pad_names(parser, operator) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

/* ---- anchors ---- */

/* The stars that stand for fields: \* is a star of the text. */
static size_t count_stars(struct span pattern)
{
	size_t stars = 0;

	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.data[i] == '\\')
			i++;
		else
			stars += pattern.data[i] == '*';
	}
	return stars;
}

static bool check_anchor(struct parser *parser, struct operator* operator, size_t names_before)
{
	size_t last = operator->pattern_count - 1, names = operator->name_count - names_before;
	size_t stars = count_stars(operator->patterns[last]);

	if (stars == names)
		return true;
	return parser_refuse(parser, &operator->pattern_places[last], "as many names as stars",
			     "this anchor has %zu %s and %zu %s", stars, stars == 1 ? "star" : "stars", names,
			     names == 1 ? "name" : "names");
}

static bool parse_anchors(struct parser *parser, struct operator* operator)
{
	bool more = true, as;

	operator->kind = OPERATOR_PARSE_ANCHOR;
	while (more) {
		size_t names_before = operator->name_count;
		if (!parse_add_pattern(parser, operator) || !parser_take_word(parser, "as", &as) ||
		    (as && !parse_targets(parser, operator)) || !check_anchor(parser, operator, names_before) ||
		    !parse_extract_options(parser, operator) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

/* ---- parse ---- */

static bool parse_regexes(struct parser *parser, struct operator* operator)
{
	bool more = true;

	operator->kind = OPERATOR_PARSE_REGEX;
	while (more) {
		if (!parse_extract_options(parser, operator) || !parse_add_pattern(parser, operator) ||
		    !parse_extract_options(parser, operator) || !parser_take(parser, TOKEN_COMMA, &more))
			return false;
	}
	return true;
}

static bool parse_xml(struct parser *parser, struct operator* operator)
{
	operator->kind = OPERATOR_PARSE_XML;
	return parse_extract_options(parser, operator) && parse_paths(parser, operator) &&
	       parse_extract_options(parser, operator);
}

/* The name of an operator of two words, with the second. */
static bool take_second_word(struct parser *parser, struct operator* operator)
{
	const struct token *token = &parser->token;

	operator->name.len =(size_t)(token->text.data + token->text.len - operator->name.data);
	return parser_advance(parser);
}

bool parse_operator_extract(struct parser *parser, struct operator* operator)
{
	return parse_regexes(parser, operator);
}

bool parse_operator_parse(struct parser *parser, struct operator* operator)
{
	if (parser_is_word(parser, "regex"))
		return take_second_word(parser, operator) && parse_regexes(parser, operator);
	if (parser_is_word(parser, "xml"))
		return take_second_word(parser, operator) && parse_xml(parser, operator);
	return parse_extract_options(parser, operator) && parse_anchors(parser, operator);
}
