/*
 * value: what a field holds while a search runs. Fields are text; numbers
 * appear where the text is unambiguously one, or where something computed one.
 *
 * Text borrows from the message, the query or the row's arena.
 */
#ifndef QUERY_VALUE_H
#define QUERY_VALUE_H

#include "base/arena.h"
#include "base/buffer.h"

enum value_kind { VALUE_NULL, VALUE_TEXT, VALUE_NUMBER, VALUE_BOOL };

struct value {
	enum value_kind kind;
	struct span text;
	double number; /* bool: 0 or 1 */
};

#define VALUE_OF_NULL ((struct value){ .kind = VALUE_NULL })

static inline struct value value_text(struct span text)
{
	return (struct value){ .kind = VALUE_TEXT, .text = text };
}

static inline struct value value_number(double number)
{
	return (struct value){ .kind = VALUE_NUMBER, .number = number };
}

static inline struct value value_bool(bool truth)
{
	return (struct value){ .kind = VALUE_BOOL, .number = truth };
}

/* True and *number when the value is a number, or text that is one as a whole ("12", "-1.5e3"; not "", " 1", "0x1F"). */
bool value_to_number(const struct value *value, double *number);

/*
 * The text of any value: integers without a point and exact below 2^53, others
 * with at most 15 significant digits; true or false; null is "". Text itself
 * is borrowed; what has to be made is made in the arena.
 */
struct span value_to_text(const struct value *value, struct arena *arena);

/* The same for a number, into at least NUMBER_ROOM bytes; returns the length. */
#define NUMBER_ROOM 32
size_t number_to_text(double number, char *room);

/* Truth of a condition: null and text other than "true" are false; a number is true when it is not 0. */
bool value_is_true(const struct value *value);

/* Order for sort: nulls, then numbers and bools by size, then text by its bytes. A total order. */
int value_compare(const struct value *a, const struct value *b);

/*
 * Order for < and >: false when there is none. By size when both can be read
 * as numbers, else by the bytes of two texts. A null, and a number beside text
 * that is none, have no order.
 */
bool value_order(const struct value *a, const struct value *b, int *order);

/*
 * Equality of `=`: text with text by its bytes (so "1.0" is not "1"); a number
 * with text that is unambiguously one by size. A null equals nothing.
 */
bool value_equal(const struct value *a, const struct value *b);

#endif
