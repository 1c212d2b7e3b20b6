/*
 * A line a finding, as it happens: the table's cells, without waiting for the
 * widths of those to come. The same finding, once it has grown, is a line
 * again, with its count and marked as an update.
 *
 * 2026-11-23T22:56:01.786Z  HighRisk 95  cat(812) root → sshd(99)  mem  openat  success  memory of another process
 */
#include "sink/cells.h"
#include "sink/type.h"

/* Columns that the usual text has, so that lines stand below each other. */
static const unsigned widths[CELL_COUNT] = {
	[CELL_TIME] = 24, [CELL_RISK] = 12,   [CELL_ACTOR] = 28,  [CELL_TARGET] = 20,
	[CELL_ENTRY] = 7, [CELL_SYSCALL] = 8, [CELL_OUTCOME] = 7,
};

static const char *colour_of(const struct finding *finding)
{
	if (finding->suppressed_by.data)
		return "\033[90m";
	switch (finding->risk) {
	case RISK_NONE:
		break;
	case RISK_REVIEW:
		return "\033[36m";
	case RISK_KNOWN_TOOL:
		return "\033[1;33m";
	case RISK_HIGH:
		return "\033[1;31m";
	}
	return NULL;
}

static void add_cell(struct sink *sink, enum cell cell, const struct finding *finding)
{
	const char *colour = sink->options.colour && cell == CELL_RISK ? colour_of(finding) : NULL;

	buffer_text(&sink->line, colour ? colour : "");
	size_t columns = cell_add(&sink->line, cell, finding, sink->options.utf8);
	buffer_text(&sink->line, colour ? "\033[0m" : "");
	if (cell == CELL_WHY)
		return;
	for (; columns < widths[cell]; columns++)
		buffer_add_byte(&sink->line, ' ');
	buffer_add(&sink->line, SPAN("  "));
}

static int line_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	for (unsigned cell = 0; cell < CELL_COUNT; cell++)
		if (cell != CELL_HOST) /* it is always this one */
			add_cell(sink, (enum cell)cell, finding);
	if (finding->update)
		buffer_add(&sink->line, SPAN(" (update)"));
	buffer_add_byte(&sink->line, '\n');
	return sink_put_line(sink, err);
}

const struct sink_type sink_line = { .name = "line", .finding = line_finding };
