/*
 * What can only be said when all files are read: which fields there are,
 * whether a rule can match, which filters apply, who correlates whom.
 */
#include <errno.h>
#include <stdlib.h>

#include "rule/sigma/link.h"

/* ---- names ---- */

static int compare_names(const void *a, const void *b)
{
	const struct link_name *x = a, *y = b;
	size_t len = x->name.len < y->name.len ? x->name.len : y->name.len;
	int order = len ? memcmp(x->name.data, y->name.data, len) : 0;

	if (order == 0)
		order = (x->name.len > y->name.len) - (x->name.len < y->name.len);
	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static int collect_names(struct linker *linker)
{
	struct sigma_rules *rules = linker->rules;

	linker->names = calloc(2 * rules->count + 1, sizeof(*linker->names));
	if (!linker->names)
		return sigma_out_of_memory(&rules->diagnostics, (struct sigma_place){ 0 });
	for (uint32_t i = 0; i < rules->count; i++) {
		if (rules->items[i].id.len)
			linker->names[linker->count++] = (struct link_name){ rules->items[i].id, i };
		if (rules->items[i].name.len && !span_equal(rules->items[i].name, rules->items[i].id))
			linker->names[linker->count++] = (struct link_name){ rules->items[i].name, i };
	}
	qsort(linker->names, linker->count, sizeof(*linker->names), compare_names);
	return 0;
}

/* The later of two with one name goes, unless they were made to be alike. */
static void check_duplicates(struct linker *linker)
{
	struct sigma_rules *rules = linker->rules;

	for (size_t i = 1; i < linker->count; i++) {
		struct link_name *name = &linker->names[i];
		const struct sigma_rule *first = &rules->items[name[-1].rule];
		struct sigma_rule *second = &rules->items[name->rule];
		if (!span_equal(name[-1].name, name->name) || second->state == SIGMA_BROKEN)
			continue;
		if (first->global && second->global && first->place.file == second->place.file)
			continue;
		second->state = SIGMA_BROKEN;
		sigma_error(&rules->diagnostics, second->place, "the id or name '%.*s' was already given in %s:%u",
			    (int)name->name.len, name->name.data, first->place.file, first->place.line);
		name->rule = name[-1].rule;
	}
}

uint32_t linker_find(const struct linker *linker, struct span name)
{
	size_t low = 0, high = linker->count;
	struct link_name key = { name, 0 };

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare_names(&linker->names[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < linker->count && span_equal(linker->names[low].name, name) ? linker->names[low].rule : UINT32_MAX;
}

/* ---- fields ---- */

static uint32_t add_extra(struct sigma_rules *rules, enum sigma_source source, struct span name)
{
	if (rules->extra_count == rules->extra_capacity) {
		size_t capacity = rules->extra_capacity ? 2 * rules->extra_capacity : 64;
		struct sigma_extra_field *extra =
			capacity <= SIGMA_EXTRA_FIELDS_MAX ? realloc(rules->extra, capacity * sizeof(*extra)) : NULL;
		if (!extra)
			return SIGMA_FIELD_NONE;
		rules->extra = extra;
		rules->extra_capacity = capacity;
	}
	rules->extra[rules->extra_count] = (struct sigma_extra_field){ source, name };
	return (uint32_t)(SIGMA_FIELD_TABLE + rules->extra_count++);
}

uint32_t linker_field(struct sigma_rules *rules, const struct sigma_rule *rule, struct span name,
		      struct sigma_place place)
{
	uint32_t field = sigma_rules_field(rules, rule->source, name);

	if (field != SIGMA_FIELD_NONE)
		return field;
	if (sigma_source_is_open(rule->source) && name.len <= 64) {
		field = add_extra(rules, rule->source, name);
		if (field == SIGMA_FIELD_NONE)
			sigma_warning(&rules->diagnostics, place,
				      "the rules ask for too many fields; this one is in no event");
		return field;
	}
	const char *meant = sigma_field_suggest(rule->source, name);
	sigma_warning(&rules->diagnostics, place, "events of %s have no field '%.*s'%s%s%s",
		      sigma_source_name(rule->source), (int)name.len, name.data, meant ? "; did you mean '" : "",
		      meant ? meant : "", meant ? "'?" : "");
	return SIGMA_FIELD_NONE;
}

static void link_item(struct sigma_rules *rules, const struct sigma_rule *rule, struct sigma_item *item)
{
	item->index = item->field.len ? linker_field(rules, rule, item->field, item->place) : SIGMA_FIELD_WHOLE;
	for (size_t i = 0; i < item->count; i++) {
		struct sigma_test *test = &item->tests[i];
		if (test->kind == SIGMA_TEST_REFERENCE)
			test->reference.field = linker_field(rules, rule, test->reference.name, item->place);
	}
}

static void link_node(struct sigma_rules *rules, const struct sigma_rule *rule, const struct sigma_node *node)
{
	if (node->kind == SIGMA_ITEM)
		link_item(rules, rule, node->item);
	for (size_t i = 0; i < node->count; i++)
		link_node(rules, rule, node->children[i]);
}

/* ---- rules that cannot match ---- */

enum truth { NEVER, ALWAYS, DEPENDS };

static enum truth truth_of_test(const struct sigma_item *item, const struct sigma_test *test)
{
	bool missing = item->index == SIGMA_FIELD_NONE;
	bool anything = test->kind == SIGMA_TEST_TEXT && test->wildcard.count == 0 && test->wildcard.open_start;

	if (item->index == SIGMA_FIELD_WHOLE && anything)
		return ALWAYS;
	if (!missing)
		return DEPENDS;
	if (test->kind == SIGMA_TEST_NULL || (test->kind == SIGMA_TEST_EXISTS && !test->exists))
		return ALWAYS;
	return NEVER;
}

static enum truth turned(enum truth truth)
{
	return truth == DEPENDS ? DEPENDS : truth == NEVER ? ALWAYS : NEVER;
}

static enum truth truth_of_item(const struct sigma_item *item)
{
	size_t never = 0, always = 0;
	enum truth truth = DEPENDS;

	for (size_t i = 0; i < item->count; i++) {
		enum truth one = truth_of_test(item, &item->tests[i]);
		never += one == NEVER;
		always += one == ALWAYS;
	}
	if (item->all ? never > 0 : never == item->count)
		truth = NEVER;
	else if (item->all ? always == item->count : always > 0)
		truth = ALWAYS;
	return item->negated ? turned(truth) : truth;
}

static enum truth truth_of(const struct sigma_node *node)
{
	size_t never = 0, always = 0;

	if (node->kind == SIGMA_ITEM)
		return truth_of_item(node->item);
	if (node->kind == SIGMA_LEAF)
		return DEPENDS;
	for (size_t i = 0; i < node->count; i++) {
		enum truth one = truth_of(node->children[i]);
		never += one == NEVER;
		always += one == ALWAYS;
	}
	if (node->kind == SIGMA_NOT)
		return never ? ALWAYS : always ? NEVER : DEPENDS;
	size_t needed = node->kind == SIGMA_AND ? node->count : node->kind == SIGMA_OR ? 1 : node->needed;
	if (node->count - never < needed)
		return NEVER;
	return always >= needed ? ALWAYS : DEPENDS;
}

static void link_detection(struct sigma_rules *rules, struct sigma_rule *rule)
{
	for (size_t i = 0; i < rule->selection_count; i++)
		link_node(rules, rule, rule->selections[i].node);
	switch (truth_of(rule->condition)) {
	case NEVER:
		rule->state = SIGMA_NO_FIELD;
		sigma_warning(&rules->diagnostics, rule->place, "the condition of '%.*s' can never hold",
			      (int)rule->title.len, rule->title.data);
		break;
	case ALWAYS:
		sigma_warning(&rules->diagnostics, rule->place,
			      rule->document == SIGMA_FILTER ? "the filter '%.*s' suppresses everything of its rules"
							     : "the condition of '%.*s' always holds",
			      (int)rule->title.len, rule->title.data);
		break;
	case DEPENDS:
		break;
	}
}

static void link_source(struct sigma_rules *rules, struct sigma_rule *rule)
{
	if (rule->state == SIGMA_BROKEN || rule->document == SIGMA_CORRELATION)
		return;
	if (rule->taxonomy.len && !span_equal(rule->taxonomy, SPAN("sigma")))
		rule->source = SIGMA_SOURCE_COUNT;
	else
		rule->source = sigma_source_of(rule->logsource.product, rule->logsource.category,
					       rule->logsource.service, &rule->services);
	if (rule->source == SIGMA_SOURCE_COUNT)
		rule->state = SIGMA_NO_SOURCE;
	else
		link_detection(rules, rule);
}

/* ---- all of it ---- */

void sigma_rules_link(struct sigma_rules *rules)
{
	struct linker linker = { .rules = rules };

	if (collect_names(&linker) == 0) {
		check_duplicates(&linker);
		for (size_t i = 0; i < rules->count; i++)
			link_source(rules, &rules->items[i]);
		link_filters(&linker);
		link_correlations(&linker);
	}
	free(linker.names);
}
