/* The correlation section of a document (specification 2.1.0, "Sigma Correlation Rules"). */
#include <errno.h>

#include "rule/sigma/condition.h"
#include "rule/sigma/number.h"
#include "rule/sigma/suggest.h"

#define TIMESPAN_MAX_MS ((int64_t)366 * 86400 * 1000)

static const char *const types[] = { "event_count",	 "value_count", "temporal",
				     "temporal_ordered", "value_sum",	"value_avg" };
static const char *const compares[] = { "eq", "neq", "lt", "lte", "gt", "gte" };

static bool is_temporal(const struct sigma_correlation *correlation)
{
	return correlation->type == SIGMA_TEMPORAL || correlation->type == SIGMA_TEMPORAL_ORDERED;
}

static int read_type(struct sigma_builder *builder, struct sigma_correlation *correlation, const struct yaml_node *map)
{
	const struct yaml_node *node = yaml_get(map, "type");

	if (!node || node->kind != YAML_SCALAR)
		return sigma_error(builder->diagnostics, map->place, "the correlation's type is missing");
	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!span_equal(node->text, span_of(types[i])))
			continue;
		correlation->type = (enum sigma_correlation_type)i;
		return 0;
	}
	if (span_equal(node->text, SPAN("value_percentile")) || span_equal(node->text, SPAN("value_median")))
		return sigma_error(builder->diagnostics, node->place,
				   "'%.*s' is not evaluated: no bounded state tells it", (int)node->text.len,
				   node->text.data);
	const char *meant = sigma_suggest(node->text, types, sizeof(types) / sizeof(types[0]));
	return sigma_error(builder->diagnostics, node->place, "there is no correlation type '%.*s'%s%s%s",
			   (int)node->text.len, node->text.data, meant ? "; did you mean '" : "", meant ? meant : "",
			   meant ? "'?" : "");
}

static int read_timespan(struct sigma_builder *builder, struct sigma_correlation *correlation,
			 const struct yaml_node *map)
{
	static const struct {
		char letter;
		int64_t ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 }, { 'w', 604800000 } };
	const struct yaml_node *node = yaml_get(map, "timespan");
	uint64_t number;

	if (!node || node->kind != YAML_SCALAR)
		return sigma_error(builder->diagnostics, map->place, "the correlation's timespan is missing");
	size_t used = span_decimal(node->text, &number);
	for (size_t i = 0; used && used + 1 == node->text.len && i < sizeof(units) / sizeof(units[0]); i++)
		if (node->text.data[used] == units[i].letter && number > 0 &&
		    number <= (uint64_t)(TIMESPAN_MAX_MS / units[i].ms))
			correlation->timespan_ms = (int64_t)number * units[i].ms;
	if (correlation->timespan_ms)
		return 0;
	return sigma_error(builder->diagnostics, node->place,
			   "'%.*s' is no timespan: a number and s, m, h, d or w, at most 366 days", (int)node->text.len,
			   node->text.data);
}

static int read_members(struct sigma_builder *builder, struct sigma_correlation *correlation,
			const struct yaml_node *map)
{
	const struct yaml_node *node = yaml_get(map, "rules");
	const struct yaml_node *part = node && node->kind == YAML_LIST ? node->first : node;
	size_t count = node && node->kind == YAML_LIST ? node->count : 1;

	if (!node || count == 0)
		return sigma_error(builder->diagnostics, map->place, "the correlation names no rules");
	if (count > SIGMA_CORRELATED_MAX)
		return sigma_error(builder->diagnostics, node->place, "the correlation has more than %d rules",
				   SIGMA_CORRELATED_MAX);
	correlation->members = builder_alloc(builder, count * sizeof(*correlation->members), node->place);
	if (!correlation->members)
		return -ENOMEM;
	for (; part; part = node->kind == YAML_LIST ? part->next : NULL) {
		if (part->kind != YAML_SCALAR)
			return sigma_error(builder->diagnostics, part->place, "a rule is named by its id or name");
		correlation->members[correlation->member_count++] =
			(struct sigma_member){ .name = builder_copy(builder, part->text), .place = part->place };
	}
	return 0;
}

/* Up to SIGMA_GROUP_MAX names. */
static int read_fields(struct sigma_builder *builder, struct span fields[], size_t *count, const struct yaml_node *node)
{
	struct sigma_texts texts = { 0 };

	if (sigma_texts_read(builder, &texts, node) < 0)
		return -EINVAL;
	if (texts.count > SIGMA_GROUP_MAX)
		return sigma_error(builder->diagnostics, node->place, "more than %d fields", SIGMA_GROUP_MAX);
	for (*count = 0; *count < texts.count; ++*count)
		fields[*count] = texts.items[*count];
	return 0;
}

