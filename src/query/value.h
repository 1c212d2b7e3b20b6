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

/* The text of any value: numbers as Sumo prints them (integers without a point, at most 15 significant digits). Null is "". */
struct span value_to_text(const struct value *value, struct arena *arena);

/* Truth of a condition: null and text other than "true" are false. */
bool value_is_true(const struct value *value);

/* Order for sort: null first; numbers by size when both are numbers (not text), else by bytes of their text. */
int value_compare(const struct value *a, const struct value *b, struct arena *arena);

/* Equality of `=`: numbers when both can be read as one, else text, case-sensitive. A null equals nothing. */
bool value_equal(const struct value *a, const struct value *b, struct arena *arena);

#endif
