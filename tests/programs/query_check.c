/*
 * query_check FILE.jsonl   parses the "query" of every line; prints each failure, then "parsed N of M"
 * query_check -            parses one search from stdin and lints it; prints the error or the findings
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "query/lint.h"
#include "query/parse.h"

static void print(const struct buffer *buffer)
{
	fwrite(buffer->data, 1, buffer->len, stdout);
}

static void tell_findings(const struct query *query)
{
	struct lint_finding findings[64];
	size_t count = query_lint(query, findings, 64);

	for (size_t i = 0; i < count && i < 64; i++)
		printf("%u:%u %s: %s\n\t%s\n", findings[i].place.line, findings[i].place.column, findings[i].code,
		       findings[i].message, findings[i].rewrite);
}

static bool check(struct span text, const char *app, const char *name, bool lint)
{
	struct query_error error;
	struct query *query = query_parse(text, NULL, &error);
	struct buffer told = { 0 };
	bool parsed = query;

	if (parsed && lint)
		tell_findings(query);
	query_destroy(query);
	if (!parsed) {
		buffer_printf(&told, "--- %s: %s\n", app, name);
		query_error_print(&told, text, &error);
		print(&told);
	}
	buffer_finish(&told);
	return parsed;
}

static const char *text_of(struct json_object *object, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(object, key));

	return text ? text : "";
}

static int check_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t capacity = 0, count = 0, parsed = 0;

	if (!file) {
		perror(path);
		return 2;
	}
	while (getline(&line, &capacity, file) > 0) {
		struct json_object *object = json_tokener_parse(line);
		struct json_object *query = json_object_object_get(object, "query");
		struct span text = { json_object_get_string(query), (size_t)json_object_get_string_len(query) };
		parsed += check(text, text_of(object, "app"), text_of(object, "name"), false);
		count++;
		json_object_put(object);
	}
	printf("parsed %zu of %zu\n", parsed, count);
	free(line);
	fclose(file);
	return 0;
}

static int check_stdin(void)
{
	struct buffer text = { 0 };
	char chunk[65536];
	size_t n;

	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) > 0)
		buffer_add(&text, (struct span){ chunk, n });
	bool parsed = check(buffer_span(&text), "stdin", "", true);
	buffer_finish(&text);
	return !parsed;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: query_check FILE.jsonl | -\n", stderr);
		return 2;
	}
	return strcmp(argv[1], "-") == 0 ? check_stdin() : check_file(argv[1]);
}
