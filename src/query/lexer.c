#include "query/lexer.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "query/lexer_number.h"
#include "query/lexer_parts.h"

void lexer_init(struct lexer *lexer, struct span text, struct query_error *error)
{
	*lexer = (struct lexer){ .text = text, .line = 1, .column = 1, .error = error };
}

void lexer_move(struct lexer *lexer, const struct place_in_text *place)
{
	lexer->at = place->offset;
	lexer->line = place->line;
	lexer->column = place->column;
}

/* ---- moving on ---- */

/* The byte that far ahead, 0 behind the end. */
static inline unsigned char ahead(const struct lexer *lexer, size_t n)
{
	return lexer->text.len - lexer->at > n ? (unsigned char)lexer->text.data[lexer->at + n] : 0;
}

static bool at_end(const struct lexer *lexer)
{
	return lexer->at >= lexer->text.len;
}

static bool starts(const struct lexer *lexer, struct span with)
{
	return span_starts(span_skip(lexer->text, lexer->at), with);
}

void lexer_move_to(struct lexer *lexer, size_t end)
{
	for (; lexer->at < end; lexer->at++) {
		unsigned char byte = (unsigned char)lexer->text.data[lexer->at];
		if (byte == '\n') {
			lexer->line++;
			lexer->column = 1;
		} else if ((byte & 0xc0) != 0x80) {
			lexer->column++;
		}
	}
}

static struct place_in_text here(const struct lexer *lexer, size_t len)
{
	return (struct place_in_text){ .offset = lexer->at, .len = len, .line = lexer->line, .column = lexer->column };
}

bool lexer_refuse(struct lexer *lexer, size_t len, const char *expected, const char *format, ...)
{
	va_list args;

	lexer->error->place = here(lexer, len);
	va_start(args, format);
	vsnprintf(lexer->error->message, sizeof(lexer->error->message), format, args);
	va_end(args);
	snprintf(lexer->error->expected, sizeof(lexer->error->expected), "%s", expected);
	return false;
}

bool lexer_take(struct lexer *lexer, struct token *token, enum token_kind kind, size_t len)
{
	token->kind = kind;
	token->place = here(lexer, len);
	token->text = (struct span){ lexer->text.data + lexer->at, len };
	lexer_move_to(lexer, lexer->at + len);
	return true;
}

/* ---- blanks ---- */

/* Bytes of white space here; a no-break space and a byte-order mark come along with what is pasted from pages. */
size_t lexer_blank_len(const struct lexer *lexer)
{
	unsigned char byte = ahead(lexer, 0);

	if (byte == ' ' || (byte >= '\t' && byte <= '\r'))
		return 1;
	if (byte == 0xc2 && ahead(lexer, 1) == 0xa0)
		return 2;
	return byte == 0xef && ahead(lexer, 1) == 0xbb && ahead(lexer, 2) == 0xbf ? 3 : 0;
}

static size_t line_end(const struct lexer *lexer, size_t from)
{
	return from + span_index(span_skip(lexer->text, from), '\n');
}

/* Behind the comment that begins here, or 0 when it is unclosed. */
size_t lexer_comment_end(const struct lexer *lexer)
{
	if (ahead(lexer, 1) == '/')
		return line_end(lexer, lexer->at);
	struct span inside = span_skip(lexer->text, lexer->at + 2);
	size_t len = span_find(inside, SPAN("*/"));
	return len < inside.len ? lexer->at + 2 + len + 2 : 0;
}

static bool at_comment(const struct lexer *lexer)
{
	return ahead(lexer, 0) == '/' && (ahead(lexer, 1) == '/' || ahead(lexer, 1) == '*');
}

bool lexer_skip_blank(struct lexer *lexer)
{
	while (!at_end(lexer)) {
		size_t blank = lexer_blank_len(lexer);
		if (blank) {
			lexer_move_to(lexer, lexer->at + blank);
		} else if (at_comment(lexer)) {
			size_t end = lexer_comment_end(lexer);
			if (end == 0)
				return lexer_refuse(lexer, 2, "*/", "this comment is not closed");
			lexer_move_to(lexer, end);
		} else {
			break;
		}
	}
	return true;
}

/* ---- strings, parameters, words ---- */

/* Behind the closing quote of the string that begins at `from`, or 0. A backslash keeps whatever follows it. */
size_t lexer_quoted_end(struct span text, size_t from)
{
	for (size_t i = from + 1; i < text.len; i++) {
		if (text.data[i] == '"')
			return i + 1;
		if (text.data[i] == '\\')
			i++;
	}
	return 0;
}

/* A quoted thing whose quote stands `skip` bytes ahead. */
bool lexer_take_quoted(struct lexer *lexer, struct token *token, enum token_kind kind, size_t skip)
{
	size_t end = lexer_quoted_end(lexer->text, lexer->at + skip);

	if (end == 0) {
		size_t line = line_end(lexer, lexer->at) - lexer->at;
		return lexer_refuse(lexer, line, "\"", "this %s is not closed",
				    kind == TOKEN_QUOTED_NAME ? "quoted name" : "string");
	}
	lexer_take(lexer, token, kind, end - lexer->at);
	token->text.data += skip + 1;
	token->text.len -= skip + 2;
	return true;
}

