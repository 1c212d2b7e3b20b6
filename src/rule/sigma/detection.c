/* Selections, and the condition over them. */
#include <errno.h>

#include "rule/sigma/condition.h"

/* ---- selections ---- */

static const struct sigma_node *item_node(struct sigma_builder *builder, const struct sigma_key *key,
					  const struct yaml_node *value)
{
	struct sigma_item *item = sigma_item_read(builder, key, value);
	struct sigma_node *node = item ? builder_node(builder, SIGMA_ITEM, 0, key->place) : NULL;

	if (node)
		node->item = item;
	return node;
}

static const struct sigma_node *read_map(struct sigma_builder *builder, const struct yaml_node *map)
{
	struct sigma_node *node = builder_node(builder, SIGMA_AND, map->count, map->place);

	if (node && map->count == 0) {
		sigma_error(builder->diagnostics, map->place, "the selection is empty");
		return NULL;
	}
	for (const struct yaml_node *value = map->first; node && value; value = value->next) {
		struct sigma_key key;
		const struct sigma_node *child = NULL;
		if (sigma_key_read(&key, value->key, builder->diagnostics) == 0)
			child = item_node(builder, &key, value);
		if (!child)
			return NULL;
		node->children[node->count++] = child;
	}
	return node;
}

static bool is_keywords(const struct yaml_node *list)
{
	for (const struct yaml_node *node = list->first; node; node = node->next)
		if (node->kind != YAML_SCALAR)
			return false;
	return true;
}

static const struct sigma_node *read_keywords(struct sigma_builder *builder, const struct yaml_node *value)
{
	struct sigma_key key = { .place = value->place, .type = OF_TEXT };

	return item_node(builder, &key, value);
}

const struct sigma_node *sigma_selection_read(struct sigma_builder *builder, const struct yaml_node *node)
{
	if (node->kind == YAML_MAP)
		return read_map(builder, node);
	if (node->kind == YAML_SCALAR || (node->count && is_keywords(node)))
		return read_keywords(builder, node);
	if (node->count == 0) {
		sigma_error(builder->diagnostics, node->place, "the selection is empty");
		return NULL;
	}
	struct sigma_node *any = builder_node(builder, SIGMA_OR, node->count, node->place);
	for (const struct yaml_node *part = node->first; any && part; part = part->next) {
		const struct sigma_node *child = sigma_selection_read(builder, part);
		if (!child)
			return NULL;
		any->children[any->count++] = child;
	}
	return any;
}

static bool is_skipped(struct span name, const char *const *skip)
{
	for (; *skip; skip++)
		if (span_equal(name, span_of(*skip)))
			return true;
	return false;
}

static int read_selections(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map,
			   const char *const *skip)
{
	rule->selections = builder_alloc(builder, (map->count + 1) * sizeof(*rule->selections), map->place);
	if (!rule->selections)
		return -ENOMEM;
	for (const struct yaml_node *node = map->first; node; node = node->next) {
		if (is_skipped(node->key->text, skip))
			continue;
		const struct sigma_node *selection = sigma_selection_read(builder, node);
		if (!selection)
			return -EINVAL;
		rule->selections[rule->selection_count++] = (struct sigma_selection){
			.name = builder_copy(builder, node->key->text),
			.node = selection,
			.place = node->key->place,
		};
	}
	return 0;
}

/* ---- conditions ---- */

static const struct sigma_node *find_selection(void *context, struct span name)
{
	struct sigma_rule *rule = context;

	for (size_t i = 0; i < rule->selection_count; i++) {
		if (!span_equal(rule->selections[i].name, name))
			continue;
		rule->selections[i].used = true;
		return rule->selections[i].node;
	}
	return NULL;
}

/* Whether the name fits a pattern in which * is any text: greedy, with one place to come back to. */
static bool fits(struct span pattern, struct span name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, back = 0;

	while (n < name.len) {
		if (p < pattern.len && pattern.data[p] == '*') {
			star = p++;
			back = n;
		} else if (p < pattern.len && pattern.data[p] == name.data[n]) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++back;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.data[p] == '*')
		p++;
	return p == pattern.len;
}

static const struct sigma_node *next_selection(void *context, struct span pattern, size_t *at)
{
	struct sigma_rule *rule = context;

	while (*at < rule->selection_count) {
		struct sigma_selection *selection = &rule->selections[(*at)++];
		bool among = pattern.len ? fits(pattern, selection->name) : !span_starts(selection->name, SPAN("_"));
		if (!among)
			continue;
		selection->used = true;
		return selection->node;
	}
	return NULL;
}

static const struct sigma_node *read_condition(struct sigma_builder *builder, struct sigma_rule *rule,
					       const struct yaml_node *node)
{
	struct condition_names names = { find_selection, next_selection, rule };

	if (node->kind == YAML_SCALAR)
		return sigma_condition_read(builder, node, &names);
	if (node->kind != YAML_LIST || node->count == 0 || node->count > 64) {
		sigma_error(builder->diagnostics, node->place,
			    "the condition must be a text, or a list of up to 64 texts");
		return NULL;
	}
	struct sigma_node *any = builder_node(builder, SIGMA_OR, node->count, node->place);
	for (const struct yaml_node *part = node->first; any && part; part = part->next) {
		const struct sigma_node *child = NULL;
		if (part->kind == YAML_SCALAR)
			child = sigma_condition_read(builder, part, &names);
		else
			sigma_error(builder->diagnostics, part->place, "a condition must be a text");
		if (!child)
			return NULL;
		any->children[any->count++] = child;
	}
	return any;
}

static void warn_of_unused(struct sigma_builder *builder, const struct sigma_rule *rule)
{
	for (size_t i = 0; i < rule->selection_count; i++)
		if (!rule->selections[i].used)
			sigma_warning(builder->diagnostics, rule->selections[i].place,
				      "no condition asks for the selection '%.*s'", (int)rule->selections[i].name.len,
				      rule->selections[i].name.data);
}

int sigma_detection_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map,
			 const char *const *skip)
{
	struct yaml_node *condition = yaml_get(map, "condition");

	if (map->kind != YAML_MAP)
		return sigma_error(builder->diagnostics, map->place, "it must be a map of selections and a condition");
	if (read_selections(builder, rule, map, skip) < 0)
		return -EINVAL;
	if (!condition)
		return sigma_error(builder->diagnostics, map->place, "the condition is missing");
	rule->condition = read_condition(builder, rule, condition);
	if (!rule->condition)
		return -EINVAL;
	warn_of_unused(builder, rule);
	return 0;
}
