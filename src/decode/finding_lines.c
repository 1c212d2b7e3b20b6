/* What a line is: a finding, an incident, or what a watch says of itself. */
#include "decode/finding_parts.h"

void finding_reader_init(struct finding_reader *reader)
{
	*reader = (struct finding_reader){ 0 };
	arena_init(&reader->arena, 0);
}

void finding_reader_finish(struct finding_reader *reader)
{
	arena_finish(&reader->arena);
}

/* An incident has steps, a finding has a verb, what a watch says of itself has a type. */
static enum finding_line kind_of(struct span line)
{
	enum finding_line kind = FINDING_LINE_BAD;
	struct json_scan scan;
	struct json_token token;

	json_start(&scan, line);
	if (!json_next(&scan, &token) || token.kind != JSON_OBJECT)
		return FINDING_LINE_BAD;
	while (json_next(&scan, &token)) {
		if (span_equal(token.key, SPAN("steps")) && token.kind == JSON_ARRAY)
			kind = FINDING_LINE_INCIDENT;
		else if (span_equal(token.key, SPAN("verb")) && token.kind == JSON_STRING)
			kind = FINDING_LINE_FINDING;
		else if (span_equal(token.key, SPAN("type")) && kind == FINDING_LINE_BAD)
			kind = FINDING_LINE_BLANK;
		if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY)
			json_skip(&scan, &token);
	}
	return scan.failed ? FINDING_LINE_BAD : kind;
}

enum finding_line finding_reader_take(struct finding_reader *reader, struct span line)
{
	struct json_scan scan;
	struct json_token token;
	enum finding_line kind;

	arena_reset(&reader->arena);
	line = span_trim(line);
	if (line.len == 0)
		return FINDING_LINE_BLANK;
	kind = kind_of(line);
	json_start(&scan, line);
	if (kind == FINDING_LINE_BAD || kind == FINDING_LINE_BLANK || !json_next(&scan, &token))
		return kind;
	if (kind == FINDING_LINE_INCIDENT) {
		incident_read(reader, &scan);
		return reader->incident.id[0] ? kind : FINDING_LINE_BAD;
	}
	finding_start(&reader->finding);
	finding_read(&reader->finding, &scan, &reader->arena);
	return reader->finding.id[0] ? kind : FINDING_LINE_BAD;
}
