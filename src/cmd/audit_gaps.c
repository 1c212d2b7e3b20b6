#include "cmd/audit_gaps.h"

#include <stdio.h>

#include "cmd/tell.h"
#include "host/coverage.h"
#include "host/machine.h"

/* Of rules that are missing there may be one a system call: the first stands for all. */
static void tell_kind(const struct gaps *gaps, enum gap_kind kind)
{
	const struct gap *first = NULL;
	size_t others = 0;

	for (size_t i = 0; i < gaps->count; i++) {
		const struct gap *gap = &gaps->items[i];
		if (gap->kind != kind || gap->rank != GAP_RANK_GAP)
			continue;
		others += first != NULL;
		first = first ? first : gap;
	}
	if (!first || first->unseen.failed || first->evidence.failed || first->mend.failed)
		return;
	struct span unseen = buffer_span(&first->unseen), evidence = buffer_span(&first->evidence);
	struct span mend = kind == GAP_MISSING || kind == GAP_PARTIAL ? SPAN("proctor rules audit --install")
								      : buffer_span(&first->mend);
	char more[80] = "";
	if (others)
		snprintf(more, sizeof(more), " (and %zu more: `proctor rules audit --check`)", others);
	tell("auditing does not record %.*s: %.*s%s; to mend it: %.*s", (int)unseen.len, unseen.data, (int)evidence.len,
	     evidence.data, more, (int)mend.len, mend.data);
}

static int look(struct coverage_facts *facts, struct audit_rules *wanted, struct err *err)
{
	int result = coverage_look(facts, "/proc", err);
	const struct audit_wish wish = { .profile = AUDIT_PROFILE_FULL,
					 .procfs = &facts->procfs,
					 .runs_32bit = machine_runs_32bit() };

	return result < 0 ? result : audit_rules_build(wanted, &wish, err);
}

void audit_gaps_tell(void)
{
	static struct coverage_facts facts; /* large */
	struct audit_rules wanted = { 0 };
	struct gaps gaps = { 0 };
	struct err err = { 0 };

	facts = (struct coverage_facts){ 0 };
	if (look(&facts, &wanted, &err) < 0)
		tell("what auditing does not record cannot be told: %s", err.text);
	else
		coverage_find(&facts, &wanted, &gaps);
	for (int kind = 0; kind < GAP_COUNT; kind++)
		tell_kind(&gaps, (enum gap_kind)kind);
	gaps_finish(&gaps);
	audit_rules_finish(&wanted);
	coverage_facts_finish(&facts);
}
