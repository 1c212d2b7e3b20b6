#include "engine/watch.h"

#include <poll.h>

#include "assemble/assemble.h"
#include "decode/decode.h"
#include "engine/guard.h"
#include "engine/holders.h"
#include "engine/line_sighting.h"
#include "engine/naming.h"
#include "engine/twins.h"
#include "resolve/resolve.h"
#include "rule/judge.h"

#define BATCHES_MAX 16	  /* of one sensor in a row: then it is the next one's turn, and time passes */
#define DRAIN_MAX 4096	  /* such turns at the end, for what the sensors hold still */
#define REST_MS 1000	  /* the longest sleep */
#define GAP_PAUSE_MS 1000 /* between gaps that are told */
#define LATE_MS 2000	  /* events are not later than that, once what there was is read */
#define TREES_MAX 16
#define LAST_WAIT_MS 1000 /* for the reader of the output, at the end */

/* A sensor, and what is remembered of its stream. */
struct channel {
	struct sensor *sensor;
	struct decoder *decoder;
	const char *file; /* origin of its frames: by that, accesses are known as its own */
	bool over;
};

struct watch {
	const struct watch_options *options;
	struct summary *summary;
	struct channel channels[STATUS_SENSORS_MAX];
	struct assembler *assembler;
	struct resolver *resolver;
	struct judge *judge;
	struct twins twins;
	struct holders holders;
	struct steward *steward; /* NULL: nobody looks at /proc */
	struct naming *naming;
	struct sink *sink;
	struct outlet outlet;
	struct err *err;
	int failed; /* negative errno of the first output error */
	bool stopped, wants_reload, wants_status;
	bool offers; /* rules ask for audit events as they are */
	bool files;  /* … for files that were made or written */
	int64_t start_ms, now_ms, status_ms, gap_ms;
	uint64_t lost; /* as it was told last */
};

static void fail(struct watch *watch, int result)
{
	if (result < 0 && !watch->failed)
		watch->failed = result;
}

/* ---- what was lost, and the status ---- */

static uint64_t serials_lost(const struct summary *summary)
{
	return summary->serial_gaps > summary->late_events ? summary->serial_gaps - summary->late_events : 0;
}

static uint64_t all_lost(const struct watch *watch)
{
	const struct summary *summary = watch->summary;
	uint64_t lost = serials_lost(summary) + summary->lost_told + summary->incomplete_events;

	for (size_t i = 0; i < watch->options->sensor_count; i++)
		for (unsigned count = 0; count < COUNT_COUNT; count++)
			if (sensor_count_is_loss(count))
				lost += watch->channels[i].sensor->counts[count];
	return lost;
}

static void tell_status(struct watch *watch, enum status_why why)
{
	const struct watch_options *options = watch->options;
	uint64_t lost = all_lost(watch);
	struct watch_status status = {
		.why = why,
		.time_ms = options->clock(options->context, CLOCK_REALTIME),
		.uptime_ms = (uint64_t)(watch->now_ms - watch->start_ms),
		.summary = watch->summary,
		.serials_lost = serials_lost(watch->summary),
		.lost = lost,
		.lost_since = lost > watch->lost ? lost - watch->lost : 0,
		.sensor_count = options->sensor_count,
	};

	for (size_t i = 0; i < options->sensor_count; i++) {
		const struct sensor *sensor = options->sensors[i];
		status.sensors[i] = (struct status_sensor){ sensor->name, sensor->counts, sensor->with, sensor->blind,
							    watch->channels[i].over };
	}
	watch->outlet.written = true;
	watch->lost = lost;
	watch->status_ms = watch->now_ms;
	options->status(options->context, &status);
}

/* At once, but not more often than once a second; what comes in between is in the next. */
static void tell_gap(struct watch *watch)
{
	if (all_lost(watch) <= watch->lost || watch->now_ms - watch->gap_ms < GAP_PAUSE_MS)
		return;
	watch->gap_ms = watch->now_ms;
	tell_status(watch, STATUS_WHY_GAP);
}

/* ---- from records to findings ---- */

