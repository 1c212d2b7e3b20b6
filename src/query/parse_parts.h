/*
 * parse_parts: what the files of the parser share; nobody else includes it.
 *
 * The parser looks at one token. Functions that return bool or a pointer say
 * false or NULL once the error is filled, and then everything unwinds: nobody
 * tries another reading, so the first error is the one that is told.
 * All memory is the query's arena.
 */
#ifndef QUERY_PARSE_PARTS_H
#define QUERY_PARSE_PARTS_H

#include "query/lexer.h"

struct parser {
	struct query *query;
	struct lexer lexer;
	struct token token; /* what comes next */
	size_t end;	    /* behind the last token that was taken */
	struct query_error *error;
	bool strict;
	unsigned depth;
	unsigned open; /* parentheses around the token */
};

/* ---- errors (parse.c) ---- */

/* Fills the error; false. `expected` may be "". */
bool parser_refuse(struct parser *parser, const struct place_in_text *place, const char *expected, const char *format,
		   ...) __attribute__((format(printf, 4, 5)));

/* "unexpected TOKEN", expected that; false. */
bool parser_unexpected(struct parser *parser, const char *expected);

/* One level deeper. False at QUERY_DEPTH_MAX, and then there is nothing to leave. */
bool parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);

/* ---- tokens (parse.c) ---- */

/* Takes the token, reads the next. */
bool parser_advance(struct parser *parser);

bool parser_is(const struct parser *parser, enum token_kind kind);
bool parser_is_word(const struct parser *parser, const char *word); /* without case */

/* True and *taken when it stands there; false on an error only. */
bool parser_take(struct parser *parser, enum token_kind kind, bool *taken);
bool parser_take_word(struct parser *parser, const char *word, bool *taken);

/* It must stand there. */
bool parser_expect(struct parser *parser, enum token_kind kind, const char *expected);
bool parser_expect_word(struct parser *parser, const char *word);

/* The token behind the next one. */
bool parser_peek(struct parser *parser, struct token *token);

/* The place from this one's start to the end of what was taken last. */
struct place_in_text parser_place_since(const struct parser *parser, const struct place_in_text *start);

/* ---- memory (parse.c) ---- */

void *parser_alloc(struct parser *parser, size_t size); /* cleared; NULL with the error */

/* Room for one more item at the end of an array of the arena; cleared. NULL with the error. */
void *parser_append(struct parser *parser, void *items, size_t *count, size_t size);
#define PARSER_APPEND(parser, items, count) parser_append((parser), &(items), &(count), sizeof(__typeof__(*(items))))

/* ---- parts that operators share ---- */

/* parse_condition.c: all of an expression. */
struct expr *parse_expression(struct parser *parser);

/* parse_expression.c. */
struct expr *parse_operand(struct parser *parser);	 /* without and, or, not, comparisons and ?: */
struct expr *parse_field(struct parser *parser);	 /* a field's name; nothing else */
struct expr *parse_constant(struct parser *parser);	 /* a number, a string, a parameter, a word; with a sign */
struct expr *parse_regex_literal(struct parser *parser); /* the token is its first slash */
bool parse_arguments(struct parser *parser, struct expr *parent); /* `( a, b )` as children */

struct expr *expr_create(struct parser *parser, enum expr_kind kind, const struct place_in_text *place);
bool expr_add(struct parser *parser, struct expr *parent, struct expr *child); /* child may be NULL: false */
struct expr *expr_binary(struct parser *parser, enum expr_op op, struct expr *a, struct expr *b);
struct expr *expr_unary(struct parser *parser, enum expr_op op, const struct place_in_text *place, struct expr *child);

/* parse_names.c. */
bool parse_bare_name(struct parser *parser); /* where a name may stand: makes %name one token */
bool parse_name(struct parser *parser, struct span *name, const char *expected);
bool parse_as(struct parser *parser, struct span *name); /* `as name`, if it stands there */
bool parse_string(struct parser *parser, enum string_form form, struct span *text, const char *expected);
bool parse_fields_list(struct parser *parser, struct named_expr **names, size_t *count);
bool parse_by(struct parser *parser, struct operator* operator); /* `[group] by …` into keys, if it stands there */
bool parse_order_keys(struct parser *parser, struct operator* operator); /* with directions */
struct named_expr *parse_add_option(struct parser *parser, struct operator* operator, const char * name);
bool parse_add_pattern(struct parser *parser, struct operator* operator); /* the string that stands here */

/* scope.c. */
struct scope *parse_scope(struct parser *parser);

/* parse_operator.c. */
bool parse_operator(struct parser *parser, struct operator* operator);

/* True at a pipe or the end; and at a {{parameter}}, which stands for pipes and operators there. */
bool parser_at_stage_end(const struct parser *parser);

#endif
