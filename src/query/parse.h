/*
 * parse: search text → query. Scope, pipes, expressions, and every operator
 * of Sumo Logic's reference; those that ast.h has no kind for are kept as text.
 */
#ifndef QUERY_PARSE_H
#define QUERY_PARSE_H

#include "base/buffer.h"
#include "query/ast.h"

struct query_error {
	struct place_in_text place;
	char message[256]; /* what is wrong, in the author's words; may quote the search, so escape it for a terminal */
	char expected[128]; /* what was expected instead; "" when that is not one thing */
};

struct parse_options {
	bool strict; /* dialect extensions (eval) are errors */
};

#define QUERY_TEXT_MAX (1u << 20) /* bytes; longer searches are an error */
#define QUERY_DEPTH_MAX 500	  /* nesting of parentheses and functions, and the height of every tree in ast.h */
#define QUERY_OPERATORS_MAX 1000  /* stages */

/* NULL with *error filled on failure; options and error may be NULL. The text is copied. Bounded in time and stack by the two limits. */
struct query *query_parse(struct span text, const struct parse_options *options, struct query_error *error);
void query_destroy(struct query *query);

/* The line of the search with a caret below the place, and the message; ends with a newline. Text is escaped for a terminal. */
void query_error_print(struct buffer *to, struct span text, const struct query_error *error);

#endif