static void take_finding(void *context, const struct finding *finding)
{
	struct watch *watch = context;

	if (watch->options->accesses || !filter_passes(&watch->options->filter, finding))
		return;
	if (!finding->update && !finding->access.self && !finding->suppressed_by.data)
		watch->summary->findings++;
	watch->outlet.found = watch->outlet.written = true;
	fail(watch, sink_finding(watch->sink, finding, watch->err));
}

static void print_access(struct watch *watch, const struct access *access)
{
	struct finding finding;

	if (!judge_alone(watch->judge, access, &finding) || !filter_passes(&watch->options->filter, &finding))
		return;
	if (!watch->options->raw)
		finding.access.raw_count = 0;
	watch->summary->findings += finding.risk != RISK_NONE && !access->self && !finding.suppressed_by.data;
	watch->outlet.found = watch->outlet.written = true;
	fail(watch, sink_access(watch->sink, &finding, watch->err));
}

static unsigned seen_by(const struct watch *watch, const struct access *access)
{
	for (size_t i = 0; i < watch->options->sensor_count; i++)
		if (watch->channels[i].file && watch->channels[i].file == access->origin.file)
			return watch->channels[i].sensor->bit;
	return 0;
}

/* What a sensor saw whole, it knows better than who looks later. */
static void name_processes(struct watch *watch, struct access *access, bool whole)
{
	if (access->sighting != SIGHTING_ACCESS || access->self || (whole && access->target.comm.data))
		return;
	naming_fill(watch->naming, &access->target, access->time_ms, watch->now_ms);
	access->self = access->target.pid == access->actor.pid && access->target.pid != UNKNOWN_ID;
	if (!access->actor.exe.data) /* io_uring's threads */
		naming_fill(watch->naming, &access->actor, access->time_ms, watch->now_ms);
}

static void take_new(struct watch *watch, const struct access *access)
{
	if (watch->options->accesses && !access->again)
		print_access(watch, access);
	judge_take(watch->judge, access);
}

/* What is opened while the watch begins is found among descriptors, and told by a sensor, too. */
static bool pairs(const struct watch *watch)
{
	return watch->options->sensor_count > 1 ||
	       (watch->holders.count && watch->now_ms - watch->start_ms < 2 * TWINS_MS);
}

static void take_sighting(struct watch *watch, const struct access *seen)
{
	struct access access = *seen;
	struct span first_exe;

	if (!access.seen_by)
		access.seen_by = seen_by(watch, seen);
	if (!access.host.data)
		access.host = span_of(watch->options->host);
	access.boot = 0; /* a watch ends with the boot: all that it sees is of one */
	name_processes(watch, &access, seen->seen_by);
	enum twin twin = pairs(watch) && !access.again ? twins_take(&watch->twins, &access, watch->now_ms, &first_exe)
						       : TWIN_NEW;
	if (twin == TWIN_JOINED)
		judge_take_twin(watch->judge, &access, first_exe);
	else if (twin == TWIN_NEW)
		take_new(watch, &access);
}

static void take_held(struct watch *watch, bool end)
{
	struct access access;

	while (twins_next(&watch->twins, watch->now_ms, end, &access))
		take_new(watch, &access);
}

static void take_holders(struct watch *watch)
{
	struct access access;
	char text[160];

	while (holders_next(&watch->holders, &access))
		take_sighting(watch, &access);
	if (!holders_gap(&watch->holders, text, sizeof(text)))
		return;
	summary_note(watch->summary, false, false, "%s", text);
	watch->options->tell(watch->options->context, text);
}

static void take_events(struct watch *watch)
{
	struct event event;
	struct access access;

	while (assembler_next(watch->assembler, &event)) {
		naming_teach(watch->naming, watch->resolver, event.boot);
		resolver_take(watch->resolver, &event);
		while (resolver_next(watch->resolver, &access))
			take_sighting(watch, &access);
		if (watch->files && resolver_file(watch->resolver, &access))
			take_sighting(watch, &access);
		if (watch->offers && judge_offer(watch->judge, &event) && resolver_event(watch->resolver, &access))
			take_sighting(watch, &access);
	}
}

