/*
 * resolve: event → sightings: accesses, executions, crashes. Says how it
 * knows the target and how sure that is; a target that cannot be known is
 * unknown, never guessed.
 */
#ifndef RESOLVE_RESOLVE_H
#define RESOLVE_RESOLVE_H

#include "model/deed.h"
#include "model/event.h"
#include "model/summary.h"

struct resolver;

struct resolver *resolver_create(void); /* NULL when memory is out */
void resolver_destroy(struct resolver *resolver);

/* From now on events also give deeds. */
void resolver_want_deeds(struct resolver *resolver);

/*
 * What is known of a process of that boot (event.boot) otherwise: live, from /proc. Between events: what was handed out
 * of one is no longer there.
 */
void resolver_learn_process(struct resolver *resolver, uint32_t boot, const struct process *told);

/*
 * From now on the resolver says of which processes it asked history, and of which for what they had opened: a bit each, by
 * the low RESOLVE_ASKED_BITS of the pid. The caller's, cleared by it.
 */
#define RESOLVE_ASKED_BITS 22
void resolver_watch(struct resolver *resolver, uint64_t *asked, uint64_t *descriptors);

/*
 * An audit record that will soon be part of an event: what is known of its process is fetched into the caches meanwhile.
 * Changes nothing else, and may be left out.
 */
void resolver_expect(struct resolver *resolver, const struct record *record);

/* Takes the next event, whose bytes must live until the sightings have been used. Events come in the order of a boot's serials. */
void resolver_take(struct resolver *resolver, const struct event *event);

/* The next sighting of that event; lives until the following resolver_take. */
bool resolver_next(struct resolver *resolver, struct access *access);

/* The next deed of that event; lives as long as a sighting. */
bool resolver_next_deed(struct resolver *resolver, struct deed *deed);

/* That event as a sighting of its own, for rules that are about it (SIGHTING_EVENT). False: there is no room left. */
bool resolver_event(struct resolver *resolver, struct access *access);

/*
 * Of that event the file that was made, or opened for writing, as a sighting of its own (SIGHTING_FILE). False: it tells
 * of none. Lives as long as the others of the event.
 */
bool resolver_file(struct resolver *resolver, struct access *access);

/* Adds to the summary what history gave up. Once, at the end. */
void resolver_account(const struct resolver *resolver, struct summary *summary);

#endif
