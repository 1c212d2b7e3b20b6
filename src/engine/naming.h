/*
 * naming: who a target is, live. Records name actors; a target is a number,
 * and /proc knows its name as long as it lives.
 */
#ifndef ENGINE_NAMING_H
#define ENGINE_NAMING_H

#include "engine/steward.h"
#include "resolve/resolve.h"

struct naming;

/* Looks at all processes that there are. The steward may be NULL: then only these are known. NULL when memory is out. */
struct naming *naming_create(struct steward *steward);
void naming_destroy(struct naming *naming);

/* Tells the resolver of the processes that were there, once, when their boot is known. Between events. */
void naming_teach(struct naming *naming, struct resolver *resolver, uint32_t boot);

/*
 * Fills in what /proc tells of process->pid, unless the process there started after `event_ms`: then the number has
 * been given to another. Of a thread's number, the process. The texts live until naming_fill has been called a hundred times more. `now_ms` is of a clock
 * that does not jump: an answer is believed for a tenth of a second.
 */
void naming_fill(struct naming *naming, struct process *process, int64_t event_ms, int64_t now_ms);

#endif
