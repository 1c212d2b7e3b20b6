#include "rule/record_types.h"

static void add_type(struct record_types *types, uint16_t type)
{
	for (size_t i = 0; i < types->count; i++)
		if (types->types[i] == type)
			return;
	types->any |= !type || types->count == RECORD_TYPES_MAX;
	if (!types->any)
		types->types[types->count++] = type;
}

static void join(struct record_types *to, const struct record_types *from)
{
	to->any |= from->any;
	for (size_t i = 0; i < from->count; i++)
		add_type(to, from->types[i]);
}

/* 0: it is no type's name. Case does not count. */
static uint16_t type_of_test(const struct sigma_test *test)
{
	const struct wildcard *wildcard = &test->wildcard;
	char name[32];

	if (test->kind != SIGMA_TEST_TEXT || wildcard->count != 1 || wildcard->open_start || wildcard->open_end)
		return 0;
	struct span text = wildcard->pieces[0].bytes;
	if (!text.data || text.len > sizeof(name))
		return 0;
	for (size_t i = 0; i < text.len; i++)
		name[i] = (char)(text.data[i] >= 'a' && text.data[i] <= 'z' ? text.data[i] - 32 : text.data[i]);
	return record_type_of((struct span){ name, text.len });
}

/* Types that an item asks for by name. With `all`, one of them is enough to look at. */
static struct record_types of_item(const struct sigma_item *item)
{
	struct record_types types = { .any = item->index != SIGMA_AUDITD_TYPE || item->negated || !item->count };

	for (size_t i = 0; i < item->count && !types.any; i++) {
		add_type(&types, type_of_test(&item->tests[i]));
	}
	return types;
}

/* All of them hold: the fewest types that one of them asks for. */
static struct record_types of_all(const struct sigma_node *node);

static struct record_types of_node(const struct sigma_node *node)
{
	struct record_types types = { 0 }, child;

	switch (node->kind) {
	case SIGMA_AND:
		return of_all(node);
	case SIGMA_OR:
	case SIGMA_AT_LEAST:
		for (size_t i = 0; i < node->count; i++) {
			child = of_node(node->children[i]);
			join(&types, &child);
		}
		types.any |= node->kind == SIGMA_AT_LEAST && node->needed == 0;
		return types;
	case SIGMA_ITEM:
		return of_item(node->item);
	case SIGMA_NOT:
	case SIGMA_LEAF:
		break;
	}
	types.any = true;
	return types;
}

static struct record_types of_all(const struct sigma_node *node)
{
	struct record_types least = { .any = true };

	for (size_t i = 0; i < node->count; i++) {
		struct record_types child = of_node(node->children[i]);
		if (least.any || (!child.any && child.count < least.count))
			least = child;
	}
	return least;
}

struct record_types record_types_of(const struct sigma_rules *rules)
{
	struct record_types types = { 0 };

	for (size_t i = 0; i < rules->count; i++) {
		const struct sigma_rule *rule = &rules->items[i];
		if (rule->document != SIGMA_DETECTION || rule->state != SIGMA_READY ||
		    rule->source != SIGMA_SOURCE_AUDITD)
			continue;
		struct record_types own = of_node(rule->condition);
		join(&types, &own);
	}
	return types;
}

bool record_types_have(const struct record_types *types, const struct event *event)
{
	if (types->any)
		return true;
	for (size_t i = 0; i < event->count; i++)
		for (size_t j = 0; j < types->count; j++)
			if (event->records[i].type == types->types[j])
				return true;
	return false;
}
