/* messages_parts: what the files that make messages share. Private to src/engine. */
#ifndef ENGINE_MESSAGES_PARTS_H
#define ENGINE_MESSAGES_PARTS_H

#include "assemble/assemble.h"
#include "base/buffer.h"
#include "decode/decode.h"
#include "engine/messages.h"
#include "match/sift.h"
#include "resolve/resolve.h"
#include "rule/judge.h"

/* The log that a message stands in. */
struct message_place {
	const char *file, *member; /* as origin has them */
	struct buffer name;	   /* _sourceName: the path, and behind it that of the member */
	struct span category;	   /* empty: each line must tell */
};

/*
 * Places of literals in a frame: by the sift some at a time; short literals,
 * of which it finds none, each no further than the nearest.
 */
#define LITERALS_SHORT_MAX 8
#define LITERAL_PLACES 8192 /* more than can stand in one block of the sift's */
struct literal_finder {
	bool wanted; /* else every line is */
	struct sift *sift;
	size_t from; /* how far it has looked into the frame */
	struct sift_place *places;
	size_t count, used;		      /* of places */
	const char *next[LITERALS_SHORT_MAX]; /* without a sift; NULL: not looked for yet */
};

/* Accesses of an event that came again are told once. */
#define RECENT_ACCESSES 256

struct messages {
	struct messages_options options;
	struct summary *summary;
	struct message_place place;
	uint64_t count;
	struct decoder *decoder;

	/* LINE */
	struct frame frame;
	struct span rest; /* of the frame */
	struct literal_finder finder;
	struct summary *unshown; /* lines are decoded for their stamp alone: what that counts is nobody's */
	struct buffer host, program;

	/* EVENT, ACCESS */
	struct assembler *assembler;
	struct buffer text;

	bool ended;   /* EVENT, ACCESS: the decoder has nothing more to come */
	bool flushed; /* … and the assembler has been told */

	/* ACCESS */
	struct resolver *resolver;
	struct judge *judge;
	uint64_t recent[RECENT_ACCESSES];
	size_t recent_at;
};

/* Makes *place that of the origin. */
void message_place_set(struct messages *messages, const struct origin *origin);

/* What the options' literals need; false: memory is out. */
bool message_lines_init(struct messages *messages);
void message_lines_finish(struct messages *messages);

void message_lines_feed(struct messages *messages, const struct frame *frame);
bool message_lines_next(struct messages *messages, struct message *message);

/* A record that is no audit record, as a message. */
void log_message(struct messages *messages, const struct record *record, struct message *message);

bool message_events_next(struct messages *messages, struct message *message);
bool message_accesses_next(struct messages *messages, struct message *message);

/* What comes next of the stream that is decoded and assembled: an event, or a record that is of none. */
enum taken { TAKEN_NOTHING, TAKEN_EVENT, TAKEN_RECORD };
enum taken events_take(struct messages *messages, struct event *event, struct record *record);

#endif
