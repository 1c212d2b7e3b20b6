/* What is no token of an expression: scope terms, paths, whole operators; and what a string's text is. */
#include "query/lexer_parts.h"

static char byte_at(const struct lexer *lexer, size_t at)
{
	return at < lexer->text.len ? lexer->text.data[at] : '\0';
}

static bool is_blank_at(const struct lexer *lexer, size_t at)
{
	struct lexer there = *lexer;

	there.at = at;
	return lexer_blank_len(&there) > 0;
}

/* ---- scope ---- */

/* Whether a term ends before this byte. A value may hold = and quotes do not end it in the middle (a="b" is one term less). */
static bool ends_term(const struct lexer *lexer, size_t at, bool is_value)
{
	char byte = byte_at(lexer, at);

	if (byte == '(' || byte == ')' || byte == '|' || byte == '"' || is_blank_at(lexer, at))
		return true;
	return !is_value && (byte == '=' || (byte == '!' && byte_at(lexer, at + 1) == '='));
}

bool lexer_term(struct lexer *lexer, struct token *token, bool is_value)
{
	size_t at = lexer->at;

	*token = (struct token){ 0 };
	while (at < lexer->text.len && !ends_term(lexer, at, is_value)) {
		size_t parameter = byte_at(lexer, at) == '{' ? lexer_parameter_len(lexer->text, at) : 0;
		at += parameter ? parameter : 1;
	}
	size_t len = at - lexer->at;
	bool is_parameter = len > 0 && lexer_parameter_len(lexer->text, lexer->at) == len;
	return lexer_take(lexer, token, is_parameter ? TOKEN_PARAMETER : TOKEN_WORD, len);
}

/* ---- paths ---- */

bool lexer_path(struct lexer *lexer, struct token *token)
{
	size_t at;

	*token = (struct token){ 0 };
	if (!lexer_skip_blank(lexer))
		return false;
	for (at = lexer->at; at < lexer->text.len && !is_blank_at(lexer, at); at++) {
		char byte = byte_at(lexer, at);
		if (byte == '|' || byte == ',' || byte == ')')
			break;
		if (byte != '"')
			continue;
		size_t end = lexer_quoted_end(lexer->text, at);
		if (end == 0)
			return lexer_refuse(lexer, at + 1 - lexer->at, "\"", "the quotes of this path are not closed");
		at = end - 1;
	}
	return lexer_take(lexer, token, TOKEN_WORD, at - lexer->at);
}

/* ---- whole operators ---- */

struct nesting {
	char open[QUERY_DEPTH_MAX]; /* the brackets that are open */
	size_t depth;
	bool value_follows; /* a slash would open a regex: behind matches, a comma or an opening parenthesis */
};

/* Takes a bracket into account. False when it closes what was not opened here. */
static bool nest(struct nesting *nesting, char byte)
{
	if (byte == '(' || byte == '[') {
		nesting->open[nesting->depth++] = byte;
		return true;
	}
	if (nesting->depth == 0 || nesting->open[nesting->depth - 1] != (byte == ')' ? '(' : '['))
		return false;
	nesting->depth--;
	return true;
}

/* Whether the word that ends before the lexer's place is `matches`. */
static bool behind_matches(const struct lexer *lexer, size_t start)
{
	struct span before = span_trim((struct span){ lexer->text.data + start, lexer->at - start });

	return before.len >= 7 && span_equal_nocase(span_skip(before, before.len - 7), SPAN("matches"));
}

/* Steps over a comment, a string or a regex. 0: none begins here. -1: refused. */
static int step_over(struct lexer *lexer, size_t start, bool value_follows)
{
	char byte = byte_at(lexer, lexer->at), next = byte_at(lexer, lexer->at + 1);
	bool is_comment = byte == '/' && (next == '/' || next == '*');
	size_t end = 0;

	if (is_comment && next == '/' && lexer->at > start && byte_at(lexer, lexer->at - 1) == ':')
		return 0; /* path://, https:// */
	if (is_comment) {
		end = lexer_comment_end(lexer);
	} else if (byte == '"') {
		end = lexer_quoted_end(lexer->text, lexer->at);
	} else if (byte == '/' && (value_follows || behind_matches(lexer, start))) {
		end = lexer_regex_end(lexer);
		if (end == 0)
			return 0;
	} else {
		return 0;
	}
	if (end == 0) {
		lexer_refuse(lexer, is_comment ? 2 : 1, is_comment ? "*/" : "\"", "this %s is not closed",
			     is_comment ? "comment" : "string");
		return -1;
	}
	lexer_move_to(lexer, end);
	return 1;
}

