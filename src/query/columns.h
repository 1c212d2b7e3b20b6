/*
 * columns: a record of separated values. A column that begins with the quote
 * lasts until the quote that closes it; two quotes in it are one. The escape
 * takes the byte behind it as it is.
 */
#ifndef QUERY_COLUMNS_H
#define QUERY_COLUMNS_H

#include "base/arena.h"

#define COLUMN_NONE (-1) /* no such byte */

struct columns {
	struct span text;
	size_t at;
	int delimiter, quote, escape; /* bytes, or COLUMN_NONE */
	bool lines;		      /* a line break that is not quoted ends the record */
	bool record_ended;	      /* behind the last column of a record */
};

/*
 * The next column, which is a piece of the text, or is made in the arena.
 * False at the end: of the text, or with `lines` once at the end of each record.
 */
bool columns_next(struct columns *columns, struct arena *arena, struct span *column);

/* Passes over the next column. */
bool columns_skip(struct columns *columns);

#endif
