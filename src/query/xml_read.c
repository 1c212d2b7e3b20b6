/*
 * One pass, with the elements that are open on a stack:
 *
 *   text ──'<'──▶ tag, comment, CDATA or instruction ──▶ text …
 *
 * What is allowed beyond XML: an & that begins no entity stays as it is.
 */
#include "query/xml_read.h"

#include <errno.h>
#include <stdlib.h>

struct reader {
	struct xml *xml;
	struct span text;
	size_t at;
	uint32_t open[XML_DEPTH_MAX]; /* node 0 is the lowest */
	unsigned depth;
};

void xml_finish(struct xml *xml)
{
	free(xml->nodes);
	*xml = (struct xml){ 0 };
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ends_name(char c)
{
	return is_space(c) || strchr("/>=<\"'&?!", c);
}

static struct span rest_of(const struct reader *reader)
{
	return span_skip(reader->text, reader->at);
}

static void skip_spaces(struct reader *reader)
{
	while (reader->at < reader->text.len && is_space(reader->text.data[reader->at]))
		reader->at++;
}

static int add_node(struct xml *xml, struct xml_node node)
{
	if (xml->count == XML_NODES_MAX)
		return -E2BIG;
	if (xml->count == xml->capacity) {
		uint32_t capacity = xml->capacity ? xml->capacity * 2 : 256;
		struct xml_node *nodes = realloc(xml->nodes, capacity * sizeof(*nodes));
		if (!nodes)
			return -ENOMEM;
		xml->nodes = nodes;
		xml->capacity = capacity;
	}
	node.end = xml->count + 1;
	xml->nodes[xml->count++] = node;
	return 0;
}

/* ---- tags ---- */

static int open_element(struct reader *reader, struct span name)
{
	if (reader->depth == XML_DEPTH_MAX)
		return -E2BIG;
	/* One root. */
	if (reader->depth == 1 && reader->xml->count > 1)
		return -EINVAL;
	int status = add_node(reader->xml, (struct xml_node){ .kind = XML_ELEMENT, .name = name });
	if (status == 0)
		reader->open[reader->depth++] = reader->xml->count - 1;
	return status;
}

static void close_element(struct reader *reader)
{
	reader->xml->nodes[reader->open[--reader->depth]].end = reader->xml->count;
}

static struct span read_name(struct reader *reader)
{
	struct span rest = rest_of(reader);
	size_t len = 0;

	while (len < rest.len && !ends_name(rest.data[len]))
		len++;
	reader->at += len;
	return span_first(rest, len);
}

static int read_attribute(struct reader *reader)
{
	struct xml_node node = { .kind = XML_ATTRIBUTE, .name = read_name(reader) };

	skip_spaces(reader);
	struct span rest = rest_of(reader);
	if (node.name.len == 0 || rest.len == 0 || rest.data[0] != '=')
		return -EINVAL;
	reader->at++;
	skip_spaces(reader);
	rest = rest_of(reader);
	if (rest.len == 0 || (rest.data[0] != '"' && rest.data[0] != '\''))
		return -EINVAL;
	struct span value = span_skip(rest, 1);
	size_t len = span_index(value, rest.data[0]);
	node.text = span_first(value, len);
	if (len == value.len || span_index(node.text, '<') < len)
		return -EINVAL;
	reader->at += len + 2;
	return add_node(reader->xml, node);
}

/* Behind the name: attributes, and > or />. */
static int read_opening(struct reader *reader)
{
	struct span name = read_name(reader);
	int status = name.len ? open_element(reader, name) : -EINVAL;

	while (status == 0) {
		size_t before = reader->at;
		skip_spaces(reader);
		struct span rest = rest_of(reader);
		if (span_starts(rest, SPAN("/>"))) {
			reader->at += 2;
			close_element(reader);
			return 0;
		}
		if (span_starts(rest, SPAN(">"))) {
			reader->at++;
			return 0;
		}
		status = reader->at > before ? read_attribute(reader) : -EINVAL;
	}
	return status;
}

static int read_closing(struct reader *reader)
{
	reader->at += 2;
	struct span name = read_name(reader);
	skip_spaces(reader);
	struct span rest = rest_of(reader);
	if (reader->depth < 2 || !span_starts(rest, SPAN(">")) ||
	    !span_equal(reader->xml->nodes[reader->open[reader->depth - 1]].name, name))
		return -EINVAL;
	reader->at++;
	close_element(reader);
	return 0;
}

/* ---- what else begins with < ---- */

/* Behind what begins with `opening` and ends with `closing`; *inside is what stands between them. */
static int read_between(struct reader *reader, struct span opening, struct span closing, struct span *inside)
{
	struct span rest = span_skip(rest_of(reader), opening.len);
	size_t len = span_find(rest, closing);

	if (len == rest.len)
		return -EINVAL;
	*inside = span_first(rest, len);
	reader->at += opening.len + len + closing.len;
	return 0;
}

static int read_cdata(struct reader *reader)
{
	struct xml_node node = { .kind = XML_CDATA };
	int status = read_between(reader, SPAN("<![CDATA["), SPAN("]]>"), &node.text);

	if (status == 0 && reader->depth < 2)
		status = -EINVAL;
	return status < 0 ? status : add_node(reader->xml, node);
}

static int read_markup(struct reader *reader)
{
	struct span rest = rest_of(reader), ignored;

	if (span_starts(rest, SPAN("</")))
		return read_closing(reader);
	if (span_starts(rest, SPAN("<!--")))
		return read_between(reader, SPAN("<!--"), SPAN("-->"), &ignored);
	if (span_starts(rest, SPAN("<![CDATA[")))
		return read_cdata(reader);
	if (span_starts(rest, SPAN("<?")))
		return read_between(reader, SPAN("<?"), SPAN("?>"), &ignored);
	reader->at++;
	return read_opening(reader);
}

/* Outside of the root there is white space only. */
static int read_text(struct reader *reader)
{
	struct span rest = rest_of(reader);
	struct xml_node node = { .kind = XML_TEXT, .text = span_first(rest, span_index(rest, '<')) };

	reader->at += node.text.len;
	if (reader->depth == 1)
		return span_trim(node.text).len ? -EINVAL : 0;
	return add_node(reader->xml, node);
}

int xml_read(struct xml *xml, struct span text)
{
	struct reader reader = { .xml = xml, .text = text, .depth = 1 };

	xml->count = 0;
	if (span_starts(text, SPAN("\xef\xbb\xbf")))
		reader.at = 3;
	int status = add_node(xml, (struct xml_node){ .kind = XML_DOCUMENT });
	while (status == 0 && reader.at < text.len)
		status = text.data[reader.at] == '<' ? read_markup(&reader) : read_text(&reader);
	if (status == 0 && (reader.depth != 1 || xml->count == 1))
		status = -EINVAL;
	if (status == 0)
		xml->nodes[0].end = xml->count;
	return status;
}

/* ---- entities ---- */

static size_t put_utf8(uint32_t code, char *to)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* &#65; or &#x41; at the start of `rest`: its length, or 0. */
static size_t read_number(struct span rest, uint64_t *code)
{
	bool hex = rest.len > 2 && rest.data[2] == 'x';
	struct span digits = span_skip(rest, hex ? 3 : 2);
	size_t used = hex ? span_hex(digits, code) : span_decimal(digits, code);

	if (used == 0 || used >= digits.len || digits.data[used] != ';')
		return 0;
	if (*code == 0 || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return (hex ? 3 : 2) + used + 1;
}

/* The entity at the start of `rest`: its length, or 0; what it stands for goes to *to. No entity is shorter. */
static size_t read_entity(struct span rest, char **to)
{
	static const struct {
		struct span name;
		char byte;
	} entities[] = { { SPAN("&lt;"), '<' },
			 { SPAN("&gt;"), '>' },
			 { SPAN("&amp;"), '&' },
			 { SPAN("&quot;"), '"' },
			 { SPAN("&apos;"), '\'' } };
	uint64_t code;

	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++) {
		if (!span_starts(rest, entities[i].name))
			continue;
		*(*to)++ = entities[i].byte;
		return entities[i].name.len;
	}
	size_t used = span_starts(rest, SPAN("&#")) ? read_number(rest, &code) : 0;
	if (used)
		*to += put_utf8((uint32_t)code, *to);
	return used;
}

size_t xml_resolve(struct span text, char *room)
{
	char *to = room;

	while (text.len) {
		size_t used = text.data[0] == '&' ? read_entity(text, &to) : 0;
		if (used == 0) {
			*to++ = text.data[0];
			used = 1;
		}
		text = span_skip(text, used);
	}
	return (size_t)(to - room);
}
