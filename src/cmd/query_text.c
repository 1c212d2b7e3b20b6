#include "cmd/query_text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sink/escape.h"
#include "sink/quantity.h"

#define CHUNK 65536
#define SAMPLE_COLUMNS 160
#define STAGE_COLUMNS 100
#define LINT_MAX 1000

/* ---- the search ---- */

static int read_all(struct buffer *text, int fd)
{
	ssize_t got = 1;

	while (got > 0 && text->len <= QUERY_TEXT_MAX) {
		if (!buffer_reserve(text, CHUNK))
			return -ENOMEM;
		got = read(fd, text->data + text->len, CHUNK);
		if (got < 0 && errno != EINTR)
			return -errno;
		text->len += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

int query_text_read(struct buffer *text, const char *path, struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -errno : read_all(text, fd);

	if (fd >= 0 && !is_stdin)
		close(fd);
	if (result < 0)
		return err_set(err, result, "the search cannot be read from %s: %s", path, strerror(-result));
	return 0;
}

static void print(FILE *to, struct buffer *text)
{
	if (text->len && !text->failed)
		fwrite(text->data, 1, text->len, to);
	buffer_finish(text);
}

void query_text_error(struct span text, const struct query_error *error)
{
	struct buffer told = { 0 };

	buffer_text(&told, "proctor: ");
	query_error_print(&told, text, error);
	print(stderr, &told);
}

/* ---- lint ---- */

static void add_json_finding(struct buffer *to, const struct lint_finding *finding)
{
	buffer_printf(to, "{\"code\":\"%s\",\"line\":%u,\"column\":%u,\"message\":", finding->code, finding->place.line,
		      finding->place.column);
	escape_json(to, span_of(finding->message));
	buffer_text(to, ",\"rewrite\":");
	if (finding->rewrite[0])
		escape_json(to, span_of(finding->rewrite));
	else
		buffer_text(to, "null");
	buffer_text(to, "}\n");
}

/* A rewrite may go over several lines; each is indented. */
static void add_rewrite(struct buffer *to, struct span rewrite, bool utf8)
{
	const char *before = "  write: ";

	while (rewrite.len) {
		size_t len = span_index(rewrite, '\n');
		buffer_text(to, before);
		escape_terminal(to, span_first(rewrite, len), 0, utf8);
		buffer_add_byte(to, '\n');
		rewrite = span_skip(rewrite, len + 1);
		before = "         ";
	}
}

static void add_finding(struct buffer *to, struct span text, const struct lint_finding *finding, bool utf8)
{
	struct query_error shown = { .place = finding->place };

	snprintf(shown.message, sizeof(shown.message), "%s: %.200s", finding->code, finding->message);
	query_error_print(to, text, &shown);
	add_rewrite(to, span_of(finding->rewrite), utf8);
}

size_t query_text_lint(const struct query *query, bool json, bool utf8)
{
	struct lint_finding *findings = calloc(LINT_MAX, sizeof(*findings));
	size_t count = findings ? query_lint(query, findings, LINT_MAX) : 0;
	struct buffer text = { 0 };

	for (size_t i = 0; i < count && i < LINT_MAX; i++) {
		if (json) {
			add_json_finding(&text, &findings[i]);
			continue;
		}
		if (i)
			buffer_add_byte(&text, '\n');
		add_finding(&text, query->text, &findings[i], utf8);
	}
	print(stdout, &text);
	free(findings);
	return count;
}

/* ---- explaining ---- */

/* The first line of a text, cut. */
static void add_line(struct buffer *to, struct span text, size_t columns, bool utf8)
{
	size_t len = span_index(text, '\n');

	escape_terminal(to, span_first(text, len), columns, utf8);
	if (len < text.len)
		buffer_text(to, utf8 ? " …" : " ...");
}

static void add_stage(struct buffer *to, const struct stage_report *report, bool utf8)
{
	char in[QUANTITY_ROOM], out[QUANTITY_ROOM], dropped[QUANTITY_ROOM];

	buffer_printf(to, "%12s %12s %12s %9.3f s  ", quantity_count(report->in, in), quantity_count(report->out, out),
		      quantity_count(report->dropped, dropped), report->seconds);
	if (report->text.len)
		add_line(to, report->text, STAGE_COLUMNS, utf8);
	else
		buffer_text(to, "(everything)");
	buffer_add_byte(to, '\n');
	if (!report->dropped)
		return;
	buffer_printf(to, "%*sfirst dropped: ", 52, "");
	escape_terminal(to, report->reason, 0, utf8);
	buffer_printf(to, ":\n%*s", 54, "");
	add_line(to, report->dropped_row, SAMPLE_COLUMNS, utf8);
	buffer_add_byte(to, '\n');
}

void query_text_explain(const struct run *run, bool utf8)
{
	struct buffer text = { 0 };
	struct stage_report report;

	buffer_printf(&text, "%12s %12s %12s %11s  %s\n", "rows in", "rows out", "dropped", "time", "stage");
	for (size_t i = 0; i < run_stage_count(run); i++) {
		run_stage(run, i, &report);
		add_stage(&text, &report, utf8);
	}
	print(stderr, &text);
}
