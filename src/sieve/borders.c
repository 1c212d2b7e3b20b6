#include "sieve/borders.h"

#include "sieve/walker_parts.h"

#define NEAR_SERIALS 8192 /* what is further away is of no event near the border */
#define NEAR_EVENTS (4 * (size_t)SIEVE_NEAR_STRAYS)
#define SERIALS ((size_t)1 << SIEVE_SERIAL_BITS)

size_t border_event_at(const struct sieve_piece *piece, uint32_t at)
{
	size_t from = 0, to = piece->event_count;

	while (to - from > 1) {
		size_t middle = from + (to - from) / 2;
		if (piece->events[middle].at <= at)
			from = middle;
		else
			to = middle;
	}
	return from;
}

static struct key key_at(const struct sieve_piece *piece, uint32_t at)
{
	struct span rest = span_skip(piece->bytes, at);
	struct span line = span_first(rest, span_index(rest, '\n'));
	struct span stamp = span_skip(line, span_find(line, SPAN("msg=audit(")) + 10);
	struct key key = { 0 };

	read_key(stamp.data, stamp.data + stamp.len, &key);
	return key;
}

static uint64_t serial_at(const struct sieve_piece *piece, size_t event)
{
	return key_at(piece, (uint32_t)piece->events[event].at).serial;
}

/* Strays of one side that have no event there, by the low bits of their serials; and what of the other side is asked. */
struct side {
	const struct sieve_piece *of_strays, *of_others;
	bool behind;
	size_t from, to;	     /* strays */
	size_t event_from, event_to; /* of the others */
	uint64_t low, high;	     /* serials that are of those, if any are */
	border_visitor *visit;
	void *context;
	uint16_t last[SERIALS];		    /* one more than the stray, counted from `from`; 0: none */
	uint16_t before[SIEVE_NEAR_STRAYS]; /* the one before with the same low bits, likewise */
	bool met[SIEVE_NEAR_STRAYS];	    /* by a stray of the other side; then all before of its serial are, too */
};

static const struct sieve_stray *stray_of(const struct side *side, size_t i)
{
	return &side->of_strays->strays[side->from + i - 1];
}

/* False: there are none. */
static bool gather_strays(struct side *side, bool calls)
{
	const struct sieve_stray *strays = side->of_strays->strays;
	bool any = false;

	for (size_t i = side->from; i < side->to; i++) {
		if (strays[i].head != SIEVE_NONE || (strays[i].call && !calls) || !strays[i].serial)
			continue;
		if (!any)
			memset(side->last, 0, sizeof(side->last));
		any = true;
		side->met[i - side->from] = false;
		side->before[i - side->from] = side->last[strays[i].serial % SERIALS];
		side->last[strays[i].serial % SERIALS] = (uint16_t)(i - side->from + 1);
	}
	return any;
}

static void visit_pair(const struct side *side, size_t i, bool is_event, size_t other)
{
	struct border_pair pair = { side->behind, side->from + i - 1, is_event, other };

	side->visit(side->context, &pair);
}

/* Of strays that are of the event, none is asked again: the records of a key that was written twice are joined anyway. */
static __attribute__((noinline)) void match_event(struct side *side, size_t event)
{
	const struct sieve_event *other = &side->of_others->events[event];
	uint16_t *at = &side->last[other->serial];
	struct key key = { 0 };

	while (*at) {
		const struct sieve_stray *stray = stray_of(side, *at);
		bool near = stray->serial >= side->low && stray->serial <= side->high;
		if (near && !key.len)
			key = key_at(side->of_others, (uint32_t)other->at);
		if (near && key.serial == stray->serial && key_at(side->of_strays, stray->at).time_ms == key.time_ms) {
			visit_pair(side, *at, true, event);
			*at = side->before[*at - 1];
		} else {
			at = &side->before[*at - 1];
		}
	}
}

static void match_events(struct side *side)
{
	const struct sieve_event *events = side->of_others->events;

	for (size_t i = side->event_from; i < side->event_to; i++)
		if (side->last[events[i].serial])
			match_event(side, i);
}

/* The first that meets those of its serial meets them all, and later ones the last of them: so all hang together. */
static void match_stray(struct side *side, size_t other, uint64_t serial)
{
	for (size_t i = side->last[serial % SERIALS]; i; i = side->before[i - 1]) {
		if (stray_of(side, i)->serial != serial)
			continue;
		visit_pair(side, i, false, other);
		if (side->met[i - 1])
			return;
		side->met[i - 1] = true;
	}
}

/* Of an event that has no SYSCALL record, as those of io_uring; or it stands behind, and security modules spoke of it. */
static void match_strays(struct side *side)
{
	const struct sieve_piece *others = side->of_others;
	size_t from = others->stray_count > SIEVE_NEAR_STRAYS ? others->stray_count - SIEVE_NEAR_STRAYS : 0;

	for (size_t i = from; i < others->stray_count; i++)
		if (others->strays[i].head == SIEVE_NONE && !others->strays[i].call)
			match_stray(side, i, others->strays[i].serial);
}

/* Strays of the next piece. */
static void visit_behind(struct side *side)
{
	const struct sieve_piece *first = side->of_others, *next = side->of_strays;

	side->to = next->stray_count < SIEVE_NEAR_STRAYS ? next->stray_count : SIEVE_NEAR_STRAYS;
	if (!gather_strays(side, true))
		return;
	match_strays(side);
	if (!first->event_count)
		return;
	side->event_to = first->event_count;
	side->event_from = side->event_to > NEAR_EVENTS ? side->event_to - NEAR_EVENTS : 0;
	side->high = serial_at(first, side->event_to - 1) + LOWER_MAX;
	if (first->max_serial > side->high) /* the last event may be one that is out of its place */
		side->high = first->max_serial;
	side->low = side->high > NEAR_SERIALS ? side->high - NEAR_SERIALS : 0;
	match_events(side);
}

/* Strays of the first piece, whose events begin behind them. */
static void visit_before(struct side *side)
{
	const struct sieve_piece *first = side->of_strays, *next = side->of_others;

	side->to = first->stray_count;
	side->from = side->to > SIEVE_NEAR_STRAYS ? side->to - SIEVE_NEAR_STRAYS : 0;
	if (!next->event_count || !gather_strays(side, false))
		return;
	side->event_to = next->event_count < NEAR_EVENTS ? next->event_count : NEAR_EVENTS;
	side->low = serial_at(next, 0);
	side->high = side->low + NEAR_SERIALS;
	side->low -= side->low > LOWER_MAX ? LOWER_MAX : side->low;
	match_events(side);
}

void border_visit(const struct sieve_piece *first, const struct sieve_piece *next, border_visitor *visit, void *context)
{
	struct side side; /* its tables stay as they are until strays are gathered: there are many borders */

	side.visit = visit, side.context = context;
	side.of_strays = next, side.of_others = first, side.behind = true, side.from = 0;
	visit_behind(&side);
	side.of_strays = first, side.of_others = next, side.behind = false, side.event_from = 0;
	visit_before(&side);
}

struct border {
	struct sieve_piece *first, *next;
};

static void note(void *context, const struct border_pair *pair)
{
	const struct border *border = context;

	if (pair->is_event && pair->behind)
		border->first->events[pair->other].notes |= border->next->strays[pair->stray].notes;
	else if (pair->is_event)
		border->next->events[pair->other].notes |= border->first->strays[pair->stray].notes;
}

void border_settle(struct sieve_piece *first, struct sieve_piece *next)
{
	struct border border = { first, next };

	border_visit(first, next, note, &border);
}