/* Bytes of the {{parameter}} at an offset, 0 when there is none. Its end stands on the same line, braces may be three. */
size_t lexer_parameter_len(struct span text, size_t at)
{
	struct span rest = span_skip(text, at);

	if (!span_starts(rest, SPAN("{{")))
		return 0;
	for (size_t i = 2; i + 1 < rest.len && i < 256; i++) {
		if (rest.data[i] == '\n')
			return 0;
		if (rest.data[i] == '}' && rest.data[i + 1] == '}')
			return i + 2 + (rest.data[2] == '{' && i + 2 < rest.len && rest.data[i + 2] == '}');
	}
	return 0;
}

static bool is_letter(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '$' ||
	       byte == '@' || byte >= 0x80;
}

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

/* A character of three bytes that word processors put where quotes or a blank were. */
static bool is_typographic(struct span rest)
{
	unsigned char last = rest.len > 2 ? (unsigned char)rest.data[2] : 0;

	return span_starts(rest, SPAN("\xe2\x80")) && last >= 0x80 && last <= 0x9f;
}

static size_t word_len(const struct lexer *lexer)
{
	struct span rest = span_skip(lexer->text, lexer->at);
	size_t len = 0;

	while (len < rest.len) {
		unsigned char byte = (unsigned char)rest.data[len];
		size_t parameter = byte == '{' ? lexer_parameter_len(rest, len) : 0;
		if (byte >= 0xc2 && (is_typographic(span_skip(rest, len)) ||
				     (byte == 0xc2 && len + 1 < rest.len && rest.data[len + 1] == '\xa0')))
			break;
		if (!parameter && !is_letter(byte) && !is_digit(byte) && byte != '.')
			break;
		len += parameter ? parameter : 1;
	}
	return len;
}

static bool take_word(struct lexer *lexer, struct token *token)
{
	size_t parameter = lexer_parameter_len(lexer->text, lexer->at), len = word_len(lexer);

	return lexer_take(lexer, token, parameter && parameter == len ? TOKEN_PARAMETER : TOKEN_WORD, len);
}

/* A number, or a word that begins with digits (4xx_errors). */
static bool take_number(struct lexer *lexer, struct token *token)
{
	struct span word = { lexer->text.data + lexer->at, word_len(lexer) };
	struct number number;
	size_t len = number_read(word, span_skip(lexer->text, lexer->at), &number);

	if (len == 0)
		return lexer_take(lexer, token, TOKEN_WORD, word.len);
	if (!isfinite(number.value))
		return lexer_refuse(lexer, len, "", "this number is too large");
	lexer_take(lexer, token, TOKEN_NUMBER, len);
	token->number = number.value;
	token->has_time_unit = number.is_time;
	return true;
}

/* ---- the next token ---- */

static bool refuse_byte(struct lexer *lexer)
{
	unsigned char byte = ahead(lexer, 0);
	struct span rest = span_skip(lexer->text, lexer->at);

	if (is_typographic(rest))
		return lexer_refuse(lexer, 3, "\"", "a typographic quote or blank stands here");
	if (byte == '&')
		return lexer_refuse(lexer, 1, "and", "a single &");
	if (byte == '{')
		return lexer_refuse(lexer, 1, "{{name}}", "a brace that opens no parameter");
	if (byte > ' ' && byte < 0x7f)
		return lexer_refuse(lexer, 1, "", "the character %c means nothing here", byte);
	return lexer_refuse(lexer, 1, "", "the byte 0x%02x means nothing here", byte);
}

