/*
 * query_cases FILE…   runs three-line cases and prints an ok or not ok line for each
 *
 *	where num(x) > 5	the search
 *	["x=7"]			a JSON array of messages: a text, or {"raw", "time", "host", "category", "name"}
 *	[{"x":"7"}]		the rows it makes, or "error: TEXT" for a search that is refused with TEXT in its message
 *
 * A comment `# range 1000 2000` gives the cases behind it a time range in ms (first and last), `# range` none.
 * Every case has the tables of add_tables(). Blank lines part cases, lines that begin with # are comments. Of a Markdown file, the cases are the fenced
 * blocks that begin with ```query-case. The fields of the message (_raw and its like) are compared only where a
 * `fields` names them.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/record.h"
#include "query/lookup_table.h"
#include "query/parse.h"
#include "query/run.h"

#define LINE_COUNT 3
#define NOW_MS 1795430400000 /* 2026-11-23T10:40:00Z */

static size_t case_count, failed_count;
static struct lookup_tables tables;
static int64_t start_ms = TIME_UNKNOWN, end_ms = TIME_UNKNOWN; /* of the cases that follow */

/* ---- rows to JSON ---- */

static struct json_object *json_of(const struct value *value)
{
	char text[NUMBER_ROOM + 1];

	switch (value->kind) {
	case VALUE_NULL:
		return NULL;
	case VALUE_BOOL:
		return json_object_new_boolean(value->number != 0);
	case VALUE_NUMBER:
		if (value->number == (double)(int64_t)value->number)
			return json_object_new_int64((int64_t)value->number);
		text[number_to_text(value->number, text)] = '\0';
		return json_object_new_double(strtod(text, NULL));
	case VALUE_TEXT:
		break;
	}
	return json_object_new_string_len(value->text.len ? value->text.data : "", (int)value->text.len);
}

static bool is_message_field(struct span name)
{
	static const struct span names[] = { SPAN("_messageTime"), SPAN("_sourceCategory"), SPAN("_sourceHost"),
					     SPAN("_sourceName"), SPAN("_raw") };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal_nocase(names[i], name))
			return true;
	return false;
}

/* Whether a `fields` or an assignment of the search names it. */
static bool is_named(const struct query *query, struct span name)
{
	for (const struct operator* at = query->first; at; at = at->next) {
		if (at->kind != OPERATOR_FIELDS && at->kind != OPERATOR_ASSIGN)
			continue;
		for (size_t i = 0; i < at->name_count; i++)
			if (span_equal_nocase(at->names[i].name, name))
				return true;
	}
	return false;
}

static struct json_object *row_to_json(const struct query *query, const struct row_view *row)
{
	struct json_object *object = json_object_new_object();
	char name[256];

	for (size_t i = 0; i < row->count; i++) {
		if (is_message_field(row->names[i]) && !is_named(query, row->names[i]))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)row->names[i].len, row->names[i].data);
		json_object_object_add(object, name, json_of(&row->values[i]));
	}
	return object;
}

/* ---- messages ---- */

static struct span text_of(struct json_object *object)
{
	if (!object)
		return (struct span){ 0 };
	return (struct span){ json_object_get_string(object), (size_t)json_object_get_string_len(object) };
}

static struct message message_of(struct json_object *item)
{
	struct message message = { .time_ms = TIME_UNKNOWN };
	struct json_object *time;

	if (json_object_is_type(item, json_type_string)) {
		message.raw = text_of(item);
		return message;
	}
	message.raw = text_of(json_object_object_get(item, "raw"));
	message.host = text_of(json_object_object_get(item, "host"));
	message.category = text_of(json_object_object_get(item, "category"));
	message.name = text_of(json_object_object_get(item, "name"));
	time = json_object_object_get(item, "time");
	if (time)
		message.time_ms = json_object_get_int64(time);
	return message;
}

/* ---- one case ---- */

struct outcome {
	struct json_object *rows;
	struct err err; /* number 0: it ran */
};

static void take_rows(const struct query *query, struct run *run, struct outcome *outcome)
{
	struct row_view row;

	while (run_next(run, &row, &outcome->err) > 0)
		json_object_array_add(outcome->rows, row_to_json(query, &row));
}

static void feed(const struct query *query, struct run *run, struct json_object *input, struct outcome *outcome)
{
	int more = 0;

	for (size_t i = 0; i < json_object_array_length(input) && more == 0; i++) {
		struct message message = message_of(json_object_array_get_idx(input, i));
		more = run_message(run, &message, &outcome->err);
		take_rows(query, run, outcome);
	}
	if (more >= 0 && run_end(run, &outcome->err) == 0)
		take_rows(query, run, outcome);
}

static struct outcome run_case(struct span search, struct json_object *input)
{
	struct outcome outcome = { .rows = json_object_new_array() };
	struct run_options options = { .tables = &tables, .now_ms = NOW_MS, .start_ms = start_ms, .end_ms = end_ms };
	struct query_error error;
	struct query *query = query_parse(search, NULL, &error);

	if (!query) {
		err_set(&outcome.err, -EINVAL, "%s; %s", error.message, error.expected);
		return outcome;
	}
	struct run *run = run_create(query, &options, &outcome.err);
	if (run)
		feed(query, run, input, &outcome);
	run_destroy(run);
	query_destroy(query);
	return outcome;
}

