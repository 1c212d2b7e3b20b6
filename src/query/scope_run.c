/* The first stage: messages that the scope means go on. */
#include "query/run_state.h"
#include "query/scope_term.h"

/* The scope with its fields resolved; the same tree. */
struct scope_node {
	const struct scope *scope;
	uint32_t slot; /* of metadata */
	struct scope_node **children;
};

static struct scope_node *prepare(struct plan *plan, const struct scope *scope)
{
	struct scope_node *node = plan_alloc(plan, sizeof(*node));

	if (!node)
		return NULL;
	node->scope = scope;
	if (scope->kind == SCOPE_SUBQUERY || scope->kind == SCOPE_PARAMETER) {
		plan_refuse(plan, &scope->place, "%s",
			    scope->kind == SCOPE_SUBQUERY ? "proctor parses subqueries, but does not run them"
							  : "a parameter has no value here: write one in its place");
		return NULL;
	}
	if (scope->kind == SCOPE_METADATA) {
		if (span_starts(scope->text, SPAN("{{"))) {
			plan_refuse(plan, &scope->place, "a parameter has no value here: write one in its place");
			return NULL;
		}
		node->slot = plan_read(plan, scope->name);
	}
	node->children = plan_alloc(plan, scope->child_count * sizeof(struct scope_node *));
	if (!node->children)
		return NULL;
	for (size_t i = 0; i < scope->child_count; i++)
		if (!(node->children[i] = prepare(plan, scope->children[i])))
			return NULL;
	return node;
}

int scope_prepare(struct stage *stage, const struct scope *scope, struct plan *plan)
{
	stage->state = prepare(plan, scope);
	stage->place = scope->place;
	stage->text = (struct span){ plan->text.data + scope->place.offset, scope->place.len };
	return stage->state ? 0 : plan->err.number;
}

/* ---- matching ---- */

static bool metadata_matches(const struct scope_node *node, struct row *row)
{
	const struct scope *scope = node->scope;
	const struct value *value = &row->values[node->slot];

	return value->kind != VALUE_NULL && scope_value_matches(scope->text, scope->quoted, row_text(row, value));
}

static bool holds(const struct scope_node *node, struct row *row)
{
	const struct scope *scope = node->scope;
	struct span raw = row->values[SLOT_RAW].text;

	switch (scope->kind) {
	case SCOPE_ALL:
		return true;
	case SCOPE_AND:
		for (size_t i = 0; i < scope->child_count; i++)
			if (!holds(node->children[i], row))
				return false;
		return true;
	case SCOPE_OR:
		for (size_t i = 0; i < scope->child_count; i++)
			if (holds(node->children[i], row))
				return true;
		return false;
	case SCOPE_NOT:
		return !holds(node->children[0], row);
	case SCOPE_TERM:
		return scope_keyword_in(scope->text, raw);
	case SCOPE_PHRASE:
		return scope_phrase_in(scope->text, raw);
	case SCOPE_METADATA:
		return metadata_matches(node, row);
	case SCOPE_SUBQUERY:
	case SCOPE_PARAMETER:
		break;
	}
	return false;
}

/* ---- why not ---- */

static const char *reason_of(const struct scope_node *node, struct row *row)
{
	const struct scope *scope = node->scope;

	switch (scope->kind) {
	case SCOPE_AND:
		for (size_t i = 0; i < scope->child_count; i++)
			if (!holds(node->children[i], row))
				return reason_of(node->children[i], row);
		break;
	case SCOPE_OR:
		return "none of what the scope asks for holds";
	case SCOPE_NOT:
		return "the scope excludes it";
	case SCOPE_TERM:
	case SCOPE_PHRASE:
		return "a keyword of the scope does not stand in it";
	case SCOPE_METADATA:
		return row->values[node->slot].kind == VALUE_NULL
			       ? "metadata that the scope asks for is not known here"
			       : "metadata has another value than the scope asks for";
	case SCOPE_ALL:
	case SCOPE_SUBQUERY:
	case SCOPE_PARAMETER:
		break;
	}
	return "the scope does not hold";
}

static int push(struct stage *stage, struct row *row)
{
	if (holds(stage->state, row))
		return stage_hand_on(stage, row);
	return stage_drop(stage, row, stage->run->options.explain ? reason_of(stage->state, row) : NULL);
}

const struct operator_type scope_type = { .push = push };