static bool refuse_open(struct lexer *lexer, const struct place_in_text *first, char byte)
{
	lexer_move(lexer, first);
	return lexer_refuse(lexer, 1, byte == '(' ? ")" : "]", "a %s that is opened here is not closed",
			    byte == '(' ? "parenthesis" : "bracket");
}

static struct place_in_text place_here(const struct lexer *lexer)
{
	return (struct place_in_text){ lexer->at, 1, lexer->line, lexer->column };
}

/* Goes through to the end of what is balanced; *last is behind its last byte that is no blank. */
static bool balance(struct lexer *lexer, bool bracket, size_t *last)
{
	struct nesting nesting = { .depth = 0 };
	struct place_in_text opened = place_here(lexer);
	size_t start = lexer->at;

	while (lexer->at < lexer->text.len) {
		int stepped = step_over(lexer, start, nesting.value_follows);
		if (stepped < 0)
			return false;
		if (stepped > 0) {
			*last = lexer->at;
			nesting.value_follows = false;
			continue;
		}
		char byte = byte_at(lexer, lexer->at);
		bool opens = byte == '(' || byte == '[';
		if (byte == '|' && nesting.depth == 0)
			break;
		if (opens && nesting.depth == QUERY_DEPTH_MAX)
			return lexer_refuse(lexer, 1, "", "nested deeper than %d", QUERY_DEPTH_MAX);
		if (opens && nesting.depth == 0)
			opened = place_here(lexer);
		if ((opens || byte == ')' || byte == ']') && !nest(&nesting, byte))
			break;
		size_t blank = lexer_blank_len(lexer);
		if (!blank)
			nesting.value_follows = opens || byte == ',';
		lexer_move_to(lexer, lexer->at + (blank ? blank : 1));
		*last = blank ? *last : lexer->at;
		if (bracket && nesting.depth == 0)
			return true;
	}
	return nesting.depth == 0 && !bracket ? true
					      : refuse_open(lexer, &opened, nesting.depth ? nesting.open[0] : '[');
}

bool lexer_balanced(struct lexer *lexer, struct token *token, bool bracket)
{
	if (!lexer_skip_blank(lexer))
		return false;
	struct place_in_text place = place_here(lexer);
	size_t last = lexer->at;

	if (!balance(lexer, bracket, &last))
		return false;
	lexer_move(lexer, &place);
	*token = (struct token){ 0 };
	return lexer_take(lexer, token, TOKEN_WORD, last - lexer->at);
}

/* ---- the text of strings ---- */

/* What a backslash and this byte stand for, or 0 when they stay as they are. */
static char resolve(char byte, enum string_form form)
{
	if (byte == '"' || (byte == '\\' && form != STRING_PATTERN))
		return byte;
	if (form != STRING_TEXT)
		return 0;
	return byte == 'n' ? '\n' : byte == 't' ? '\t' : byte == 'r' ? '\r' : 0;
}

bool lexer_string_text(struct span written, enum string_form form, struct arena *arena, struct span *text)
{
	size_t at = span_index(written, '\\'), len = at;

	*text = written;
	if (at == written.len)
		return true;
	char *to = arena_alloc(arena, written.len);
	if (!to)
		return false;
	memcpy(to, written.data, len);
	while (at < written.len) {
		char byte = written.data[at++];
		if (byte == '\\' && at < written.len) {
			char next = written.data[at++], resolved = resolve(next, form);
			if (!resolved)
				to[len++] = '\\';
			byte = resolved ? resolved : next;
		}
		to[len++] = byte;
	}
	*text = (struct span){ to, len };
	return true;
}
