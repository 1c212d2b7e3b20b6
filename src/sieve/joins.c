/*
 * What is one event goes together: the lines that stand away from its SYSCALL
 * record, records that were written twice, and what goes on in the next piece.
 */
#include <string.h>

#include "sieve/borders.h"
#include "sieve/choice_parts.h"

/* A SYSCALL record that was written again. */
static void join_call(const struct sieve_piece *piece, struct chosen *chosen, const struct sieve_stray *stray)
{
	size_t self;

	if (!stray->call || stray->head == SIEVE_NONE)
		return;
	self = border_event_at(piece, stray->at);
	if (choice_has(chosen->events, self))
		choice_put(chosen->events, stray->head);
	if (choice_has(chosen->events, stray->head))
		choice_put(chosen->events, self);
}

/* What is one event goes together, whichever part of it was wanted. */
static void join_strays(const struct sieve_piece *piece, struct chosen *chosen)
{
	for (size_t i = piece->stray_count; i--;)
		join_call(piece, chosen, &piece->strays[i]);
	for (size_t i = 0; i < piece->stray_count; i++) {
		const struct sieve_stray *stray = &piece->strays[i];
		bool with_head = stray->head != SIEVE_NONE && choice_has(chosen->events, stray->head);
		join_call(piece, chosen, stray);
		if (!stray->call && (with_head || stray->notes & NOTE_TELL))
			choice_put(chosen->strays, i);
	}
}

#define HEADLESS 4096 /* serials that are remembered */

struct headless {
	const struct sieve_piece *piece;
	struct chosen *chosen;
	uint64_t last[HEADLESS]; /* serials of strays that are chosen, and have no event */
};

static void join_to_last(struct headless *headless, size_t i)
{
	const struct sieve_stray *stray = &headless->piece->strays[i];
	uint64_t *last = &headless->last[stray->serial % HEADLESS];

	if (stray->call)
		return;
	if (stray->notes & NOTE_TELL && stray->head == SIEVE_NONE)
		*last = stray->serial;
	else if (*last == stray->serial)
		choice_put(headless->chosen->strays, i);
}

/* Strays without a SYSCALL record, before and behind one that is chosen and has none either. */
static void join_headless(const struct sieve_piece *piece, struct chosen *chosen)
{
	struct headless headless = { piece, chosen, { 0 } };

	for (size_t i = 0; i < piece->stray_count; i++)
		join_to_last(&headless, i);
	memset(headless.last, 0, sizeof(headless.last));
	for (size_t i = piece->stray_count; i--;)
		join_to_last(&headless, i);
}

struct joint {
	const struct sieve_choice *choice;
	size_t first, next; /* pieces */
};

static void join_pair(void *context, bool behind, size_t stray, size_t event)
{
	const struct joint *joint = context;
	size_t of_stray = behind ? joint->next : joint->first, of_event = behind ? joint->first : joint->next;
	const struct sieve_piece *piece = sieve_index_piece(joint->choice->index, of_stray);
	struct chosen *chosen = &joint->choice->pieces[of_stray];
	const struct sieve_stray *line = &piece->strays[stray];
	uint64_t *here = line->call ? chosen->events : chosen->strays, *there = joint->choice->pieces[of_event].events;
	size_t which = line->call ? border_event_at(piece, line->at) : stray;

	if (line->notes & NOTE_TELL || choice_has(here, which))
		choice_put(there, event);
	if (choice_has(there, event))
		choice_put(here, which);
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

static void join_headless_over(const struct sieve_choice *choice, size_t i, size_t j)
{
	const struct sieve_piece *next = sieve_index_piece(choice->index, j);

	for (size_t s = 0; s < next->stray_count && s < SIEVE_NEAR_STRAYS; s++) {
		const struct sieve_stray *stray = &next->strays[s];
		uint64_t *here = stray->call ? choice->pieces[j].events : choice->pieces[j].strays;
		if (stray->head == SIEVE_NONE)
			join_headless_pair(choice, i, stray->serial, here,
					   stray->call ? border_event_at(next, stray->at) : s);
	}
}

/*
 * An event that goes on in a later piece, or began there: strays have no head on the other side. Mostly that is the next
 * piece alone. Twice: a later one may tell that the event matters.
 */
static void join_over(const struct sieve_choice *choice, size_t i)
{
	for (unsigned pass = 0; pass < 2; pass++) {
		size_t between = 0;
		for (size_t j = i + 1; j < choice->count && border_reaches(j - i, between); j++) {
			const struct sieve_piece *next = sieve_index_piece(choice->index, j);
			struct joint joint = { choice, i, j };
			border_visit(sieve_index_piece(choice->index, i), next, join_pair, &joint);
			join_headless_over(choice, i, j);
			join_strays(next, &choice->pieces[j]);
			between += next->bytes.len;
		}
		join_strays(sieve_index_piece(choice->index, i), &choice->pieces[i]);
	}
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
