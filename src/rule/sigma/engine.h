/*
 * engine: all rules as one matcher.
 *
 * For each log source, the texts that its rules cannot do without (anchor.h)
 * are one literal set. Of an event, each field that rules look into goes
 * through it once; only rules of which enough was found are evaluated. So the
 * cost of an event hardly depends on the number of rules.
 *
 * The engine does not change once it is created, so threads share it; each
 * has its own evaluator (evaluate.h). The rules must outlive it.
 */
#ifndef RULE_SIGMA_ENGINE_H
#define RULE_SIGMA_ENGINE_H

#include "rule/sigma/load.h"

struct sigma_engine;

/* From linked rules. NULL with err: memory is out. */
struct sigma_engine *sigma_engine_create(const struct sigma_rules *rules, struct err *err);
void sigma_engine_destroy(struct sigma_engine *engine);

/* Whether any rule is about events of this source; others need not be built. */
bool sigma_engine_wants(const struct sigma_engine *engine, enum sigma_source source);

/* Whether any rule, or a correlation, asks for this field; others need not be filled. */
bool sigma_engine_reads(const struct sigma_engine *engine, uint32_t field);

/* Whether a rule of this source has keywords, so that `whole` is worth its while. */
bool sigma_engine_reads_whole(const struct sigma_engine *engine, enum sigma_source source);

/*
 * Whether sigma_glance (evaluate.h) tells of events of this source, by the texts of these fields, that no rule matches:
 * all rules look for literals there, and those are few.
 */
bool sigma_engine_glances(const struct sigma_engine *engine, enum sigma_source source, const uint32_t *fields,
			  size_t count);

/* For statistics: rules that take part, different literals, rules that no literal saves from being evaluated. */
struct sigma_engine_size {
	size_t rules, literals, always;
};
struct sigma_engine_size sigma_engine_size(const struct sigma_engine *engine, enum sigma_source source);

#endif
