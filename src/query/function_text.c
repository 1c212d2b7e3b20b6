/* Text. Lengths and places count characters (code points of UTF-8; a byte of none counts as one). */
#include "match/regex.h"
#include "query/functions.h"

/* ---- characters ---- */

static bool is_inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t count_characters(struct span text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += i == 0 || !is_inside(text.data[i]);
	return count;
}

/* The offset of the character number `n`, or the end. */
static size_t offset_of(struct span text, size_t n)
{
	size_t at = 0;

	while (at < text.len && n-- > 0)
		do
			at++;
		while (at < text.len && is_inside(text.data[at]));
	return at;
}

void run_length(const struct node *node, struct row *row, struct value *result)
{
	struct span text = { 0 };

	argument_text(node, 0, row, &text); /* of a null: 0 */
	*result = value_number((double)count_characters(text));
}

/* substring(text, start[, end]): from the character `start` up to `end`, counted from 0; beyond the text is its end. */
void run_substring(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	double start, end = 1e15;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text) || !argument_number(node, 1, row, &start) ||
	    (node->count > 2 && !argument_number(node, 2, row, &end)))
		return;
	start = start < 0 ? 0 : start > 1e15 ? 1e15 : start;
	end = end < start ? start : end > 1e15 ? 1e15 : end;
	size_t from = offset_of(text, (size_t)start), to = offset_of(text, (size_t)end);
	*result = value_text((struct span){ text.data + from, to - from });
}

/* ---- letters ---- */

/* ASCII, and the two-byte Latin, Greek and Cyrillic letters that have a partner at a fixed distance. */
static unsigned fold_point(unsigned point, bool upper)
{
	static const struct {
		unsigned first, last, distance; /* of the capital letters */
	} ranges[] = {
		{ 'A', 'Z', 32 }, { 0xc0, 0xde, 32 }, { 0x391, 0x3a9, 32 }, { 0x400, 0x40f, 80 }, { 0x410, 0x42f, 32 }
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		unsigned shift = upper ? ranges[i].distance : 0;
		if (point < ranges[i].first + shift || point > ranges[i].last + shift || point == 0xd7 + shift)
			continue;
		return upper ? point - ranges[i].distance : point + ranges[i].distance;
	}
	return point;
}

static void change_case(const struct node *node, struct row *row, struct value *result, bool upper)
{
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	char *room = result_room(row, text.len, result);
	for (size_t i = 0; room && i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte >= 0xc3 && byte <= 0xd1 && i + 1 < text.len && is_inside(text.data[i + 1])) {
			unsigned point = (unsigned)(byte & 0x1f) << 6 | ((unsigned char)text.data[i + 1] & 0x3f);
			point = fold_point(point, upper);
			room[i++] = (char)(0xc0 | point >> 6);
			room[i] = (char)(0x80 | (point & 0x3f));
		} else {
			room[i] = byte < 0x80 ? (char)fold_point(byte, upper) : text.data[i];
		}
	}
}

void run_to_lower(const struct node *node, struct row *row, struct value *result)
{
	change_case(node, row, result, false);
}

void run_to_upper(const struct node *node, struct row *row, struct value *result)
{
	change_case(node, row, result, true);
}

/* ---- putting together ---- */

void run_to_string(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = argument_text(node, 0, row, &text) ? value_text(text) : VALUE_OF_NULL;
}

void run_trim(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = argument_text(node, 0, row, &text) ? value_text(span_trim(text)) : VALUE_OF_NULL;
}

/* A null is "". */
void run_concat(const struct node *node, struct row *row, struct value *result)
{
	struct span *texts = arena_alloc(&row->arena, node->count * sizeof(*texts));
	size_t len = 0;

	*result = VALUE_OF_NULL;
	for (size_t i = 0; texts && i < node->count; i++) {
		texts[i] = (struct span){ 0 };
		argument_text(node, i, row, &texts[i]);
		len += texts[i].len;
	}
	char *room = texts ? result_room(row, len, result) : NULL;
	for (size_t i = 0; room && i < node->count; i++) {
		if (texts[i].len)
			memcpy(room, texts[i].data, texts[i].len);
		room += texts[i].len;
	}
	if (!texts)
		row->trouble = "memory is out for a text";
}

