/* cells: a finding in the words of the table, safe to print. Private to src/sink. */
#ifndef SINK_CELLS_H
#define SINK_CELLS_H

#include "base/buffer.h"
#include "model/finding.h"

enum cell {
	CELL_TIME,
	CELL_HOST,
	CELL_RISK,
	CELL_ACTOR,
	CELL_TARGET,
	CELL_ENTRY,
	CELL_SYSCALL,
	CELL_OUTCOME,
	CELL_WHY,
	CELL_COUNT
};

/* Text from a log is cut there: a command line of 64 KiB must not push the rest off the screen. */
#define CELL_COLUMNS_MAX 120

/* Appends the cell's text, without a newline. Returns the columns it takes. */
size_t cell_add(struct buffer *to, enum cell cell, const struct finding *finding, bool utf8);

const char *cell_heading(enum cell cell);

/*
 * Appends text that was made by cell_add, broken into lines of at most
 * `columns`: at blanks, else behind punctuation, else anywhere.
 */
void cell_wrap(struct buffer *to, struct span text, size_t columns, const char *newline);

#endif
