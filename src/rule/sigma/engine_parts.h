/* engine_parts: the compiled form that evaluation walks. Internal to engine and evaluator. */
#ifndef RULE_SIGMA_ENGINE_PARTS_H
#define RULE_SIGMA_ENGINE_PARTS_H

#include "match/literals.h"
#include "rule/sigma/engine.h"

/* A literal that was found satisfies the clause `bit` of the rule in `slot`. */
struct hook {
	uint32_t slot, bit;
};

/* What is looked for in one field; SIGMA_FIELD_WHOLE: in the whole text. */
struct field_set {
	uint32_t field;
	struct literals *literals;
	size_t literal_count;
	uint32_t *first_hook; /* literal_count + 1 */
	struct hook *hooks;
};

/* One rule of a source. */
struct slot {
	uint32_t rule;	 /* its index in the rules */
	uint32_t wanted; /* the bits of all its clauses; 0: it is always evaluated */
};

struct source_index {
	struct field_set *sets; /* sorted by field; so that of the whole text is the last */
	size_t set_count;
	struct field_set glance; /* all sets as one */
	bool glances;		 /* … which they are, being few, and no rule is always evaluated */
	uint32_t *set_of;	 /* of each field: 1 + its set, 0: none */
	struct slot *slots;
	size_t slot_count;
	uint32_t *always; /* slots without clauses */
	size_t always_count;
	bool reads_whole; /* a rule has keywords */
};

struct sigma_engine {
	const struct sigma_rules *rules;
	struct source_index sources[SIGMA_SOURCE_COUNT];
	bool *read; /* of each field: some rule asks for it */
	uint32_t field_count;
	size_t slots_max; /* of one source */
};

/* The index of one source, from the engine's rules. 0; -ENOMEM with err: it is to be finished all the same. */
int sigma_index_build(struct sigma_engine *engine, enum sigma_source source, struct err *err);
void sigma_index_finish(struct source_index *index);

#endif
