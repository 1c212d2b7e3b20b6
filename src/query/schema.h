/*
 * schema: which name stands for which slot at one place of the pipeline.
 *
 * A slot is an index into the values of a row. Names are compared without
 * case; the first spelling is the one that is shown. `fields - x` begins a
 * schema that sees through to its parent, all but x; `fields a, b` and
 * aggregates begin one without a parent.
 *
 * Everything lives in the arena of the run.
 */
#ifndef QUERY_SCHEMA_H
#define QUERY_SCHEMA_H

#include "base/arena.h"

#define SLOT_NONE UINT32_MAX
#define SLOT_REMOVED (UINT32_MAX - 1)
#define FIELDS_MAX 4096 /* slots in a run */

struct field {
	struct span name;
	bool shown; /* something fills it: it is more than a name that was asked for */
};

/* All slots of a run. */
struct fields {
	struct field *items; /* FIELDS_MAX of them have room */
	uint32_t count;
};

struct schema_entry {
	struct span name;
	uint64_t hash;
	uint32_t slot;
	bool used;
};

struct schema {
	struct schema *parent; /* NULL: what is not found here is not known */
	struct arena *arena;
	struct schema_entry *entries;
	size_t capacity, count; /* capacity is a power of two */
};

/* NULL when memory is out. */
struct schema *schema_create(struct arena *arena, struct schema *parent);

/* SLOT_NONE when there is none, or it was removed. */
uint32_t schema_find(const struct schema *schema, struct span name);

/* Whether a schema from `lower` up to, but without, `upper` has removed the name. */
bool schema_hides(const struct schema *lower, const struct schema *upper, struct span name);

/* From here on name is slot, which may be SLOT_REMOVED. The name is borrowed. False: memory is out. */
bool schema_set(struct schema *schema, struct span name, uint32_t slot);

#endif
