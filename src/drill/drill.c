#include "drill/drill.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drill/exercise.h"
#include "drill/eye.h"
#include "drill/scope.h"

unsigned drill_sensors(const char *list)
{
	unsigned sensors = 0;

	for (size_t len; *list; list += len + (list[len] == ',')) {
		int sensor = 0;

		len = strcspn(list, ",");
		while (sensor < DRILL_SENSORS &&
		       !span_equal((struct span){ list, len }, span_of(drill_sensor_name((enum drill_sensor)sensor))))
			sensor++;
		if (sensor == DRILL_SENSORS)
			return 0;
		sensors |= 1u << sensor;
	}
	return sensors;
}

static int select_variants(const struct drill_options *options, struct drill *drill, struct err *err)
{
	drill->trials = calloc(variant_count(), sizeof(*drill->trials));
	if (!drill->trials)
		return err_set(err, -ENOMEM, "memory is out");
	for (size_t i = 0; i < variant_count(); i++) {
		const struct variant *variant = variant_at(i);
		if (variant->test == options->test && variant_fits(variant, options->only))
			trial_init(&drill->trials[drill->count++], variant, drill->sensors);
	}
	if (drill->count == 0)
		return err_set(err, -EINVAL, "no variant is called '%s'; --list shows them", options->only);
	return 0;
}

/* Only now is it known which sensors there are, when the choice was the watch's. */
static void expect_anew(struct drill *drill)
{
	unsigned sensors = drill_sensors(drill->sensor);

	if (sensors)
		drill->sensors = sensors;
	for (size_t i = 0; i < drill->count; i++)
		drill->trials[i].expected = variant_expectation(drill->trials[i].variant, drill->sensors);
}

static bool needs_rules(const struct drill_options *options)
{
	/* Which sensors the watch will choose is not known yet; rules that nobody needs do no harm. */
	return !options->host_rules && !options->from &&
	       (!options->sensor || drill_sensors(options->sensor) & 1u << DRILL_AUDIT);
}

static int carry_out(struct exercise *exercise, const struct drill_options *options, struct audit_lease **lease,
		     struct err *err)
{
	int result = exercise_prepare(exercise, err);

	if (result == 0 && needs_rules(options)) {
		*lease = scope_take(err);
		/* Where the watch chooses, it may do without auditing; what it misses then is told. */
		result = *lease || !options->sensor ? 0 : err->number;
	}
	if (result == 0)
		result = exercise_start_sensor(exercise, err);
	/* The sensor is not in the scope: what it looks up in procfs is no event then. */
	if (result == 0 && *lease)
		result = scope_enter(err);
	if (result == 0)
		result = exercise_await_sensor(exercise, err);
	if (result == 0)
		result = exercise_variants(exercise, err);
	return result;
}

int drill_run(const struct drill_options *options, struct drill *drill, struct err *err)
{
	struct audit_lease *lease = NULL;
	struct err trouble = { 0 };
	struct exercise exercise;

	*drill = (struct drill){ .sensors = drill_sensors(options->sensor ? options->sensor : "audit") };
	int result = select_variants(options, drill, err);
	if (result)
		return result;
	exercise_init(&exercise, options, drill);
	result = carry_out(&exercise, options, &lease, err);
	exercise_end(&exercise);
	if (scope_release(lease, &trouble) < 0) {
		snprintf(drill->restore_room, sizeof(drill->restore_room), "%s", trouble.text);
		drill->restored = drill->restore_room;
	}
	expect_anew(drill);
	trials_take(drill->trials, drill->count, exercise.sights, exercise.sight_count);
	exercise_finish(&exercise);
	return result;
}

void drill_finish(struct drill *drill)
{
	free(drill->trials);
	*drill = (struct drill){ 0 };
}

size_t drill_count(const struct drill *drill, enum result result)
{
	size_t count = 0;

	for (size_t i = 0; i < drill->count; i++)
		count += trial_result(&drill->trials[i]) == result;
	return count;
}

size_t drill_failures(const struct drill *drill)
{
	size_t count = 0;

	for (size_t i = 0; i < drill->count; i++)
		count += result_is_failure(trial_result(&drill->trials[i]));
	return count;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t drill_latency(const struct drill *drill, unsigned percent)
{
	int64_t *known = calloc(drill->count + 1, sizeof(*known)), result = -1;
	size_t count = 0;

	for (size_t i = 0; known && i < drill->count; i++)
		if (drill->trials[i].latency_us >= 0)
			known[count++] = drill->trials[i].latency_us;
	if (count) {
		qsort(known, count, sizeof(*known), compare);
		result = known[(count * percent + 99) / 100 - 1];
	}
	free(known);
	return result;
}
