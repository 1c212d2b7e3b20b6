/*
 * err: what went wrong, in the operator's words: what was attempted, on
 * what, why, and what to do. Filled only on failure.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <errno.h>

struct err {
	int number; /* negative errno */
	char text[512];
};

/* Formats the text and returns `number`, so that callers can `return err_set(…)`. A NULL err is allowed. */
int err_set(struct err *err, int number, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
