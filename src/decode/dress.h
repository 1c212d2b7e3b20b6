/*
 * dress: what the decoders of this folder share. Private to src/decode.
 *
 * One file a dress. decode.c cuts frames into lines and documents, asks each
 * dress in turn whether the text is its own, and hands out what they queue.
 */
#ifndef DECODE_DRESS_H
#define DECODE_DRESS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/record.h"

/* A line, or a document of several lines: what one dress decodes at a time. */
struct document {
	struct span text;     /* without its last newline or CRLF */
	struct origin origin; /* of text.data[0] */
	const struct frame *frame;
};

/* Records waiting to be handed out. Their bodies live in the arena until the queue has been emptied. */
struct queue {
	struct record *items;
	size_t count, capacity, next;
	struct arena arena;
	struct buffer body;  /* scratch for canonical bodies; copied into the arena when done */
	uint64_t audit_lost; /* the last audit_lost= of the kernel's log, which counts since boot */
};

/* A new record with raw, origin, trust and node (the frame's host) filled in; NULL when memory is out. */
struct record *queue_add(struct queue *queue, const struct document *document);

/* Moves what was built in queue->body into the arena and empties it. */
struct span queue_body(struct queue *queue);

enum dress_result {
	DRESS_NOT_MINE, /* another dress may try */
	DRESS_DONE,	/* decoded: zero or more records were queued */
	DRESS_BROKEN, /* mine, but cut or malformed: decode.c counts it, with a sample; what could be read is queued */
	DRESS_NO_EVENT, /* mine and well formed, but nothing that we know as an event (a saved dashboard): counted, too */
};

/* audit.c: one line of audit text in any wrapping. Also for the MESSAGE of journal and syslog documents. */
enum dress_result decode_audit(const struct document *document, struct queue *queue);

/* "1166111074.191:74)": what is between the brackets of the header that was read last. Zeroed: there was none. */
struct audit_key {
	char text[44];
	size_t len;
	int64_t time_ms;
	uint64_t serial;
};

/*
 * The header of text that begins with one ("type=", "node=", "audit("), which a newline ends: fills node, time_ms and
 * serial, which borrow from text, and *type with the type's name; empty: the body tells it. Returns where the body
 * begins, NULL when there is no whole header. `last` goes along from one record to the next.
 */
const char *audit_header(struct span text, struct audit_key *last, struct span *type, struct record *record);

/* The rest, when it is known where the body ends: in front of a 0x1d or with its line. */
void audit_take_body(struct record *record, struct span type, struct span body);

/* Both, for text that is one record. */
bool audit_parse(struct span text, struct record *record);

/*
 * Where a second record starts in a line whose first header ends at `from`, 0
 * when there is none: a writer that was cut off leaves two on one line.
 * *forgeable says that the place is behind a user-space message, whose text
 * could fake it.
 */
size_t audit_glued(struct span line, size_t from, bool *forgeable);

/* audit_wrapped.c: what a log daemon put around a message. */
struct log_line {
	struct span host, program, message; /* empty when the line does not say */
	uint32_t pid;			    /* 0 likewise */
	int64_t time_ms;		    /* TIME_UNKNOWN likewise */
};

/*
 * The audit records or losses that a log message tells; those that any user can have written get TRUST_ANY_USER.
 * DRESS_NOT_MINE although records were queued: the message only quotes them, and is a log line all the same.
 */
enum dress_result audit_in_log(const struct document *document, const struct log_line *line, struct queue *queue);

/* The text behind the kernel's "[42364.269117] ", or all of it. */
struct span skip_uptime(struct span text);

/* ausearch.c: one event of `ausearch -i`, from its "----" (exclusive) to the next; one line at a time is taken, too. */
enum dress_result decode_ausearch(const struct document *document, struct queue *queue);

/* What stands between the brackets of "type=X msg=audit(…)" at the start of a line; empty when there is no such header. */
struct span ausearch_key(struct span line);

/* Whether a line begins as `ausearch -i` writes it: with a date in that place. */
bool ausearch_interpreted(struct span line);

/* syslog.c: RFC 3164, RFC 5424, rsyslog and ISO stamps, dmesg. */
enum dress_result decode_syslog(const struct document *document, struct queue *queue);

/* Splits what stands behind stamp and host: "sshd[123]: text" into program, pid and message; false without such a tag. */
bool syslog_tag(struct span text, struct log_line *line);

/* json.c: a whole JSON object: LAUREL, ECS, go-libaudit, journald, Defender. */
enum dress_result decode_json(const struct document *document, struct queue *queue);

/* journal_export.c: one entry of `journalctl -o export`, FIELD=value lines, binary-safe. */
enum dress_result decode_journal_export(const struct document *document, struct queue *queue);

/* journal entries from JSON and export meet here: fields by name. */
struct journal_entry {
	struct span message, transport, identifier, comm, pid, hostname, audit_id, audit_type, audit_type_name,
		source_realtime_us, realtime_us, uid;
	struct span
		audit_fields; /* what _AUDIT_FIELD_* and the like tell, as a body: for when the message is missing */
};
enum dress_result decode_journal_entry(const struct document *document, const struct journal_entry *entry,
				       struct queue *queue);

/* defender.c: a row of Microsoft Defender advanced hunting, by column name. */
struct defender_row {
	/* value of a column; data NULL when the row has none */
	struct span (*column)(const void *row, struct span name);
	const void *row;
};
enum dress_result decode_defender(const struct document *document, const struct defender_row *row, struct queue *queue);

/* csv.c: one CSV row under the header that was seen at the start of its file; decode.c keeps the header. */
bool csv_is_defender_header(struct span line);
enum dress_result decode_csv(const struct document *document, struct span header, struct queue *queue);

/* stamp.c: times. Each returns the bytes used, 0 when the text does not begin with such a stamp. UTC where no zone is told. */
size_t stamp_iso(struct span text, int64_t *time_ms); /* 2024-01-25T12:34:56.789+01:00, blank instead of T, Z */
size_t stamp_bsd(
	struct span text, int64_t near_ms,
	int64_t *
		time_ms); /* "Jan 25 12:34:56": the year that brings it nearest before near_ms + 1 day (the file's mtime); 1970 when near_ms is 0 */
size_t stamp_ausearch(struct span text,
		      int64_t *time_ms); /* 01/25/2026 12:34:56.789, also 25/01/26 where the month cannot be */

#endif
