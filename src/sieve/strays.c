/* What the walker keeps: events, strays, and which stray is of which event. */
#include <stdlib.h>

#include "sieve/walker_parts.h"

bool walker_doubt(struct walker *walker, enum sieve_doubt why, const char *at)
{
	walker->doubt = why;
	walker->doubt_at = walker->position + (uint64_t)(at - walker->piece->bytes.data);
	return false;
}

static bool grow(void **items, size_t *capacity, size_t least, size_t size)
{
	size_t more = *capacity + *capacity / 2 > least ? *capacity + *capacity / 2 : least;
	void *grown = reallocarray(*items, more, size);

	if (!grown)
		return false;
	*items = grown;
	*capacity = more;
	return true;
}

/* About as many as the piece before had. */
static size_t expected_events(const struct walker *walker)
{
	const struct sieve_piece *piece = walker->piece;
	size_t before = piece > walker->pieces ? piece[-1].event_count : 0;

	return before + before / 8 + 1024;
}

bool walker_add_event(struct walker *walker, struct sieve_event event, uint16_t kin)
{
	struct sieve_piece *piece = walker->piece;

	if (piece->event_count == piece->event_capacity) {
		size_t least = expected_events(walker), capacity = piece->event_capacity;
		if (!grow((void **)&piece->kin, &capacity, least, sizeof(*piece->kin)) ||
		    !grow((void **)&piece->events, &piece->event_capacity, least, sizeof(event)))
			return walker_doubt(walker, DOUBT_MEMORY, piece->bytes.data);
	}
	walker->highest[walker->added++ % LOWER_MAX] = walker->max_serial;
	piece->kin[piece->event_count] = kin;
	piece->events[piece->event_count++] = event;
	return true;
}

/* The key of an event, read again. */
static struct key key_of(const struct walker *walker, const struct sieve_piece *piece, const struct sieve_event *event)
{
	const char *p = piece->bytes.data + event->at + walker->lead.len + SYSCALL_HEADER;
	struct key key = { 0 };

	read_key(p, piece->bytes.data + piece->bytes.len, &key);
	return key;
}

static uint64_t serial_of(const struct walker *walker, const struct sieve_event *event)
{
	return key_of(walker, walker->piece, event).serial;
}

static uint64_t parent_of(const struct walker *walker, const struct sieve_event *event)
{
	uint64_t parent = UINT64_MAX;

	line_number(span_skip(walker->piece->bytes, event->at), SPAN(" ppid="), &parent);
	return parent;
}

/*
 * A rule may want what the process runs, and so what its children run. Those that began before this was known have
 * passed unmarked; in a log that is in order, there are none.
 */
static void heat(struct walker *walker, uint64_t pid, uint64_t serial)
{
	const struct sieve_piece *piece = walker->piece;
	bool passed = false;

	if (walker_is_hot(walker, pid))
		return;
	walker->hot[pid / 64] |= UINT64_C(1) << pid % 64;
	walker->any_hot = true;
	for (size_t i = 0; i < TAIL_MAX && i < walker->tail_count; i++)
		passed |= walker->tail[i].parent == pid && walker->tail[i].serial > serial;
	for (size_t i = piece->event_count, lower = 0; i-- > walker->boot_event && lower < LOWER_MAX && !passed;) {
		if (serial_of(walker, &piece->events[i]) <= serial)
			lower++;
		else
			passed = parent_of(walker, &piece->events[i]) == pid;
	}
	if (passed)
		walker_doubt(walker, DOUBT_ORDER, piece->bytes.data);
}

void walker_note_event(struct walker *walker, struct sieve_event *event, unsigned notes)
{
	event->notes |= notes & 15;
	if (notes & NOTE_HOT)
		heat(walker, event->pid, serial_of(walker, event));
}

#define SERIALS (1u << SIEVE_SERIAL_BITS)

/* How far its serial is below that one, as far as the index tells; half of SERIALS or more: it is above. */
static unsigned serials_below(const struct sieve_event *event, uint64_t serial)
{
	return (unsigned)(serial - event->serial) % SERIALS;
}

/* Whether all events are lower that were added before the last `back` ones; of those far back, nobody knows. */
static bool is_lower_before(const struct walker *walker, size_t back, uint64_t serial)
{
	return back < LOWER_MAX &&
	       (back >= walker->added || walker->highest[(walker->added - 1 - back) % LOWER_MAX] < serial);
}

