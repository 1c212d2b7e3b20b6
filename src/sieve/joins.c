/*
 * What is one event goes together: the lines that stand away from its SYSCALL
 * record, records that were written twice, and what goes on in the next piece.
 */
#include "sieve/choice_parts.h"

#define PIECES_OVER 8 /* that an event may go on in: small files */
#define BYTES_OVER ((size_t)4 << 20)

/* The event whose SYSCALL record stands there: it is in the index. */
static size_t event_at(const struct sieve_piece *piece, uint32_t at)
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

/* What is one event goes together, whichever part of it was wanted. */
static void join_strays(const struct sieve_piece *piece, struct chosen *chosen)
{
	for (size_t i = 0; i < piece->stray_count; i++) {
		const struct sieve_stray *stray = &piece->strays[i];
		if (!stray->call)
			continue;
		size_t self = event_at(piece, stray->at);
		if (!choice_has(chosen->events, self) &&
		    (stray->head == SIEVE_NONE || !choice_has(chosen->events, stray->head)))
			continue;
		choice_put(chosen->events, self);
		if (stray->head != SIEVE_NONE)
			choice_put(chosen->events, stray->head);
	}
	for (size_t i = 0; i < piece->stray_count; i++) {
		const struct sieve_stray *stray = &piece->strays[i];
		bool with_head = stray->head != SIEVE_NONE && choice_has(chosen->events, stray->head);
		if (!stray->call && (with_head || stray->notes & NOTE_TELL))
			choice_put(chosen->strays, i);
	}
}

/* Strays without a SYSCALL record, around one that is chosen and has none either. */
static void join_headless(const struct sieve_piece *piece, struct chosen *chosen)
{
	for (size_t i = 0; i < piece->stray_count; i++) {
		const struct sieve_stray *stray = &piece->strays[i];
		if (!(stray->notes & NOTE_TELL) || stray->head != SIEVE_NONE || stray->call)
			continue;
		size_t from = i > SIEVE_NEAR_STRAYS ? i - SIEVE_NEAR_STRAYS : 0;
		size_t to = i + SIEVE_NEAR_STRAYS < piece->stray_count ? i + SIEVE_NEAR_STRAYS : piece->stray_count;
		for (size_t j = from; j < to; j++)
			if (piece->strays[j].serial == stray->serial && !piece->strays[j].call)
				choice_put(chosen->strays, j);
	}
}

static struct span line_at(const struct sieve_piece *piece, uint32_t at)
{
	struct span rest = span_skip(piece->bytes, at);

	return span_first(rest, span_index(rest, '\n'));
}

static uint64_t serial_at(const struct sieve_piece *piece, uint32_t at)
{
	struct span line = line_at(piece, at);
	struct span key = span_skip(line, span_find(line, SPAN("msg=audit(")) + 25); /* "1166111074.191:" */
	uint64_t serial = 0;

	span_decimal(key, &serial);
	return serial;
}

/*
 * What goes with a stray of piece `j`, or with the event that it is, and has no SYSCALL record in piece `i`: of an event
 * that has none, as those of io_uring, or has its own behind the border, as those that a security module speaks of.
 */
static void join_headless_pair(const struct sieve_choice *choice, size_t i, uint64_t serial, uint64_t *here,
			       size_t which)
{
	const struct sieve_piece *piece = sieve_index_piece(choice->index, i);
	uint64_t *there = choice->pieces[i].strays;
	size_t from = piece->stray_count > SIEVE_NEAR_STRAYS ? piece->stray_count - SIEVE_NEAR_STRAYS : 0;

	for (size_t k = piece->stray_count; k-- > from;) {
		const struct sieve_stray *stray = &piece->strays[k];
		if (stray->serial != serial || stray->head != SIEVE_NONE || stray->call)
			continue;
		if (choice_has(here, which))
			choice_put(there, k);
		else if (choice_has(there, k))
			choice_put(here, which);
	}
}

/* An event that goes on in a later piece: its strays there have no head. */
static void join_pair(const struct sieve_choice *choice, size_t i, size_t j)
{
	const struct sieve_piece *piece = sieve_index_piece(choice->index, i);
	const struct sieve_piece *next = sieve_index_piece(choice->index, j);
	size_t last = next->stray_count < SIEVE_NEAR_STRAYS ? next->stray_count : SIEVE_NEAR_STRAYS;
	size_t from = piece->event_count > 4 * SIEVE_NEAR_STRAYS ? piece->event_count - 4 * SIEVE_NEAR_STRAYS : 0;

	for (size_t s = 0; s < last; s++) {
		const struct sieve_stray *stray = &next->strays[s];
		if (stray->head != SIEVE_NONE || stray->serial > piece->max_serial)
			continue;
		uint64_t *here = stray->call ? choice->pieces[j].events : choice->pieces[j].strays;
		size_t which = stray->call ? event_at(next, stray->at) : s;
		join_headless_pair(choice, i, stray->serial, here, which);
		for (size_t e = piece->event_count; e-- > from;) {
			if (piece->events[e].serial != (stray->serial & ((1u << SIEVE_SERIAL_BITS) - 1)) ||
			    serial_at(piece, piece->events[e].at) != stray->serial)
				continue;
			if (stray->notes & NOTE_TELL || choice_has(here, which))
				choice_put(choice->pieces[i].events, e);
			if (choice_has(choice->pieces[i].events, e))
				choice_put(here, which);
			break;
		}
	}
}

/* Mostly the next piece alone. Twice: a later one may tell that the event matters. */
static void join_over(const struct sieve_choice *choice, size_t i)
{
	for (unsigned pass = 0; pass < 2; pass++) {
		size_t between = 0;
		for (size_t j = i + 1; j < choice->count && j <= i + PIECES_OVER && between < BYTES_OVER; j++) {
			join_pair(choice, i, j);
			between += sieve_index_piece(choice->index, j)->bytes.len;
		}
	}
	join_strays(sieve_index_piece(choice->index, i), &choice->pieces[i]);
}

void choice_join(struct sieve_choice *choice)
{
	for (size_t i = 0; i < choice->count; i++) {
		join_strays(sieve_index_piece(choice->index, i), &choice->pieces[i]);
		join_headless(sieve_index_piece(choice->index, i), &choice->pieces[i]);
	}
	for (size_t i = 0; i + 1 < choice->count; i++)
		join_over(choice, i);
}
