/*
 * watch_scene: a watch over a sensor that is a list of steps, under a clock
 * that only the steps move. The same bytes come out of every run.
 */
#ifndef TESTS_WATCH_SCENE_H
#define TESTS_WATCH_SCENE_H

#include "engine/watch.h"
#include "shipped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum scene_step { STEP_TEXT, STEP_ACCESS, STEP_PAUSE, STEP_COUNT, STEP_ORDER, STEP_BREAK, STEP_END };

struct step {
	enum scene_step kind;
	const char *text;	     /* TEXT: whole lines */
	const struct access *access; /* ACCESS */
	int64_t number;		     /* PAUSE: ms that pass; COUNT: how many more; ORDER: enum watch_order */
	enum sensor_count count;
};

#define TEXT(lines)                                \
	{                                          \
		.kind = STEP_TEXT, .text = (lines) \
	}
#define ACCESS(seen)                                  \
	{                                             \
		.kind = STEP_ACCESS, .access = (seen) \
	}
#define PAUSE(ms)                                  \
	{                                          \
		.kind = STEP_PAUSE, .number = (ms) \
	}
#define LOSE(which, n)                                              \
	{                                                           \
		.kind = STEP_COUNT, .count = (which), .number = (n) \
	}
#define ORDER(what)                                  \
	{                                            \
		.kind = STEP_ORDER, .number = (what) \
	}
#define END                      \
	{                        \
		.kind = STEP_END \
	}

struct scene {
	struct sensor sensor, other; /* `other`: a second one, that has nothing to tell and ends with the first */
	const struct step *steps;
	const char *file;
	int64_t now_ms;
	enum watch_order order;
	bool over;
	struct summary summary;
	uint64_t serials_lost; /* as the last status has it */
	char output[1 << 16], statuses[4096], told[1024];
	struct err err;
};

#define SCENE_START_MS 1000000

static inline struct scene *scene_of(struct sensor *sensor)
{
	return (struct scene *)(void *)sensor;
}

static inline int scene_next(struct sensor *sensor, struct sensor_item *item, struct err *err)
{
	struct scene *scene = scene_of(sensor);
	const struct step *step = scene->steps++;

	switch (step->kind) {
	case STEP_TEXT:
		item->frame = (struct frame){ .bytes = span_of(step->text),
					      .origin.file = scene->file,
					      .format = FORMAT_AUDIT,
					      .trust = TRUST_KERNEL };
		return SENSOR_FRAME;
	case STEP_ACCESS:
		item->record = (struct record){ .kind = RECORD_ACCESS, .access = step->access };
		return SENSOR_RECORD;
	case STEP_PAUSE:
		scene->now_ms += step->number;
		return SENSOR_NOTHING;
	case STEP_COUNT:
		sensor->counts[step->count] += (uint64_t)step->number;
		return SENSOR_NOTHING;
	case STEP_ORDER:
		scene->order = (enum watch_order)step->number;
		return SENSOR_NOTHING;
	case STEP_BREAK:
		scene->over = true;
		return err_set(err, -EIO, "cannot read the scene: it broke");
	case STEP_END:
		break;
	}
	scene->over = true;
	scene->steps--;
	return SENSOR_END;
}

static inline int scene_other_next(struct sensor *sensor, struct sensor_item *item, struct err *err)
{
	struct scene *scene = (struct scene *)(void *)((char *)sensor - offsetof(struct scene, other));

	return scene->over ? SENSOR_END : SENSOR_NOTHING;
}

static inline void scene_close(struct sensor *sensor)
{
}

static inline int64_t scene_clock(void *context, clockid_t which)
{
	const struct scene *scene = context;

	return which == CLOCK_REALTIME ? scene->now_ms + 1795430000000 : scene->now_ms;
}

static inline enum watch_order scene_order(void *context)
{
	struct scene *scene = context;
	enum watch_order order = scene->order;

	scene->order = WATCH_ON;
	return order;
}

static inline void scene_status(void *context, const struct watch_status *status)
{
	struct scene *scene = context;
	size_t len = strlen(scene->statuses);

	scene->serials_lost = status->serials_lost;
	snprintf(scene->statuses + len, sizeof(scene->statuses) - len, "%s:%llu ", status_why_name(status->why),
		 (unsigned long long)status->lost_since);
}

static inline void scene_tell(void *context, const char *text)
{
	struct scene *scene = context;

	snprintf(scene->told, sizeof(scene->told), "%s", text);
}

/* Runs the steps; what the options lack is filled in. The result is watch_run's. */
static inline int scene_run(struct scene *scene, struct watch_options options, const struct step *steps, bool two)
{
	int file = memfd_create("output", 0), ready = eventfd(1, 0);
	struct sensor *sensors[] = { &scene->sensor, &scene->other };
	struct sink_options plain = { 0 };
	struct output *output = output_create(file, "output", NULL);
	struct sink *sink = sink_create("json", output, &plain, NULL);

	*scene = (struct scene){ .steps = steps, .file = "scene", .now_ms = SCENE_START_MS };
	scene->sensor = (struct sensor){
		.name = "scene", .bit = SEEN_BY_AUDIT, .next = scene_next, .close = scene_close, .fd = ready
	};
	scene->other = (struct sensor){
		.name = "other", .bit = SEEN_BY_BPF, .next = scene_other_next, .close = scene_close, .fd = ready
	};
	options.sensors = sensors;
	options.sensor_count = two ? 2 : 1;
	options.host = "here";
	options.pack = shipped_pack();
	options.filter.since_ms = options.filter.until_ms = TIME_UNKNOWN;
	options.update_ms = options.update_ms ? options.update_ms : 10000;
	options.output = output;
	options.clock = scene_clock;
	options.order = scene_order;
	options.order_fd = ready;
	options.status = scene_status;
	options.tell = scene_tell;
	options.context = scene;
	int result = watch_run(&options, sink, &scene->summary, &scene->err);
	assert_true(pread(file, scene->output, sizeof(scene->output) - 1, 0) >= 0);
	sink_destroy(sink);
	output_destroy(output);
	close(file);
	close(ready);
	return result;
}

/* How often the text is in the output. */
static inline unsigned scene_count(const struct scene *scene, const char *text)
{
	unsigned count = 0;

	for (const char *at = scene->output; (at = strstr(at, text)); at += strlen(text))
		count++;
	return count;
}

#endif