/* The event that a stray is of: serials rise, but for those of events that began out of their place. */
void walker_find_head(struct walker *walker, struct sieve_stray *stray, const struct key *key, unsigned notes,
		      unsigned lower_max)
{
	struct sieve_piece *piece = walker->piece;

	for (size_t i = piece->event_count; i && lower_max; i--) {
		if (is_lower_before(walker, piece->event_count - i, key->serial))
			return;
		unsigned below = serials_below(&piece->events[i - 1], key->serial);
		struct key its = { 0 };
		if (!below)
			its = key_of(walker, piece, &piece->events[i - 1]);
		if (its.serial == key->serial && its.time_ms == key->time_ms) {
			stray->head = (uint32_t)(i - 1);
			walker_note_event(walker, &piece->events[i - 1], notes);
			return;
		}
		lower_max -= below < SERIALS / 2;
	}
}

bool walker_mark_news(struct walker *walker, uint64_t serial, uint64_t pid)
{
	struct sieve_piece *piece = walker->piece;
	size_t i = piece->event_count;

	for (size_t back = 0; !is_lower_before(walker, back, serial); back++) {
		while (i == 0 && piece > walker->pieces && !piece[-1].shelved)
			i = (--piece)->event_count;
		if (i == 0 || back >= LOWER_MAX)
			return false; /* they are too many, or on the shelf */
		struct sieve_event *event = &piece->events[--i];
		event->news |= event->pid == pid && key_of(walker, piece, event).serial >= serial;
	}
	return true;
}

/* Records that the kernel writes before the SYSCALL record: of the security modules, mostly. */
bool walker_adopt(struct walker *walker, uint64_t serial, struct sieve_event *event)
{
	struct sieve_piece *piece = walker->piece;
	struct orphan *orphan = &walker->orphans[serial % ORPHANS];

	if (serial <= orphan->lost)
		return false;
	if (!orphan->told || orphan->serial != serial)
		return true;
	if (orphan->alone)
		return false;
	orphan->told = false;
	walker_note_event(walker, event, orphan->notes);
	for (size_t i = orphan->stray; i < piece->stray_count; i++) {
		struct sieve_stray *stray = &piece->strays[i];
		if (stray->serial == serial && stray->head == SIEVE_NONE && !stray->call)
			stray->head = (uint32_t)piece->event_count;
	}
	return true;
}

/* It makes room, and if its event begins after all, that goes without it. */
static uint64_t lose_orphan(const struct orphan *orphan)
{
	bool counts = orphan->told && !orphan->alone && orphan->serial > orphan->lost;

	return counts ? orphan->serial : orphan->lost;
}

void walker_end_piece(struct walker *walker)
{
	const struct sieve_piece *piece = walker->piece;
	size_t from = piece->event_count > TAIL_MAX ? piece->event_count - TAIL_MAX : 0;

	for (size_t i = from; i < piece->event_count; i++)
		walker->tail[walker->tail_count++ % TAIL_MAX] =
			(struct tail){ .serial = serial_of(walker, &piece->events[i]),
				       .parent = parent_of(walker, &piece->events[i]),
				       .pid = piece->events[i].pid };
	walker->tail_serial = walker->max_serial;
	for (unsigned i = 0; i < ORPHANS; i++) {
		struct orphan *orphan = &walker->orphans[i];
		if (orphan->told && orphan->stray + SIEVE_NEAR_STRAYS <= piece->stray_count)
			*orphan = (struct orphan){ .lost = lose_orphan(orphan) };
		orphan->stray = 0;
	}
}

/* Its event began in a piece before, and with it its process. False: nobody knows which that is. */
static bool mark_before(struct walker *walker, uint64_t serial)
{
	bool found = false;

	for (size_t i = 0; i < TAIL_MAX && i < walker->tail_count; i++) {
		if (walker->tail[i].serial != serial)
			continue;
		heat(walker, walker->tail[i].pid, serial);
		found = true;
	}
	return found;
}

bool walker_keep_orphan(struct walker *walker, const struct sieve_stray *stray, unsigned notes, bool alone)
{
	struct orphan *orphan = &walker->orphans[stray->serial % ORPHANS];

	if (stray->head != SIEVE_NONE)
		return !alone;
	if (notes & NOTE_HOT && !alone && walker->tail_count && stray->serial <= walker->tail_serial &&
	    !mark_before(walker, stray->serial))
		return false;
	if (orphan->told && orphan->serial == stray->serial) {
		orphan->notes |= notes;
		return orphan->alone == alone;
	}
	*orphan = (struct orphan){ .serial = stray->serial,
				   .lost = lose_orphan(orphan),
				   .stray = (uint32_t)walker->piece->stray_count,
				   .notes = notes,
				   .told = true,
				   .alone = alone };
	return true;
}

bool walker_add_stray(struct walker *walker, struct sieve_stray stray)
{
	struct sieve_piece *piece = walker->piece;

	if (piece->stray_count == piece->stray_capacity &&
	    !grow((void **)&piece->strays, &piece->stray_capacity, 1024, sizeof(stray)))
		return walker_doubt(walker, DOUBT_MEMORY, piece->bytes.data);
	piece->strays[piece->stray_count++] = stray;
	return true;
}
