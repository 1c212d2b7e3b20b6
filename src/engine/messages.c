#include "engine/messages_parts.h"

#include <stdlib.h>

static bool create_parts(struct messages *messages)
{
	enum message_unit unit = messages->options.unit;
	struct judge_options judging = { .pack = messages->options.pack };

	if (unit == MESSAGE_LINE) {
		messages->unshown = calloc(1, sizeof(*messages->unshown));
		messages->decoder = messages->unshown ? decoder_create(messages->unshown) : NULL;
		return messages->decoder;
	}
	messages->decoder = decoder_create(messages->summary);
	messages->assembler = assembler_create(messages->summary);
	if (unit == MESSAGE_ACCESS) {
		messages->resolver = resolver_create();
		messages->judge = judge_create(&judging, messages->summary);
	}
	return messages->decoder && messages->assembler &&
	       (unit != MESSAGE_ACCESS || (messages->resolver && messages->judge));
}

struct messages *messages_create(const struct messages_options *options, struct summary *summary)
{
	struct messages *messages = calloc(1, sizeof(*messages));

	if (!messages)
		return NULL;
	messages->options = *options;
	messages->summary = summary;
	if (message_lines_init(messages) && create_parts(messages))
		return messages;
	messages_destroy(messages);
	return NULL;
}

void messages_destroy(struct messages *messages)
{
	if (!messages)
		return;
	message_lines_finish(messages);
	judge_destroy(messages->judge);
	resolver_destroy(messages->resolver);
	assembler_destroy(messages->assembler);
	decoder_destroy(messages->decoder);
	free(messages->unshown);
	buffer_finish(&messages->place.name);
	buffer_finish(&messages->host);
	buffer_finish(&messages->program);
	buffer_finish(&messages->text);
	free(messages);
}

void messages_feed(struct messages *messages, const struct frame *frame)
{
	if (messages->options.unit == MESSAGE_LINE)
		message_lines_feed(messages, frame);
	else
		decoder_feed(messages->decoder, frame);
}

void messages_end(struct messages *messages)
{
	messages->ended = true;
	if (messages->options.unit != MESSAGE_LINE)
		decoder_end(messages->decoder);
}

bool messages_next(struct messages *messages, struct message *message)
{
	bool any = false;

	switch (messages->options.unit) {
	case MESSAGE_LINE:
		any = message_lines_next(messages, message);
		break;
	case MESSAGE_EVENT:
		any = message_events_next(messages, message);
		break;
	case MESSAGE_ACCESS:
		any = message_accesses_next(messages, message);
		break;
	}
	messages->count += any;
	return any;
}

void messages_account(const struct messages *messages, struct summary *summary)
{
	if (messages->resolver)
		resolver_account(messages->resolver, summary);
}

uint64_t messages_count(const struct messages *messages)
{
	return messages->count;
}

/* File and member live as long as the source, so pointers tell them apart. */
void message_place_set(struct messages *messages, const struct origin *origin)
{
	struct message_place *place = &messages->place;

	if (place->file == origin->file && place->member == origin->member)
		return;
	place->file = origin->file;
	place->member = origin->member;
	buffer_reset(&place->name);
	buffer_text(&place->name, origin->file ? origin->file : "");
	if (origin->member) {
		buffer_add_byte(&place->name, '/');
		buffer_text(&place->name, origin->member);
	}
	place->category = category_of_path(messages->options.categories, buffer_span(&place->name));
}
