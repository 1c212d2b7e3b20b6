/*
 * json_auto: fields by the names that the JSON in a text has.
 *
 *   {"a":{"b":[{"c":1},{"c":2}]}}      a.b[0].c = 1, a.b[1].c = 2
 *
 * The JSON need not be all of the text: of the objects that stand in it, the
 * last that is whole is taken. Names are found without regard to case, and
 * white space in them becomes an underscore.
 */
#ifndef QUERY_JSON_AUTO_H
#define QUERY_JSON_AUTO_H

#include "query/extract.h"

struct json_auto;

/* 0, or negative with the plan's error set. */
int json_auto_create(struct json_auto **automatic, const struct operator* operator, struct plan * plan);
void json_auto_finish(struct json_auto *automatic); /* NULL is allowed */

/* Fills fields of the row. A text without JSON fills none. */
void json_auto_take(struct json_auto *automatic, struct run *run, struct row *row, struct span text);

#endif
