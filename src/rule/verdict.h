/*
 * verdict: what one sighting is worth: tier, score, reasons.
 *
 * The tiers keep the meaning of the seed's detection; docs/deviations.md
 * lists where this goes beyond it, and why.
 */
#ifndef RULE_VERDICT_H
#define RULE_VERDICT_H

#include "base/arena.h"
#include "model/finding.h"

struct verdict {
	enum risk risk;
	unsigned score;
	const char *rule;
	bool debugger;
	const char *suppressed_by, *suppressed_why; /* NULL unless tuning took it */
	const char *reasons[FINDING_REASONS_MAX];   /* literals or arena text */
	size_t reason_count;
};

struct verdict verdict_of(const struct access *access, struct arena *arena);

/* Appends a reason unless it is there; beyond FINDING_REASONS_MAX it is left out. */
void verdict_reason(struct verdict *verdict, const char *reason);

/* 1-10 from a score of 0-100. */
unsigned severity_of(unsigned score);

#endif