static bool take_mark(struct lexer *lexer, struct token *token)
{
	static const struct {
		struct span text;
		enum token_kind kind;
	} marks[] = {
		{ SPAN("||"), TOKEN_OR },
		{ SPAN("&&"), TOKEN_AND },
		{ SPAN("=="), TOKEN_EQUAL },
		{ SPAN("!="), TOKEN_NOT_EQUAL },
		{ SPAN("<>"), TOKEN_NOT_EQUAL },
		{ SPAN("<="), TOKEN_LESS_EQUAL },
		{ SPAN(">="), TOKEN_GREATER_EQUAL },
		{ SPAN("|"), TOKEN_PIPE },
		{ SPAN("("), TOKEN_OPEN },
		{ SPAN(")"), TOKEN_CLOSE },
		{ SPAN("["), TOKEN_OPEN_BRACKET },
		{ SPAN("]"), TOKEN_CLOSE_BRACKET },
		{ SPAN(","), TOKEN_COMMA },
		{ SPAN("?"), TOKEN_QUESTION },
		{ SPAN(":"), TOKEN_COLON },
		{ SPAN("!"), TOKEN_NOT },
		{ SPAN("="), TOKEN_EQUAL },
		{ SPAN("<"), TOKEN_LESS },
		{ SPAN(">"), TOKEN_GREATER },
		{ SPAN("+"), TOKEN_PLUS },
		{ SPAN("-"), TOKEN_MINUS },
		{ SPAN("*"), TOKEN_STAR },
		{ SPAN("/"), TOKEN_SLASH },
		{ SPAN("%"), TOKEN_PERCENT },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (starts(lexer, marks[i].text))
			return lexer_take(lexer, token, marks[i].kind, marks[i].text.len);
	return refuse_byte(lexer);
}

/* How far behind a % its quote stands, white space between them allowed; 0 when there is none. */
static size_t quoted_name_skip(const struct lexer *lexer)
{
	size_t skip = 1;

	while (skip < 16 && (ahead(lexer, skip) == ' ' || ahead(lexer, skip) == '\t'))
		skip++;
	return ahead(lexer, skip) == '"' ? skip : 0;
}

/* One character may be anything, also a backslash or an apostrophe: escape='\', quote='''. */
static bool take_apostrophes(struct lexer *lexer, struct token *token)
{
	struct span inside = span_skip(lexer->text, lexer->at + 1);
	size_t len = inside.len > 1 && inside.data[1] == '\'' ? 1 : span_index(inside, '\'');

	if (len == inside.len)
		return lexer_refuse(lexer, 1, "'", "this apostrophe is not closed");
	lexer_take(lexer, token, TOKEN_APOSTROPHES, len + 2);
	token->text = span_first(inside, len);
	return true;
}

/* `name` and `name(arguments)` stand for text that is kept elsewhere, as parameters do. */
static bool take_macro(struct lexer *lexer, struct token *token)
{
	struct span inside = span_first(span_skip(lexer->text, lexer->at + 1), 4096);
	size_t len = span_index(inside, '`');

	if (len == inside.len)
		return lexer_refuse(lexer, 1, "`", "this macro is not closed");
	return lexer_take(lexer, token, TOKEN_PARAMETER, len + 2);
}

bool lexer_next(struct lexer *lexer, struct token *token)
{
	*token = (struct token){ .kind = TOKEN_END };
	if (!lexer_skip_blank(lexer))
		return false;
	unsigned char byte = ahead(lexer, 0);
	if (at_end(lexer))
		return lexer_take(lexer, token, TOKEN_END, 0);
	if (byte == '"')
		return lexer_take_quoted(lexer, token, TOKEN_STRING, 0);
	if (byte == '`')
		return take_macro(lexer, token);
	if (byte == '\'')
		return take_apostrophes(lexer, token);
	if (byte == '%' && quoted_name_skip(lexer))
		return lexer_take_quoted(lexer, token, TOKEN_QUOTED_NAME, quoted_name_skip(lexer));
	if (is_digit(byte) || (byte == '.' && is_digit(ahead(lexer, 1))))
		return take_number(lexer, token);
	if (word_len(lexer) > 0 && byte != '.')
		return take_word(lexer, token);
	return take_mark(lexer, token);
}

bool lexer_bare_name(struct lexer *lexer, struct token *token)
{
	struct span rest = span_skip(lexer->text, lexer->at + 1);
	size_t len = 0;

	while (len < rest.len && (is_letter((unsigned char)rest.data[len]) || is_digit((unsigned char)rest.data[len]) ||
				  span_index(SPAN(".[]:#"), rest.data[len]) < 5))
		len++;
	*token = (struct token){ 0 };
	if (len == 0)
		return lexer_refuse(lexer, 1, "%\"name\"", "no name follows this %%");
	lexer_take(lexer, token, TOKEN_QUOTED_NAME, len + 1);
	token->text = span_first(rest, len);
	return true;
}

/* ---- regexes ---- */

/*
 * In a class ([/]) a slash closes nothing; but where none follows outside of
 * one for so many bytes, it did after all. Never further: texts of nothing but
 * such classes would be read again and again.
 */
#define CLASS_LOOK_AHEAD 1024

size_t lexer_regex_end(const struct lexer *lexer)
{
	size_t end = line_end(lexer, lexer->at), in_class_end = 0;
	bool in_class = false;

	for (size_t i = lexer->at + 1; i < end; i++) {
		char byte = lexer->text.data[i];
		if (byte == '\\')
			i++;
		else if (byte == '[' || byte == ']')
			in_class = byte == '[';
		else if (byte == '/' && !in_class)
			return i + 1;
		else if (byte == '/' && in_class_end == 0)
			in_class_end = i + 1;
		if (in_class_end && i > in_class_end + CLASS_LOOK_AHEAD)
			break;
	}
	return in_class_end;
}

bool lexer_regex(struct lexer *lexer, struct token *token)
{
	size_t end = lexer_regex_end(lexer);

	*token = (struct token){ .kind = TOKEN_REGEX };
	if (end == 0)
		return lexer_refuse(lexer, line_end(lexer, lexer->at) - lexer->at, "/",
				    "this regular expression is not closed on its line");
	size_t inside = end - lexer->at - 2;
	size_t flag = end < lexer->text.len && lexer->text.data[end] == 'i';
	lexer_take(lexer, token, TOKEN_REGEX, end + flag - lexer->at);
	token->text = (struct span){ token->text.data + 1, inside };
	token->ignore_case = flag;
	return true;
}
