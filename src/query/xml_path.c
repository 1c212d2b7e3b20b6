#include "query/xml_path.h"

#define STEPS_MAX 64

/* ---- reading ---- */

struct reader {
	struct span rest;
	const char *why;
};

static bool refuse(struct reader *reader, const char *why)
{
	reader->why = why;
	return false;
}

static bool take(struct reader *reader, struct span word)
{
	if (!span_starts(reader->rest, word))
		return false;
	reader->rest = span_skip(reader->rest, word.len);
	return true;
}

static void skip_spaces(struct reader *reader)
{
	while (take(reader, SPAN(" ")))
		;
}

static bool read_name(struct reader *reader, struct span *name)
{
	size_t len = 0;

	while (len < reader->rest.len && !strchr("/[]@=()'\" ", reader->rest.data[len]))
		len++;
	*name = span_first(reader->rest, len);
	reader->rest = span_skip(reader->rest, len);
	if (len == 0)
		return refuse(reader, "a name is missing in the path");
	if (span_find(*name, SPAN("::")) < len)
		return refuse(reader, "a path has no axes such as child::");
	if (span_equal(*name, SPAN("..")) || span_equal(*name, SPAN(".")))
		return refuse(reader, "a path only goes deeper: it has no . and ..");
	return true;
}

/* In quotes, or up to the bracket. */
static bool read_value(struct reader *reader, struct span *value)
{
	char quote = reader->rest.len ? reader->rest.data[0] : 0;
	bool quoted = quote == '"' || quote == '\'';

	if (quoted)
		reader->rest = span_skip(reader->rest, 1);
	size_t len = span_index(reader->rest, (char)(quoted ? quote : ']'));
	if (len == reader->rest.len)
		return refuse(reader, "a bracket or a quote in the path is not closed");
	*value = span_first(reader->rest, len);
	if (!quoted)
		*value = span_trim(*value);
	reader->rest = span_skip(reader->rest, len + quoted);
	return true;
}

static bool read_attribute_test(struct reader *reader, struct xml_test *test)
{
	test->kind = XML_TEST_ATTRIBUTE;
	if (!read_name(reader, &test->name))
		return false;
	skip_spaces(reader);
	if (!take(reader, SPAN("=")))
		return true;
	skip_spaces(reader);
	test->kind = XML_TEST_ATTRIBUTE_IS;
	return read_value(reader, &test->value);
}

/* Behind the opening bracket. */
static bool read_test(struct reader *reader, struct xml_test *test)
{
	skip_spaces(reader);
	if (take(reader, SPAN("@"))) {
		if (!read_attribute_test(reader, test))
			return false;
	} else if (take(reader, SPAN("last()"))) {
		test->kind = XML_TEST_LAST;
	} else {
		size_t used = span_decimal(reader->rest, &test->position);
		if (used == 0 || test->position == 0)
			return refuse(reader,
				      "a condition in brackets is a number from 1, last(), @name or @name=\"value\"");
		reader->rest = span_skip(reader->rest, used);
	}
	skip_spaces(reader);
	return take(reader, SPAN("]")) || refuse(reader, "a bracket in the path is not closed");
}

static bool read_step(struct reader *reader, struct xml_step *step)
{
	*step = (struct xml_step){ .kind = XML_ELEMENT };
	if (!take(reader, SPAN("/")))
		return refuse(reader, "a path goes from the root: /a/b");
	if (span_starts(reader->rest, SPAN("/")))
		return refuse(reader, "a path is written in full: it has no //");
	if (take(reader, SPAN("text()"))) {
		step->kind = XML_TEXT;
		return true;
	}
	if (take(reader, SPAN("@")))
		step->kind = XML_ATTRIBUTE;
	if (!read_name(reader, &step->name))
		return false;
	if (span_starts(reader->rest, SPAN("(")))
		return refuse(reader, "the only functions in a path are text() and last()");
	while (step->kind == XML_ELEMENT && take(reader, SPAN("["))) {
		if (step->test_count == XML_TESTS_MAX)
			return refuse(reader, "a step has at most 4 conditions");
		if (!read_test(reader, &step->tests[step->test_count++]))
			return false;
	}
	return true;
}

