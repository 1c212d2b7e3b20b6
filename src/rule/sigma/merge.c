#include "rule/sigma/merge.h"

static bool append(struct arena *arena, struct yaml_node *map, const struct yaml_node *value)
{
	struct yaml_node *copy = value ? arena_alloc(arena, sizeof(*copy)) : NULL;

	if (!copy)
		return false;
	*copy = *value;
	copy->next = NULL;
	if (map->last)
		map->last->next = copy;
	else
		map->first = copy;
	map->last = copy;
	map->count++;
	return true;
}

static const struct yaml_node *find(const struct yaml_node *map, struct span key)
{
	const struct yaml_node *node = map ? map->first : NULL;

	while (node && !span_equal(node->key->text, key))
		node = node->next;
	return node;
}

/* What stands under the key of `value`, of the base, when the other is laid over it. */
static const struct yaml_node *merged_value(struct arena *arena, const struct yaml_node *value,
					    const struct yaml_node *over)
{
	const struct yaml_node *other = find(over, value->key->text);

	if (!other)
		return value;
	if (value->kind != YAML_MAP || other->kind != YAML_MAP)
		return other;
	return yaml_merge(arena, value, other);
}

struct yaml_node *yaml_merge(struct arena *arena, const struct yaml_node *base, const struct yaml_node *over)
{
	struct yaml_node *map = arena_alloc(arena, sizeof(*map));

	if (!map)
		return NULL;
	*map = (struct yaml_node){ .kind = YAML_MAP, .place = over->place, .key = over->key };
	for (const struct yaml_node *node = base ? base->first : NULL; node; node = node->next)
		if (!append(arena, map, merged_value(arena, node, over)))
			return NULL;
	for (const struct yaml_node *node = over->first; node; node = node->next) {
		if (span_equal(node->key->text, SPAN("action")) || find(base, node->key->text))
			continue;
		if (!append(arena, map, node))
			return NULL;
	}
	return map;
}
