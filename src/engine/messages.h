/*
 * messages: what a search looks at, made of frames.
 *
 *   LINE     every line, whether anybody can decode it or not
 *   EVENT    an audit event, its records joined by newlines; a line of any
 *            other log; a document that holds a whole event
 *   ACCESS   a resolved access, execution, crash or log line that scan would
 *            judge, as name="value" text (message_access.h)
 */
#ifndef ENGINE_MESSAGES_H
#define ENGINE_MESSAGES_H

#include "engine/message_category.h"
#include "engine/message_needs.h"
#include "model/frame.h"
#include "model/summary.h"
#include "query/run.h"
#include "rule/pack.h"

enum message_unit { MESSAGE_LINE, MESSAGE_EVENT, MESSAGE_ACCESS };

struct messages_options {
	enum message_unit unit;
	struct message_needs needs;
	const struct category_map *categories; /* NULL: no globs */
	const struct pack *pack;	       /* ACCESS: the rules that judge */
	/* LINE: a line that holds none of these is counted and left out; count 0: none is. They outlive the messages. */
	const struct literal *literals;
	size_t literal_count;
};

struct messages;

/* The summary outlives the messages. NULL: memory is out. */
struct messages *messages_create(const struct messages_options *options, struct summary *summary);
void messages_destroy(struct messages *messages);

/* Takes the next frame, whose bytes live until the next call. messages_next is to be called until it is false. */
void messages_feed(struct messages *messages, const struct frame *frame);

/* The input has ended: what is held back becomes messages. */
void messages_end(struct messages *messages);

/* The next message, which lives until the following call; false when the frame is used up. */
bool messages_next(struct messages *messages, struct message *message);

/* Adds to the summary what history gave up. Once, at the end. */
void messages_account(const struct messages *messages, struct summary *summary);

/* How many there were, with those left out. */
uint64_t messages_count(const struct messages *messages);

#endif