static void take_audit(struct watch *watch, const struct record *record)
{
	int due = assembler_add(watch->assembler, record);

	if (due < 0)
		summary_note(watch->summary, true, false, "out of memory: a record was lost");
	if (due)
		take_events(watch);
}

static void take_record(struct watch *watch, const struct record *record)
{
	struct access access;

	switch (record->kind) {
	case RECORD_AUDIT:
		take_audit(watch, record);
		break;
	case RECORD_LOG:
		access = line_sighting(record);
		take_sighting(watch, &access);
		break;
	case RECORD_LOSS:
		watch->summary->lost_told += record->lost ? record->lost : 1;
		break;
	case RECORD_ACCESS:
		take_sighting(watch, record->access);
		break;
	}
}

/* ---- from sensors to records ---- */

static void take_frame(struct watch *watch, struct channel *channel, const struct frame *frame)
{
	struct record record;

	channel->file = frame->origin.file;
	watch->summary->bytes += frame->bytes.len;
	decoder_feed(channel->decoder, frame);
	while (decoder_next(channel->decoder, &record))
		take_record(watch, &record);
}

static void end_channel(struct watch *watch, struct channel *channel, int result, const struct err *why)
{
	channel->over = true;
	if (result >= 0)
		return;
	summary_note(watch->summary, true, false, "the sensor %s broke: %s", channel->sensor->name, why->text);
	watch->options->tell(watch->options->context, why->text);
}

/* True when the sensor has nothing more for now. */
static bool take_sensor(struct watch *watch, struct channel *channel)
{
	struct sensor_item item;
	struct err err = { 0 };

	for (unsigned i = 0; i < BATCHES_MAX && !channel->over; i++) {
		int answer = sensor_next(channel->sensor, &item, &err);
		if (answer == SENSOR_NOTHING)
			return true;
		if (answer == SENSOR_FRAME)
			take_frame(watch, channel, &item.frame);
		else if (answer == SENSOR_RECORD)
			take_record(watch, &item.record);
		else
			end_channel(watch, channel, answer, &err);
	}
	return channel->over;
}

static bool take_sensors(struct watch *watch)
{
	bool drained = true, all_over = true;

	for (size_t i = 0; i < watch->options->sensor_count; i++) {
		struct channel *channel = &watch->channels[i];
		drained &= channel->over || take_sensor(watch, channel);
		all_over &= channel->over;
		if (channel->sensor->account)
			channel->sensor->account(channel->sensor);
	}
	watch->stopped |= all_over;
	return drained;
}

/* ---- time and signals ---- */

static void look_at_clock(struct watch *watch)
{
	watch->now_ms = watch->options->clock(watch->options->context, CLOCK_MONOTONIC);
}

static void reopen_output(struct watch *watch, bool turn)
{
	struct err err = { 0 };

	if (!watch->options->steward || !watch->options->steward->output_path)
		return;
	fail(watch, output_flush(watch->options->output, watch->err));
	int result = outlet_reopen(&watch->outlet, turn, &err);
	watch->outlet.tried_ms = result < 0 ? watch->now_ms : 0;
	if (result < 0)
		watch->options->tell(watch->options->context, err.text);
}

static void pass_time(struct watch *watch, bool drained)
{
	const struct watch_options *options = watch->options;

	look_at_clock(watch);
	judge_tick(watch->judge, watch->now_ms,
		   drained ? options->clock(options->context, CLOCK_REALTIME) - LATE_MS : TIME_UNKNOWN);
	if (assembler_tick(watch->assembler, watch->now_ms, drained))
		take_events(watch);
	take_held(watch, false);
	tell_gap(watch);
	if (options->heartbeat_ms && watch->now_ms - watch->status_ms >= options->heartbeat_ms)
		tell_status(watch, STATUS_WHY_HEARTBEAT);
	fail(watch, outlet_flush(&watch->outlet, watch->now_ms, watch->err));
	if (!watch->failed && outlet_is_full(&watch->outlet, watch->now_ms))
		reopen_output(watch, true);
}

static void reload(struct watch *watch)
{
	watch->wants_reload = false;
	reopen_output(watch, false);
	for (size_t i = 0; i < watch->options->sensor_count; i++)
		if (watch->channels[i].sensor->reload)
			watch->channels[i].sensor->reload(watch->channels[i].sensor);
}

