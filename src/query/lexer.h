/*
 * lexer: the search text, cut into tokens.
 *
 * The language has no context-free tokens: a slash divides or opens a regex,
 * a scope term may hold what is an operator behind the first pipe, and a
 * table's path is no expression. So nothing is cut in advance: the parser
 * says which form it expects, and every function moves on from where the
 * lexer stands. Each reads a byte a bounded number of times.
 *
 * Strings are handed out as they are written; lexer_string_text resolves them.
 */
#ifndef QUERY_LEXER_H
#define QUERY_LEXER_H

#include "query/parse.h"

enum token_kind {
	TOKEN_END,
	TOKEN_WORD, /* a name: letters, digits, _ . and {{parameters}} in it */
	TOKEN_NUMBER,
	TOKEN_STRING,	   /* "…" */
	TOKEN_APOSTROPHES, /* '…': a delimiter of split, nowhere else */
	TOKEN_QUOTED_NAME, /* %"…" */
	TOKEN_PARAMETER,   /* {{name}} alone; `macro` */
	TOKEN_REGEX,	   /* /…/ or /…/i, by lexer_regex only */
	TOKEN_PIPE,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_OPEN_BRACKET,
	TOKEN_CLOSE_BRACKET,
	TOKEN_COMMA,
	TOKEN_QUESTION,
	TOKEN_COLON,
	TOKEN_NOT,
	TOKEN_OR,
	TOKEN_AND,
	TOKEN_EQUAL,
	TOKEN_NOT_EQUAL,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_STAR,
	TOKEN_SLASH,
	TOKEN_PERCENT,
};

struct token {
	enum token_kind kind;
	struct place_in_text place;
	struct span text; /* without the quotes, %, or slashes; else as written */
	double number;
	bool has_time_unit; /* number: in ms */
	bool ignore_case;   /* regex: /…/i */
};

struct lexer {
	struct span text;
	size_t at;
	unsigned line, column;
	struct query_error *error; /* filled when a function returns false */
};

void lexer_init(struct lexer *lexer, struct span text, struct query_error *error);

/* Back, or on, to a place that was handed out. */
void lexer_move(struct lexer *lexer, const struct place_in_text *place);

/* The next token, white space and comments skipped. False with the error when nothing can begin so, or end. */
bool lexer_next(struct lexer *lexer, struct token *token);

/* The regex that begins here, with its slashes. It ends on the same line. */
bool lexer_regex(struct lexer *lexer, struct token *token);

/* The name behind a % that has no quotes (%users[2].city), which begins here. Its token is as that of %"…". */
bool lexer_bare_name(struct lexer *lexer, struct token *token);

/* A scope term, or the value behind `name=`: up to white space, a parenthesis, a pipe, or quotes. */
bool lexer_term(struct lexer *lexer, struct token *token, bool is_value);

/* A path behind `from` or `cat`: up to white space, a pipe, a comma or a closing parenthesis; quotes may hold all of them. */
bool lexer_path(struct lexer *lexer, struct token *token);

/*
 * Everything up to the next pipe that stands in no parenthesis, bracket,
 * string, comment or regex, or up to a closing one that was not opened here.
 * With `bracket`, starts at a bracket and ends behind the one that closes it.
 */
bool lexer_balanced(struct lexer *lexer, struct token *token, bool bracket);

/* True when only white space and comments are left. False with the error when a comment is unclosed. */
bool lexer_skip_blank(struct lexer *lexer);

/* How a string's text is resolved. */
enum string_form {
	STRING_PATTERN, /* regexes, anchors, wildcards: \" alone */
	STRING_TEXT,	/* \" \\ \n \t \r */
	STRING_PHRASE,	/* \" \\ */
};

/* In the arena where a backslash was resolved, else the token's own text. False: memory is out. */
bool lexer_string_text(struct span written, enum string_form form, struct arena *arena, struct span *text);

#endif
