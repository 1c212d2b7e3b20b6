/* The lines of what was chosen, in the order of the log. */
#include "sieve/choice_parts.h"

/* Of a line: "type=PATH", and "1166111074.191:7388)" with what is behind it. Empty: it is no record. */
struct head {
	struct span type, rest;
};

static struct head head_of(struct span line, size_t lead)
{
	struct span words = span_skip(line, lead);
	size_t blank = span_index(span_first(words, 64), ' ');
	struct span rest = span_skip(words, blank);

	if (!span_starts(rest, SPAN(" msg=audit(")))
		return (struct head){ 0 };
	return (struct head){ span_first(words, blank), span_skip(rest, 11) };
}

/* The line at `at`, a SYSCALL record, and those behind it that have its key; but not such a record again. */
static struct span lines_of_event(const struct sieve_piece *piece, uint32_t at)
{
	struct span rest = span_skip(piece->bytes, at);
	size_t len = span_index(rest, '\n') + 1;
	struct span line = span_first(rest, len);
	size_t lead = span_find(line, SPAN("type=SYSCALL ")); /* a node's name may stand in front */
	struct span key = head_of(line, lead).rest;

	key = span_first(key, span_index(key, ')') + 1);
	while (key.len && len < rest.len) {
		struct span behind = span_skip(rest, len);
		struct head head = head_of(behind, lead);
		if (!span_starts(head.rest, key) || span_equal(head.type, SPAN("type=SYSCALL")))
			break;
		len += span_index(behind, '\n') + 1;
	}
	return span_first(rest, len);
}

/* The first one that is set from `at` on, or `count`. */
static size_t next_of(const uint64_t *bits, size_t at, size_t count)
{
	for (; at < count; at = (at / 64 + 1) * 64) {
		uint64_t rest = bits[at / 64] >> at % 64;
		if (!rest)
			continue;
		at += (unsigned)__builtin_ctzll(rest);
		return at < count ? at : count;
	}
	return count;
}

#define USUAL_LEN 1024 /* bytes of an event's lines */

/* The event that is next but one: by then its lines are here. */
static void fetch_lines(const struct sieve_piece *piece, const uint64_t *events, size_t from)
{
	size_t event = next_of(events, from, piece->event_count);

	event = next_of(events, event + 1, piece->event_count);
	for (size_t at = 0; event < piece->event_count && at < USUAL_LEN; at += 64)
		__builtin_prefetch(piece->bytes.data + piece->events[event].at + at);
}

/* A boot may begin with a line that nobody chose. */
static unsigned count_boots(const struct sieve_piece *piece, size_t from, size_t to)
{
	unsigned boots = 0;

	for (; from < to; from++)
		boots += piece->strays[from].boot;
	return boots;
}

/* Strays whose lines stand behind their event's, and have been read with it. */
static size_t pass_strays(const struct sieve_piece *piece, size_t stray, const char *end)
{
	while (stray < piece->stray_count && piece->bytes.data + piece->strays[stray].at < end)
		stray++;
	return stray;
}

bool sieve_choice_next(const struct sieve_choice *choice, struct sieve_cursor *from, struct sieve_run *run)
{
	run->boots = 0;
	for (; from->piece < choice->count; from->piece++, from->event = from->stray = 0) {
		const struct sieve_piece *piece = sieve_index_piece(choice->index, from->piece);
		const struct chosen *chosen = &choice->pieces[from->piece];
		size_t event = next_of(chosen->events, from->event, piece->event_count);
		size_t stray = next_of(chosen->strays, from->stray, piece->stray_count);
		bool none = event == piece->event_count && stray == piece->stray_count;
		uint32_t event_at = event < piece->event_count ? piece->events[event].at : UINT32_MAX;
		uint32_t stray_at = stray < piece->stray_count ? piece->strays[stray].at : UINT32_MAX;
		/* Of the strays in front, and of the one that an event is. */
		size_t passed = from->stray;
		while (passed < stray &&
		       (none || piece->strays[passed].at <= (event_at < stray_at ? event_at : stray_at)))
			passed++;
		run->boots += count_boots(piece, from->stray, passed);
		if (none)
			continue;
		run->piece = piece;
		if (event_at < stray_at) {
			run->bytes = lines_of_event(piece, event_at);
			from->event = event + 1;
			fetch_lines(piece, chosen->events, event + 1);
			from->stray = pass_strays(piece, passed, run->bytes.data + run->bytes.len);
		} else {
			struct span rest = span_skip(piece->bytes, stray_at);
			run->bytes = span_first(rest, span_index(rest, '\n') + 1);
			run->boots += piece->strays[stray].boot;
			from->event = event;
			from->stray = stray + 1;
		}
		return true;
	}
	return false;
}
