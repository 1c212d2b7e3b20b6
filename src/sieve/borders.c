#include "sieve/borders.h"

#include "sieve/walker_parts.h"

#define NEAR_SERIALS 8192 /* what is further away is of no event near the border */

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

#define NEAR_EVENTS (4 * (size_t)SIEVE_NEAR_STRAYS)

struct side {
	const struct sieve_piece *of_strays, *of_events;
	size_t from, to;    /* events */
	uint64_t low, high; /* serials that are of them, if any are */
};

/* SIEVE_NONE: none of them. */
static size_t find_event(const struct side *side, const struct sieve_stray *stray)
{
	const struct sieve_event *events = side->of_events->events;
	uint64_t low = stray->serial & ((1u << SIEVE_SERIAL_BITS) - 1);
	struct key key;

	if (stray->serial < side->low || stray->serial > side->high)
		return SIEVE_NONE;
	key = key_at(side->of_strays, stray->at);
	for (size_t i = side->from; i < side->to; i++) {
		if (events[i].serial != low)
			continue;
		struct key its = key_at(side->of_events, (uint32_t)events[i].at);
		if (its.serial == key.serial && its.time_ms == key.time_ms)
			return i;
	}
	return SIEVE_NONE;
}

static uint64_t serial_at(const struct sieve_piece *piece, size_t event)
{
	return key_at(piece, (uint32_t)piece->events[event].at).serial;
}

/* Of strays in the next piece. */
static void visit_behind(const struct sieve_piece *first, const struct sieve_piece *next, border_visitor *visit,
			 void *context)
{
	size_t last = next->stray_count < SIEVE_NEAR_STRAYS ? next->stray_count : SIEVE_NEAR_STRAYS, event;
	struct side side = { next, first, 0, first->event_count, 0, 0 };

	if (!first->event_count)
		return;
	side.from = side.to > NEAR_EVENTS ? side.to - NEAR_EVENTS : 0;
	side.high = serial_at(first, side.to - 1) + LOWER_MAX;
	if (first->max_serial > side.high) /* the last event may be one that is out of its place */
		side.high = first->max_serial;
	side.low = side.high > NEAR_SERIALS ? side.high - NEAR_SERIALS : 0;
	for (size_t i = 0; i < last; i++)
		if (next->strays[i].head == SIEVE_NONE && (event = find_event(&side, &next->strays[i])) != SIEVE_NONE)
			visit(context, true, i, event);
}

/* Of strays in the first piece, whose events begin behind them. */
static void visit_before(const struct sieve_piece *first, const struct sieve_piece *next, border_visitor *visit,
			 void *context)
{
	size_t from = first->stray_count > SIEVE_NEAR_STRAYS ? first->stray_count - SIEVE_NEAR_STRAYS : 0, event;
	struct side side = { first, next, 0, next->event_count, 0, 0 };

	if (!next->event_count)
		return;
	side.to = side.to < NEAR_EVENTS ? side.to : NEAR_EVENTS;
	side.low = serial_at(next, 0);
	side.high = side.low + NEAR_SERIALS;
	side.low -= side.low > LOWER_MAX ? LOWER_MAX : side.low;
	for (size_t i = from; i < first->stray_count; i++)
		if (first->strays[i].head == SIEVE_NONE && !first->strays[i].call &&
		    (event = find_event(&side, &first->strays[i])) != SIEVE_NONE)
			visit(context, false, i, event);
}

void border_visit(const struct sieve_piece *first, const struct sieve_piece *next, border_visitor *visit, void *context)
{
	visit_behind(first, next, visit, context);
	visit_before(first, next, visit, context);
}

struct border {
	struct sieve_piece *first, *next;
};

static void note(void *context, bool behind, size_t stray, size_t event)
{
	struct border *border = context;

	if (behind)
		border->first->events[event].notes |= border->next->strays[stray].notes;
	else
		border->next->events[event].notes |= border->first->strays[stray].notes;
}

void border_settle(struct sieve_piece *first, struct sieve_piece *next)
{
	struct border border = { first, next };

	border_visit(first, next, note, &border);
}
