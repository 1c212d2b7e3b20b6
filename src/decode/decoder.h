/*
 * decoder: what decode.c, lines.c and documents.c share. Private to src/decode.
 *
 *            ┌────────── a line of its own ────────┐
 *   NONE ────┤                                     ├──▶ queue ──▶ NONE
 *            └─▶ JSON, EXPORT, CSV, GROUP ─────────┘
 *                  │ frame used up         ▲
 *                  ▼                       │ next frame
 *                held (a copy of what there is so far)
 *
 * 1. While a document is open, its bytes are `held` and then the frame from
 *    `start` on; what is queued from a held document stays valid until the
 *    queue is empty.
 * 2. A stream's last line without a newline is held as a TAIL: if the next
 *    stream continues this one (a log cut into parts), both halves are one line.
 */
#ifndef DECODE_DECODER_H
#define DECODE_DECODER_H

#include "decode/decode.h"
#include "decode/dress.h"
#include "decode/extent.h"

enum open_kind {
	OPEN_NONE,
	OPEN_TAIL,
	OPEN_JSON,
	OPEN_EXPORT,
	OPEN_CSV,
	OPEN_GROUP, /* the lines of one event as ausearch prints it */
};

#define GROUP_LINES_MAX 1024 /* an event of more records comes in several groups */

struct decoder {
	struct summary *summary;
	struct queue queue;
	struct frame frame;
	struct span host; /* the frame's */
	struct span rest; /* of the frame */
	struct audit_key last_key;

	enum open_kind open;
	union {
		struct json_extent json;
		struct export_extent export;
		struct csv_extent csv;
	} extent;
	const char *start;	 /* of the open document in this frame */
	struct buffer held;	 /* its bytes of earlier frames */
	struct frame held_frame; /* the frame that it began in */
	struct origin held_origin;
	char key[64]; /* OPEN_GROUP: what its lines have in msg=audit(…) */
	size_t key_len, group_lines;

	struct buffer csv_header; /* empty when the stream has none */
	bool separated;		  /* the last line was ausearch's "----" */
	bool group_separated;	  /* as it was when the group opened */
	bool stream_start;	  /* no line of the stream has been seen */
	bool unfinished;	  /* the stream's last line lacks its newline and was decoded all the same */
	bool flush;		  /* the stream has ended: what is open is complete or broken */
	bool reset;		  /* … and a new one starts */
};

/* What may stand behind an element of a JSON array, up to the end of its line. */
#define JSON_ARRAY_REST " \t\r,]"

/* Whether the frame's format lets text of that one be tried. */
static inline bool decoder_allows(const struct decoder *decoder, enum format format)
{
	return decoder->frame.format == FORMAT_AUTO || decoder->frame.format == format;
}

/* A piece of the current frame as a document. */
struct document decoder_document(const struct decoder *decoder, struct span text);

/* Counts the document's lines as undecoded, with a sample of their kind. */
void decoder_undecoded(struct decoder *decoder, const char *kind, const struct document *document);

/* lines.c: one line that is complete and belongs to no document. */
void line_decode(struct decoder *decoder, struct document document);

bool line_begins_header(struct span text); /* "type=", "node=", "host=" */
bool line_is_brackets(struct span text);   /* nothing but what stands around the elements of a JSON array */

/* The TAIL of the stream before: as a line of its own, or joined with what continues it. */
void tail_finish(struct decoder *decoder);
void tail_join(struct decoder *decoder);

/* documents.c: opens a document at rest. */
void document_open(struct decoder *decoder, enum open_kind kind);

/* Opens or takes what begins at rest and may be more than a line; false when nothing does. */
bool document_take(struct decoder *decoder);

/* A line of ausearch's output: true when it opened a group or goes by ("time->"). */
bool document_take_group(struct decoder *decoder, struct span line);

/* Goes on with the open document; false when the frame is used up. */
bool document_continue(struct decoder *decoder);

/* The frame ends inside of what is open: keeps a copy. */
void document_hold(struct decoder *decoder);

/* What was open has been decoded or given up. */
void document_close(struct decoder *decoder);

/* The stream has ended, and with it what is open. */
void document_flush(struct decoder *decoder);

#endif
