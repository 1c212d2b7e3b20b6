/*
 * format: the language of Java's Formatter: what a format string asks for, and
 * numbers as it writes them.
 *
 *	%[argument$][flags][width][.precision]conversion
 */
#ifndef QUERY_FORMAT_H
#define QUERY_FORMAT_H

#include "query/letters.h"
#include "query/text_maker.h"

#define FORMAT_WIDTH_MAX 4096
#define FORMAT_PRECISION_MAX 512

struct format_spec {
	size_t argument; /* from 1 on; unused by %n and %% */
	size_t width, precision;
	bool has_precision, has_width;
	bool left, plus, space, zero, group, parentheses, alternate; /* - + ' ' 0 , ( # */
	bool upper;
	char conversion; /* in lower case */
};

struct format_reader {
	struct span rest;
	struct span before;    /* the text before the spec; behind the last, the text at the end */
	size_t ordinary, last; /* how many specs without a number there were; the argument before, for %< */
	const char *why;       /* what is wrong with the format; NULL when all is well */
};

/* The next spec. False at the end, or with reader->why. */
bool format_next(struct format_reader *reader, struct format_spec *spec);

/* Pads with spaces to the width, or with zeros in front. */
void format_add_padded(struct text_maker *maker, const struct format_spec *spec, struct span text, bool zeros);

struct format_digits {
	bool negative;
	struct span whole;
	struct span tail; /* the point and what follows it */
};

/* With sign, grouping and padding. */
void format_add_number(struct text_maker *maker, const struct format_spec *spec, const struct format_digits *digits);

/* %f, %e and %g. The number has to be finite. */
void format_add_real(struct text_maker *maker, const struct format_spec *spec, double number);

#endif
