/*
 * text_maker: a text of which nobody knows the length before it is made, in
 * the arena of its row. What grows beyond TEXT_MAX is the row's trouble, and
 * later calls do nothing.
 */
#ifndef QUERY_TEXT_MAKER_H
#define QUERY_TEXT_MAKER_H

#include "query/row.h"

struct text_maker {
	struct row *row;
	char *data;
	size_t len, capacity;
	bool failed;
};

/* `expected` bytes are room to begin with. */
void text_maker_init(struct text_maker *maker, struct row *row, size_t expected);

void text_maker_add(struct text_maker *maker, struct span s);
void text_maker_repeat(struct text_maker *maker, char byte, size_t count);

/* The code point as UTF-8; one that is none as U+FFFD. */
void text_maker_code_point(struct text_maker *maker, uint32_t code_point);

static inline void text_maker_byte(struct text_maker *maker, char byte)
{
	if (maker->len < maker->capacity)
		maker->data[maker->len++] = byte;
	else
		text_maker_add(maker, (struct span){ &byte, 1 });
}

/* The text; null with row->trouble when it failed. */
struct value text_maker_value(const struct text_maker *maker);

#endif
