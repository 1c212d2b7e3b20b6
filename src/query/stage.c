#include <stdlib.h>
#include <time.h>

#include "query/run_state.h"

#define MIB ((size_t)1 << 20)

/* ---- time, only when explaining ---- */

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Until now the stage that ran is to be charged; from now on another one. */
static struct stage *switch_clock(struct run *run, struct stage *to)
{
	struct stage *from = run->timed;
	double time = now();

	if (from)
		from->seconds += time - run->since;
	run->timed = to;
	run->since = time;
	return from;
}

static int push_timed(struct stage *stage, struct row *row)
{
	struct stage *above = switch_clock(stage->run, stage);
	int flow = stage->type->push(stage, row);

	switch_clock(stage->run, above);
	return flow;
}

int stage_push(struct stage *stage, struct row *row)
{
	stage->in++;
	return stage->run->options.explain ? push_timed(stage, row) : stage->type->push(stage, row);
}

int stage_drain(struct stage *stage, struct row *row)
{
	if (!stage->run->options.explain)
		return stage->type->drain(stage, row);
	struct stage *above = switch_clock(stage->run, stage);
	int flow = stage->type->drain(stage, row);
	switch_clock(stage->run, above);
	return flow;
}

/* ---- rows ---- */

int stage_hand_on(struct stage *stage, struct row *row)
{
	stage->out++;
	return stage_push(stage->next, row);
}

/* The first row that is dropped shows why; without explaining, the count is enough. */
int stage_drop(struct stage *stage, struct row *row, const char *reason)
{
	if (stage->dropped++ || !stage->run->options.explain)
		return FLOW_GO_ON;
	struct span raw = row_text(row, &row->values[SLOT_RAW]);
	raw = span_first(raw, SAMPLE_MAX);
	stage->reason = reason;
	stage->sample = arena_alloc(&stage->run->arena, SAMPLE_MAX);
	if (stage->sample && raw.len) {
		memcpy(stage->sample, raw.data, raw.len);
		stage->sample_len = raw.len;
	}
	return FLOW_GO_ON;
}

int stage_drop_bad(struct stage *stage, struct row *row)
{
	stage->run->bad_rows++;
	return stage_drop(stage, row, row->trouble);
}

/* ---- memory ---- */

int stage_hold(struct stage *stage, size_t more)
{
	struct run *run = stage->run->root ? stage->run->root : stage->run;
	struct span word = stage->text;

	run->held += more;
	if (run->held <= run->memory)
		return 0;
	word.len = span_index(word, ' ');
	return err_set(&stage->run->err, -E2BIG,
		       "the search holds more than %zu MiB: '%.*s' in line %u of the search keeps what it is given; "
		       "drop rows and fields before it (where, fields), or allow more memory",
		       run->memory / MIB, (int)(word.len < 40 ? word.len : 40), word.data, stage->place.line);
}

void stage_let_go(struct stage *stage, size_t less)
{
	struct run *run = stage->run->root ? stage->run->root : stage->run;

	run->held -= less;
}

int stage_no_memory(struct stage *stage)
{
	return err_set(&stage->run->err, -ENOMEM, "memory is out for what the search keeps");
}
