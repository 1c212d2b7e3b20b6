#include <stdio.h>

#include "drill/report.h"
#include "sink/escape.h"

#define COLUMNS 5
#define GAP 2

const char *report_latency(int64_t latency_us, char *room)
{
	if (latency_us < 0)
		return "";
	snprintf(room, REPORT_LATENCY_ROOM, "%lld.%lld ms", (long long)latency_us / 1000,
		 (long long)latency_us % 1000 / 100);
	return room;
}

static const char *cell_of(const struct trial *trial, int column, char *room)
{
	switch (column) {
	case 0:
		return trial->variant->name;
	case 1:
		return result_name(trial_result(trial));
	case 2:
		return trial->risk == RISK_NONE ? "-" : risk_name(trial->risk);
	case 3:
		return report_latency(trial->latency_us, room);
	case 4:
		return trial_why(trial);
	}
	return "";
}

static void measure(const struct drill *drill, const char *const *headings, size_t *widths)
{
	char room[REPORT_LATENCY_ROOM];

	for (int column = 0; column < COLUMNS; column++) {
		widths[column] = strlen(headings[column]);
		for (size_t i = 0; i < drill->count; i++) {
			size_t len = strlen(cell_of(&drill->trials[i], column, room));
			widths[column] = len > widths[column] ? len : widths[column];
		}
	}
}

/* Of a column that is the last, or empty to the end of the line, nothing is padded. */
static void put_cell(struct buffer *to, const char *text, size_t width, bool last, bool utf8)
{
	size_t used = escape_terminal(to, span_of(text), 0, utf8);

	for (; !last && used < width + GAP; used++)
		buffer_add_byte(to, ' ');
}

static void put_row(struct buffer *to, const char *const cells[COLUMNS], const size_t *widths, bool utf8)
{
	int last = COLUMNS - 1;

	while (last > 0 && cells[last][0] == '\0')
		last--;
	for (int column = 0; column <= last; column++)
		put_cell(to, cells[column], widths[column], column == last, utf8);
	buffer_add_byte(to, '\n');
}

static void put_counts(struct buffer *to, const struct drill *drill)
{
	const char *separator = "";

	for (int result = 0; result < RESULT_COUNT; result++) {
		size_t count = drill_count(drill, (enum result)result);

		if (count == 0)
			continue;
		buffer_printf(to, "%s%zu %s", separator, count, result_name((enum result)result));
		separator = ", ";
	}
}

static void put_summary(struct buffer *to, const struct drill *drill, bool utf8)
{
	char half[REPORT_LATENCY_ROOM], most[REPORT_LATENCY_ROOM];

	buffer_printf(to, "\n%zu variants by ", drill->count);
	escape_terminal(to, span_of(drill->sensor[0] ? drill->sensor : "an unnamed sensor"), 0, utf8);
	buffer_text(to, ": ");
	put_counts(to, drill);
	if (drill_latency(drill, 50) >= 0)
		buffer_printf(to, "; latency p50 %s, p99 %s", report_latency(drill_latency(drill, 50), half),
			      report_latency(drill_latency(drill, 99), most));
	buffer_add_byte(to, '\n');
	if (drill->lost)
		buffer_printf(to, "The sensor says that it lost %llu events.\n", (unsigned long long)drill->lost);
	if (drill->bad_lines || drill->left_out)
		buffer_printf(to, "%zu lines could not be understood, %zu did not fit into memory.\n", drill->bad_lines,
			      drill->left_out);
	if (drill->stopped)
		buffer_text(to, "Stopped early.\n");
}

void report_text(struct buffer *to, const struct drill *drill, bool utf8)
{
	static const char *const headings[COLUMNS] = { "VARIANT", "RESULT", "RISK", "LATENCY", "WHY" };
	size_t widths[COLUMNS];
	char room[REPORT_LATENCY_ROOM];

	measure(drill, headings, widths);
	put_row(to, headings, widths, utf8);
	for (size_t i = 0; i < drill->count; i++) {
		const char *cells[COLUMNS];

		for (int column = 0; column < COLUMNS; column++)
			cells[column] = cell_of(&drill->trials[i], column, room);
		put_row(to, cells, widths, utf8);
	}
	put_summary(to, drill, utf8);
}

/* A test is told in fewer words: what was waited for, and whether it came. */
static const char *signal_word(enum result result)
{
	switch (result) {
	case RESULT_SEEN:
		return "seen";
	case RESULT_MISSED:
	case RESULT_EXPECTED_MISS:
		return "missed";
	case RESULT_NOT_RUN:
	case RESULT_NOT_APPLICABLE:
	case RESULT_QUIET:
	case RESULT_RAISED:
	case RESULT_COUNT:
		break;
	}
	return "not applicable here";
}

void report_test(struct buffer *to, const struct drill *drill, bool utf8)
{
	char room[REPORT_LATENCY_ROOM];

	for (size_t i = 0; i < drill->count; i++) {
		const struct trial *trial = &drill->trials[i];
		const char *why = trial_why(trial);

		buffer_printf(to, "%-19s  %s", signal_word(trial_result(trial)), trial->variant->name);
		if (trial->risk != RISK_NONE)
			buffer_printf(to, " (%s, %s)", risk_name(trial->risk), report_latency(trial->latency_us, room));
		buffer_text(to, "\n                     ");
		buffer_text(to, trial->variant->what);
		if (why[0]) {
			buffer_text(to, ": ");
			escape_terminal(to, span_of(why), 0, utf8);
		}
		buffer_add_byte(to, '\n');
	}
	put_summary(to, drill, utf8);
}
