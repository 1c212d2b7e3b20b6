/* modifiers: "CommandLine|contains|all" taken apart and checked. */
#ifndef RULE_SIGMA_MODIFIERS_H
#define RULE_SIGMA_MODIFIERS_H

#include "rule/sigma/rule.h"
#include "rule/sigma/yaml.h"

#define SIGMA_MODIFIERS_MAX 8

enum sigma_modifier {
#define MODIFIER(id, name, from, to) MODIFIER_##id,
#include "rule/sigma/modifiers.def"
#undef MODIFIER
	MODIFIER_COUNT
};

enum sigma_value_type {
	OF_TEXT = 1,
	OF_REGEX = 2,
	OF_NETWORK = 4,
	OF_COMPARED = 8,
	OF_DATE = 16,
	OF_FIELD = 32,
	OF_EXISTS = 64,
};

struct sigma_key {
	struct span field;
	struct sigma_place place;
	enum sigma_modifier modifiers[SIGMA_MODIFIERS_MAX]; /* in their order */
	size_t count;
	enum sigma_value_type type; /* of the value in the end */
	bool has[MODIFIER_COUNT];
};

const char *sigma_modifier_name(enum sigma_modifier modifier);

/* 0 or -EINVAL, with the reason in the diagnostics. */
int sigma_key_read(struct sigma_key *key, const struct yaml_node *node, struct sigma_diagnostics *diagnostics);

#endif