static bool is_as_expected(const struct outcome *outcome, struct json_object *expected)
{
	const char *text = json_object_is_type(expected, json_type_string) ? json_object_get_string(expected) : NULL;

	if (!text)
		return outcome->err.number == 0 && json_object_equal(outcome->rows, expected);
	return strncmp(text, "error: ", 7) == 0 && outcome->err.number && strstr(outcome->err.text, text + 7);
}

static void print_oneline(const char *head, const char *text)
{
	printf("# %s", head);
	for (; *text; text++)
		putchar(*text == '\n' ? ' ' : *text);
	putchar('\n');
}

static void check(const char *file, unsigned line, char *const lines[LINE_COUNT])
{
	struct json_object *input = json_tokener_parse(lines[1]), *expected = json_tokener_parse(lines[2]);
	struct outcome outcome = { 0 };
	bool sound = json_object_is_type(input, json_type_array) && expected;

	if (sound)
		outcome = run_case(span_of(lines[0]), input);
	case_count++;
	if (sound && is_as_expected(&outcome, expected)) {
		printf("ok %s line %u\n", file, line);
	} else {
		failed_count++;
		printf("not ok %s line %u: %s\n", file, line, sound ? "other rows" : "the case is no JSON");
		print_oneline("search:   ", lines[0]);
		print_oneline("expected: ", lines[2]);
		if (sound)
			print_oneline("actual:   ", outcome.err.number ? outcome.err.text
								       : json_object_to_json_string_ext(
										 outcome.rows, JSON_C_TO_STRING_PLAIN));
	}
	json_object_put(outcome.rows);
	json_object_put(input);
	json_object_put(expected);
}

/* ---- files ---- */

struct reader {
	const char *file;
	bool in_case; /* of Markdown: inside of a block; of a list of cases: always */
	bool is_markdown;
	unsigned line, first;
	char *lines[LINE_COUNT];
	size_t count;
};

static void end_case(struct reader *reader)
{
	if (reader->count == LINE_COUNT) {
		check(reader->file, reader->first, reader->lines);
	} else if (reader->count) {
		case_count++;
		failed_count++;
		printf("not ok %s line %u: a case has three lines, not %zu\n", reader->file, reader->first,
		       reader->count);
	}
	while (reader->count)
		free(reader->lines[--reader->count]);
}

static void take_range(const char *text)
{
	char *rest, *end;
	long long first = strtoll(text, &rest, 10), last = strtoll(rest, &end, 10);
	bool given = rest != text && end != rest;

	start_ms = given ? first : TIME_UNKNOWN;
	end_ms = given ? last : TIME_UNKNOWN;
}

static void take_line(struct reader *reader, const char *text)
{
	reader->line++;
	if (reader->is_markdown && strncmp(text, "```", 3) == 0) {
		end_case(reader);
		reader->in_case = strcmp(text, "```query-case") == 0;
		return;
	}
	if (strncmp(text, "# range", 7) == 0 && !reader->is_markdown) {
		end_case(reader);
		take_range(text + 7);
		return;
	}
	if (!reader->in_case || (*text == '#' && !reader->is_markdown))
		return;
	if (!*text) {
		end_case(reader);
		return;
	}
	if (reader->count == LINE_COUNT)
		end_case(reader);
	if (reader->count == 0)
		reader->first = reader->line;
	reader->lines[reader->count++] = strdup(text);
}

static int read_cases(const char *path)
{
	const char *base = strrchr(path, '/');
	struct reader reader = { .file = base ? base + 1 : path };
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t capacity = 0;
	ssize_t len;

	if (!file) {
		perror(path);
		return 2;
	}
	take_range("");
	reader.is_markdown = strlen(path) > 3 && strcmp(path + strlen(path) - 3, ".md") == 0;
	reader.in_case = !reader.is_markdown;
	while ((len = getline(&line, &capacity, file)) > 0) {
		line[len - (line[len - 1] == '\n')] = '\0';
		take_line(&reader, line);
	}
	end_case(&reader);
	free(line);
	fclose(file);
	return 0;
}

/* What lookup and cat find. */
static void add_tables(void)
{
	static const struct span texts[][2] = {
		{ SPAN("https://example.com/users.csv"),
		  SPAN("\xef\xbb\xbf\"id\", Name ,email\r\n1,Joe,joe@example.com\r\n\r\n2,\"Doe, \"\"J\"\"\",\n"
		       "3,Ann,a@example.com\n3,Zoe,z@example.com") },
		{ SPAN("path://\"/Library/Users/Suspicious Users\""),
		  SPAN("ip,port,why\n10.0.0.1,22,ssh\n10.0.0.1,80,Web\n") },
		{ SPAN("empty"), SPAN("a,b\n") },
	};
	struct err err = { 0 };

	lookup_tables_init(&tables);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (lookup_tables_add(&tables, texts[i][0], texts[i][1], &err) < 0)
			printf("not ok a table: %s\n", err.text);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: query_cases FILE...\n", stderr);
		return 2;
	}
	add_tables();
	for (int i = 1; i < argc; i++)
		if (read_cases(argv[i]) != 0)
			return 2;
	lookup_tables_finish(&tables);
	return failed_count || !case_count;
}
