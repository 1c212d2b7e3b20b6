/*
 * order: which input is read first, and which goes on where another ended.
 */
#ifndef SOURCE_ORDER_H
#define SOURCE_ORDER_H

#include "source/inputs.h"

/* For what was found in one directory: by folder, series and age. */
void order_found(struct input *items, size_t count);

/*
 * For what the user named: the order stays, and files in a row continue each
 * other as parts do, unless they are different logs. Only a run that a shell
 * put in the order of names (audit.log audit.log.1 audit.log.2) is put right.
 */
void order_named(struct input *items, size_t count);

/* < 0 when `input` comes after `before` in the same series, > 0 when before it, 0 when they are of two. */
int order_within_series(const struct input *before, const struct input *input);

#endif
