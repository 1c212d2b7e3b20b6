/*
 * summary_text: the line of truth, and under it what the operator must know:
 * what tuning took, what could not be decoded, what was lost.
 */
#ifndef SINK_SUMMARY_TEXT_H
#define SINK_SUMMARY_TEXT_H

#include "base/buffer.h"
#include "model/summary.h"

/*
 * Appends it, safe for a terminal, ending with a newline:
 *
 *   1.2 GB in 3 files, 4,812,332 records, 1,203,411 events, 12,034 accesses (11,200 own, 802 suppressed
 *   by tuning), 32 findings; lost: none; unknown target: 2; 1.3 s
 *
 * Counts of zero that mean nothing missing are left out. For stderr when
 * stdout holds JSON or CSV; fputs of the buffer is the caller's.
 */
void summary_text(struct buffer *to, const struct summary *summary, bool utf8);

#endif
