/*
 * Whole events. A late record has its event handed out again, whole: better
 * twice than without what came late.
 */
#include "engine/messages_parts.h"

static bool next_event(struct messages *messages, struct event *event)
{
	return assembler_next(messages->assembler, event);
}

static void add_record(struct messages *messages, const struct record *record)
{
	if (assembler_add(messages->assembler, record) < 0)
		summary_note(messages->summary, true, false, "out of memory: a record was lost");
}

enum taken events_take(struct messages *messages, struct event *event, struct record *record)
{
	if (next_event(messages, event))
		return TAKEN_EVENT;
	while (decoder_next(messages->decoder, record)) {
		switch (record->kind) {
		case RECORD_AUDIT:
			add_record(messages, record);
			if (next_event(messages, event))
				return TAKEN_EVENT;
			break;
		case RECORD_LOSS:
			messages->summary->lost_told += record->lost ? record->lost : 1;
			return TAKEN_RECORD;
		case RECORD_ACCESS: /* of live sensors alone */
		case RECORD_LOG:
			return TAKEN_RECORD;
		}
	}
	if (!messages->ended || messages->flushed)
		return TAKEN_NOTHING;
	messages->flushed = true;
	assembler_end(messages->assembler);
	return next_event(messages, event) ? TAKEN_EVENT : TAKEN_NOTHING;
}

void log_message(struct messages *messages, const struct record *record, struct message *message)
{
	struct span category;

	message_place_set(messages, &record->origin);
	category = messages->place.category;
	*message = (struct message){
		.raw = record->raw,
		.time_ms = record->time_ms,
		.host = record->node,
		.name = buffer_span(&messages->place.name),
		.category = category.len ? category : category_of_line(LINE_LOG, record->program, record->raw),
	};
}

/* Records of one document all have the document for their text: it is there once. */
static struct span join_records(struct messages *messages, const struct event *event)
{
	struct buffer *text = &messages->text;
	struct span before = { 0 };

	buffer_reset(text);
	for (size_t i = 0; i < event->count; i++) {
		struct span raw = event->records[i].raw;
		if (before.data && span_equal(before, raw))
			continue;
		if (text->len)
			buffer_add_byte(text, '\n');
		buffer_add(text, raw);
		before = raw;
	}
	if (!text->failed)
		return buffer_span(text);
	summary_note(messages->summary, true, false, "out of memory: an event was lost");
	buffer_finish(text);
	return (struct span){ "", 0 };
}

bool message_events_next(struct messages *messages, struct message *message)
{
	struct event event;
	struct record record;

	switch (events_take(messages, &event, &record)) {
	case TAKEN_NOTHING:
		return false;
	case TAKEN_RECORD:
		log_message(messages, &record, message);
		return true;
	case TAKEN_EVENT:
		break;
	}
	if (event.again)
		summary_note(messages->summary, false, false,
			     "events are among the messages twice, the second time with a record that came late");
	message_place_set(messages, &event.origin);
	*message = (struct message){
		.raw = join_records(messages, &event),
		.time_ms = event.time_ms,
		.host = event.node,
		.name = buffer_span(&messages->place.name),
		.category = messages->place.category.len ? messages->place.category
							 : category_of_line(LINE_AUDIT, SPAN(""), SPAN("")),
	};
	return true;
}
