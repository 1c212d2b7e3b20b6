/* For tests of what the shipped rules make of one sighting. Private to tests/unit. */
#ifndef TESTS_UNIT_ASSESSED_H
#define TESTS_UNIT_ASSESSED_H

#include "judged.h"

#include "rule/assess.h"
#include "shipped.h"

static struct verdict judged(const struct access *access)
{
	static struct assessor *assessor;
	struct verdict verdict;

	if (!assessor)
		assessor = assessor_create(shipped_pack());
	assert_non_null(assessor);
	assessor_alone(assessor, access, &verdict);
	assert_true(verdict.score <= 100);
	assert_true((verdict.risk == RISK_NONE) == (verdict.score == 0));
	assert_true(verdict.risk == RISK_NONE || (verdict.rule && verdict.reason_count));
	return verdict;
}

static inline bool says(const struct verdict *verdict, const char *reason)
{
	for (size_t i = 0; i < verdict->reason_count; i++)
		if (span_find(verdict->reasons[i], span_of(reason)) < verdict->reasons[i].len)
			return true;
	return false;
}

#endif
