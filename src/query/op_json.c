/*
 * json [field=f] "a.b", "c[0]" as x, y [nodrop]
 * json auto [field=f] [maxdepth n] [extractarrays] [keys "a", "b" as x, y] [refonly]
 *
 * The first takes the values at paths; the text has to be JSON as a whole,
 * and every path has to lead somewhere. The second is in op_json_auto.c.
 */
#include "query/json_auto.h"
#include "query/json_find.h"

struct json {
	struct extract extract;
	struct json_finder finder;
	uint32_t *targets;
	struct json_auto *automatic; /* NULL for paths */
};

static int create_paths(struct json *json, const struct operator* operator, struct plan * plan)
{
	struct json_path *paths = plan_alloc(plan, operator->pattern_count * sizeof(*paths));

	json->targets = extract_targets(plan, operator, operator->pattern_count);
	if (!paths || !json->targets)
		return -ENOMEM;
	for (size_t i = 0; i < operator->pattern_count; i++) {
		const char *why = json_path_parse(operator->patterns[i], plan->arena, &paths[i]);
		if (why)
			return plan_refuse(plan, &operator->pattern_places[i], "%s", why);
	}
	return json_finder_init(&json->finder, paths, operator->pattern_count, plan->arena) ? 0 : plan_no_memory(plan);
}

/* The options that only json auto has. */
static int refuse_options(const struct operator* operator, struct plan * plan)
{
	for (size_t i = 0; i < operator->option_count; i++)
		if (!span_equal(operator->options[i].name, SPAN("keys")))
			return plan_refuse(plan, &operator->options[i].place, "this belongs to json auto");
	return 0;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct json *json = plan_alloc(plan, sizeof(*json));

	if (!json)
		return -ENOMEM;
	extract_create(plan, operator, & json->extract);
	stage->state = json;
	if (operator->multi)
		return plan_refuse(plan, &operator->place, "multi works with parse regex only");
	if (operator->auto_mode)
		return json_auto_create(&json->automatic, operator, plan);
	int status = refuse_options(operator, plan);
	return status < 0 ? status : create_paths(json, operator, plan);
}

static bool found_all(const struct json_finder *finder)
{
	for (size_t i = 0; i < finder->count; i++)
		if (!finder->found[i].found)
			return false;
	return true;
}

static int push(struct stage *stage, struct row *row)
{
	struct json *json = stage->state;
	struct json_finder *finder = &json->finder;
	struct span text;
	bool is_text = extract_text(&json->extract, row, &text);

	if (json->automatic) {
		if (is_text)
			json_auto_take(json->automatic, stage->run, row, text);
		return row->trouble ? stage_drop_bad(stage, row) : stage_hand_on(stage, row);
	}
	if (!is_text || !json_find(finder, text, row))
		return extract_end(stage, row, &json->extract, false, "the text is no JSON");
	bool all = found_all(finder);
	for (size_t i = 0; i < finder->count && (all || json->extract.nodrop); i++)
		if (finder->found[i].found)
			row->values[json->targets[i]] = finder->found[i].value;
	return extract_end(stage, row, &json->extract, all, "the JSON has no such key");
}

static void finish(struct stage *stage)
{
	struct json *json = stage->state;

	json_finder_finish(&json->finder);
	json_auto_finish(json->automatic);
}

const struct operator_type json_type = { .create = create, .push = push, .finish = finish };
