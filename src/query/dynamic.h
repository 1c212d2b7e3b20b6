/*
 * dynamic: fields whose names only the data knows (json auto, kv auto).
 *
 * Of one row, DYNAMIC_FIELDS_MAX fields are taken that the search does not
 * speak of, and all that it does. The fields of the message itself (_raw,
 * _sourceHost, …) are never the data's to fill.
 */
#ifndef QUERY_DYNAMIC_H
#define QUERY_DYNAMIC_H

#include "query/extract.h"

#define DYNAMIC_FIELDS_MAX 100 /* as Sumo Logic documents it */
#define DYNAMIC_NAME_MAX 1024  /* bytes; what has a longer name is passed over */

struct dynamic {
	struct schema *schema;
	struct span *keys; /* that are asked for by name */
	uint32_t *targets;
	size_t key_count;
	bool keys_only;
	uint32_t planned; /* slots below this one are spoken of in the search */
	unsigned taken;
};

/* The byte that stands in a field's name for one of a name in the data. */
typedef char name_byte_fn(char byte);

/* 0, or negative with the plan's error set. */
int dynamic_create(struct dynamic *dynamic, const struct operator* operator, struct plan * plan, name_byte_fn *byte);

/* Before the first field of a row. */
void dynamic_start(struct dynamic *dynamic, const struct run *run);

/* The slot to be filled, or SLOT_NONE when nobody wants the field. */
uint32_t dynamic_slot(struct dynamic *dynamic, struct run *run, struct span name);

#endif
