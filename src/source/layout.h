/*
 * layout: where a collection keeps the host's files.
 */
#ifndef SOURCE_LAYOUT_H
#define SOURCE_LAYOUT_H

#include "base/span.h"

enum layout { LAYOUT_UAC, LAYOUT_SOSREPORT, LAYOUT_VELOCIRAPTOR };

/* Where a component of the name begins with `mark`, or name.len. */
size_t layout_find(struct span name, struct span mark);

/*
 * The path of a log on the host, from "var/log/" on, for `rest`, the name
 * behind the collection's root. Empty when it is no log of the host's. It
 * borrows from rest or from `to`, which has `room` bytes.
 */
struct span layout_log_path(enum layout layout, struct span rest, char *to, size_t room);

#endif
