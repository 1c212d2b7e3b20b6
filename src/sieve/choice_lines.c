/* The lines of what was chosen, in the order of the log. */
#include "sieve/choice_parts.h"

/* "1166111074.191:7388)" of a line, to its bracket. */
static struct span key_of(struct span line)
{
	struct span rest = span_skip(line, span_find(line, SPAN("msg=audit(")) + 10);

	return span_first(rest, span_index(rest, ')'));
}

/* Then it is an event by itself, be it one that was written twice. */
static bool is_syscall(struct span line)
{
	struct span head = span_first(line, span_find(line, SPAN(" msg=audit(")));

	return span_ends(head, SPAN("type=SYSCALL"));
}

/* The line at `at`, and those behind it that have its key. */
static struct span lines_of_event(const struct sieve_piece *piece, uint32_t at)
{
	struct span rest = span_skip(piece->bytes, at);
	struct span key = key_of(span_first(rest, span_index(rest, '\n')));
	size_t len = span_index(rest, '\n') + 1;

	while (len < rest.len) {
		struct span behind = span_skip(rest, len);
		struct span line = span_first(behind, span_index(behind, '\n'));
		if (!span_equal(key_of(line), key) || is_syscall(line))
			break;
		len += line.len + 1;
	}
	return span_first(rest, len);
}

/* The first one that is set from *at on, or `count`. */
static size_t next_of(const uint64_t *bits, size_t at, size_t count)
{
	while (at < count && !choice_has(bits, at))
		at = at % 64 == 0 && !bits[at / 64] ? at + 64 : at + 1;
	return at < count ? at : count;
}

/* A boot may begin with a line that nobody chose. */
static bool take_boots(const struct sieve_piece *piece, size_t from, size_t to)
{
	bool boot = false;

	for (; from < to; from++)
		boot |= piece->strays[from].boot;
	return boot;
}

bool sieve_choice_next(const struct sieve_choice *choice, struct sieve_cursor *from, struct sieve_run *run)
{
	run->boot = false;
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
		run->boot |= take_boots(piece, from->stray, passed);
		if (none)
			continue;
		run->piece = piece;
		if (event_at < stray_at) {
			run->bytes = lines_of_event(piece, event_at);
			from->event = event + 1;
			from->stray = passed;
		} else {
			struct span rest = span_skip(piece->bytes, stray_at);
			run->bytes = span_first(rest, span_index(rest, '\n') + 1);
			run->boot |= piece->strays[stray].boot;
			from->event = event;
			from->stray = stray + 1;
		}
		return true;
	}
	return false;
}
