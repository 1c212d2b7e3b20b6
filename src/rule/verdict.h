/*
 * verdict: what one sighting is worth, by the rules that match it: tier,
 * score, reasons. assess.h asks the rules.
 *
 * Of all rules that match, the gravest sets tier and score; circumstances add
 * to the score; documents of one id count as one rule, the gravest of them.
 * Where filters (tuning) took every rule that would have made a finding, the
 * verdict is what it would have been, with the filter's name.
 *
 * What a rule cannot say is said here: what any user could have written never
 * outranks the kernel.
 */
#ifndef RULE_VERDICT_H
#define RULE_VERDICT_H

#include "model/finding.h"
#include "rule/pack.h"
#include "rule/sigma/correlate.h"

#define VERDICT_MATCHES_MAX 128
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
	bool blinded;				  /* a match added to the score for auditing that was weakened */
	struct span threat;			  /* the known tool; data NULL when there is none */
	struct span reasons[FINDING_REASONS_MAX]; /* the pack's, or literals */
	size_t reason_count;
	struct verdict_firing firings[VERDICT_FIRINGS_MAX];
	size_t firing_count;
};

/* A rule that matches the sighting. */
struct match {
	const struct sigma_rule *rule;
	const struct sigma_rule *filter; /* that takes it; NULL: none */
};

/* In the order of loading; what the sighting completed stands behind. Private to src/rule. */
struct matches {
	struct match items[VERDICT_MATCHES_MAX];
	size_t count;
	uint64_t left; /* that found no room */
};

/* Fills in all but the firings. */
void verdict_compose(struct verdict *verdict, const struct matches *matches, const struct access *access);

/* Whether one of them makes a finding that no filter takes. */
bool verdict_is_finding(const struct matches *matches);

/* Lowers what any user could have written into a log. */
void verdict_weigh_trust(struct verdict *verdict, const struct access *access);

/* 1-10 from a score of 0-100. */
unsigned severity_of(unsigned score);

#endif
