/*
 * replace(text, "sought", "by") and replace(text, /regex/, "by"): every
 * occurrence, from left to right. Any null gives null.
 *
 * In what stands for a match of a regex, $1 (as many digits as there are
 * groups), $0, ${name} are groups, and a backslash makes the next character
 * stand for itself: Java's Matcher.appendReplacement.
 *
 * One pass over the text: a match is sought behind the one before it, so the
 * limits of the regex bound the whole as they bound one search.
 */
#include "match/regex.h"
#include "query/extract.h"
#include "query/function_runs.h"
#include "query/text_maker.h"

/* ---- text by text ---- */

static void replace_text(struct text_maker *maker, struct span text, struct span sought, struct span by)
{
	size_t at;

	while (sought.len && (at = span_find(text, sought)) < text.len && !maker->failed) {
		text_maker_add(maker, span_first(text, at));
		text_maker_add(maker, by);
		text = span_skip(text, at + sought.len);
	}
	text_maker_add(maker, text);
}

/* ---- what stands for a match ---- */

enum part_kind { PART_BYTE, PART_GROUP, PART_WRONG };

struct part {
	enum part_kind kind;
	char byte;
	size_t group;
	size_t len; /* bytes of the template that it takes */
};

/* As many digits as still name a group. */
static struct part numbered_group(const struct regex *regex, struct span digits)
{
	size_t group = 0, len = 0;

	while (len < digits.len && digits.data[len] >= '0' && digits.data[len] <= '9') {
		size_t longer = group * 10 + (size_t)(digits.data[len] - '0');
		if (longer > regex_group_count(regex))
			break;
		group = longer;
		len++;
	}
	return (struct part){ len ? PART_GROUP : PART_WRONG, .group = group, .len = len + 1 };
}

static struct part named_group(const struct regex *regex, struct span name)
{
	size_t len = span_index(name, '}');

	for (size_t i = 1; i <= regex_group_count(regex) && len < name.len; i++)
		if (span_equal(regex_group_name(regex, i), span_first(name, len)))
			return (struct part){ PART_GROUP, .group = i, .len = len + 3 };
	return (struct part){ .kind = PART_WRONG };
}

/* What begins at the head of the template, which is not empty. */
static struct part next_part(const struct regex *regex, struct span by)
{
	if (by.data[0] == '\\' && by.len > 1)
		return (struct part){ PART_BYTE, .byte = by.data[1], .len = 2 };
	if (by.data[0] != '$')
		return (struct part){ PART_BYTE, .byte = by.data[0], .len = 1 };
	if (by.len > 1 && by.data[1] == '{')
		return named_group(regex, span_skip(by, 2));
	return numbered_group(regex, span_skip(by, 1));
}

/* A group that there is not, and a lone $, stand for themselves where the template is not known before. */
static void add_template(struct text_maker *maker, const struct searcher *searcher, struct span text, struct span by)
{
	while (by.len && !maker->failed) {
		struct part part = next_part(searcher->regex, by);
		if (part.kind == PART_GROUP)
			text_maker_add(maker, regex_group(searcher->match, text, part.group));
		else
			text_maker_byte(maker, part.kind == PART_BYTE ? part.byte : '$');
		by = span_skip(by, part.kind == PART_WRONG ? 1 : part.len);
	}
}

static int check_template(struct plan *plan, const struct regex *regex, const struct expr *expr)
{
	struct span by = expr->text;

	while (by.len) {
		struct part part = next_part(regex, by);
		if (part.kind == PART_WRONG)
			return plan_refuse(plan, &expr->place,
					   "$ stands before the number or {name} of a group of the regex; "
					   "a dollar sign is written \\\\$");
		by = span_skip(by, part.len);
	}
	return 0;
}

/* ---- text by regex ---- */

/* How many bytes the character at that place takes. */
static size_t character_len(struct span text, size_t at)
{
	size_t len = 1;

	while (at + len < text.len && ((unsigned char)text.data[at + len] & 0xC0) == 0x80)
		len++;
	return len;
}

/* After an empty match, the character behind it goes on as it is. */
static void replace_regex(struct text_maker *maker, const struct searcher *searcher, struct span text, struct span by)
{
	size_t done = 0, from = 0;
	int found = 0;

	while (from <= text.len && !maker->failed) {
		if (!extract_spend(maker->row, span_skip(text, from)))
			return;
		found = regex_search(searcher->regex, searcher->match, text, from);
		if (found <= 0)
			break;
		struct span whole = regex_group(searcher->match, text, 0);
		size_t start = (size_t)(whole.data - text.data);
		text_maker_add(maker, (struct span){ text.data + done, start - done });
		add_template(maker, searcher, text, by);
		done = from = start + whole.len;
		if (whole.len == 0)
			from += done < text.len ? character_len(text, done) : 1;
	}
	if (found < 0)
		maker->row->trouble = "a regular expression takes too long on this row";
	text_maker_add(maker, span_skip(text, done));
}

int prepare_replace(struct node *node, struct plan *plan, const struct expr *call)
{
	const struct expr *sought = call->children[1];

	if (sought->kind != EXPR_REGEX)
		return 0;
	int status = plan_regex(plan, sought->text, sought->ignore_case, &sought->place, &node->searcher);
	if (status == 0 && call->children[2]->kind == EXPR_STRING)
		status = check_template(plan, node->searcher.regex, call->children[2]);
	return status;
}

void run_replace(const struct node *node, struct row *row, struct value *result)
{
	struct span text, sought, by;
	struct text_maker maker;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text) || !argument_text(node, 1, row, &sought) ||
	    !argument_text(node, 2, row, &by))
		return;
	text_maker_init(&maker, row, text.len);
	if (node->searcher.regex)
		replace_regex(&maker, &node->searcher, text.data ? text : SPAN(""), by);
	else
		replace_text(&maker, text, sought, by);
	*result = text_maker_value(&maker);
}