static int read_aliases(struct sigma_builder *builder, struct sigma_correlation *correlation,
			const struct yaml_node *map)
{
	const struct yaml_node *node = yaml_get(map, "aliases");
	size_t count = 0;

	if (!node)
		return 0;
	for (const struct yaml_node *alias = node->first; alias; alias = alias->next) {
		if (node->kind != YAML_MAP || alias->kind != YAML_MAP)
			return sigma_error(builder->diagnostics, alias->place, "an alias is a map of rule and field");
		count += alias->count;
	}
	correlation->aliases = builder_alloc(builder, (count + 1) * sizeof(*correlation->aliases), node->place);
	if (!correlation->aliases)
		return -ENOMEM;
	for (const struct yaml_node *alias = node->first; alias; alias = alias->next) {
		struct span name = builder_copy(builder, alias->key->text);
		for (const struct yaml_node *field = alias->first; field; field = field->next) {
			if (field->kind != YAML_SCALAR)
				return sigma_error(builder->diagnostics, field->place,
						   "an alias names one field a rule");
			correlation->aliases[correlation->alias_count++] =
				(struct sigma_alias){ name, builder_copy(builder, field->key->text),
						      builder_copy(builder, field->text), field->place };
		}
	}
	return 0;
}

/* ---- conditions ---- */

static int read_bound(struct sigma_builder *builder, struct sigma_correlation *correlation,
		      const struct yaml_node *node)
{
	struct sigma_bound bound = { 0 };
	unsigned i = 0;

	while (i < 6 && !span_equal(node->key->text, span_of(compares[i])))
		i++;
	if (i == 6)
		return sigma_error(builder->diagnostics, node->key->place,
				   "a condition has gt, gte, lt, lte, eq, neq or field, not '%.*s'",
				   (int)node->key->text.len, node->key->text.data);
	if (correlation->bound_count == SIGMA_BOUNDS_MAX)
		return sigma_error(builder->diagnostics, node->key->place, "more than %d comparisons",
				   SIGMA_BOUNDS_MAX);
	if (node->kind != YAML_SCALAR || !sigma_number_read(node->text, &bound.number))
		return sigma_error(builder->diagnostics, node->place, "it is no number");
	if (correlation->type < SIGMA_VALUE_SUM && !(bound.number >= 0 && bound.number <= SIGMA_COUNT_MAX))
		return sigma_error(builder->diagnostics, node->place, "a count is within 0 and %d", SIGMA_COUNT_MAX);
	bound.compare = (enum sigma_compare)i;
	correlation->bounds[correlation->bound_count++] = bound;
	return 0;
}

static int read_bounds(struct sigma_builder *builder, struct sigma_correlation *correlation,
		       const struct yaml_node *map)
{
	correlation->monotone = true;
	for (const struct yaml_node *node = map->first; node; node = node->next) {
		int status = span_equal(node->key->text, SPAN("field"))
				     ? read_fields(builder, correlation->counted, &correlation->counted_count, node)
				     : read_bound(builder, correlation, node);
		if (status < 0)
			return status;
	}
	if (correlation->bound_count == 0)
		return sigma_error(builder->diagnostics, map->place,
				   "the condition compares with nothing (such as gte: 10)");
	for (size_t i = 0; i < correlation->bound_count; i++)
		correlation->monotone &=
			correlation->bounds[i].compare == SIGMA_GT || correlation->bounds[i].compare == SIGMA_GTE;
	return 0;
}

struct leaves {
	struct sigma_builder *builder;
	struct sigma_correlation *correlation;
	struct sigma_place place;
	uint64_t used;
};

static const struct sigma_node *find_leaf(void *context, struct span name)
{
	struct leaves *leaves = context;

	for (size_t i = 0; i < leaves->correlation->member_count; i++) {
		if (!span_equal(leaves->correlation->members[i].name, name))
			continue;
		struct sigma_node *node = builder_node(leaves->builder, SIGMA_LEAF, 0, leaves->place);
		if (node)
			node->needed = (uint32_t)i;
		leaves->used |= (uint64_t)1 << i;
		return node;
	}
	return NULL;
}

