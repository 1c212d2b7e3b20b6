/* What the two halves of the lexer share; nobody else includes it. Offsets are into lexer->text. */
#ifndef QUERY_LEXER_PARTS_H
#define QUERY_LEXER_PARTS_H

#include "query/lexer.h"

/* Moves to an offset that lies ahead, counting lines and columns. */
void lexer_move_to(struct lexer *lexer, size_t end);

/* Fills the error with the `len` bytes that stand here; false. */
bool lexer_refuse(struct lexer *lexer, size_t len, const char *expected, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The token of `len` bytes that stands here; true. */
bool lexer_take(struct lexer *lexer, struct token *token, enum token_kind kind, size_t len);

/* The quoted thing whose quote stands `skip` bytes ahead. */
bool lexer_take_quoted(struct lexer *lexer, struct token *token, enum token_kind kind, size_t skip);

/* Bytes of white space here. */
size_t lexer_blank_len(const struct lexer *lexer);

/* Behind the comment that begins here, or 0 when it is unclosed. */
size_t lexer_comment_end(const struct lexer *lexer);

/* Behind the closing quote of the string that begins at `from`, or 0. */
size_t lexer_quoted_end(struct span text, size_t from);

/* Behind the closing slash of the regex that begins here, or 0. */
size_t lexer_regex_end(const struct lexer *lexer);

/* Bytes of the {{parameter}} at an offset, 0 when there is none. */
size_t lexer_parameter_len(struct span text, size_t at);

#endif
