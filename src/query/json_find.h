/*
 * json_find: values by their paths, all in one pass over the text.
 *
 * Of keys that stand twice in an object, the later counts. A path that may
 * lead to several values makes a list of what it finds, in JSON; a list of
 * nothing where it asked for every element and there was none.
 */
#ifndef QUERY_JSON_FIND_H
#define QUERY_JSON_FIND_H

#include "query/json_path.h"
#include "query/json_value.h"

struct json_found {
	bool found;
	struct value value;
	struct buffer list; /* kept from row to row */
};

struct json_finder {
	struct json_path *paths;
	struct json_found *found; /* one a path */
	size_t count;
	struct json_place *places; /* where in which path: a stack */
	size_t per_level;
};

/* For `count` paths, already parsed. False: memory is out. */
bool json_finder_init(struct json_finder *finder, struct json_path *paths, size_t count, struct arena *arena);
void json_finder_finish(struct json_finder *finder); /* what it allocated outside of the arena */

/* Fills finder->found. False when the text, as a whole, is no JSON; row->trouble when the result is too long. */
bool json_find(struct json_finder *finder, struct span text, struct row *row);

#endif
