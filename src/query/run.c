/*
 *   run_message ──▶ scope ─▶ stage ─▶ … ─▶ output ──▶ ready rows ──▶ run_next
 *                             ▲
 *   run_end, run_next ── drain: one row of one stage at a time, from the top
 */
#include "query/run.h"

#include <stdlib.h>

#include "match/regex.h"
#include "query/literals.h"
#include "query/run_state.h"

#define MEMORY_DEFAULT ((size_t)256 << 20)

/* ---- compiling ---- */

static bool prepare_fields(struct run *run, struct plan *plan)
{
	static const struct span names[MESSAGE_SLOT_COUNT] = {
		[SLOT_MESSAGE_TIME] = SPAN("_messageTime"),
		[SLOT_CATEGORY] = SPAN("_sourceCategory"),
		[SLOT_HOST] = SPAN("_sourceHost"),
		[SLOT_NAME] = SPAN("_sourceName"),
		[SLOT_RAW] = SPAN("_raw"),
	};

	run->fields.items = arena_alloc(&run->arena, FIELDS_MAX * sizeof(*run->fields.items));
	run->names = arena_alloc(&run->arena, FIELDS_MAX * sizeof(*run->names));
	plan->schema = schema_create(&run->arena, NULL);
	if (!run->fields.items || !run->names || !plan->schema)
		return false;
	for (uint32_t i = 0; i < MESSAGE_SLOT_COUNT; i++)
		if (plan_write(plan, names[i]) != i)
			return false;
	return true;
}

static int add_chain(struct run *run, struct plan *plan, const struct query *query)
{
	struct stage **last = &run->first;
	struct stage *scope = plan_stage(plan, &scope_type, run);

	if (!scope)
		return -ENOMEM;
	*last = scope;
	last = &scope->next;
	int status = scope_prepare(scope, query->scope, plan);
	if (status == 0)
		status = plan_operators(plan, query, run, &last);
	if (status < 0)
		return status;
	*last = plan_stage(plan, &output_type, run);
	return *last ? 0 : -ENOMEM;
}

/* What the plan found out and the rows need. */
static bool finish_plan(struct run *run, struct plan *plan, const struct query *query)
{
	run->schema = plan->open ? plan->schema : NULL;
	run->shown = plan->shown;
	for (size_t i = 0; i < run->shown.count; i++)
		run->names[i] = run->fields.items[run->shown.items[i]].name;
	run->size_slot = plan->size_slot;
	run->count_slot = plan->count_slot;
	run->row.count = run->fields.count;
	run->row.values = calloc(FIELDS_MAX, sizeof(*run->row.values));
	if (!run->row.values)
		return false;
	for (const struct stage *stage = run->first; stage; stage = stage->next)
		run->stage_count++;
	return literals_of_query(query, &run->arena, &run->literals, &run->literal_count);
}

static int compile(struct run *run, const struct query *query, struct plan *plan)
{
	*plan = (struct plan){ .arena = &run->arena,
			       .options = &run->options,
			       .text = query->text,
			       .query = query,
			       .fields = &run->fields,
			       .of_messages = true,
			       .size_slot = SLOT_NONE,
			       .count_slot = SLOT_NONE };
	if (!prepare_fields(run, plan))
		return plan_no_memory(plan);
	int status = add_chain(run, plan, query);
	if (status == 0 && !finish_plan(run, plan, query))
		status = plan_no_memory(plan);
	return status;
}

struct run *run_create(const struct query *query, const struct run_options *options, struct err *err)
{
	struct run *run = calloc(1, sizeof(*run));
	struct plan plan;

	if (!run) {
		err_set(err, -ENOMEM, "memory is out");
		return NULL;
	}
	arena_init(&run->arena, 0);
	arena_init(&run->row.arena, 0);
	run->options = *options;
	run->memory = options->memory ? options->memory : MEMORY_DEFAULT;
	run->row.now_ms = options->now_ms;
	run->row.start_ms = options->start_ms;
	run->row.end_ms = options->end_ms;
	run->ready_end = &run->ready;
	int status = compile(run, query, &plan);
	run->regexes = plan.regexes;
	if (status < 0) {
		err_set(err, plan.err.number, "%s", plan.err.text);
		run_destroy(run);
		return NULL;
	}
	return run;
}

static void destroy_regexes(struct run *run)
{
	for (struct made_regex *made = run->regexes; made; made = made->next) {
		regex_match_destroy(made->match);
		regex_destroy(made->regex);
	}
}

void run_destroy(struct run *run)
{
	if (!run)
		return;
	for (struct stage *stage = run->first; stage; stage = stage->next)
		if (stage->type->finish)
			stage->type->finish(stage);
	for (size_t i = 0; i < run->past_count; i++)
		run_destroy(run->past[i].run);
	destroy_regexes(run);
	free(run->row.values);
	arena_finish(&run->row.arena);
	arena_finish(&run->arena);
	free(run);
}

/* ---- messages ---- */

/* Field by field: a whole value would be put together on the stack, and read back before it is there. */
static inline void set_text(struct value *value, struct span text)
{
	value->kind = text.len ? VALUE_TEXT : VALUE_NULL;
	value->text.data = text.data;
	value->text.len = text.len;
}

