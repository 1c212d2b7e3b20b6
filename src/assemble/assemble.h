/*
 * assemble: records → events, by (node, time, serial), in the order of their
 * serials, whatever the interleaving.
 */
#ifndef ASSEMBLE_ASSEMBLE_H
#define ASSEMBLE_ASSEMBLE_H

#include "model/event.h"
#include "model/summary.h"

/*
 * An event that is not complete, or that waits for a missing serial before
 * it, is handed out when this many bytes of other events have come since its
 * first record. Measured: up to 827 foreign lines inside one event; journald
 * JSON needs 1.5 KB a line. Each event counts ASSEMBLE_EVENT_COST bytes more,
 * so that tiny ones cannot fill the memory. An event that must leave before it
 * but is younger than ASSEMBLE_GRACE may be completed first.
 */
#define ASSEMBLE_WINDOW (3u << 20)
#define ASSEMBLE_GRACE (ASSEMBLE_WINDOW / 8)
#define ASSEMBLE_EVENT_COST 768

struct assembler;

struct assembler *assembler_create(struct summary *summary); /* NULL when memory is out */
void assembler_destroy(struct assembler *assembler);

/*
 * Takes a copy of an audit record. 0: that is all. 1: an event may be due, and assembler_next is to be called until it
 * is false. -ENOMEM: the record is lost, and likewise.
 */
int assembler_add(struct assembler *assembler, const struct record *record);

/*
 * Live, time passes without input: an event is due that no record has come for in ASSEMBLE_WAIT_MS. Tells what time it
 * is, on a clock that does not jump; `drained`: nothing more waits to be added, so what is missing is late and not only
 * unread. True: an event may be due, as with assembler_add. Never called, no clock plays a part.
 */
#define ASSEMBLE_WAIT_MS 100
/*
 * An event without a record of a system call is due after so long: the kernel writes of some things in one record and no
 * end (1305 and 1424 are such), and all behind it would wait. Where the call's record comes later still, the event is
 * handed out again.
 */
#define ASSEMBLE_ALONE_MS 25
bool assembler_tick(struct assembler *assembler, int64_t now_ms, bool drained);

/*
 * Only some of the log's events come, whole, each record behind an assembler_seek: how far in the input it begins. They
 * leave as if all came, by age alone: what is before it in order has come by then. Of one node, and whoever chooses
 * them says where its boots begin.
 */
void assembler_set_sparse(struct assembler *assembler);
void assembler_seek(struct assembler *assembler, uint64_t position);
void assembler_next_boot(struct assembler *assembler);

/* Sparse: an event has been so scattered that it would have left earlier, had all of them come. */
bool assembler_was_scattered(const struct assembler *assembler);

/* Whether some event waits, so that assembler_tick is to be called. */
bool assembler_waits(const struct assembler *assembler);

/* The input has ended: everything open will be handed out. */
void assembler_end(struct assembler *assembler);

/* The next event that is due; it lives until the following call on the assembler. */
bool assembler_next(struct assembler *assembler, struct event *event);

#endif
