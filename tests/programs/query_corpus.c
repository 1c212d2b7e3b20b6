/*
 * query_corpus FILE.jsonl LOG…   runs the "query" of every line over lines of the logs
 *
 * Each search runs three times, with a scope of everything so that its operators see rows: twice alike, and once
 * explained. All three have to end without an error, but for a ceiling that tells itself, and with the same rows.
 * Prints a line for each that does not, refusals by reason, the slowest, and then
 *
 *	parsed P, ran R of N; rows M; ceilings C; failed F
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "model/record.h"
#include "query/parse.h"
#include "query/run.h"

#define LINES_A_LOG 40
#define LINE_MAX_TAKEN 16384
#define NOW_MS 1795430400000 /* 2026-11-23T10:40:00Z */
#define MEMORY ((size_t)32 << 20)
#define REASONS_MAX 512
#define SECONDS_MAX 20 /* of one run: far beyond what any of them takes */

struct lines {
	char **copies; /* what raw points to */
	struct message *items;
	size_t count, capacity;
};

struct totals {
	size_t read, parsed, ran, refused, ceilings, failed;
	uint64_t rows;
	double slowest;
	char slowest_name[128];
};

static struct {
	char text[128];
	size_t count;
} reasons[REASONS_MAX];
static size_t reason_count;

/* ---- messages ---- */

static void add_line(struct lines *lines, const char *text, size_t len, const char *path)
{
	if (lines->count == lines->capacity) {
		lines->capacity = lines->capacity ? 2 * lines->capacity : 1024;
		lines->items = realloc(lines->items, lines->capacity * sizeof(*lines->items));
		lines->copies = realloc(lines->copies, lines->capacity * sizeof(*lines->copies));
	}
	char *copy = malloc(len + 1); /* of its own: so that a sanitizer sees what reads on */
	memcpy(copy, text, len);
	lines->items[lines->count] = (struct message){
		.raw = { copy, len },
		.time_ms = lines->count % 7 ? NOW_MS - 7200000 + (int64_t)lines->count * 977 : TIME_UNKNOWN,
		.category = lines->count % 5 ? SPAN("linux/audit") : (struct span){ 0 },
		.host = lines->count % 3 ? SPAN("web-01") : SPAN("db\x1b[2J"),
		.name = span_of(path),
	};
	lines->copies[lines->count++] = copy;
}

static void add_log(struct lines *lines, const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t capacity = 0;
	ssize_t len;

	for (size_t i = 0; file && i < LINES_A_LOG && (len = getline(&line, &capacity, file)) > 0; i++) {
		len -= line[len - 1] == '\n';
		add_line(lines, line, len < LINE_MAX_TAKEN ? (size_t)len : LINE_MAX_TAKEN, path);
	}
	free(line);
	if (file)
		fclose(file);
}

/* What no log should hold, and some do. */
static void add_hostile(struct lines *lines)
{
	static const struct span hostile[] = {
		SPAN(""),
		SPAN("\0\0\0"),
		SPAN("\xff\xfe\xc3"),
		SPAN("{\"log\":\"\\ud800\\u0000\",\"a\":[[[[[[[[]]]]]]]],\"n\":1e999,\"n\":-0}"),
		SPAN("{\"a\":"),
		SPAN("a=\"b,c=d\\\"e\" f= =g h=\xe6\x97\xa5"),
		SPAN("\",\",\"\"\"\n,,"),
		SPAN("<a><b c=\"d\">&#x0;</a>"),
		SPAN("((((((((((((((((((((("),
		SPAN("99999999999999999999999999999999 -1 1e308 0x7f NaN"),
		SPAN("2026-13-45T99:99:99Z 0000-00-00"),
	};
	static char wide[LINE_MAX_TAKEN];

	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++)
		add_line(lines, hostile[i].data, hostile[i].len, "hostile");
	memset(wide, 'a', sizeof(wide));
	add_line(lines, wide, sizeof(wide), "wide");
}

/* ---- one search ---- */

struct outcome {
	uint64_t rows, hash;
	struct err err; /* number 0: it ran to its end */
	double seconds;
};

