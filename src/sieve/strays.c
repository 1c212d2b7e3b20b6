/* What the walker keeps: events, strays, and which stray is of which event. */
#include <stdlib.h>

#include "sieve/walker_parts.h"

bool walker_doubt(struct walker *walker, enum sieve_doubt why, const char *at)
{
	walker->doubt = why;
	walker->doubt_at = walker->position + (uint64_t)(at - walker->piece->bytes.data);
	return false;
}

bool walker_grow(void **items, size_t *capacity, size_t size)
{
	size_t more = *capacity ? *capacity + *capacity / 2 : 1024;
	void *grown = reallocarray(*items, more, size);

	if (!grown)
		return false;
	*items = grown;
	*capacity = more;
	return true;
}

bool walker_add_event(struct walker *walker, struct sieve_event event, uint16_t kin)
{
	struct sieve_piece *piece = walker->piece;

	if (piece->event_count == piece->event_capacity) {
		size_t capacity = piece->event_capacity;
		if (!walker_grow((void **)&piece->kin, &capacity, sizeof(*piece->kin)) ||
		    !walker_grow((void **)&piece->events, &piece->event_capacity, sizeof(event)))
			return walker_doubt(walker, DOUBT_MEMORY, piece->bytes.data);
	}
	piece->kin[piece->event_count] = kin;
	piece->events[piece->event_count++] = event;
	return true;
}

void walker_note_event(struct walker *walker, struct sieve_event *event, unsigned notes)
{
	event->notes |= notes & 15;
	if (notes & NOTE_HOT)
		walker->hot[event->pid / 64] |= UINT64_C(1) << event->pid % 64;
}

/* The key of an event, read again. */
static struct key key_of(const struct walker *walker, const struct sieve_event *event)
{
	const char *p = walker->piece->bytes.data + event->at + walker->lead.len + SYSCALL_HEADER;
	struct key key = { 0 };

	read_key(p, walker->end, &key);
	return key;
}

/*
 * The event that a stray is of: serials rise, but for those of events that
 * began out of their place, so the search ends soon.
 */
void walker_find_head(struct walker *walker, struct sieve_stray *stray, const struct key *key, unsigned notes,
		      unsigned lower_max)
{
	struct sieve_piece *piece = walker->piece;

	for (size_t i = piece->event_count; i-- && lower_max;) {
		struct key its = key_of(walker, &piece->events[i]);
		if (its.serial == key->serial && its.time_ms == key->time_ms) {
			stray->head = (uint32_t)i;
			walker_note_event(walker, &piece->events[i], notes);
			return;
		}
		lower_max -= its.serial <= key->serial;
	}
}

static bool is_orphan(const struct walker *walker, const struct key *key)
{
	const struct orphan *orphan = &walker->orphans[key->serial % ORPHANS];

	return orphan->told && orphan->serial == key->serial && orphan->time_ms == key->time_ms;
}

/* Not where it is the first with its serial: then events far back need not be asked. */
static bool may_have_begun(const struct walker *walker, const struct key *key)
{
	return key->serial <= walker->max_serial || walker->youth < LOWER_MAX;
}

bool walker_place_stray(struct walker *walker, struct span line, const struct key *key, struct sieve_stray *stray,
			unsigned notes)
{
	bool boot = false, again;

	if (may_have_begun(walker, key))
		walker_find_head(walker, stray, key, notes, LOWER_MAX);
	if (stray->head != SIEVE_NONE || is_orphan(walker, key))
		return true;
	if (!walker_order(walker, line.data, key, &boot, &again))
		return false;
	stray->boot = boot;
	return true;
}

bool walker_place_call(struct walker *walker, struct span line, const struct key *key, struct sieve_stray *stray)
{
	bool boot = false, again = true;

	if (may_have_begun(walker, key))
		walker_find_head(walker, stray, key, 0, LOWER_MAX);
	if (stray->head == SIEVE_NONE && !is_orphan(walker, key) &&
	    !walker_order(walker, line.data, key, &boot, &again))
		return false;
	stray->boot = boot;
	stray->call = again || boot;
	return true;
}

bool walker_doubt_news(struct walker *walker, uint64_t serial, uint64_t pid)
{
	struct sieve_piece *piece = walker->piece;
	unsigned lower_max = LOWER_MAX;
	bool found = false;

	for (size_t i = piece->event_count; i-- && lower_max;) {
		uint64_t its = key_of(walker, &piece->events[i]).serial;
		bool late = piece->events[i].pid == pid && its >= serial;
		piece->events[i].news |= late;
		found |= late;
		lower_max -= its <= serial;
	}
	return found;
}

/* Records that the kernel writes before the SYSCALL record: of the security modules, mostly. */
void walker_adopt(struct walker *walker, const struct key *key, struct sieve_event *event)
{
	struct sieve_piece *piece = walker->piece;
	struct orphan *orphan = &walker->orphans[key->serial % ORPHANS];

	if (!is_orphan(walker, key))
		return;
	orphan->told = false;
	walker_note_event(walker, event, orphan->notes);
	for (size_t i = orphan->stray; i < piece->stray_count; i++) {
		struct sieve_stray *stray = &piece->strays[i];
		if (stray->serial == key->serial && stray->head == SIEVE_NONE && !stray->call)
			stray->head = (uint32_t)piece->event_count;
	}
}

static void keep_orphan(struct walker *walker, const struct sieve_stray *stray, int64_t time_ms, unsigned notes)
{
	struct orphan *orphan = &walker->orphans[stray->serial % ORPHANS];

	if (stray->head != SIEVE_NONE || stray->call)
		return;
	if (orphan->told && orphan->serial == stray->serial && orphan->time_ms == time_ms) {
		orphan->notes |= notes;
		return;
	}
	*orphan = (struct orphan){ stray->serial, time_ms, (uint32_t)walker->piece->stray_count, notes, true };
}

bool walker_add_stray(struct walker *walker, struct sieve_stray stray, int64_t time_ms, unsigned notes)
{
	struct sieve_piece *piece = walker->piece;

	if (piece->stray_count == piece->stray_capacity &&
	    !walker_grow((void **)&piece->strays, &piece->stray_capacity, sizeof(stray)))
		return walker_doubt(walker, DOUBT_MEMORY, piece->bytes.data);
	keep_orphan(walker, &stray, time_ms, notes);
	piece->strays[piece->stray_count++] = stray;
	return true;
}
