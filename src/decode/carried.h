/*
 * carried: log lines inside of other documents, such as a journal entry's
 * MESSAGE or filebeat's "message". Private to src/decode.
 */
#ifndef DECODE_CARRIED_H
#define DECODE_CARRIED_H

#include "decode/dress.h"

/* What the document says of the line that it carries; empty or TIME_UNKNOWN where it does not. */
struct carried {
	struct log_line line; /* line.message is the line */
	enum trust trust;     /* the most that it deserves */
};

/*
 * The audit records or losses in the line, as if its program had logged it.
 * DRESS_NOT_MINE when there are none, or the line only quotes them. The records show the whole document as raw.
 */
enum dress_result carried_audit(const struct document *document, const struct carried *carried, struct queue *queue);

/* The same for a whole line: one that begins with audit text, or one with a syslog stamp; else it becomes a log record. */
enum dress_result carried_line(const struct document *document, const struct carried *carried, struct queue *queue);

/* The line as a RECORD_LOG. */
enum dress_result carried_log(const struct document *document, const struct carried *carried, struct queue *queue);

#endif
