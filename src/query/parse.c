#include "query/parse_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- errors ---- */

bool parser_refuse(struct parser *parser, const struct place_in_text *place, const char *expected, const char *format,
		   ...)
{
	va_list args;

	parser->error->place = *place;
	va_start(args, format);
	vsnprintf(parser->error->message, sizeof(parser->error->message), format, args);
	va_end(args);
	snprintf(parser->error->expected, sizeof(parser->error->expected), "%s", expected);
	return false;
}

bool parser_unexpected(struct parser *parser, const char *expected)
{
	const struct token *token = &parser->token;
	struct span text = { parser->query->text.data + token->place.offset, token->place.len };

	if (token->kind == TOKEN_END)
		return parser_refuse(parser, &token->place, expected, "the search ends too early");
	struct span shown = span_first(text, 40);
	return parser_refuse(parser, &token->place, expected, "unexpected %.*s%s", (int)shown.len, shown.data,
			     shown.len < text.len ? "..." : "");
}

bool parser_enter(struct parser *parser)
{
	if (parser->depth == QUERY_DEPTH_MAX)
		return parser_refuse(parser, &parser->token.place, "", "nested deeper than %d", QUERY_DEPTH_MAX);
	parser->depth++;
	return true;
}

void parser_leave(struct parser *parser)
{
	parser->depth--;
}

/* ---- tokens ---- */

bool parser_advance(struct parser *parser)
{
	parser->end = parser->token.place.offset + parser->token.place.len;
	return lexer_next(&parser->lexer, &parser->token);
}

bool parser_is(const struct parser *parser, enum token_kind kind)
{
	return parser->token.kind == kind;
}

bool parser_is_word(const struct parser *parser, const char *word)
{
	return parser->token.kind == TOKEN_WORD && span_equal_nocase(parser->token.text, span_of(word));
}

bool parser_take(struct parser *parser, enum token_kind kind, bool *taken)
{
	*taken = parser_is(parser, kind);
	return !*taken || parser_advance(parser);
}

bool parser_take_word(struct parser *parser, const char *word, bool *taken)
{
	*taken = parser_is_word(parser, word);
	return !*taken || parser_advance(parser);
}

bool parser_expect(struct parser *parser, enum token_kind kind, const char *expected)
{
	return parser_is(parser, kind) ? parser_advance(parser) : parser_unexpected(parser, expected);
}

bool parser_expect_word(struct parser *parser, const char *word)
{
	return parser_is_word(parser, word) ? parser_advance(parser) : parser_unexpected(parser, word);
}

bool parser_peek(struct parser *parser, struct token *token)
{
	struct lexer lexer = parser->lexer;

	return lexer_next(&lexer, token);
}

struct place_in_text parser_place_since(const struct parser *parser, const struct place_in_text *start)
{
	struct place_in_text place = *start;

	place.len = parser->end > start->offset ? parser->end - start->offset : 0;
	return place;
}

bool parser_at_stage_end(const struct parser *parser)
{
	return parser_is(parser, TOKEN_PIPE) || parser_is(parser, TOKEN_END) || parser_is(parser, TOKEN_PARAMETER);
}

/* ---- memory ---- */

void *parser_alloc(struct parser *parser, size_t size)
{
	void *memory = arena_alloc(&parser->query->arena, size);

	if (memory)
		return memset(memory, 0, size);
	parser_refuse(parser, &parser->token.place, "", "memory is out");
	return NULL;
}

void *parser_append(struct parser *parser, void *items, size_t *count, size_t size)
{
	size_t n = *count;
	char *array;

	memcpy(&array, items, sizeof(array));
	if ((n & (n - 1)) == 0) { /* full at every power of two */
		char *larger = parser_alloc(parser, (n ? 2 * n : 1) * size);
		if (!larger)
			return NULL;
		if (n)
			memcpy(larger, array, n * size);
		array = larger;
		memcpy(items, &array, sizeof(array));
	}
	*count = n + 1;
	return array + n * size;
}

/* ---- the query ---- */

