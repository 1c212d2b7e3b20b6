#include "rule/sigma/builder.h"

void *builder_alloc(struct sigma_builder *builder, size_t size, struct sigma_place place)
{
	void *room = arena_alloc(builder->arena, size);

	if (room)
		memset(room, 0, size);
	else
		sigma_out_of_memory(builder->diagnostics, place);
	return room;
}

struct sigma_node *builder_node(struct sigma_builder *builder, enum sigma_node_kind kind, size_t children,
				struct sigma_place place)
{
	struct sigma_node *node = builder_alloc(builder, sizeof(*node), place);

	if (!node)
		return NULL;
	node->kind = kind;
	node->children = builder_alloc(builder, (children + 1) * sizeof(struct sigma_node *), place);
	return node->children ? node : NULL;
}

struct span builder_copy(struct sigma_builder *builder, struct span text)
{
	return arena_copy(builder->arena, text);
}
