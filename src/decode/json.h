/*
 * json: the dresses that are JSON. Private to src/decode; decode_json() is in
 * dress.h, and calls each with a document whose text is one JSON object.
 *
 * DRESS_BROKEN when it is cut or malformed, DRESS_NO_EVENT when it is not
 * what its keys promised.
 */
#ifndef DECODE_JSON_H
#define DECODE_JSON_H

#include "decode/dress.h"

enum dress_result laurel_decode(const struct document *document, struct queue *queue);
enum dress_result ecs_decode(const struct document *document, struct queue *queue);
enum dress_result golibaudit_decode(const struct document *document, struct queue *queue);
enum dress_result journal_json_decode(const struct document *document, struct queue *queue);
enum dress_result defender_json_decode(const struct document *document, struct queue *queue);

/* Kernel text inside JSON: go-audit's "messages", MaxPatrol's "items". */
enum dress_result structured_decode(const struct document *document, struct queue *queue);

#endif