/* Only notes what is wanted: it is also called in the middle of a write. */
static void take_orders(struct watch *watch)
{
	for (;;) {
		switch (watch->options->order(watch->options->context)) {
		case WATCH_ON:
			return;
		case WATCH_STOP:
			watch->stopped = true;
			return;
		case WATCH_RELOAD:
			watch->wants_reload = true;
			break;
		case WATCH_STATUS:
			watch->wants_status = true;
			break;
		}
	}
}

static void obey(struct watch *watch)
{
	if (watch->wants_reload)
		reload(watch);
	if (watch->wants_status)
		tell_status(watch, STATUS_WHY_ASKED);
	watch->wants_status = false;
}

/*
 * Whoever reads the output may be slow: then the sensors' queues fill, which are bounded, and what they drop is counted.
 * At the end he gets a second.
 */
static bool wait_for_output(void *context, int fd)
{
	struct watch *watch = context;

	for (;;) {
		struct pollfd fds[2] = { { .fd = fd, .events = POLLOUT },
					 { .fd = watch->stopped ? -1 : watch->options->order_fd, .events = POLLIN } };
		int count = poll(fds, 2, watch->stopped ? LAST_WAIT_MS : -1);
		if (fds[1].revents)
			take_orders(watch);
		if (count == 0 || fds[0].revents)
			return count;
	}
}

static int longest_sleep(const struct watch *watch, bool drained)
{
	int sleep_ms = assembler_waits(watch->assembler) ? ASSEMBLE_ALONE_MS : REST_MS;

	if (watch->twins.held_count && sleep_ms > TWINS_HELD_MS)
		sleep_ms = TWINS_HELD_MS;

	for (size_t i = 0; i < watch->options->sensor_count; i++) {
		const struct channel *channel = &watch->channels[i];
		if (!channel->over && channel->sensor->poll_ms && channel->sensor->poll_ms < sleep_ms)
			sleep_ms = channel->sensor->poll_ms;
	}
	return drained ? sleep_ms : 0;
}

static void wait_for_news(struct watch *watch, bool drained)
{
	const struct watch_options *options = watch->options;
	struct pollfd fds[STATUS_SENSORS_MAX + 1];
	nfds_t count = 0;

	fds[count++] = (struct pollfd){ .fd = options->order_fd, .events = POLLIN };
	for (size_t i = 0; i < options->sensor_count; i++)
		if (!watch->channels[i].over)
			fds[count++] = (struct pollfd){ .fd = watch->channels[i].sensor->fd, .events = POLLIN };
	if (poll(fds, count, longest_sleep(watch, drained)) > 0 && fds[0].revents)
		take_orders(watch);
}

static void watch_sensors(struct watch *watch)
{
	bool drained = false;

	tell_status(watch, STATUS_WHY_STARTED);
	take_holders(watch);
	while (!watch->stopped && !watch->failed) {
		wait_for_news(watch, drained);
		obey(watch);
		look_at_clock(watch); /* what comes now, came after a sleep */
		assembler_tick(watch->assembler, watch->now_ms, false);
		drained = take_sensors(watch);
		pass_time(watch, drained);
	}
}

/* ---- beginning and end ---- */

/* What sensors lost decides the exit status, as what is lost of a log does. */
static void note_losses(struct watch *watch)
{
	for (size_t i = 0; i < watch->options->sensor_count; i++) {
		const struct sensor *sensor = watch->channels[i].sensor;
		for (unsigned count = 0; count < COUNT_COUNT; count++)
			if (sensor_count_is_loss(count) && sensor->counts[count])
				summary_note(watch->summary, true, false, "sensor %s: %llu %s", sensor->name,
					     (unsigned long long)sensor->counts[count], sensor_count_words(count));
	}
}