/* At least as many steps as the path has, within the ceiling. */
static size_t count_steps(struct span text)
{
	size_t count = 1;

	for (size_t i = 0; i < text.len && count < STEPS_MAX; i++)
		count += text.data[i] == '/';
	return count;
}

const char *xml_path_parse(struct span text, struct arena *arena, struct xml_path *path)
{
	struct reader reader = { .rest = text };
	enum xml_kind kind = XML_ELEMENT;

	if (text.len == 0)
		return "the path is empty";
	*path = (struct xml_path){ .steps = arena_alloc(arena, count_steps(text) * sizeof(*path->steps)) };
	if (!path->steps)
		return "memory is out";
	while (reader.rest.len) {
		if (kind != XML_ELEMENT)
			return "an attribute or text() is the end of a path";
		if (path->count == STEPS_MAX)
			return "the path has more than 64 steps";
		if (!read_step(&reader, &path->steps[path->count]))
			return reader.why;
		kind = path->steps[path->count++].kind;
	}
	return NULL;
}

/* ---- finding ---- */

struct walk {
	const struct xml_path *path;
	const struct xml_node *nodes;
};

/* How many nodes passed the tests before each of the step's. */
struct count {
	uint64_t seen[XML_TESTS_MAX], all[XML_TESTS_MAX];
};

static bool has_name(const struct xml_step *step, const struct xml_node *node)
{
	if (step->kind == XML_TEXT)
		return node->kind == XML_TEXT || node->kind == XML_CDATA;
	return node->kind == step->kind && (span_equal(step->name, SPAN("*")) || span_equal(step->name, node->name));
}

static bool has_attribute(const struct walk *walk, uint32_t element, const struct xml_test *test)
{
	uint32_t end = walk->nodes[element].end;

	for (uint32_t i = element + 1; i < end && walk->nodes[i].kind == XML_ATTRIBUTE; i++)
		if (span_equal(walk->nodes[i].name, test->name))
			return test->kind == XML_TEST_ATTRIBUTE || span_equal(walk->nodes[i].text, test->value);
	return false;
}

/* Whether the node passes the first `tests` tests of the step. Each node of a parent is to be asked once, in order. */
static bool passes(const struct walk *walk, const struct xml_step *step, uint32_t node, size_t tests,
		   struct count *count)
{
	for (size_t i = 0; i < tests; i++) {
		const struct xml_test *test = &step->tests[i];
		bool passed = false;
		count->seen[i]++;
		switch (test->kind) {
		case XML_TEST_POSITION:
			passed = count->seen[i] == test->position;
			break;
		case XML_TEST_LAST:
			passed = count->seen[i] == count->all[i];
			break;
		case XML_TEST_ATTRIBUTE:
		case XML_TEST_ATTRIBUTE_IS:
			passed = has_attribute(walk, node, test);
			break;
		}
		if (!passed)
			return false;
	}
	return true;
}

/* What last() means at each test. */
static void count_all(const struct walk *walk, const struct xml_step *step, uint32_t parent, struct count *count)
{
	for (size_t test = 0; test < step->test_count; test++) {
		if (step->tests[test].kind != XML_TEST_LAST)
			continue;
		memset(count->seen, 0, sizeof(count->seen));
		for (uint32_t i = parent + 1; i < walk->nodes[parent].end; i = walk->nodes[i].end)
			if (has_name(step, &walk->nodes[i]) && passes(walk, step, i, test, count))
				count->all[test]++;
	}
	memset(count->seen, 0, sizeof(count->seen));
}

static uint32_t find(const struct walk *walk, uint32_t parent, size_t depth)
{
	const struct xml_step *step = &walk->path->steps[depth];
	struct count count = { 0 };

	count_all(walk, step, parent, &count);
	for (uint32_t i = parent + 1; i < walk->nodes[parent].end; i = walk->nodes[i].end) {
		if (!has_name(step, &walk->nodes[i]) || !passes(walk, step, i, step->test_count, &count))
			continue;
		if (depth + 1 == walk->path->count)
			return i;
		uint32_t found = find(walk, i, depth + 1);
		if (found)
			return found;
	}
	return 0;
}

uint32_t xml_path_find(const struct xml_path *path, const struct xml *xml)
{
	struct walk walk = { .path = path, .nodes = xml->nodes };

	return find(&walk, 0, 0);
}
