/*
 * Correlations and the rules they name. A correlation may name others, as
 * long as no chain comes back to itself.
 */
#include <stdlib.h>

#include "rule/sigma/link.h"

#define CHAIN_MAX 16

enum mark { UNSEEN, OPEN, DONE };

static void fail(struct linker *linker, struct sigma_rule *rule, const struct sigma_member *member, const char *what)
{
	rule->state = SIGMA_BROKEN;
	sigma_error(&linker->rules->diagnostics, member->place, "the rule '%.*s' %s", (int)member->name.len,
		    member->name.data, what);
}

static bool names_member(const struct sigma_alias *alias, const struct sigma_member *member,
			 const struct sigma_rule *rule)
{
	return span_equal(alias->rule, member->name) || (rule->name.len && span_equal(alias->rule, rule->name)) ||
	       (rule->id.len && span_equal(alias->rule, rule->id));
}

/* What the field or alias is called in the events of that member. */
static struct span name_in_member(const struct sigma_correlation *correlation, struct span name,
				  const struct sigma_member *member, const struct sigma_rule *rule)
{
	for (size_t i = 0; i < correlation->alias_count; i++)
		if (span_equal(correlation->aliases[i].name, name) &&
		    names_member(&correlation->aliases[i], member, rule))
			return correlation->aliases[i].field;
	return name;
}

/* For a correlation that is itself correlated: which of the values it groups by is meant. */
static uint32_t position_in_group(struct linker *linker, const struct sigma_rule *inner, struct span name,
				  struct sigma_place place)
{
	for (uint32_t i = 0; i < inner->correlation->group_count; i++)
		if (span_equal(inner->correlation->group_by[i], name))
			return i;
	sigma_warning(&linker->rules->diagnostics, place,
		      "'%.*s' is no field that the correlation groups by, so its matches have none", (int)name.len,
		      name.data);
	return SIGMA_FIELD_NONE;
}

static void link_fields(struct linker *linker, const struct sigma_correlation *correlation, struct sigma_member *member)
{
	const struct sigma_rule *rule = &linker->rules->items[member->rule];

	for (size_t i = 0; i < correlation->group_count + correlation->counted_count; i++) {
		bool grouped = i < correlation->group_count;
		size_t at = grouped ? i : i - correlation->group_count;
		struct span name = grouped ? correlation->group_by[at] : correlation->counted[at];
		uint32_t *field = grouped ? &member->group[at] : &member->counted[at];
		name = name_in_member(correlation, name, member, rule);
		*field = rule->document == SIGMA_CORRELATION ? position_in_group(linker, rule, name, member->place)
							     : linker_field(linker->rules, rule, name, member->place);
	}
}

static void check_aliases(struct linker *linker, const struct sigma_rule *rule)
{
	const struct sigma_correlation *correlation = rule->correlation;

	for (size_t i = 0; i < correlation->alias_count; i++) {
		const struct sigma_alias *alias = &correlation->aliases[i];
		bool found = false;
		for (size_t j = 0; j < correlation->member_count; j++)
			found |= names_member(alias, &correlation->members[j],
					      &linker->rules->items[correlation->members[j].rule]);
		if (!found)
			sigma_warning(&linker->rules->diagnostics, alias->place,
				      "the alias names '%.*s', which is none of the correlation's rules",
				      (int)alias->rule.len, alias->rule.data);
	}
}

static void resolve(struct linker *linker, uint32_t index, enum mark *marks, unsigned depth);

static void resolve_member(struct linker *linker, struct sigma_rule *rule, struct sigma_member *member,
			   enum mark *marks, unsigned depth)
{
	uint32_t found = linker_find(linker, member->name);

	if (found == UINT32_MAX || linker->rules->items[found].document == SIGMA_FILTER) {
		fail(linker, rule, member, found == UINT32_MAX ? "is nowhere" : "is a filter");
		return;
	}
	member->rule = found;
	if (linker->rules->items[found].document == SIGMA_CORRELATION) {
		if (marks[found] == OPEN) {
			fail(linker, rule, member, "leads back to this correlation: a circle");
			return;
		}
		if (depth == CHAIN_MAX) {
			fail(linker, rule, member, "is at the end of a chain of correlations that is too long");
			return;
		}
		resolve(linker, found, marks, depth + 1);
	}
	if (linker->rules->items[found].state == SIGMA_BROKEN)
		fail(linker, rule, member, "is itself not right");
}

/* Temporal ones need all of their rules, the others one. */
static void set_state(struct linker *linker, struct sigma_rule *rule)
{
	const struct sigma_correlation *correlation = rule->correlation;
	size_t ready = 0;

	for (size_t i = 0; i < correlation->member_count; i++)
		ready += linker->rules->items[correlation->members[i].rule].state == SIGMA_READY;
	bool temporal = correlation->type == SIGMA_TEMPORAL || correlation->type == SIGMA_TEMPORAL_ORDERED;
	if (ready == 0 || (temporal && ready < correlation->member_count))
		rule->state = SIGMA_NO_SOURCE;
}

static void resolve(struct linker *linker, uint32_t index, enum mark *marks, unsigned depth)
{
	struct sigma_rule *rule = &linker->rules->items[index];
	struct sigma_correlation *correlation = rule->correlation;

	if (marks[index] != UNSEEN || rule->state == SIGMA_BROKEN)
		return;
	marks[index] = OPEN;
	for (size_t i = 0; i < correlation->member_count && rule->state != SIGMA_BROKEN; i++)
		resolve_member(linker, rule, &correlation->members[i], marks, depth);
	marks[index] = DONE;
	if (rule->state == SIGMA_BROKEN)
		return;
	set_state(linker, rule);
	check_aliases(linker, rule);
	for (size_t i = 0; i < correlation->member_count; i++)
		if (linker->rules->items[correlation->members[i].rule].state == SIGMA_READY)
			link_fields(linker, correlation, &correlation->members[i]);
}

/* A correlated rule speaks for itself only where one of its correlations says so (`generate`). */
static void set_silent(struct linker *linker)
{
	struct sigma_rules *rules = linker->rules;

	for (unsigned generate = 0; generate < 2; generate++)
		for (size_t i = 0; i < rules->count; i++) {
			const struct sigma_correlation *correlation = rules->items[i].correlation;
			if (!correlation || rules->items[i].state != SIGMA_READY || correlation->generate != !!generate)
				continue;
			for (size_t j = 0; j < correlation->member_count; j++)
				rules->items[correlation->members[j].rule].silent = !generate;
		}
}

void link_correlations(struct linker *linker)
{
	enum mark *marks = calloc(linker->rules->count + 1, sizeof(*marks));

	if (!marks) {
		sigma_out_of_memory(&linker->rules->diagnostics, (struct sigma_place){ 0 });
		return;
	}
	for (uint32_t i = 0; i < linker->rules->count; i++)
		if (linker->rules->items[i].document == SIGMA_CORRELATION)
			resolve(linker, i, marks, 0);
	free(marks);
	set_silent(linker);
}
