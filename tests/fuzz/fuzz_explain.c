/*
 * Any lines, as findings that scan wrote, explained.
 *
 * Must hold: what is printed has no control byte but the line's end; JSON
 * parses; a command is one line of printable ASCII without an exclamation
 * mark, and a word made of log text has no quote left open.
 */
#include "decode/finding_json.h"
#include "sink/explain.h"

#include <json-c/json.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)        \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

/* Single quotes as a shell sees them, outside of them backslashes; the table's own double quotes hold none. */
static void check_command(struct span command)
{
	bool inside = false;

	for (size_t i = 0; i < command.len; i++) {
		char byte = command.data[i];
		REQUIRE(byte >= ' ' && byte < 0x7f && byte != '!');
		inside ^= byte == '\'';
		REQUIRE(inside || byte != '\\');
	}
	REQUIRE(!inside);
}

static void check_text(const struct explanation *explanation, unsigned width)
{
	const struct explain_look look = { .width = width, .utf8 = width & 1 };
	struct buffer text = { 0 };

	explanation_text(&text, explanation, &look);
	REQUIRE(!text.failed && text.len && text.data[text.len - 1] == '\n');
	for (size_t i = 0; i < text.len; i++)
		REQUIRE(text.data[i] == '\n' || ((unsigned char)text.data[i] >= ' ' && text.data[i] != 0x7f));
	buffer_finish(&text);
}

static void check_json(const struct explanation *explanation)
{
	struct buffer text = { 0 };

	explanation_json(&text, explanation);
	buffer_add_byte(&text, '\0');
	json_object *line = json_tokener_parse(text.data);
	REQUIRE(line);
	json_object_put(line);
	buffer_finish(&text);
}

static void explain(const struct finding *finding, const struct incident *incident, bool whole, unsigned width)
{
	const struct explain_subject subject = { .finding = finding, .incident = incident, .whole = whole };
	struct explanation explanation;

	explanation_init(&explanation);
	REQUIRE(explanation_make(&explanation, &subject) == 0);
	for (size_t i = 0; i < explanation.count; i++)
		if (explanation.items[i].kind == EXPLAIN_COMMAND)
			check_command(explanation.items[i].text);
	check_text(&explanation, width);
	check_json(&explanation);
	explanation_finish(&explanation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span line = { (const char *)data, size };
	struct finding_reader reader;

	finding_reader_init(&reader);
	switch (finding_reader_take(&reader, line)) {
	case FINDING_LINE_FINDING:
		explain(&reader.finding, NULL, false, (unsigned)size & 127);
		break;
	case FINDING_LINE_INCIDENT:
		for (size_t i = 0; i < reader.incident.found_count && i < 2; i++)
			explain(reader.incident.found[i], &reader.incident, i, (unsigned)size & 127);
		break;
	case FINDING_LINE_BLANK:
	case FINDING_LINE_BAD:
		break;
	}
	finding_reader_finish(&reader);
	return 0;
}
