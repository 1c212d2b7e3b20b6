/* placeholders: %name% in values with the modifier `expand` (specification 2.1.0, "Placeholders"). */
#ifndef RULE_SIGMA_PLACEHOLDERS_H
#define RULE_SIGMA_PLACEHOLDERS_H

#include "rule/sigma/builder.h"

/*
 * Adds the text with every combination of its placeholders' values; \% is a
 * plain percent sign. A placeholder that has no values is an error: the
 * specification wants the rule rejected. `scalar` is where the text stands.
 */
int sigma_expand_placeholders(struct sigma_builder *builder, struct sigma_values *to, struct sigma_text text,
			      const struct yaml_node *scalar);

#endif