/* "1 of x*" is no part of these conditions. */
static const struct sigma_node *no_leaf(void *context, struct span pattern, size_t *at)
{
	(void)context;
	(void)pattern;
	(void)at;
	return NULL;
}

static bool has(const struct sigma_node *node, enum sigma_node_kind kind)
{
	bool found = node->kind == kind;

	for (size_t i = 0; i < node->count && !found; i++)
		found = has(node->children[i], kind);
	return found;
}

static void ask_for_all(struct sigma_correlation *correlation)
{
	correlation->bounds[0] = (struct sigma_bound){ SIGMA_GTE, (double)correlation->member_count };
	correlation->bound_count = 1;
	correlation->monotone = true;
}

static int read_expression(struct sigma_builder *builder, struct sigma_correlation *correlation,
			   const struct yaml_node *node)
{
	struct leaves leaves = { builder, correlation, node->place, 0 };
	struct condition_names names = { find_leaf, no_leaf, &leaves };

	correlation->expression = sigma_condition_read(builder, node, &names);
	if (!correlation->expression)
		return -EINVAL;
	for (size_t i = 0; i < correlation->member_count; i++)
		if (!(leaves.used >> i & 1))
			return sigma_error(builder->diagnostics, correlation->members[i].place,
					   "the condition does not ask for the rule '%.*s'",
					   (int)correlation->members[i].name.len, correlation->members[i].name.data);
	correlation->monotone = !has(correlation->expression, SIGMA_NOT);
	if (correlation->type == SIGMA_TEMPORAL)
		return 0;
	if (has(correlation->expression, SIGMA_NOT) || has(correlation->expression, SIGMA_OR))
		return sigma_error(builder->diagnostics, node->place, "an order of rules can be joined by 'and' only");
	correlation->expression = NULL;
	ask_for_all(correlation);
	return 0;
}

static int read_condition(struct sigma_builder *builder, struct sigma_correlation *correlation,
			  const struct yaml_node *map)
{
	const struct yaml_node *node = yaml_get(map, "condition");

	if (!node && is_temporal(correlation)) {
		ask_for_all(correlation);
		return 0;
	}
	if (!node)
		return sigma_error(builder->diagnostics, map->place, "the correlation's condition is missing");
	if (node->kind == YAML_SCALAR && is_temporal(correlation))
		return read_expression(builder, correlation, node);
	if (node->kind != YAML_MAP)
		return sigma_error(builder->diagnostics, node->place, "the condition must be a map such as gte: 10");
	if (read_bounds(builder, correlation, node) < 0)
		return -EINVAL;
	if ((correlation->type == SIGMA_VALUE_COUNT || correlation->type >= SIGMA_VALUE_SUM) &&
	    !correlation->counted_count)
		return sigma_error(builder->diagnostics, node->place,
				   "the condition does not say which field it counts (field)");
	if (correlation->type >= SIGMA_VALUE_SUM && correlation->counted_count > 1)
		return sigma_error(builder->diagnostics, node->place, "only one field can be summed up");
	if (correlation->type == SIGMA_TEMPORAL_ORDERED && !correlation->monotone)
		return sigma_error(builder->diagnostics, node->place,
				   "an order of events can be compared by gt and gte only");
	return 0;
}

/* pySigma has `generate` beside the section, the specification's schema, too; its text has it inside. */
static int read_generate(struct sigma_builder *builder, struct sigma_correlation *correlation,
			 const struct yaml_node *map)
{
	const struct yaml_node *node = yaml_get(map, "generate");

	if (node && !yaml_is_bool(node, &correlation->generate))
		return sigma_error(builder->diagnostics, node->place, "'generate' needs true or false");
	return 0;
}

int sigma_correlation_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map)
{
	struct sigma_correlation *correlation = builder_alloc(builder, sizeof(*correlation), map->place);

	if (!correlation)
		return -ENOMEM;
	rule->correlation = correlation;
	if (map->kind != YAML_MAP)
		return sigma_error(builder->diagnostics, map->place, "'correlation' must be a map");
	if (read_type(builder, correlation, map) < 0 || read_members(builder, correlation, map) < 0 ||
	    read_timespan(builder, correlation, map) < 0 || read_aliases(builder, correlation, map) < 0 ||
	    read_fields(builder, correlation->group_by, &correlation->group_count, yaml_get(map, "group-by")) < 0 ||
	    read_condition(builder, correlation, map) < 0)
		return -EINVAL;
	return read_generate(builder, correlation, map);
}
