/*
 * json_writer: pieces of JSON documents, for sinks and for what commands write themselves.
 *
 * Every function leaves a comma behind its value; json_put_close turns the last
 * one into the bracket, json_put_end into a newline. A NULL name is for items of
 * a list. Text goes through escape_json: unknown (data NULL) is null.
 */
#ifndef SINK_JSON_WRITER_H
#define SINK_JSON_WRITER_H

#include "base/buffer.h"

void json_put_open(struct buffer *to, const char *name, char bracket);
void json_put_close(struct buffer *to, char bracket); /* the closing one */
void json_put_end(struct buffer *to);		      /* of the outermost bracket: a line */

void json_put_null(struct buffer *to, const char *name);
void json_put_text(struct buffer *to, const char *name, struct span text);
void json_put_word(struct buffer *to, const char *name, const char *text); /* NULL is null */
void json_put_number(struct buffer *to, const char *name, uint64_t value);
void json_put_id(struct buffer *to, const char *name, uint64_t id); /* UNKNOWN_ID is null */
void json_put_bool(struct buffer *to, const char *name, bool value);
void json_put_iso_time(struct buffer *to, const char *name, int64_t time_ms);
void json_put_list(struct buffer *to, const char *name, const struct span *items, size_t count);

/* The same for schemas that leave out what is not known. */
void json_put_text_known(struct buffer *to, const char *name, struct span text); /* nor what is empty */
void json_put_id_known(struct buffer *to, const char *name, uint64_t id);
void json_put_iso_time_known(struct buffer *to, const char *name, int64_t time_ms);
void json_put_ms_known(struct buffer *to, const char *name, int64_t time_ms);

#endif
