#include "sink/watch_status.h"

#include "sink/escape.h"
#include "sink/iso_time.h"
#include "sink/json_writer.h"
#include "sink/quantity.h"

/* ---- JSON ---- */

static void put_sensor(struct buffer *to, const struct status_sensor *sensor)
{
	json_put_open(to, NULL, '{');
	json_put_word(to, "name", sensor->name);
	json_put_bool(to, "broken", sensor->broken);
	for (unsigned i = 0; i < COUNT_COUNT; i++)
		json_put_number(to, sensor_count_name(i), sensor->counts[i]);
	json_put_text_known(to, "with", span_of(sensor->with ? sensor->with : ""));
	json_put_text_known(to, "blind", span_of(sensor->blind));
	json_put_close(to, '}');
}

void watch_status_json(struct buffer *to, const struct watch_status *status)
{
	const struct summary *summary = status->summary;

	json_put_open(to, NULL, '{');
	json_put_word(to, "type", "status");
	json_put_word(to, "why", status_why_name(status->why));
	json_put_iso_time(to, "time", status->time_ms);
	json_put_number(to, "uptime_ms", status->uptime_ms);
	json_put_number(to, "records", summary->records);
	json_put_number(to, "events", summary->events);
	json_put_number(to, "log_lines", summary->log_lines);
	json_put_number(to, "accesses", summary->accesses);
	json_put_number(to, "self", summary->self);
	json_put_number(to, "suppressed", summary->suppressed);
	json_put_number(to, "findings", summary->findings);
	json_put_number(to, "lost", status->lost);
	json_put_number(to, "lost_since", status->lost_since);
	json_put_number(to, "serial_gaps", status->serials_lost);
	json_put_number(to, "incomplete_events", summary->incomplete_events);
	json_put_number(to, "lost_told", summary->lost_told);
	json_put_number(to, "evicted", summary->evicted);
	json_put_number(to, "undecoded_lines", summary->undecoded_lines);
	json_put_open(to, "sensors", '[');
	for (size_t i = 0; i < status->sensor_count; i++)
		put_sensor(to, &status->sensors[i]);
	json_put_close(to, ']');
	json_put_close(to, '}');
	json_put_end(to);
}

/* ---- text ---- */

static void add_count(struct buffer *to, const char *before, uint64_t count, const char *words)
{
	char room[QUANTITY_ROOM];

	buffer_printf(to, "%s%s %s", before, quantity_count(count, room), words);
}

/* "lost: none", or each loss with its number. */
static void add_lost(struct buffer *to, const struct watch_status *status)
{
	const char *between = "";

	buffer_text(to, "; lost: ");
	for (size_t i = 0; i < status->sensor_count; i++)
		for (unsigned count = 0; count < COUNT_COUNT; count++) {
			if (!sensor_count_is_loss(count) || !status->sensors[i].counts[count])
				continue;
			add_count(to, between, status->sensors[i].counts[count], sensor_count_words(count));
			buffer_printf(to, " (%s)", status->sensors[i].name);
			between = ", ";
		}
	struct {
		uint64_t count;
		const char *words;
	} others[] = {
		{ status->serials_lost, "serial numbers missing" },
		{ status->summary->incomplete_events, "incomplete events" },
		{ status->summary->lost_told, "events that the kernel or a log says are missing" },
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!others[i].count)
			continue;
		add_count(to, between, others[i].count, others[i].words);
		between = ", ";
	}
	if (!*between)
		buffer_text(to, "none");
}

static void add_sensors(struct buffer *to, const struct watch_status *status)
{
	for (size_t i = 0; i < status->sensor_count; i++)
		buffer_printf(to, "%s%s%s", i ? " + " : "", status->sensors[i].name,
			      status->sensors[i].broken ? " (over)" : "");
}

/* What is no loss, but not as it should be. */
static void add_oddities(struct buffer *to, const struct watch_status *status)
{
	static const enum sensor_count odd[] = { COUNT_UNNAMED, COUNT_FORGED, COUNT_BACKLOG };

	for (size_t i = 0; i < status->sensor_count; i++)
		for (size_t k = 0; k < sizeof(odd) / sizeof(odd[0]); k++)
			if (status->sensors[i].counts[odd[k]])
				add_count(to, "; ", status->sensors[i].counts[odd[k]], sensor_count_words(odd[k]));
}

void watch_status_text(struct buffer *to, const struct watch_status *status, bool utf8)
{
	const struct summary *summary = status->summary;
	struct buffer line = { 0 };
	char room[ISO_TIME_ROOM];
	const char *time = iso_time(status->time_ms, room);

	buffer_printf(&line, "%s %s: ", time ? time : "-", status_why_name(status->why));
	add_sensors(&line, status);
	add_count(&line, "; ", summary->records, "records");
	add_count(&line, ", ", summary->events, "events");
	add_count(&line, ", ", summary->accesses, "accesses");
	add_count(&line, ", ", summary->findings, "findings");
	add_lost(&line, status);
	add_oddities(&line, status);
	if (!line.failed)
		escape_terminal(to, buffer_span(&line), 0, utf8);
	buffer_add_byte(to, '\n');
	buffer_finish(&line);
}
