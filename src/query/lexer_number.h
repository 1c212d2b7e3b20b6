/* lexer_number: 12, 1.5, 2e6, and the suffixes of size (k M G T P E, Ki …) and time (ns us ms s m h d w). */
#ifndef QUERY_LEXER_NUMBER_H
#define QUERY_LEXER_NUMBER_H

#include "base/span.h"

struct number {
	double value; /* times in ms; infinite when it is too large */
	bool is_time;
};

/*
 * `word` is the run of letters, digits and points at the start of `rest`; an
 * exponent's sign may stand behind it. Returns the length, or 0 when it is no
 * number as a whole.
 */
size_t number_read(struct span word, struct span rest, struct number *number);

/* Whether the word is a unit of time, and its ms. */
bool number_time_unit(struct span word, double *ms);

#endif