static void fill_row(struct run *run, const struct message *message)
{
	struct value *values = run->row.values;

	if (message->time_ms != TIME_UNKNOWN)
		values[SLOT_MESSAGE_TIME] = value_number((double)message->time_ms);
	set_text(&values[SLOT_CATEGORY], message->category);
	set_text(&values[SLOT_HOST], message->host);
	set_text(&values[SLOT_NAME], message->name);
	set_text(&values[SLOT_RAW], message->raw);
	values[SLOT_RAW].kind = VALUE_TEXT; /* also an empty one */
	if (run->size_slot != SLOT_NONE)
		values[run->size_slot] = value_number((double)message->raw.len);
	if (run->count_slot != SLOT_NONE)
		values[run->count_slot] = value_number((double)run->message_count);
}

static void start_row(struct run *run)
{
	row_reset(&run->row);
	run->ready = NULL;
	run->ready_end = &run->ready;
}

static bool holds_literal(const struct run *run, struct span raw)
{
	for (size_t i = 0; i < run->literal_count; i++)
		if ((run->literals[i].ignore_case ? span_find_nocase(raw, run->literals[i].text)
						  : span_find(raw, run->literals[i].text)) < raw.len)
			return true;
	return run->literal_count == 0;
}

static int fail(struct run *run, int status, struct err *err)
{
	run->failed = true;
	err_set(err, status, "%s", run->err.text);
	return status;
}

/* ---- comparing with the past ---- */

static bool is_in_range(const struct run *run, int64_t time_ms, int64_t end_ms)
{
	return time_ms != TIME_UNKNOWN && time_ms >= run->options.start_ms &&
	       (end_ms == TIME_UNKNOWN || time_ms <= end_ms);
}

/*
 * Hands the message to the past runs whose range it is in; a range that is
 * open ends now. 0, or negative with run->err.
 */
static int feed_past(struct run *run, const struct message *message)
{
	int64_t end_ms = run->options.end_ms == TIME_UNKNOWN ? run->options.now_ms : run->options.end_ms;
	struct message shifted = *message;
	int status = 0;

	for (size_t i = 0; i < run->past_count && message->time_ms != TIME_UNKNOWN && status >= 0; i++) {
		struct past_run *past = &run->past[i];
		if (__builtin_add_overflow(message->time_ms, past->shift_ms, &shifted.time_ms) ||
		    !is_in_range(run, shifted.time_ms, end_ms))
			continue;
		status = run_message(past->run, &shifted, &run->err);
	}
	return status < 0 ? status : 0;
}

int64_t run_earliest_ms(const struct run *run)
{
	int64_t earliest = run->options.start_ms, moment;

	for (size_t i = 0; i < run->past_count; i++)
		if (!__builtin_sub_overflow(run->options.start_ms, run->past[i].shift_ms, &moment) && moment < earliest)
			earliest = moment;
	return earliest;
}

int run_message(struct run *run, const struct message *message, struct err *err)
{
	if (run->failed)
		return fail(run, run->err.number, err);
	start_row(run);
	int status = feed_past(run, message);
	if (status < 0)
		return fail(run, status, err);
	if (run->past && (run->enough || !is_in_range(run, message->time_ms, run->options.end_ms)))
		return 0;
	if (run->enough || run->ended)
		return 1;
	run->message_count++;
	if (!run->options.explain && !message->selected && !holds_literal(run, message->raw)) {
		run->first->in++;
		run->first->dropped++;
		return 0;
	}
	fill_row(run, message);
	int flow = stage_push(run->first, &run->row);
	if (flow < 0)
		return fail(run, flow, err);
	run->enough = flow == FLOW_ENOUGH;
	return run->past ? 0 : flow;
}

/* ---- rows out ---- */

int run_end(struct run *run, struct err *err)
{
	if (run->failed)
		return fail(run, run->err.number, err);
	run->ended = true;
	run->draining = run->first;
	return 0;
}

static bool take_ready(struct run *run, struct row_view *row)
{
	struct ready_row *ready = run->ready;

	if (!ready)
		return false;
	run->ready = ready->next;
	if (!run->ready)
		run->ready_end = &run->ready;
	*row = (struct row_view){ .count = ready->count, .names = run->names, .values = ready->values };
	return true;
}

/* Until a row is ready, or all stages have handed on what they kept. */
static int drain(struct run *run)
{
	while (!run->ready && run->draining) {
		int flow = FLOW_ENOUGH;
		if (run->draining->type->drain) {
			start_row(run);
			flow = stage_drain(run->draining, &run->row);
		}
		if (flow < 0)
			return flow;
		if (flow == FLOW_ENOUGH)
			run->draining = run->draining->next;
	}
	return 0;
}

int run_next(struct run *run, struct row_view *row, struct err *err)
{
	if (take_ready(run, row))
		return 1;
	if (run->failed)
		return fail(run, run->err.number, err);
	int status = drain(run);
	if (status < 0)
		return fail(run, status, err);
	return take_ready(run, row);
}

/* ---- reports ---- */

size_t run_stage_count(const struct run *run)
{
	return run->stage_count - 1;
}

void run_stage(const struct run *run, size_t i, struct stage_report *report)
{
	const struct stage *stage = run->first;

	while (i-- && stage->next)
		stage = stage->next;
	*report = (struct stage_report){
		.place = stage->place,
		.text = stage->text,
		.in = stage->in,
		.out = stage->out,
		.dropped = stage->dropped,
		.seconds = stage->seconds,
		.dropped_row = { stage->sample, stage->sample_len },
		.reason = span_of(stage->reason),
	};
}

uint64_t run_bad_rows(const struct run *run)
{
	return run->bad_rows;
}

size_t run_literals(const struct run *run, const struct literal **literals)
{
	*literals = run->literals;
	return run->literal_count;
}
