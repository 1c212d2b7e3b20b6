/*
 * assess: asks the rules of a pack about sightings, and hands what matches to
 * verdict.h. A sighting can be several events of Sigma (binding.h).
 *
 * One's own memory is asked about nowhere.
 */
#ifndef RULE_ASSESS_H
#define RULE_ASSESS_H

#include "model/event.h"
#include "model/summary.h"
#include "rule/verdict.h"

struct assessor;

/* For who tests rules: an event that they were asked about, those that match, and whether correlations were told. */
struct assessor_watch {
	void (*seen)(void *context, const struct sigma_event *event, const struct sigma_match *matches, size_t count,
		     bool told);
	void *context;
};

/* One a thread. The pack outlives it. NULL: memory is out. */
struct assessor *assessor_create(const struct pack *pack);
void assessor_destroy(struct assessor *assessor);

/* Borrowed; NULL: nobody watches. */
void assessor_set_watch(struct assessor *assessor, const struct assessor_watch *watch);

/* What correlations know a sighting by. Asked for only where a rule matches. */
typedef struct sigma_tag assessor_tag(void *context, const struct access *access);

void assessor_set_tag(struct assessor *assessor, assessor_tag *tag, void *context);

/* Who is told, while sightings are taken or at the end, of correlations that complete by time alone. */
void assessor_set_closed(struct assessor *assessor, sigma_fired *closed, void *context);

/* The sighting by itself. */
void assessor_alone(struct assessor *assessor, const struct access *access, struct verdict *verdict);

/* Likewise, and as one more of a sequence: correlations see it under its tag, and may complete. */
void assessor_take(struct assessor *assessor, const struct access *access, struct verdict *verdict);

/* Whether a rule of category file_event may be about files that were made or written (SIGHTING_FILE); else they need not be taken. */
bool assessor_wants_files(const struct assessor *assessor);

/* Whether a rule of service auditd may be about events; others need not be offered. */
bool assessor_wants_events(const struct assessor *assessor);

/*
 * Whether one matches this event, be it one that is only correlated. Then the sighting that is made of the event
 * (SIGHTING_EVENT) is to be taken next, while the event lives.
 */
bool assessor_offer(struct assessor *assessor, const struct event *event);

/* Live: closes the correlations' windows that have ended by then, in event time. */
void assessor_time(struct assessor *assessor, int64_t now_ms);

/* Closes the correlations' windows. */
void assessor_end(struct assessor *assessor);

/* Notes what evaluation gave up or left out. Once, at the end. */
void assessor_account(const struct assessor *assessor, struct summary *summary);

#endif
