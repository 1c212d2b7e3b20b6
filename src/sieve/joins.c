/*
 * What is one event goes together: the lines that stand away from its SYSCALL
 * record, records that were written twice, and what goes on in the next piece.
 */
#include <stdlib.h>
#include <string.h>

#include "sieve/borders.h"
#include "sieve/choice_parts.h"

/* ---- in a piece ---- */

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

static void join_strays(const struct sieve_piece *piece, struct chosen *chosen)
{
	for (size_t i = piece->stray_count; i--;)
		join_call(piece, chosen, &piece->strays[i]);
	for (size_t i = 0; i < piece->stray_count; i++) {
		const struct sieve_stray *stray = &piece->strays[i];
		join_call(piece, chosen, stray);
		if (!stray->call && stray->head != SIEVE_NONE && choice_has(chosen->events, stray->head))
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
	if (stray->notes & NOTE_TELL)
		choice_put(headless->chosen->strays, i);
	if (stray->notes & NOTE_TELL && stray->head == SIEVE_NONE)
		*last = stray->serial;
	else if (*last == stray->serial)
		choice_put(headless->chosen->strays, i);
}

/* Strays that tell something; and without a SYSCALL record, those before and behind one that does and has none either. */
static void join_telling(const struct sieve_piece *piece, struct chosen *chosen)
{
	struct headless headless = { piece, chosen, { 0 } };

	if (!piece->stray_count)
		return;
	for (size_t i = 0; i < piece->stray_count; i++)
		join_to_last(&headless, i);
	memset(headless.last, 0, sizeof(headless.last));
	for (size_t i = piece->stray_count; i--;)
		join_to_last(&headless, i);
}

/* ---- over borders ---- */

struct border {
	struct sieve_choice *choice;
	uint32_t first, next; /* pieces */
};

/* A SYSCALL record is chosen as the event that it is. */
static struct part part_of_stray(const struct sieve_choice *choice, uint32_t piece, size_t i)
{
	const struct sieve_piece *whose = sieve_index_piece(choice->index, piece);
	const struct sieve_stray *stray = &whose->strays[i];
	size_t which = stray->call ? border_event_at(whose, stray->at) : i;

	return (struct part){ piece, stray->call, (uint32_t)which & INT32_MAX };
}

static void add_joint(void *context, const struct border_pair *pair)
{
	const struct border *border = context;
	struct sieve_choice *choice = border->choice;
	struct joints *joints = &choice->joints;
	uint32_t other = pair->behind ? border->first : border->next;

	if (joints->count == joints->capacity) {
		size_t capacity = joints->capacity ? joints->capacity * 2 : 256;
		struct joint *items = reallocarray(joints->items, capacity, sizeof(*items));
		joints->lost |= !items;
		if (!items)
			return;
		joints->items = items;
		joints->capacity = capacity;
	}
	joints->items[joints->count++] = (struct joint){
		part_of_stray(choice, pair->behind ? border->next : border->first, pair->stray),
		{ other, pair->is_event, (uint32_t)pair->other & INT32_MAX },
	};
}

bool choice_begin_joints(struct sieve_choice *choice)
{
	for (size_t i = 0; i < choice->count; i++) {
		size_t between = 0;
		join_telling(sieve_index_piece(choice->index, i), &choice->pieces[i]);
		for (size_t j = i + 1; j < choice->count && border_reaches(j - i, between); j++) {
			struct border border = { choice, (uint32_t)i, (uint32_t)j };
			const struct sieve_piece *next = sieve_index_piece(choice->index, j);
			border_visit(sieve_index_piece(choice->index, i), next, add_joint, &border);
			between += next->bytes.len;
		}
	}
	return !choice->joints.lost;
}

static uint64_t *bits_of(const struct sieve_choice *choice, struct part part)
{
	const struct chosen *chosen = &choice->pieces[part.piece];

	return part.is_event ? chosen->events : chosen->strays;
}

/* Whether one of them was not chosen yet. */
static bool join(const struct sieve_choice *choice, const struct joint *joint)
{
	uint64_t *one = bits_of(choice, joint->one), *other = bits_of(choice, joint->other);

	if (choice_has(one, joint->one.which) == choice_has(other, joint->other.which))
		return false;
	choice_put(one, joint->one.which);
	choice_put(other, joint->other.which);
	return true;
}

/* To the end and back: an event that is of many small files is joined as soon as one of two. */
static bool join_over(const struct sieve_choice *choice)
{
	const struct joints *joints = &choice->joints;
	bool more = false;

	for (size_t i = 0; i < joints->count; i++)
		more |= join(choice, &joints->items[i]);
	for (size_t i = joints->count; i--;)
		more |= join(choice, &joints->items[i]);
	return more;
}

void choice_join(struct sieve_choice *choice)
{
	do
		for (size_t i = 0; i < choice->count; i++)
			join_strays(sieve_index_piece(choice->index, i), &choice->pieces[i]);
	while (join_over(choice));
}
