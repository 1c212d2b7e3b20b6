#include "rule/sigma/condition.h"

#include <errno.h>

struct token {
	struct span text; /* empty at the end */
	size_t offset;
};

struct parser {
	struct sigma_builder *builder;
	const struct yaml_node *scalar;
	const struct condition_names *names;
	struct token now;
	size_t depth, gathered;
};

/* ---- tokens ---- */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_mark(char c)
{
	return c == '(' || c == ')' || c == '|';
}

static void advance(struct parser *parser)
{
	struct span text = parser->scalar->text;
	size_t from = parser->now.offset + parser->now.text.len, to;

	while (from < text.len && is_space(text.data[from]))
		from++;
	to = from + (from < text.len && is_mark(text.data[from]));
	if (to == from)
		while (to < text.len && !is_space(text.data[to]) && !is_mark(text.data[to]))
			to++;
	parser->now = (struct token){ span_first(span_skip(text, from), to - from), from };
}

static bool is_word(const struct parser *parser, const char *word)
{
	return span_equal_nocase(parser->now.text, span_of(word));
}

static bool take_word(struct parser *parser, const char *word)
{
	if (!is_word(parser, word))
		return false;
	advance(parser);
	return true;
}

static const struct sigma_node *fail(struct parser *parser, struct token token, const char *what)
{
	sigma_error(parser->builder->diagnostics, yaml_place(parser->scalar, token.offset), "%s%s%.*s%s", what,
		    token.text.len ? " '" : "", (int)span_first(token.text, 200).len, token.text.data,
		    token.text.len ? "'" : " the end of the condition");
	return NULL;
}

static bool is_name(struct span text)
{
	static const char marks[] = "_-.*";

	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		bool letter =
			(c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80;
		if (!letter && !strchr(marks, c))
			return false;
	}
	return text.len != 0;
}

/* ---- terms ---- */

static const struct sigma_node *read_or(struct parser *parser);

/* All selections of the pattern under one node. */
static const struct sigma_node *gather(struct parser *parser, struct token pattern, uint32_t needed, bool all)
{
	struct span names = span_equal_nocase(pattern.text, SPAN("them")) ? (struct span){ 0 } : pattern.text;
	struct sigma_place place = yaml_place(parser->scalar, pattern.offset);
	size_t count = 0, at = 0;

	while (parser->names->next(parser->names->context, names, &at))
		count++;
	if (count == 0)
		return fail(parser, pattern, "no selection has a name like");
	parser->gathered += count;
	if (parser->gathered > CONDITION_GATHERED_MAX)
		return fail(parser, pattern, "the condition asks for too many selections at");
	if (needed > count)
		sigma_warning(parser->builder->diagnostics, place, "it asks for %u selections of %zu: it never holds",
			      needed, count);
	struct sigma_node *node = builder_node(parser->builder, all ? SIGMA_AND : SIGMA_AT_LEAST, count, place);
	if (!node)
		return NULL;
	node->needed = needed;
	for (at = 0; node->count < count; node->count++)
		node->children[node->count] = parser->names->next(parser->names->context, names, &at);
	return node;
}

/* `1 of x*`; the first word was read already, and "of" is the word now. */
static const struct sigma_node *read_of(struct parser *parser, struct token quantity)
{
	bool all = span_equal_nocase(quantity.text, SPAN("all"));
	uint64_t needed = 1;

	if (!all && !span_equal_nocase(quantity.text, SPAN("any")) &&
	    (span_decimal(quantity.text, &needed) != quantity.text.len || needed == 0 || needed > UINT32_MAX))
		return fail(parser, quantity, "before 'of' stands a number from 1, 'all' or 'any', not");
	advance(parser);
	struct token pattern = parser->now;
	if (!is_name(pattern.text))
		return fail(parser, pattern, "behind 'of' stands 'them' or the name of a selection, not");
	advance(parser);
	return gather(parser, pattern, (uint32_t)needed, all);
}

static const struct sigma_node *read_term(struct parser *parser)
{
	struct token token = parser->now;

	if (take_word(parser, "(")) {
		const struct sigma_node *node = read_or(parser);
		if (node && !take_word(parser, ")"))
			return fail(parser, parser->now, "a parenthesis is not closed before");
		return node;
	}
	if (!is_name(token.text))
		return fail(parser, token, "a selection is missing before");
	advance(parser);
	if (is_word(parser, "of"))
		return read_of(parser, token);
	const struct sigma_node *node = parser->names->find(parser->names->context, token.text);
	return node ? node : fail(parser, token, "there is no selection");
}

/* ---- operators ---- */

static const struct sigma_node *read_not(struct parser *parser)
{
	struct sigma_place place = yaml_place(parser->scalar, parser->now.offset);

	if (++parser->depth > CONDITION_DEPTH_MAX)
		return fail(parser, parser->now, "the condition is nested too deep at");
	if (!take_word(parser, "not")) {
		const struct sigma_node *term = read_term(parser);
		parser->depth--;
		return term;
	}
	const struct sigma_node *child = read_not(parser);
	struct sigma_node *node = child ? builder_node(parser->builder, SIGMA_NOT, 1, place) : NULL;
	parser->depth--;
	if (node)
		node->children[node->count++] = child;
	return node;
}

/* Room doubles whenever the count is a power of two. */
static bool add_child(struct parser *parser, struct sigma_node *node, const struct sigma_node *child)
{
	size_t count = node->count;

	if (!child)
		return false;
	if ((count & (count - 1)) == 0) {
		const struct sigma_node **children =
			builder_alloc(parser->builder, (2 * count + 1) * sizeof(*children), parser->scalar->place);
		if (!children)
			return false;
		memcpy(children, node->children, count * sizeof(*children));
		node->children = children;
	}
	node->children[node->count++] = child;
	return true;
}

typedef const struct sigma_node *read_operand(struct parser *parser);

/* One flat node for a whole chain: evaluation goes as deep as the parentheses do, no deeper. */
static const struct sigma_node *read_chain(struct parser *parser, enum sigma_node_kind kind, const char *word,
					   read_operand *operand)
{
	const struct sigma_node *first = operand(parser);

	if (!first || !is_word(parser, word))
		return first;
	struct sigma_node *node = builder_node(parser->builder, kind, 0, parser->scalar->place);
	bool complete = node && add_child(parser, node, first);
	while (complete && take_word(parser, word))
		complete = add_child(parser, node, operand(parser));
	return complete ? node : NULL;
}

static const struct sigma_node *read_and(struct parser *parser)
{
	return read_chain(parser, SIGMA_AND, "and", read_not);
}

static const struct sigma_node *read_or(struct parser *parser)
{
	return read_chain(parser, SIGMA_OR, "or", read_and);
}

const struct sigma_node *sigma_condition_read(struct sigma_builder *builder, const struct yaml_node *scalar,
					      const struct condition_names *names)
{
	struct parser parser = { .builder = builder, .scalar = scalar, .names = names };

	if (scalar->text.len > CONDITION_MAX) {
		sigma_error(builder->diagnostics, scalar->place, "the condition is longer than %d bytes",
			    CONDITION_MAX);
		return NULL;
	}
	advance(&parser);
	const struct sigma_node *node = read_or(&parser);
	if (!node || parser.now.text.len == 0)
		return node;
	if (is_word(&parser, "|"))
		return fail(&parser, parser.now,
			    "counting in a condition is no longer part of Sigma (write a correlation rule):");
	return fail(&parser, parser.now, "'and' or 'or' is missing before");
}
