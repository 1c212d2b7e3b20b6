/*
 * join: whether a line goes on in the next file.
 *
 * Parts of a log may be cut anywhere (split -b), rotations end in a newline
 * unless the host crashed. So a last line without a newline goes on in the
 * file that continues it, unless that begins with a line of its own.
 */
#ifndef SOURCE_JOIN_H
#define SOURCE_JOIN_H

#include "base/span.h"

/* tail: the last line of a file, without newline. head: the beginning of the file that continues it. */
bool join_wanted(struct span tail, struct span head);

#endif
