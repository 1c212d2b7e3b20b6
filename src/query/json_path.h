/*
 * json_path: the JSONPath that the operator json takes, compiled.
 *
 *   a.b  $.a[0]  a[-1]  a[*].b  a.*  ['odd name']  a['b','c']  a[0,2]  a[1:3]  a[::2]  ..b  a.length()
 *
 * Filters and scripts are refused.
 */
#ifndef QUERY_JSON_PATH_H
#define QUERY_JSON_PATH_H

#include "base/arena.h"

enum json_step_kind {
	STEP_KEYS,    /* of an object: one of `keys` */
	STEP_INDEXES, /* of an array: one of `indexes`, negative ones from the end */
	STEP_SLICE,   /* of an array: from, to, stride */
	STEP_ANY,     /* of both: every one */
	STEP_LENGTH,  /* how many there are; always the last */
};

struct json_step {
	enum json_step_kind kind;
	bool descend; /* at any depth below */
	struct span *keys;
	int64_t *indexes;
	size_t count; /* of keys or indexes */
	int64_t from, to, stride;
};

struct json_path {
	struct json_step *steps;
	size_t count;
	bool many; /* it may lead to several values: the result is a list */
};

/* NULL, or why the text is no path, a constant text. What is made lives in the arena, and borrows from it. */
const char *json_path_parse(struct span text, struct arena *arena, struct json_path *path);

/* Whether the step leads to several by itself. */
bool json_step_is_many(const struct json_step *step);

/* Whether the step takes the member with that key, or the element at the index of so many. */
bool json_step_takes_key(const struct json_step *step, struct span key);
bool json_step_takes_index(const struct json_step *step, int64_t index, int64_t length);

/* Whether the step asks how many elements there are. */
bool json_step_needs_length(const struct json_step *step);

#endif