static double seconds(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static void take_rows(struct run *run, struct arena *arena, struct outcome *outcome)
{
	struct row_view row;

	while (run_next(run, &row, &outcome->err) > 0) {
		arena_reset(arena);
		for (size_t i = 0; i < row.count; i++) {
			const struct value *value = &row.values[i];
			outcome->hash = hash_join(outcome->hash, hash_bytes(row.names[i]));
			outcome->hash = hash_join(outcome->hash, value->kind);
			outcome->hash = hash_join(outcome->hash, hash_bytes(value_to_text(value, arena)));
		}
		outcome->hash = hash_join(outcome->hash, ++outcome->rows);
	}
}

static void feed(struct run *run, const struct lines *lines, struct outcome *outcome)
{
	double started = seconds();
	struct arena arena;
	int more = 0;

	arena_init(&arena, 0);
	for (size_t i = 0; i < lines->count && more == 0; i++) {
		more = run_message(run, &lines->items[i], &outcome->err);
		take_rows(run, &arena, outcome);
	}
	if (more >= 0 && outcome->err.number == 0 && run_end(run, &outcome->err) == 0)
		take_rows(run, &arena, outcome);
	outcome->seconds = seconds() - started;
	arena_finish(&arena);
}

static bool run_once(const struct query *query, const struct lines *lines, bool explain, struct outcome *outcome)
{
	struct run_options options = {
		.now_ms = NOW_MS, .start_ms = NOW_MS - 7200000, .end_ms = NOW_MS, .memory = MEMORY, .explain = explain
	};
	struct run *run;

	*outcome = (struct outcome){ 0 };
	run = run_create(query, &options, &outcome->err);
	if (!run)
		return false;
	feed(run, lines, outcome);
	run_destroy(run);
	return true;
}

/* "line 3, column 4: there is no …": without the place. */
static void count_reason(const char *text)
{
	const char *colon = strncmp(text, "line ", 5) == 0 ? strstr(text, ": ") : NULL;
	char reason[128];

	snprintf(reason, sizeof(reason), "%.*s", (int)strcspn(colon ? colon + 2 : text, "\n"),
		 colon ? colon + 2 : text);
	for (size_t i = 0; i < reason_count; i++)
		if (strcmp(reasons[i].text, reason) == 0) {
			reasons[i].count++;
			return;
		}
	if (reason_count == REASONS_MAX)
		return;
	snprintf(reasons[reason_count].text, sizeof(reason), "%s", reason);
	reasons[reason_count++].count = 1;
}

static void fail(struct totals *totals, const char *name, const char *why, const struct outcome *outcome)
{
	totals->failed++;
	printf("failed: %s: %s; %llu rows, %.1f s; %s\n", name, why, (unsigned long long)outcome->rows,
	       outcome->seconds, outcome->err.text);
}

static void check_outcomes(struct totals *totals, const char *name, const struct outcome outcomes[3])
{
	for (int i = 0; i < 3; i++) {
		if (outcomes[i].err.number && outcomes[i].err.number != -E2BIG)
			fail(totals, name, "it ended with an error", &outcomes[i]);
		if (outcomes[i].seconds > SECONDS_MAX)
			fail(totals, name, "it took too long", &outcomes[i]);
		if (outcomes[i].rows != outcomes[0].rows || outcomes[i].hash != outcomes[0].hash ||
		    outcomes[i].err.number != outcomes[0].err.number)
			fail(totals, name, i == 1 ? "other rows the second time" : "other rows when explained",
			     &outcomes[i]);
	}
}

static void run_search(struct query *query, const char *name, const struct lines *lines, struct totals *totals)
{
	struct outcome outcomes[3];

	query->scope->kind = SCOPE_ALL;
	query->scope->child_count = 0;
	if (!run_once(query, lines, false, &outcomes[0])) {
		totals->refused++;
		count_reason(outcomes[0].err.text);
		return;
	}
	totals->ran++;
	run_once(query, lines, false, &outcomes[1]);
	run_once(query, lines, true, &outcomes[2]);
	check_outcomes(totals, name, outcomes);
	totals->rows += outcomes[0].rows;
	totals->ceilings += outcomes[0].err.number == -E2BIG;
	if (outcomes[0].seconds > totals->slowest) {
		totals->slowest = outcomes[0].seconds;
		snprintf(totals->slowest_name, sizeof(totals->slowest_name), "%s", name);
	}
}

/* ---- all ---- */

static void run_line(const char *line, const struct lines *lines, struct totals *totals)
{
	struct json_object *object = json_tokener_parse(line);
	struct json_object *text = json_object_object_get(object, "query");
	const char *name = json_object_get_string(json_object_object_get(object, "name"));
	struct query *query = query_parse(
		(struct span){ json_object_get_string(text), (size_t)json_object_get_string_len(text) }, NULL, NULL);

	totals->read++;
	if (query) {
		totals->parsed++;
		run_search(query, name ? name : "", lines, totals);
	}
	query_destroy(query);
	json_object_put(object);
}

static int by_count(const void *a, const void *b)
{
	const size_t *one = (const size_t *)((const char *)a + sizeof(reasons[0].text));
	const size_t *other = (const size_t *)((const char *)b + sizeof(reasons[0].text));

	return (*one < *other) - (*one > *other);
}

static void print_totals(const struct totals *totals)
{
	qsort(reasons, reason_count, sizeof(reasons[0]), by_count);
	for (size_t i = 0; i < reason_count; i++)
		printf("refused %zu: %s\n", reasons[i].count, reasons[i].text);
	printf("slowest: %.3f s: %s\n", totals->slowest, totals->slowest_name);
	printf("parsed %zu, ran %zu of %zu; rows %llu; ceilings %zu; failed %zu\n", totals->parsed, totals->ran,
	       totals->read, (unsigned long long)totals->rows, totals->ceilings, totals->failed);
}

int main(int argc, char **argv)
{
	FILE *file = argc > 2 ? fopen(argv[1], "r") : NULL;
	struct lines lines = { 0 };
	struct totals totals = { 0 };
	char *line = NULL;
	size_t capacity = 0;

	if (!file) {
		fputs("usage: query_corpus FILE.jsonl LOG...\n", stderr);
		return 2;
	}
	add_hostile(&lines);
	for (int i = 2; i < argc; i++)
		add_log(&lines, argv[i]);
	while (getline(&line, &capacity, file) > 0)
		run_line(line, &lines, &totals);
	print_totals(&totals);
	for (size_t i = 0; i < lines.count; i++)
		free(lines.copies[i]);
	free(lines.items);
	free(lines.copies);
	free(line);
	fclose(file);
	return totals.failed > 0;
}
