/* cells_writer: a cell being written: knows its columns, so that nobody measures twice. Private to src/sink. */
#ifndef SINK_CELLS_WRITER_H
#define SINK_CELLS_WRITER_H

#include "sink/cells.h"
#include "sink/escape.h"
#include "sink/quantity.h"

#define WHY_COLUMNS_MAX 400

struct writer {
	struct buffer *to;
	size_t columns;
	bool utf8;
};

static inline void say(struct writer *out, const char *words)
{
	buffer_text(out->to, words);
	out->columns += strlen(words);
}

static inline void say_log_text(struct writer *out, struct span text, size_t columns_max)
{
	out->columns += escape_terminal(out->to, text, columns_max, out->utf8);
}

static inline void say_sign(struct writer *out, const char *sign, const char *ascii)
{
	buffer_text(out->to, out->utf8 ? sign : ascii);
	out->columns += out->utf8 ? 1 : strlen(ascii);
}

static inline void say_number(struct writer *out, const char *before, uint64_t number)
{
	char room[QUANTITY_ROOM];

	say(out, before);
	say(out, quantity_digits(number, room));
}

static inline void say_list(struct writer *out, const struct span *texts, size_t count)
{
	for (size_t i = 0; i < count && out->columns < WHY_COLUMNS_MAX; i++) {
		say(out, i ? "; " : "");
		say_log_text(out, texts[i], CELL_COLUMNS_MAX);
	}
}

#endif
