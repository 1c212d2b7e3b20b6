/* engine_parts: the compiled form that evaluation walks. Internal to engine and evaluator. */
#ifndef RULE_SIGMA_ENGINE_PARTS_H
#define RULE_SIGMA_ENGINE_PARTS_H

#include "match/literals.h"
#include "rule/sigma/engine.h"

/* A literal that was found in `field` satisfies the clause `bit` of the rule in `slot`. */
struct hook {
	uint32_t field, slot;
	uint32_t bit;
};

/* One rule of a source. */
struct slot {
	uint32_t rule;	 /* its index in the rules */
	uint32_t wanted; /* the bits of all its clauses; 0: it is always evaluated */
};

struct source_index {
	struct literals *literals;
	size_t literal_count;
	uint32_t *first_hook; /* literal_count + 1 */
	struct hook *hooks;
	struct slot *slots;
	size_t slot_count;
	uint32_t *always; /* slots without clauses */
	size_t always_count;
	bool *scanned; /* of each field: a literal is looked for in it */
	bool reads_whole;
};

struct sigma_engine {
	const struct sigma_rules *rules;
	struct source_index sources[SIGMA_SOURCE_COUNT];
	bool *read; /* of each field: some rule asks for it */
	uint32_t field_count;
	size_t slots_max; /* of one source */
};

#endif
