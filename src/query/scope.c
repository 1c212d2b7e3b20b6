/*
 * The scope: terms, phrases and metadata before the first pipe.
 *
 *   or:      and { OR and }
 *   and:     unary { [AND] unary }
 *   unary:   { NOT | ! } primary
 *   primary: ( or ) | "phrase" | [subquery …] | term | name = value | name = ( or of values )
 *
 * It reads from the lexer itself: the parser's token begins behind it.
 */
#include "query/parse_parts.h"

static struct scope *parse_or(struct parser *parser, struct span name);

static char next_byte(const struct parser *parser)
{
	return parser->lexer.at < parser->lexer.text.len ? parser->lexer.text.data[parser->lexer.at] : '\0';
}

static struct place_in_text place_here(const struct parser *parser, size_t len)
{
	return (struct place_in_text){ parser->lexer.at, len, parser->lexer.line, parser->lexer.column };
}

/* Over one byte of ASCII. */
static void step(struct parser *parser)
{
	struct place_in_text place = place_here(parser, 0);

	place.offset++;
	place.column++;
	lexer_move(&parser->lexer, &place);
}

static bool refuse_here(struct parser *parser, const char *expected, const char *message)
{
	struct place_in_text place = place_here(parser, parser->lexer.at < parser->lexer.text.len);

	return parser_refuse(parser, &place, expected, "%s", message);
}

static struct scope *create(struct parser *parser, enum scope_kind kind, const struct place_in_text *place)
{
	struct scope *scope = parser_alloc(parser, sizeof(*scope));

	if (!scope)
		return NULL;
	scope->kind = kind;
	scope->place = *place;
	scope->height = 1;
	return scope;
}

static bool add(struct parser *parser, struct scope *parent, struct scope *child)
{
	struct scope **slot = child ? PARSER_APPEND(parser, parent->children, parent->child_count) : NULL;

	if (!slot)
		return false;
	*slot = child;
	parent->place.len = child->place.offset + child->place.len - parent->place.offset;
	if (child->height >= parent->height)
		parent->height = (unsigned short)(child->height + 1);
	return true;
}

/* ---- what a unary is made of ---- */

/* The term, phrase or value of a token; as metadata when there is a name. */
static struct scope *leaf(struct parser *parser, const struct token *token, struct span name)
{
	bool quoted = token->kind == TOKEN_STRING;
	enum scope_kind kind = token->kind == TOKEN_PARAMETER ? SCOPE_PARAMETER : quoted ? SCOPE_PHRASE : SCOPE_TERM;
	struct scope *scope = create(parser, name.len ? SCOPE_METADATA : kind, &token->place);

	if (!scope)
		return NULL;
	scope->name = name;
	scope->quoted = quoted;
	scope->text = token->text;
	if (kind == SCOPE_TERM && !name.len && span_equal(token->text, SPAN("*")))
		scope->kind = SCOPE_ALL;
	if (quoted && !lexer_string_text(token->text, STRING_PHRASE, &parser->query->arena, &scope->text)) {
		refuse_here(parser, "", "memory is out");
		return NULL;
	}
	return scope;
}

static struct scope *parse_parenthesis(struct parser *parser, struct span name)
{
	struct place_in_text place = place_here(parser, 1);

	parser->token.place = place;
	if (!parser_enter(parser))
		return NULL;
	step(parser);
	struct scope *scope = parse_or(parser, name);
	parser_leave(parser);
	if (!scope)
		return NULL;
	if (next_byte(parser) != ')') {
		parser_refuse(parser, &place, ")", "a parenthesis that is opened here is not closed");
		return NULL;
	}
	step(parser);
	return scope;
}

static struct scope *parse_subquery(struct parser *parser)
{
	struct token token;

	if (!lexer_balanced(&parser->lexer, &token, true))
		return NULL;
	struct scope *scope = create(parser, SCOPE_SUBQUERY, &token.place);
	if (scope)
		scope->text = token.text;
	return scope;
}

/* What stands behind `name =`. The whole begins at `start`. */
static struct scope *parse_value(struct parser *parser, const struct place_in_text *start, struct span name)
{
	struct token token;
	char byte = next_byte(parser);
	struct scope *scope;

	if (byte == '(') {
		scope = parse_parenthesis(parser, name);
	} else {
		bool done = byte == '"' ? lexer_next(&parser->lexer, &token) : lexer_term(&parser->lexer, &token, true);
		if (!done)
			return NULL;
		if (token.place.len == 0) {
			refuse_here(parser, "a value, * for any", "the value is missing");
			return NULL;
		}
		scope = leaf(parser, &token, name);
	}
	if (scope) {
		size_t end = scope->place.offset + scope->place.len;
		scope->place = *start;
		scope->place.len = end - start->offset;
	}
	return scope;
}

/* Bytes of the = or == or != here. */
static size_t relation_len(const struct parser *parser, bool *negated)
{
	struct span rest = span_skip(parser->lexer.text, parser->lexer.at);

	*negated = span_starts(rest, SPAN("!="));
	if (*negated || span_starts(rest, SPAN("==")))
		return 2;
	return span_starts(rest, SPAN("="));
}

static struct scope *negate(struct parser *parser, const struct place_in_text *start, struct scope *child)
{
	struct scope *scope = child ? create(parser, SCOPE_NOT, start) : NULL;

	return scope && add(parser, scope, child) ? scope : NULL;
}

