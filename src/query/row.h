/*
 * row: the one row that goes down the chain of stages.
 *
 * Values borrow their text from the message, the query or the row's arena,
 * which is reset for each message; so whoever keeps a row copies it (keeper.h).
 */
#ifndef QUERY_ROW_H
#define QUERY_ROW_H

#include "model/record.h"
#include "query/value.h"

#define TEXT_MAX ((size_t)16 << 20)	/* bytes of one text that a search makes */
#define ROW_TEXT_MAX ((size_t)64 << 20) /* bytes of all texts made for one row */

struct row {
	struct value *values; /* by slot; may move when a stage adds a field */
	uint32_t count;
	struct arena arena;
	bool chained;  /* a parse of the nodrop chain that this row is in has matched (stage.h) */
	uint64_t work; /* bytes that operators which match more than once have looked at, in this message (extract.h) */
	const char *trouble;	  /* why this row has to be left out: a constant text; NULL when all is well */
	int64_t now_ms;		  /* now() */
	int64_t start_ms, end_ms; /* of the time range, where it is known; else TIME_UNKNOWN */
};

/* Every value null, the arena empty, no trouble. */
void row_reset(struct row *row);

/* Room for a text in the arena. NULL with trouble when it would be too long. */
char *row_room(struct row *row, size_t len);

/* The text of any value, in the row's arena where it has to be made. */
static inline struct span row_text(struct row *row, const struct value *value)
{
	return value->kind == VALUE_TEXT ? value->text : value_to_text(value, &row->arena);
}

#endif
