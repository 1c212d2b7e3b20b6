/*
 * canonical: writes records in the kernel's own text, for the dresses that
 * hold fields instead of it. Private to src/decode.
 */
#ifndef DECODE_CANONICAL_H
#define DECODE_CANONICAL_H

#include "decode/dress.h"

/*
 * Appends name=value as the kernel would: names known for text (comm, exe,
 * name, …) in quotes or hex, the rest plain unless its bytes forbid it. A
 * value with data NULL is (null).
 */
void canonical_add(struct buffer *body, struct span name, struct span value);

bool canonical_is_text_name(struct span name);

/* The same in quotes or hex, whatever the name. */
void canonical_add_text(struct buffer *body, struct span name, struct span value);

/* a0=, a1=, …: one argument of EXECVE. From CANONICAL_ARGUMENTS_MAX on, nothing: argc= tells that there were more. */
#define CANONICAL_ARGUMENTS_MAX 65536
void canonical_add_argument(struct buffer *body, uint64_t index, struct span value);

/* The bytes in upper-case hex, without a name: for values that are put together in pieces. */
void canonical_add_hex(struct buffer *body, struct span bytes);

/* Appends name= behind what there is. */
void canonical_add_name(struct buffer *body, struct span name);

/* The time and serial of an audit id, "1615114232.375:15558". False when it is none. */
bool canonical_id(struct span id, int64_t *time_ms, uint64_t *serial);

/* Whether user space sends records of that type (kernel/audit.c: audit_netlink_ok), so that they deserve TRUST_DAEMON at most. */
bool canonical_is_user_type(uint16_t type);

/*
 * queue_add() under a ceiling, so that a document of a million empty objects
 * takes no more memory than one of honest size: NULL when memory is out or
 * the ceiling is reached, and then canonical_is_full().
 */
struct record *canonical_record(struct queue *queue, const struct document *document);
bool canonical_is_full(const struct queue *queue);

/* Queues what was built in queue->body as an audit record of that type. As canonical_record. */
struct record *canonical_queue(struct queue *queue, const struct document *document, uint16_t type);

/* Gives node (unless empty), time and serial to the records from `first` on; the last one ends its event if `whole`. */
void canonical_stamp(struct queue *queue, size_t first, struct span node, int64_t time_ms, uint64_t serial, bool whole);

#endif
