/* link: what the parts of linking share. Internal to the loader. */
#ifndef RULE_SIGMA_LINK_H
#define RULE_SIGMA_LINK_H

#include "rule/sigma/load.h"

#define SIGMA_EXTRA_FIELDS_MAX 4096

struct link_name {
	struct span name;
	uint32_t rule;
};

struct linker {
	struct sigma_rules *rules;
	struct link_name *names; /* ids and names, sorted */
	size_t count;
};

/* The rule of that id or name, or UINT32_MAX. */
uint32_t linker_find(const struct linker *linker, struct span name);

/* The number of a field of the rule's source; SIGMA_FIELD_NONE with a warning. */
uint32_t linker_field(struct sigma_rules *rules, const struct sigma_rule *rule, struct span name,
		      struct sigma_place place);

void link_filters(struct linker *linker);
void link_correlations(struct linker *linker);

#endif