/* What sensors and stages still hold. */
static void finish(struct watch *watch)
{
	struct record record;

	for (unsigned i = 0; i < DRAIN_MAX && !watch->failed && !take_sensors(watch); i++)
		;
	for (size_t i = 0; i < watch->options->sensor_count; i++) {
		decoder_end(watch->channels[i].decoder);
		while (decoder_next(watch->channels[i].decoder, &record))
			take_record(watch, &record);
	}
	assembler_end(watch->assembler);
	take_events(watch);
	take_held(watch, true);
	judge_end(watch->judge);
	resolver_account(watch->resolver, watch->summary);
	note_losses(watch);
	for (size_t i = 0; i < watch->options->sensor_count; i++) /* these need no audit rules */
		watch->summary->coverage_seen_procfs |=
			watch->options->sensors[i]->bit & (SEEN_BY_BPF | SEEN_BY_FANOTIFY);
	look_at_clock(watch);
	watch->summary->seconds = (double)(watch->now_ms - watch->start_ms) / 1000;
	fail(watch, sink_end(watch->sink, watch->err));
	tell_status(watch, STATUS_WHY_ENDED);
	fail(watch, outlet_flush(&watch->outlet, watch->now_ms, watch->err));
}

static int create_stages(struct watch *watch)
{
	const struct watch_options *options = watch->options;
	struct judge_options judging = {
		.pack = options->pack,
		.keep_hidden = options->filter.show_suppressed,
		.keep_raw = options->raw,
		.update_ms = options->update_ms,
		.emit = take_finding,
		.context = watch,
	};
	bool whole = true;

	for (size_t i = 0; i < options->sensor_count; i++) {
		watch->channels[i].sensor = options->sensors[i];
		watch->channels[i].decoder = decoder_create(watch->summary);
		whole &= watch->channels[i].decoder != NULL;
	}
	if (options->steward && !(watch->steward = steward_start(options->steward, watch->err)))
		return watch->err->number;
	watch->outlet = (struct outlet){ .output = options->output,
					 .steward = watch->steward,
					 .full_bytes = options->full_bytes,
					 .policy = options->policy };
	output_set_patience(options->output, wait_for_output, watch);
	watch->naming = naming_create(watch->steward);
	watch->assembler = assembler_create(watch->summary);
	watch->resolver = resolver_create();
	watch->judge = judge_create(&judging, watch->summary);
	whole &= twins_init(&watch->twins) == 0;
	if (!whole || !watch->naming || !watch->assembler || !watch->resolver || !watch->judge)
		return err_set(watch->err, -ENOMEM, "out of memory before the watch began");
	watch->files = judge_wants_files(watch->judge);
	watch->offers = judge_wants_events(watch->judge);
	return 0;
}

static int confine(const struct watch *watch)
{
	const char *trees[TREES_MAX];
	struct guard guard = { .read_trees = trees, .live = true };

	for (size_t i = 0; i < watch->options->sensor_count; i++) {
		const char *const *tree = watch->options->sensors[i]->trees;
		for (; tree && *tree && guard.tree_count < TREES_MAX; tree++)
			trees[guard.tree_count++] = *tree;
	}
	return guard_confine(&guard, watch->summary, watch->err);
}

int watch_run(const struct watch_options *options, struct sink *sink, struct summary *summary, struct err *err)
{
	struct watch watch = { .options = options, .summary = summary, .sink = sink, .err = err };
	int result = create_stages(&watch);

	summary->files = options->sensor_count;
	summary->live = true;
	watch.start_ms = watch.now_ms = options->clock(options->context, CLOCK_MONOTONIC);
	watch.gap_ms = watch.start_ms - GAP_PAUSE_MS;
	if (result == 0 && options->holders)
		holders_look(&watch.holders, options->host, options->clock(options->context, CLOCK_REALTIME),
			     options->scope, options->scope_of);
	if (result == 0 && options->confine)
		result = confine(&watch);
	if (result == 0) {
		watch_sensors(&watch);
		finish(&watch);
		result = watch.failed;
	}
	output_set_patience(options->output, NULL, NULL);
	steward_stop(watch.steward);
	naming_destroy(watch.naming);
	twins_finish(&watch.twins);
	holders_finish(&watch.holders);
	judge_destroy(watch.judge);
	resolver_destroy(watch.resolver);
	assembler_destroy(watch.assembler);
	for (size_t i = 0; i < options->sensor_count; i++)
		decoder_destroy(watch.channels[i].decoder);
	return result;
}