void run_contains(const struct node *node, struct row *row, struct value *result)
{
	struct span text, part;
	bool known = argument_text(node, 0, row, &text) && argument_text(node, 1, row, &part);

	*result = value_bool(known && (part.len == 0 || span_find(text, part) < text.len));
}

/* A link, as a page would show it: the address alone is what a terminal can use. */
void run_to_url(const struct node *node, struct row *row, struct value *result)
{
	run_to_string(node, row, result);
}

/* ---- replace ---- */

/* What stands for one match: the replacement with $1 and ${1} of a regex resolved. */
static void add_replacement(struct buffer *to, struct span with, const struct node *node, struct span text)
{
	for (size_t i = 0; i < with.len; i++) {
		char next = i + 1 < with.len ? with.data[i + 1] : '\0';
		if (with.data[i] == '$' && node->searcher.regex && next >= '0' && next <= '9') {
			buffer_add(to, regex_group(node->searcher.match, text, (size_t)(next - '0')));
			i++;
		} else {
			buffer_add_byte(to, with.data[i]);
		}
	}
}

struct occurrence {
	size_t at, len;
	bool found;
};

static struct occurrence find_next(const struct node *node, struct row *row, struct span text, struct span what,
				   size_t from)
{
	struct occurrence next = { .len = what.len };

	if (!node->searcher.regex) {
		struct span rest = span_skip(text, from);
		next.at = from + span_find(rest, what);
		next.found = what.len && next.at < text.len;
		return next;
	}
	int found = regex_search(node->searcher.regex, node->searcher.match, text, from);
	if (found < 0)
		row->trouble = "a regular expression takes too long on this row";
	if (found > 0) {
		struct span whole = regex_group(node->searcher.match, text, 0);
		next = (struct occurrence){ (size_t)(whole.data - text.data), whole.len, true };
	}
	return next;
}

static void replace_all(struct buffer *to, const struct node *node, struct row *row, struct span text, struct span what,
			struct span with)
{
	size_t at = 0;

	while (at <= text.len && to->len <= TEXT_MAX && !row->trouble) {
		struct occurrence next = find_next(node, row, text, what, at);
		if (!next.found)
			break;
		buffer_add(to, (struct span){ text.data + at, next.at - at });
		add_replacement(to, with, node, text);
		at = next.at + next.len;
		if (next.len == 0) { /* an empty match: go on behind the next byte */
			buffer_add(to, span_first(span_skip(text, at), 1));
			at++;
		}
	}
	buffer_add(to, span_skip(text, at));
}

int prepare_replace(struct node *node, struct plan *plan, const struct expr *call)
{
	const struct expr *pattern = call->children[1];

	if (pattern->kind != EXPR_REGEX)
		return 0;
	return plan_regex(plan, pattern->text, pattern->ignore_case, &pattern->place, &node->searcher);
}

/* replace(text, what, with): every occurrence; what may be a /regex/. */
void run_replace(const struct node *node, struct row *row, struct value *result)
{
	struct span text, what, with;
	struct buffer replaced = { 0 };

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text) || !argument_text(node, 1, row, &what) ||
	    !argument_text(node, 2, row, &with))
		return;
	if (!node->searcher.regex && (what.len == 0 || span_find(text, what) == text.len)) {
		*result = value_text(text);
		return;
	}
	replace_all(&replaced, node, row, text, what, with);
	char *room = result_room(row, replaced.failed ? TEXT_MAX + 1 : replaced.len, result);
	if (room && replaced.len)
		memcpy(room, replaced.data, replaced.len);
	buffer_finish(&replaced);
}
