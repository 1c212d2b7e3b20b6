/*
 * rows_summary: the line of truth of a search, and under it what the
 * operator must know.
 *
 *   1.2 GB in 3 files, 4,812,332 messages, 32 rows; lost: none; 1.3 s
 */
#ifndef SINK_ROWS_SUMMARY_H
#define SINK_ROWS_SUMMARY_H

#include "base/buffer.h"
#include "model/summary.h"

/* Appends it, safe for a terminal, ending with a newline. */
void rows_summary(struct buffer *to, const struct summary *summary, uint64_t messages, uint64_t rows, bool utf8);

#endif
