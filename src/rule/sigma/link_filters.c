#include <stdlib.h>

#include "rule/sigma/link.h"

/* A filter's log source covers a rule's when each name that it gives is the rule's. */
static bool covers(const struct sigma_logsource *filter, const struct sigma_logsource *rule)
{
	return (filter->category.len == 0 || span_equal(filter->category, rule->category)) &&
	       (filter->product.len == 0 || span_equal(filter->product, rule->product)) &&
	       (filter->service.len == 0 || span_equal(filter->service, rule->service));
}

static void add_filter(struct linker *linker, uint32_t filter, struct sigma_rule *rule)
{
	uint32_t *filters = arena_alloc(&linker->rules->arena, (rule->filter_count + 1) * sizeof(*filters));

	if (!filters) {
		sigma_out_of_memory(&linker->rules->diagnostics, linker->rules->items[filter].place);
		return;
	}
	if (rule->filter_count)
		memcpy(filters, rule->filters, rule->filter_count * sizeof(*filters));
	filters[rule->filter_count++] = filter;
	rule->filters = filters;
}

static void link_any(struct linker *linker, uint32_t index)
{
	const struct sigma_rule *filter = &linker->rules->items[index];

	for (size_t i = 0; i < linker->rules->count; i++) {
		struct sigma_rule *rule = &linker->rules->items[i];
		if (rule->document == SIGMA_DETECTION && rule->state == SIGMA_READY &&
		    covers(&filter->logsource, &rule->logsource))
			add_filter(linker, index, rule);
	}
}

static void link_target(struct linker *linker, uint32_t index, struct span target)
{
	struct sigma_rules *rules = linker->rules;
	const struct sigma_rule *filter = &rules->items[index];
	uint32_t found = linker_find(linker, target);
	struct sigma_rule *rule = found == UINT32_MAX ? NULL : &rules->items[found];

	if (!rule || rule->document != SIGMA_DETECTION)
		sigma_warning(&rules->diagnostics, filter->place, "the filter is for '%.*s', but %s", (int)target.len,
			      target.data, rule ? "that is no detection rule" : "there is no such rule");
	else if (!covers(&filter->logsource, &rule->logsource))
		sigma_warning(&rules->diagnostics, filter->place,
			      "the filter is for '%.*s', but its log source is another one", (int)target.len,
			      target.data);
	else if (rule->state == SIGMA_READY)
		add_filter(linker, index, rule);
}

void link_filters(struct linker *linker)
{
	for (uint32_t i = 0; i < linker->rules->count; i++) {
		const struct sigma_rule *filter = &linker->rules->items[i];
		if (filter->document != SIGMA_FILTER || filter->state != SIGMA_READY)
			continue;
		if (filter->targets.count == 0)
			link_any(linker, i);
		for (size_t j = 0; j < filter->targets.count; j++)
			link_target(linker, i, filter->targets.items[j]);
	}
}