/* A term, a phrase or an odd name was read; perhaps it names metadata. */
static struct scope *parse_behind(struct parser *parser, const struct token *token)
{
	struct span name = token->text;
	struct token relation;
	bool negated;

	if (!lexer_skip_blank(&parser->lexer))
		return NULL;
	if (relation_len(parser, &negated) == 0)
		return leaf(parser, token, (struct span){ 0 });
	if (token->kind != TOKEN_WORD && !lexer_string_text(name, STRING_PHRASE, &parser->query->arena, &name)) {
		refuse_here(parser, "", "memory is out");
		return NULL;
	}
	if (name.len == 0) {
		refuse_here(parser, "a name before it", "the name is missing");
		return NULL;
	}
	if (!lexer_next(&parser->lexer, &relation) || !lexer_skip_blank(&parser->lexer))
		return NULL;
	struct scope *scope = parse_value(parser, &token->place, name);
	return negated ? negate(parser, &token->place, scope) : scope;
}

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && span_equal_nocase(token->text, span_of(word));
}

static struct scope *parse_primary(struct parser *parser, struct span name)
{
	struct token token;
	char byte = next_byte(parser);

	if (byte == '(')
		return parse_parenthesis(parser, name);
	if (byte == '[' && span_starts(span_skip(parser->lexer.text, parser->lexer.at), SPAN("[subquery")))
		return parse_subquery(parser);
	bool quoted =
		byte == '"' || byte == '`' || span_starts(span_skip(parser->lexer.text, parser->lexer.at), SPAN("%\""));
	if (quoted ? !lexer_next(&parser->lexer, &token) : !lexer_term(&parser->lexer, &token, name.len > 0))
		return NULL;
	if (token.place.len == 0 || is_word(&token, "and") || is_word(&token, "or")) {
		lexer_move(&parser->lexer, &token.place);
		refuse_here(parser, "a term, a \"phrase\" or name=value",
			    "nothing that the scope can look for stands here");
		return NULL;
	}
	return name.len ? leaf(parser, &token, name) : parse_behind(parser, &token);
}

/* ---- and, or, not ---- */

/* Steps over the word, if it is the next term. */
static bool skip_word(struct parser *parser, struct span word)
{
	struct lexer lexer = parser->lexer;
	struct span rest = span_skip(lexer.text, lexer.at);
	struct token token;

	if (!span_equal_nocase(span_first(rest, word.len), word) || !lexer_term(&lexer, &token, false) ||
	    token.place.len != word.len)
		return false;
	parser->lexer = lexer;
	return true;
}

static bool ends_and(struct parser *parser)
{
	char byte = next_byte(parser);
	struct parser there = *parser;

	return parser->lexer.at >= parser->lexer.text.len || byte == ')' || byte == '|' ||
	       skip_word(&there, SPAN("or"));
}

static struct scope *parse_unary(struct parser *parser, struct span name)
{
	struct place_in_text start;

	if (!lexer_skip_blank(&parser->lexer))
		return NULL;
	start = place_here(parser, 1);
	if (next_byte(parser) == '!')
		step(parser);
	else if (!skip_word(parser, SPAN("not")))
		return parse_primary(parser, name);
	parser->token.place = start;
	if (!parser_enter(parser))
		return NULL;
	struct scope *child = parse_unary(parser, name);
	parser_leave(parser);
	return negate(parser, &start, child);
}

/* A list of two or more; alone, a child stands for itself. */
struct scope_list {
	enum scope_kind kind;
	struct scope *whole;
	bool is_parent;
};

static bool join(struct parser *parser, struct scope_list *list, struct scope *next)
{
	if (next && list->whole && !list->is_parent) {
		struct scope *parent = create(parser, list->kind, &list->whole->place);
		if (!parent || !add(parser, parent, list->whole))
			return false;
		list->whole = parent;
		list->is_parent = true;
	}
	if (list->is_parent)
		return add(parser, list->whole, next);
	list->whole = next;
	return next;
}

static struct scope *parse_and(struct parser *parser, struct span name)
{
	struct scope_list list = { .kind = SCOPE_AND };
	bool more = true;

	while (more) {
		if (!join(parser, &list, parse_unary(parser, name)) || !lexer_skip_blank(&parser->lexer))
			return NULL;
		more = skip_word(parser, SPAN("and")) || !ends_and(parser);
	}
	return list.whole;
}

static struct scope *parse_or(struct parser *parser, struct span name)
{
	struct scope_list list = { .kind = SCOPE_OR };

	do {
		if (!join(parser, &list, parse_and(parser, name)))
			return NULL;
	} while (skip_word(parser, SPAN("or")));
	return list.whole;
}

struct scope *parse_scope(struct parser *parser)
{
	struct place_in_text start;
	struct scope *scope;

	if (!lexer_skip_blank(&parser->lexer))
		return NULL;
	start = place_here(parser, 0);
	if (parser->lexer.at >= parser->lexer.text.len || next_byte(parser) == '|')
		scope = create(parser, SCOPE_ALL, &start);
	else
		scope = parse_or(parser, (struct span){ 0 });
	if (!scope)
		return NULL;
	if (next_byte(parser) == ')' && parser->lexer.at < parser->lexer.text.len) {
		refuse_here(parser, "", "a parenthesis is closed that was not opened");
		return NULL;
	}
	return lexer_next(&parser->lexer, &parser->token) ? scope : NULL;
}
