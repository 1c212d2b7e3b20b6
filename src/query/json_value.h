/* json_value: what a piece of JSON is as a field. */
#ifndef QUERY_JSON_VALUE_H
#define QUERY_JSON_VALUE_H

#include "base/json_scan.h"
#include "query/row.h"

/*
 * A string is what it stands for, null is null, all else is the text as
 * written. The text of an object or array has to be all of it (json_skip); it
 * is handed on without white space.
 */
struct value json_value(const struct json_token *token, struct row *row);

/* Without the white space outside of strings: the text itself, or made in the row's arena. */
struct span json_compact(struct span text, struct row *row);

/* The value as written: a string with its quotes. */
struct span json_written(const struct json_token *token);

/* Reads to the end of the container just entered, all of it, and sets token->text to the whole. False: no JSON. */
bool json_read_all(struct json_scan *scan, struct json_token *token);

/* Whether nothing but white space follows. */
bool json_at_end(const struct json_scan *scan);

#endif
