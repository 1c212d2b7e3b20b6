/*
 * verdict: what one sighting is worth, by the rules of a pack: tier, score,
 * reasons.
 *
 * Of all rules that match, the gravest sets tier and score; circumstances add
 * to the score; documents of one id count as one rule, the gravest of them.
 * Where filters (tuning) took every rule that would have made a finding, the
 * verdict is what it would have been, with the filter's name.
 *
 * What a rule cannot say is said here: one's own memory is no finding, and
 * what any user could have written never outranks the kernel.
 */
#ifndef RULE_VERDICT_H
#define RULE_VERDICT_H

#include "model/event.h"
#include "model/finding.h"
#include "model/summary.h"
#include "rule/pack.h"
#include "rule/sigma/correlate.h"

#define VERDICT_FIRINGS_MAX 16
#define VERDICT_TAGS_MAX 64

#define SCORE_FORGEABLE_MAX 20 /* what any user could have written into a log never outranks the kernel */

/* A correlation that the sighting completed, in one group or in several. */
struct verdict_firing {
	const struct sigma_rule *rule;
	struct sigma_tag tags[VERDICT_TAGS_MAX]; /* of the sightings that made it up */
	size_t tag_count;
};

struct verdict {
	enum risk risk;
	unsigned score;
	const struct sigma_rule *rule;		  /* that set the tier; NULL for RISK_NONE */
	const struct sigma_rule *filter;	  /* the tuning that took it, or NULL */
	bool final;				  /* later sightings do not make it graver */
	bool credentials;			  /* the target holds them */
	struct span threat;			  /* the known tool; data NULL when there is none */
	struct span reasons[FINDING_REASONS_MAX]; /* the pack's, or literals */
	size_t reason_count;
	struct verdict_firing firings[VERDICT_FIRINGS_MAX];
	size_t firing_count;
};

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

/* Who is told, while sightings are taken or at the end, of correlations that complete by time alone. */
void assessor_set_closed(struct assessor *assessor, sigma_fired *closed, void *context);

/* The sighting by itself. */
void assessor_alone(struct assessor *assessor, const struct access *access, struct verdict *verdict);

/* Likewise, and as one more of a sequence: correlations see it under that tag, and may complete. */
void assessor_take(struct assessor *assessor, const struct access *access, struct sigma_tag tag,
		   struct verdict *verdict);

/* Whether a rule of service auditd may be about events; others need not be offered. */
bool assessor_wants_events(const struct assessor *assessor);

/*
 * Whether one matches this event, be it one that is only correlated. Then the sighting that is made of the event
 * (SIGHTING_EVENT) is to be taken next, while the event lives.
 */
bool assessor_offer(struct assessor *assessor, const struct event *event);

/* Closes the correlations' windows. */
void assessor_end(struct assessor *assessor);

/* Notes what evaluation gave up or left out. Once, at the end. */
void assessor_account(const struct assessor *assessor, struct summary *summary);

/* Lowers what any user could have written into a log. */
void verdict_weigh_trust(struct verdict *verdict, const struct access *access);

/* 1-10 from a score of 0-100. */
unsigned severity_of(unsigned score);

#endif
