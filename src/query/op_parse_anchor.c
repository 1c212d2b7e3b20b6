/*
 * parse [field=f] "begin*between*" as x, y, "other*" as z [nodrop]
 *
 * A pattern is literals with stars between them. A star takes as little as
 * the literal behind it allows; one at the end takes the rest. So each
 * literal is searched for once, behind the one before it: no regex, and no
 * going back.
 *
 *   "a*b*"   literals "a" "b" ""     stars 2
 */
#include "query/extract.h"

struct anchor {
	struct span *literals; /* star_count + 1; the first and the last may be empty */
	size_t star_count;
};

struct parse_anchor {
	struct extract extract;
	struct anchor *anchors;
	size_t count;
	uint32_t *targets;   /* of all stars of all anchors, in order */
	struct span *values; /* of the row at hand */
	size_t target_count;
};

/* ---- compiling ---- */

/* What the escape at the start of `rest` stands for; its length. */
static size_t read_escape(struct span rest, char *byte)
{
	static const char letters[] = "ntr\\*\"", values[] = "\n\t\r\\*\"";
	const char *letter = rest.len > 1 && rest.data[1] ? strchr(letters, rest.data[1]) : NULL;

	*byte = letter ? values[letter - letters] : '\\';
	return letter ? 2 : 1;
}

static int check_stars(struct plan *plan, const struct anchor *anchor, const struct place_in_text *place)
{
	if (anchor->star_count == 0)
		return plan_refuse(plan, place,
				   "an anchor needs a star for each field that it takes: \"user=* \" as user");
	for (size_t i = 1; i < anchor->star_count; i++)
		if (anchor->literals[i].len == 0)
			return plan_refuse(plan, place, "nothing stands between two stars; use parse regex instead");
	return 0;
}

static int create_anchor(struct plan *plan, struct span pattern, const struct place_in_text *place,
			 struct anchor *anchor)
{
	char *bytes = plan_alloc(plan, pattern.len + 1), *start = bytes;

	anchor->literals = plan_alloc(plan, (pattern.len + 1) * sizeof(*anchor->literals));
	if (!bytes || !anchor->literals)
		return -ENOMEM;
	while (pattern.len) {
		size_t used = 1;
		if (pattern.data[0] == '*') {
			anchor->literals[anchor->star_count++] = (struct span){ start, (size_t)(bytes - start) };
			start = bytes;
		} else {
			*bytes = pattern.data[0];
			if (*bytes == '\\')
				used = read_escape(pattern, bytes);
			bytes++;
		}
		pattern = span_skip(pattern, used);
	}
	anchor->literals[anchor->star_count] = (struct span){ start, (size_t)(bytes - start) };
	return check_stars(plan, anchor, place);
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct parse_anchor *parse = plan_alloc(plan, sizeof(*parse));

	if (!parse)
		return -ENOMEM;
	if (operator->multi)
		return plan_refuse(plan, &operator->place, "multi works with parse regex only");
	extract_create(plan, operator, & parse->extract);
	stage->state = parse;
	parse->target_count = operator->name_count;
	parse->targets = extract_targets(plan, operator, operator->name_count);
	parse->values = plan_alloc(plan, operator->name_count * sizeof(*parse->values));
	parse->anchors = plan_alloc(plan, operator->pattern_count * sizeof(*parse->anchors));
	if (!parse->targets || !parse->values || !parse->anchors)
		return -ENOMEM;
	for (; parse->count < operator->pattern_count; parse->count++) {
		size_t i = parse->count;
		int status =
			create_anchor(plan, operator->patterns[i], &operator->pattern_places[i], &parse->anchors[i]);
		if (status < 0)
			return status;
	}
	return 0;
}

/* ---- matching ---- */

static bool match(const struct anchor *anchor, struct span text, struct span *values)
{
	size_t at = 0;

	if (anchor->literals[0].len) {
		at = span_find(text, anchor->literals[0]);
		if (at == text.len)
			return false;
		at += anchor->literals[0].len;
	}
	for (size_t i = 0; i < anchor->star_count; i++) {
		struct span rest = span_skip(text, at), literal = anchor->literals[i + 1];
		size_t len = literal.len ? span_find(rest, literal) : rest.len;
		if (literal.len && len == rest.len)
			return false;
		values[i] = span_first(rest, len);
		at += len + literal.len;
	}
	return true;
}

static bool match_all(const struct parse_anchor *parse, struct span text)
{
	struct span *values = parse->values;

	for (size_t i = 0; i < parse->count; values += parse->anchors[i].star_count, i++)
		if (!match(&parse->anchors[i], text, values))
			return false;
	return true;
}

static int push(struct stage *stage, struct row *row)
{
	const struct parse_anchor *parse = stage->state;
	struct span text;
	bool matched = extract_text(&parse->extract, row, &text) && match_all(parse, text);

	for (size_t i = 0; matched && i < parse->target_count; i++)
		row->values[parse->targets[i]] = value_text(parse->values[i]);
	return extract_end_chained(stage, row, &parse->extract, matched, "the text does not have these anchors");
}

const struct operator_type parse_anchor_type = { .create = create, .push = push };