static struct operator* add_stage(struct parser *parser, struct operator*** link)
{
	if (parser->query->operator_count == QUERY_OPERATORS_MAX) {
		parser_refuse(parser, &parser->token.place, "", "more than %d operators", QUERY_OPERATORS_MAX);
		return NULL;
	}
	struct operator* operator= parser_alloc(parser, sizeof(*operator));
	if (!operator)
		return NULL;
	operator->place = parser->token.place;
	**link = operator;
	*link = &operator->next;
	parser->query->operator_count++;
	return operator;
}

static void close_stage(const struct parser *parser, struct operator* operator)
{
	operator->place = parser_place_since(parser, &operator->place);
	operator->text =(struct span){ parser->query->text.data + operator->place.offset, operator->place.len };
}

static bool parse_stage(struct parser *parser, struct operator*** link)
{
	struct operator* operator= add_stage(parser, link);

	if (!operator|| !parse_operator(parser, operator))
		return false;
	if (!parser_at_stage_end(parser))
		return parser_unexpected(parser, "| or the end of the search");
	close_stage(parser, operator);
	return true;
}

/* `{{filter}}` behind an operator, where a dashboard puts more of them in. */
static bool parse_macro(struct parser *parser, struct operator*** link)
{
	struct operator* operator= add_stage(parser, link);

	if (!operator)
		return false;
	operator->kind = OPERATOR_OTHER;
	operator->name = parser->token.text;
	if (!parser_advance(parser))
		return false;
	close_stage(parser, operator);
	return true;
}

/* cat replaces the scope: it stands first, without a pipe. */
static bool starts_with_cat(struct parser *parser)
{
	struct lexer lexer = parser->lexer;
	struct token word, path;

	if (!lexer_skip_blank(&lexer) || !lexer_term(&lexer, &word, false) ||
	    !span_equal_nocase(word.text, SPAN("cat")))
		return false;
	return lexer_path(&lexer, &path) &&
	       (span_starts(path.text, SPAN("path:")) || span_starts(path.text, SPAN("/")) ||
		span_starts(path.text, SPAN("shared/")));
}

static bool parse_search(struct parser *parser)
{
	struct operator** link = & parser->query->first;

	if (starts_with_cat(parser)) {
		parser->query->scope = parser_alloc(parser, sizeof(struct scope));
		if (!parser->query->scope || !parser_advance(parser) || !parse_stage(parser, &link))
			return false;
	} else {
		parser->query->scope = parse_scope(parser);
		if (!parser->query->scope)
			return false;
	}
	while (!parser_is(parser, TOKEN_END) && parser_at_stage_end(parser)) {
		bool is_macro = parser_is(parser, TOKEN_PARAMETER);
		if (is_macro ? !parse_macro(parser, &link) : !parser_advance(parser) || !parse_stage(parser, &link))
			return false;
	}
	return parser_is(parser, TOKEN_END) || parser_unexpected(parser, "| or the end of the search");
}

struct query *query_parse(struct span text, const struct parse_options *options, struct query_error *error)
{
	struct query_error ignored = { 0 };
	struct query *query = calloc(1, sizeof(*query));
	struct parser parser = { .query = query, .error = error ? error : &ignored };

	*parser.error = (struct query_error){ .place = { .line = 1, .column = 1 } };
	parser.strict = options && options->strict;
	if (!query) {
		parser_refuse(&parser, &parser.error->place, "", "memory is out");
		return NULL;
	}
	arena_init(&query->arena, 16384);
	struct place_in_text start = parser.error->place;
	query->text = text.len > QUERY_TEXT_MAX ? SPAN("") : arena_copy(&query->arena, text);
	bool done = false;
	if (text.len > QUERY_TEXT_MAX)
		parser_refuse(&parser, &start, "", "the search is longer than %u bytes", QUERY_TEXT_MAX);
	else if (query->text.len < text.len)
		parser_refuse(&parser, &start, "", "memory is out");
	else {
		lexer_init(&parser.lexer, query->text, parser.error);
		done = parse_search(&parser);
	}
	if (done)
		return query;
	query_destroy(query);
	return NULL;
}

void query_destroy(struct query *query)
{
	if (!query)
		return;
	arena_finish(&query->arena);
	free(query);
}
