/*
 * interpret: undoes the interpretation of single fields by `ausearch -i`.
 * Private to src/decode.
 */
#ifndef DECODE_INTERPRET_H
#define DECODE_INTERPRET_H

#include "base/buffer.h"

/* What the earlier fields of the record said. Zeroed but for its type at the start of each. */
struct interpretation {
	uint16_t type;
	uint32_t arch;
};

/* Appends the field in the kernel's text. What no table knows is kept as its word. */
void interpret_field(struct interpretation *context, struct span name, struct span value, struct buffer *body);

#endif
