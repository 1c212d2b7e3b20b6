/*
 * mapped: the inputs as they lie on disk, for a reader that goes where it
 * wants. Only regular files of plain text can be had so.
 *
 * A log can be cut while it is mapped: then what was cut reads as zeros from
 * there on, and mapped_shrank says so.
 */
#ifndef SOURCE_MAPPED_H
#define SOURCE_MAPPED_H

#include "source/inputs.h"

struct mapped_input {
	struct span bytes;  /* all of it */
	struct frame frame; /* as frames of it would be: origin, host, format, trust; bytes are those above */
};

struct mapped;

/* One at a time in a process. NULL: they cannot be mapped; *why says it in words. */
struct mapped *mapped_create(const struct inputs *inputs, const char **why);
void mapped_destroy(struct mapped *mapped);

size_t mapped_count(const struct mapped *mapped);
const struct mapped_input *mapped_input(const struct mapped *mapped, size_t i);

/* Whether a file turned out shorter than it was, or than what is asked for now. */
bool mapped_shrank(const struct mapped *mapped);

#endif
