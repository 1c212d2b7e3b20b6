#include "sieve/choice.h"

#include <stdlib.h>

#include "base/words.h"

#define NEAR_STRAYS 1024 /* strays of one event that stand further apart are not joined */

struct chosen {
	uint64_t *events, *strays; /* a bit each */
};

struct sieve_choice {
	const struct sieve_index *index;
	struct chosen *pieces;
	size_t count, events;
};

static bool has(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static void put(uint64_t *bits, size_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

struct sieve_choice *sieve_choice_create(const struct sieve_index *index)
{
	struct sieve_choice *choice = calloc(1, sizeof(*choice));
	size_t count = sieve_index_pieces(index);

	if (!choice)
		return NULL;
	choice->index = index;
	choice->pieces = calloc(count + 1, sizeof(*choice->pieces));
	for (; choice->pieces && choice->count < count; choice->count++) {
		const struct sieve_piece *piece = sieve_index_piece(index, choice->count);
		struct chosen *chosen = &choice->pieces[choice->count];
		chosen->events = calloc(piece->event_count / 64 + 1, sizeof(uint64_t));
		chosen->strays = calloc(piece->stray_count / 64 + 1, sizeof(uint64_t));
		choice->events += piece->event_count;
		if (!chosen->events || !chosen->strays)
			break;
	}
	if (choice->pieces && choice->count == count)
		return choice;
	choice->count += choice->pieces != NULL;
	sieve_choice_destroy(choice);
	return NULL;
}

void sieve_choice_destroy(struct sieve_choice *choice)
{
	if (!choice)
		return;
	for (size_t i = 0; i < choice->count; i++) {
		free(choice->pieces[i].events);
		free(choice->pieces[i].strays);
	}
	free(choice->pieces);
	free(choice);
}

size_t sieve_choice_events(const struct sieve_choice *choice)
{
	return choice->events;
}

/* ---- which events ---- */

static struct span line_at(const struct sieve_piece *piece, uint32_t at)
{
	struct span rest = span_skip(piece->bytes, at);

	return span_first(rest, span_index(rest, '\n'));
}

/* A number of the SYSCALL record, in front of what its process could have written. */
static bool read_number(struct span line, struct span name, uint64_t *number)
{
	size_t at = span_find(line, name);

	return at < line.len && span_decimal(span_skip(line, at + name.len), number) > 0;
}

static bool is_of_tree(struct wanted_events *wanted, const struct sieve_event *event, struct span line)
{
	uint64_t parent;

	if (numbers_have(&wanted->trees, event->pid))
		return true;
	if (!read_number(line, SPAN(" ppid="), &parent) || parent <= 2 || !numbers_have(&wanted->trees, parent))
		return false;
	numbers_put(&wanted->trees, event->pid);
	return true;
}

static bool is_wanted(struct wanted_events *wanted, const struct sieve_piece *piece, const struct sieve_event *event)
{
	uint64_t session;

	if (event->notes & NOTE_TELL || numbers_have(&wanted->pids, event->pid))
		return true;
	if (!wanted->any_tree && (!wanted->any_session || !(event->notes & ~NOTE_TELL)))
		return false;
	struct span line = line_at(piece, event->at);
	bool kin = wanted->any_tree && is_of_tree(wanted, event, line);
	if (!(event->notes & ~NOTE_TELL))
		return false;
	return kin || (wanted->any_session && read_number(line, SPAN(" ses="), &session) &&
		       numbers_have(&wanted->sessions, session));
}

/* What is one event goes together, whichever part of it was wanted. */
static void join_strays(const struct sieve_piece *piece, struct chosen *chosen)
{
	for (size_t i = 0; i < piece->stray_count; i++) {
		const struct sieve_stray *stray = &piece->strays[i];
		if (stray->self == SIEVE_NONE)
			continue;
		bool either = has(chosen->events, stray->self) ||
			      (stray->head != SIEVE_NONE && has(chosen->events, stray->head));
		if (!either)
			continue;
		put(chosen->events, stray->self);
		if (stray->head != SIEVE_NONE)
			put(chosen->events, stray->head);
	}
	for (size_t i = 0; i < piece->stray_count; i++) {
		const struct sieve_stray *stray = &piece->strays[i];
		bool with_head = stray->head != SIEVE_NONE && has(chosen->events, stray->head);
		if (stray->self == SIEVE_NONE && (with_head || stray->notes & NOTE_TELL))
			put(chosen->strays, i);
	}
}

/* Strays without a SYSCALL record, around one that is chosen and has none either. */
static void join_headless(const struct sieve_piece *piece, struct chosen *chosen)
{
	for (size_t i = 0; i < piece->stray_count; i++) {
		const struct sieve_stray *stray = &piece->strays[i];
		if (!(stray->notes & NOTE_TELL) || stray->head != SIEVE_NONE || stray->self != SIEVE_NONE)
			continue;
		size_t from = i > NEAR_STRAYS ? i - NEAR_STRAYS : 0;
		size_t to = i + NEAR_STRAYS < piece->stray_count ? i + NEAR_STRAYS : piece->stray_count;
		for (size_t j = from; j < to; j++)
			if (piece->strays[j].serial == stray->serial && piece->strays[j].self == SIEVE_NONE)
				put(chosen->strays, j);
	}
}

static size_t choose_in(const struct sieve_piece *piece, struct chosen *chosen, struct wanted_events *wanted)
{
	size_t count = 0;

	memset(chosen->events, 0, (piece->event_count / 64 + 1) * sizeof(uint64_t));
	memset(chosen->strays, 0, (piece->stray_count / 64 + 1) * sizeof(uint64_t));
	for (size_t i = 0; i < piece->event_count; i++)
		if (is_wanted(wanted, piece, &piece->events[i]))
			put(chosen->events, i);
	join_strays(piece, chosen);
	join_headless(piece, chosen);
	for (size_t i = 0; i < piece->event_count; i++)
		count += has(chosen->events, i);
	for (size_t i = 0; i < piece->stray_count; i++)
		count += piece->strays[i].head == SIEVE_NONE && has(chosen->strays, i);
	return count;
}

static uint64_t serial_at(const struct sieve_piece *piece, uint32_t at)
{
	struct span line = line_at(piece, at);
	struct span key = span_skip(line, span_find(line, SPAN("msg=audit(")) + 25); /* "1166111074.191:" */
	uint64_t serial = 0;

	span_decimal(key, &serial);
	return serial;
}

/* An event that goes on in the next piece: its strays there have no head. */
static void join_over(const struct sieve_choice *choice, size_t i)
{
	const struct sieve_piece *piece = sieve_index_piece(choice->index, i);
	const struct sieve_piece *next = sieve_index_piece(choice->index, i + 1);
	size_t last = next->stray_count < NEAR_STRAYS ? next->stray_count : NEAR_STRAYS;
	size_t from = piece->event_count > 4 * NEAR_STRAYS ? piece->event_count - 4 * NEAR_STRAYS : 0;

	for (size_t s = 0; s < last; s++) {
		const struct sieve_stray *stray = &next->strays[s];
		if (stray->head != SIEVE_NONE)
			continue;
		uint64_t *here = stray->self == SIEVE_NONE ? choice->pieces[i + 1].strays : choice->pieces[i + 1].events;
		size_t which = stray->self == SIEVE_NONE ? s : stray->self;
		for (size_t e = piece->event_count; e-- > from;) {
			if (piece->events[e].serial != (stray->serial & 0xfff) ||
			    serial_at(piece, piece->events[e].at) != stray->serial)
				continue;
			if (stray->notes & NOTE_TELL || has(here, which))
				put(choice->pieces[i].events, e);
			if (has(choice->pieces[i].events, e))
				put(here, which);
			break;
		}
	}
	join_strays(piece, &choice->pieces[i]);
}

size_t sieve_choose(struct sieve_choice *choice, struct wanted_events *wanted)
{
	size_t count = 0;

	for (size_t i = 0; i < choice->count; i++)
		count += choose_in(sieve_index_piece(choice->index, i), &choice->pieces[i], wanted);
	for (size_t i = 0; i + 1 < choice->count; i++)
		join_over(choice, i);
	return count;
}

/* ---- their lines ---- */

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
	while (at < count && !has(bits, at))
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
		while (passed < stray && (none || piece->strays[passed].at <= (event_at < stray_at ? event_at : stray_at)))
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
