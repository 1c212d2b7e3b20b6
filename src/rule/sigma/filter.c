/*
 * Meta filters (specification 2.1.0, "Sigma Filters").
 *
 * The specification's example suppresses what its condition describes:
 * `condition: selection`. pySigma's documentation writes the same filter as
 * `condition: not selection`, because there the condition is joined to the
 * rule's with "and". Both are read: a condition in which every selection is
 * negated says what is to be kept, any other what is to be suppressed.
 */
#include <errno.h>

#include "rule/sigma/builder.h"

struct signs {
	bool plain, negated;
};

static void look_for_signs(const struct sigma_node *node, bool negated, const struct sigma_rule *rule,
			   struct signs *signs)
{
	for (size_t i = 0; i < rule->selection_count; i++) {
		if (rule->selections[i].node != node)
			continue;
		signs->plain |= !negated;
		signs->negated |= negated;
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		look_for_signs(node->children[i], negated ^ (node->kind == SIGMA_NOT), rule, signs);
}

static int turn_round(struct sigma_builder *builder, struct sigma_rule *rule, struct sigma_place place)
{
	struct signs signs = { 0 };

	look_for_signs(rule->condition, false, rule, &signs);
	if (signs.plain || !signs.negated)
		return 0;
	struct sigma_node *node = builder_node(builder, SIGMA_NOT, 1, place);
	if (!node)
		return -ENOMEM;
	node->children[node->count++] = rule->condition;
	rule->condition = node;
	return 0;
}

int sigma_filter_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map)
{
	static const char *const skip[] = { "condition", "rules", NULL };
	const struct yaml_node *rules = yaml_get(map, "rules");

	if (map->kind != YAML_MAP)
		return sigma_error(builder->diagnostics, map->place, "'filter' must be a map");
	if (!rules)
		return sigma_error(
			builder->diagnostics, map->place,
			"the filter does not say which rules it is for (rules: a list of ids or names, or any)");
	if (sigma_texts_read(builder, &rule->targets, rules) < 0)
		return -EINVAL;
	if (rules->kind == YAML_SCALAR && span_equal_nocase(rules->text, SPAN("any")))
		rule->targets.count = 0;
	if (sigma_detection_read(builder, rule, map, skip) < 0)
		return -EINVAL;
	return turn_round(builder, rule, yaml_get(map, "condition")->place);
}
