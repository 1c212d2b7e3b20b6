/* evaluate: which rules an event matches. One evaluator a thread. */
#ifndef RULE_SIGMA_EVALUATE_H
#define RULE_SIGMA_EVALUATE_H

#include "rule/sigma/engine.h"
#include "rule/sigma/event.h"

#define SIGMA_REGEX_SUBJECT_MAX ((size_t)256 << 10) /* a regex sees no more of a value */
#define SIGMA_NO_FILTER UINT32_MAX

struct sigma_match {
	uint32_t rule;	 /* index in the rules */
	uint32_t filter; /* the filter that suppresses it, or SIGMA_NO_FILTER */
};

/* What has happened since the evaluator was created. */
struct sigma_evaluator_counts {
	uint64_t events, candidates, matches, suppressed;
	uint64_t regex_limited; /* searches that the match limit ended: taken as no match */
	uint64_t regex_cut;	/* values of which a regex saw the beginning only */
	uint32_t limited_rule;	/* the last rule that this happened to */
};

struct sigma_evaluator;

struct sigma_evaluator *sigma_evaluator_create(const struct sigma_engine *engine); /* NULL: memory is out */
void sigma_evaluator_destroy(struct sigma_evaluator *evaluator);

/*
 * The rules that match, in the order of loading; also suppressed and silent
 * ones. Lives until the next call. No memory is allocated.
 */
size_t sigma_evaluate(struct sigma_evaluator *evaluator, const struct sigma_event *event,
		      const struct sigma_match **matches);

/*
 * Whether a rule can match an event of this source whose texts are these, joined; sigma_engine_glances says of which
 * fields. No memory is allocated.
 */
bool sigma_glance(struct sigma_evaluator *evaluator, enum sigma_source source, struct span text);

const struct sigma_evaluator_counts *sigma_evaluator_counts(const struct sigma_evaluator *evaluator);

#endif
