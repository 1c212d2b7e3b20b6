/* Accesses, each judged by itself, as `scan --accesses` prints them. */
#include "base/hash.h"
#include "engine/line_sighting.h"
#include "engine/message_access.h"
#include "engine/messages_parts.h"

/* An event that came again tells what it told before, unless the late record told more. */
static bool is_told(struct messages *messages, const struct access *access)
{
	uint64_t key = hash_join(access->serial, (uint64_t)access->time_ms);

	key = hash_join(key, hash_bytes(access->host));
	key = hash_join(key, hash_join(access->actor.pid, access->target.pid));
	key = hash_join(key, (uint64_t)access->entry << 8 | (uint64_t)access->verb << 4 | access->sighting);
	for (size_t i = 0; access->again && i < RECENT_ACCESSES; i++)
		if (messages->recent[i] == key)
			return true;
	messages->recent[messages->recent_at++ % RECENT_ACCESSES] = key;
	return false;
}

static bool access_message(struct messages *messages, const struct access *access, struct message *message)
{
	enum line_kind kind = access->sighting == SIGHTING_LINE ? LINE_LOG : LINE_AUDIT;
	struct finding finding;

	if (!judge_alone(messages->judge, access, &finding) || is_told(messages, access))
		return false;
	buffer_reset(&messages->text);
	message_access_write(&messages->text, &finding);
	if (messages->text.failed) {
		summary_note(messages->summary, true, false, "out of memory: an access was lost");
		buffer_finish(&messages->text);
		return false;
	}
	message_place_set(messages, &access->origin);
	*message = (struct message){
		.raw = buffer_span(&messages->text),
		.time_ms = access->time_ms,
		.host = access->host,
		.name = buffer_span(&messages->place.name),
		.category = messages->place.category.len ? messages->place.category
							 : category_of_line(kind, access->actor.comm, access->message),
	};
	return true;
}

bool message_accesses_next(struct messages *messages, struct message *message)
{
	struct event event;
	struct record record;
	struct access access;

	for (;;) {
		while (resolver_next(messages->resolver, &access))
			if (access_message(messages, &access, message))
				return true;
		switch (events_take(messages, &event, &record)) {
		case TAKEN_NOTHING:
			return false;
		case TAKEN_EVENT:
			resolver_take(messages->resolver, &event);
			break;
		case TAKEN_RECORD:
			access = line_sighting(&record);
			if (record.kind == RECORD_LOG && access_message(messages, &access, message))
				return true;
			break;
		}
	}
}
