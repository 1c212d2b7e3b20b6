/* builder: what the readers of a document share. Internal to the loader. */
#ifndef RULE_SIGMA_BUILDER_H
#define RULE_SIGMA_BUILDER_H

#include "rule/sigma/modifiers.h"
#include "rule/sigma/values.h"

/* What %name% stands for in values with the modifier `expand`. */
struct sigma_placeholder {
	struct span name;
	const struct span *values; /* may have wildcards */
	size_t count;
};

/* Regexes are PCRE2's, so they are given back one by one. */
struct sigma_regexes {
	struct regex **items;
	size_t count, capacity;
};

struct sigma_builder {
	struct arena *arena;
	struct sigma_diagnostics *diagnostics;
	const struct sigma_placeholder *placeholders;
	size_t placeholder_count;
	struct sigma_regexes *regexes;
};

/* NULL when memory is out, and that is in the diagnostics. */
void *builder_alloc(struct sigma_builder *builder, size_t size, struct sigma_place place); /* cleared */
struct sigma_node *builder_node(struct sigma_builder *builder, enum sigma_node_kind kind, size_t children,
				struct sigma_place place);
struct span builder_copy(struct sigma_builder *builder, struct span text);

/* The values of one field, or keywords. NULL when it is wrong, and that is in the diagnostics. */
struct sigma_item *sigma_item_read(struct sigma_builder *builder, const struct sigma_key *key,
				   const struct yaml_node *value);

/* One selection: a map, a list, a list of maps, keywords. NULL likewise. */
const struct sigma_node *sigma_selection_read(struct sigma_builder *builder, const struct yaml_node *node);

/*
 * All selections of `detection` or `filter` and the condition over them, into the rule. 0 or -EINVAL.
 * Keys in `skip` (NULL at its end) are no selections.
 */
int sigma_detection_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map,
			 const char *const *skip);

int sigma_correlation_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map);
int sigma_filter_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map);
int sigma_effect_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map);
int sigma_metadata_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *root);

/* A scalar, or a list of them. 0 or -EINVAL. */
int sigma_texts_read(struct sigma_builder *builder, struct sigma_texts *texts, const struct yaml_node *node);

#endif
