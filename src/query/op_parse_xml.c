/*
 * parse xml [field=f] "/a/b", "/a/b/@c" as x, y [nodrop]
 *
 * The text has to be well-formed as a whole, and every path has to lead
 * somewhere; of several nodes, the first. An element is the text in it.
 */
#include <errno.h>

#include "query/extract.h"
#include "query/xml_path.h"

struct parse_xml {
	struct extract extract;
	struct xml_path *paths;
	uint32_t *targets, *found; /* nodes of the row at hand; 0: none */
	size_t count;
	struct xml xml;
};

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct parse_xml *parse = plan_alloc(plan, sizeof(*parse));

	if (!parse)
		return -ENOMEM;
	if (operator->multi)
		return plan_refuse(plan, &operator->place, "multi works with parse regex only");
	extract_create(plan, operator, & parse->extract);
	stage->state = parse;
	parse->count = operator->pattern_count;
	parse->targets = extract_targets(plan, operator, parse->count);
	parse->found = plan_alloc(plan, parse->count * sizeof(*parse->found));
	parse->paths = plan_alloc(plan, parse->count * sizeof(*parse->paths));
	if (!parse->targets || !parse->found || !parse->paths)
		return -ENOMEM;
	for (size_t i = 0; i < parse->count; i++) {
		const char *why = xml_path_parse(operator->patterns[i], plan->arena, &parse->paths[i]);
		if (why)
			return plan_refuse(plan, &operator->pattern_places[i], "%s", why);
	}
	return 0;
}

static bool is_text(const struct xml_node *node)
{
	return node->kind == XML_TEXT || node->kind == XML_CDATA || node->kind == XML_ATTRIBUTE;
}

static bool is_plain(const struct xml_node *node)
{
	return node->kind == XML_CDATA || span_index(node->text, '&') == node->text.len;
}

/* The texts of the nodes from first to end, one behind the other; attributes only where they are asked for. */
static struct span make_text(const struct xml *xml, uint32_t first, uint32_t end, struct row *row)
{
	size_t len = 0;

	for (uint32_t i = first; i < end; i++)
		len += xml->nodes[i].kind == XML_ATTRIBUTE && end > first + 1 ? 0 : xml->nodes[i].text.len;
	char *room = row_room(row, len), *to = room;
	if (!room)
		return (struct span){ 0 };
	for (uint32_t i = first; i < end; i++) {
		const struct xml_node *node = &xml->nodes[i];
		if (node->text.len == 0 || (node->kind == XML_ATTRIBUTE && end > first + 1))
			continue;
		if (node->kind != XML_CDATA) {
			to += xml_resolve(node->text, to);
			continue;
		}
		memcpy(to, node->text.data, node->text.len);
		to += node->text.len;
	}
	return (struct span){ room, (size_t)(to - room) };
}

/* An element with one plain text in it, as most are, is that text: nothing is copied. */
static struct span text_of(const struct xml *xml, uint32_t at, struct row *row)
{
	const struct xml_node *node = &xml->nodes[at];
	uint32_t first = at;

	if (node->kind == XML_ELEMENT)
		for (first++; first < node->end && xml->nodes[first].kind == XML_ATTRIBUTE;)
			first++;
	if (first == node->end)
		return SPAN("");
	if (first + 1 == node->end && is_text(&xml->nodes[first]) && is_plain(&xml->nodes[first]))
		return xml->nodes[first].text;
	return make_text(xml, first, node->end, row);
}

static bool find_all(const struct parse_xml *parse)
{
	size_t count = 0;

	for (size_t i = 0; i < parse->count; i++) {
		parse->found[i] = xml_path_find(&parse->paths[i], &parse->xml);
		count += parse->found[i] != 0;
	}
	return count == parse->count;
}

static int push(struct stage *stage, struct row *row)
{
	struct parse_xml *parse = stage->state;
	struct span text;
	int status = extract_text(&parse->extract, row, &text) ? xml_read(&parse->xml, text) : -EINVAL;

	if (status == -ENOMEM)
		return stage_no_memory(stage);
	if (status == -E2BIG)
		row->trouble = "the XML has more than 262,144 nodes, or is more than 256 elements deep";
	if (status < 0)
		return extract_end(stage, row, &parse->extract, false, "the text is no XML, or has a document type");
	bool all = find_all(parse);
	for (size_t i = 0; i < parse->count && (all || parse->extract.nodrop); i++)
		if (parse->found[i])
			row->values[parse->targets[i]] = value_text(text_of(&parse->xml, parse->found[i], row));
	return extract_end(stage, row, &parse->extract, all, "the path leads nowhere in the XML");
}

static void finish(struct stage *stage)
{
	struct parse_xml *parse = stage->state;

	xml_finish(&parse->xml);
}

const struct operator_type parse_xml_type = { .create = create, .push = push, .finish = finish };
