#include "rule/needs.h"

#include "base/hash.h"
#include "rule/sigma/anchor.h"

#define SHORT 4 /* letters: a part of fewer is looked for with what it stands beside */

/*
 * Of a literal the part that stands in the log as it does in the field: a
 * command line's blanks part arguments, and a path may be put together of a
 * directory and a name.
 */
static struct span part_of(struct span literal, bool command)
{
	struct span best = { "", 0 };

	for (size_t at = 0, from = 0; at <= literal.len; at++) {
		char c = at < literal.len ? literal.data[at] : ' ';
		if (c != ' ' && (command || c != '/'))
			continue;
		if (at - from > best.len)
			best = span_first(span_skip(literal, from), at - from);
		from = at + 1;
	}
	return best;
}

/* A short word that an argument begins or ends with has a quote there: "gdb -p" is a0="gdb" a1="-p". */
static struct span with_quote(struct span part, struct span literal, struct arena *arena)
{
	size_t from = (size_t)(part.data - literal.data), behind = from + part.len;
	bool ends = behind < literal.len && literal.data[behind] == ' ';
	bool begins = from && literal.data[from - 1] == ' ';
	char *room = arena_alloc(arena, part.len + 1);

	if (!room || !part.len || (!ends && !begins))
		return part;
	memcpy(room + (ends ? 0 : 1), part.data, part.len);
	room[ends ? part.len : 0] = '"';
	return (struct span){ room, part.len + 1 };
}

/* A short name: "/nc" stands as exe="/usr/bin/nc", and "/tmp/" as exe="/tmp/x". No image is put together of two texts. */
static struct need need_of_image(const struct anchor_atom *atom, struct arena *arena)
{
	char *room = arena_alloc(arena, atom->literal.len + 2), *at = room;

	if (!room)
		return (struct need){ .text = { "", 0 } };
	*at = '"';
	at += atom->at_start;
	memcpy(at, atom->literal.data, atom->literal.len);
	at += atom->literal.len;
	*at = '"';
	at += atom->at_end;
	return (struct need){ { room, (size_t)(at - room) }, atom->literal, false };
}

static struct need need_of(const struct anchor_atom *atom, struct arena *arena)
{
	bool command = atom->field == SIGMA_PROCESS_CREATION_COMMAND_LINE;
	struct span part = part_of(atom->literal, command);

	if (part.len < SHORT && atom->field == SIGMA_PROCESS_CREATION_IMAGE)
		return need_of_image(atom, arena);
	return (struct need){ part.len < SHORT && command ? with_quote(part, atom->literal, arena) : part, part,
			      command };
}

static bool is_text(uint32_t field)
{
	switch (field) {
	case SIGMA_PROCESS_CREATION_IMAGE:
	case SIGMA_PROCESS_CREATION_COMMAND_LINE:
	case SIGMA_PROCESS_CREATION_NAME:
	case SIGMA_PROCESS_CREATION_SCRIPT:
		return true;
	default:
		return false;
	}
}

/* The literals so far, and where each stands among them: by its text, open addresses, 0 or one more than its place. */
struct collection {
	struct needs *needs;
	struct arena *arena;
	uint32_t *slots;
	size_t capacity; /* of needs->literals; of slots it is twice that */
};

static uint32_t *slot_of(const struct collection *collection, const struct need *need)
{
	size_t mask = 2 * collection->capacity - 1, at = (size_t)hash_bytes(need->text) & mask;

	for (;; at = (at + 1) & mask) {
		uint32_t *slot = &collection->slots[at];
		const struct need *other = *slot ? &collection->needs->literals[*slot - 1] : need;
		if (span_equal(other->text, need->text) && span_equal(other->encoded, need->encoded))
			return slot;
	}
}

/* False: memory is out. */
static bool grow(struct collection *collection)
{
	size_t capacity = collection->capacity ? 2 * collection->capacity : 64;
	struct needs *needs = collection->needs;
	struct need *literals = arena_alloc(collection->arena, capacity * sizeof(*literals));
	uint32_t *slots = arena_alloc(collection->arena, 2 * capacity * sizeof(*slots));

	if (!literals || !slots)
		return false;
	if (needs->count)
		memcpy(literals, needs->literals, needs->count * sizeof(*literals));
	memset(slots, 0, 2 * capacity * sizeof(*slots));
	needs->literals = literals;
	collection->slots = slots;
	collection->capacity = capacity;
	for (size_t i = 0; i < needs->count; i++)
		*slot_of(collection, &literals[i]) = (uint32_t)i + 1;
	return true;
}

static bool add_need(struct collection *collection, struct need need)
{
	struct needs *needs = collection->needs;

	if ((!collection->slots || needs->count == collection->capacity) && !grow(collection))
		return false;
	uint32_t *slot = slot_of(collection, &need);
	if (*slot) {
		needs->literals[*slot - 1].command &= need.command;
		return true;
	}
	if (needs->count == NEEDS_LITERALS_MAX)
		return false;
	needs->literals[needs->count++] = need;
	*slot = (uint32_t)needs->count;
	return true;
}

/* False: an atom of the clause cannot be looked for. */
static bool add_clause(struct collection *collection, const struct anchor_clause *clause)
{
	struct arena *arena = collection->arena;

	for (size_t i = 0; i < clause->count; i++)
		if (!is_text(clause->atoms[i].field) || need_of(&clause->atoms[i], arena).text.len < NEEDS_LITERAL_MIN)
			return false;
	for (size_t i = 0; i < clause->count; i++)
		if (!add_need(collection, need_of(&clause->atoms[i], arena)))
			return false;
	return true;
}

static void add_rule(struct collection *collection, const struct sigma_rule *rule)
{
	struct anchor_clauses clauses;

	anchor_find(&clauses, rule->condition, collection->arena);
	for (size_t i = 0; i < clauses.count; i++)
		if (add_clause(collection, &clauses.items[i]))
			return;
	if (!collection->needs->always)
		collection->needs->always = rule;
}

void needs_find(struct needs *needs, const struct pack *pack, struct arena *arena)
{
	struct collection collection = { .needs = needs, .arena = arena };

	*needs = (struct needs){ .types = record_types_of(pack->rules) };
	for (size_t i = 0; i < pack->rules->count; i++) {
		const struct sigma_rule *rule = &pack->rules->items[i];
		if (rule->state != SIGMA_READY)
			continue;
		if (rule->document != SIGMA_DETECTION)
			continue;
		needs->files |= rule->source == SIGMA_SOURCE_FILE_EVENT;
		if (rule->source == SIGMA_SOURCE_AUDITD && needs->types.any && !needs->always)
			needs->always = rule;
		/* What only adds to other findings needs no look of its own. */
		if (rule->source == SIGMA_SOURCE_PROCESS_CREATION && (rule->effect.finds || rule->silent))
			add_rule(&collection, rule);
	}
}
