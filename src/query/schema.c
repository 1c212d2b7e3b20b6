#include "query/schema.h"

#include "base/hash.h"

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static uint64_t hash_nocase(struct span name)
{
	uint64_t hash = name.len;

	for (size_t i = 0; i < name.len; i++)
		hash = hash * 0x100000001b3u ^ lower(name.data[i]);
	return hash_mix(hash);
}

struct schema *schema_create(struct arena *arena, struct schema *parent)
{
	struct schema *schema = arena_alloc(arena, sizeof(*schema));

	if (schema)
		*schema = (struct schema){ .parent = parent, .arena = arena };
	return schema;
}

/* The entry of that name, or the free one where it belongs. The table has a free one. */
static struct schema_entry *find_entry(const struct schema *schema, struct span name, uint64_t hash)
{
	size_t at = hash & (schema->capacity - 1);

	while (schema->entries[at].used &&
	       (schema->entries[at].hash != hash || !span_equal_nocase(schema->entries[at].name, name)))
		at = (at + 1) & (schema->capacity - 1);
	return &schema->entries[at];
}

uint32_t schema_find(const struct schema *schema, struct span name)
{
	uint64_t hash = hash_nocase(name);

	for (; schema; schema = schema->parent) {
		if (schema->capacity == 0)
			continue;
		const struct schema_entry *entry = find_entry(schema, name, hash);
		if (entry->used)
			return entry->slot == SLOT_REMOVED ? SLOT_NONE : entry->slot;
	}
	return SLOT_NONE;
}

bool schema_hides(const struct schema *lower, const struct schema *upper, struct span name)
{
	uint64_t hash = hash_nocase(name);

	for (; lower && lower != upper; lower = lower->parent) {
		const struct schema_entry *entry = lower->capacity ? find_entry(lower, name, hash) : NULL;
		if (entry && entry->used)
			return entry->slot == SLOT_REMOVED;
	}
	return false;
}

static bool grow(struct schema *schema)
{
	struct schema old = *schema;

	schema->capacity = old.capacity ? old.capacity * 2 : 32;
	schema->entries = arena_alloc(schema->arena, schema->capacity * sizeof(*schema->entries));
	if (!schema->entries) {
		*schema = old;
		return false;
	}
	memset(schema->entries, 0, schema->capacity * sizeof(*schema->entries));
	for (size_t i = 0; i < old.capacity; i++)
		if (old.entries[i].used)
			*find_entry(schema, old.entries[i].name, old.entries[i].hash) = old.entries[i];
	return true;
}

bool schema_set(struct schema *schema, struct span name, uint32_t slot)
{
	uint64_t hash = hash_nocase(name);

	if (schema->count * 2 >= schema->capacity && !grow(schema))
		return false;
	struct schema_entry *entry = find_entry(schema, name, hash);
	schema->count += !entry->used;
	*entry = (struct schema_entry){ .name = name, .hash = hash, .slot = slot, .used = true };
	return true;
}
