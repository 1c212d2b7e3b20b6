#include <stdlib.h>

#include "sieve/choice_parts.h"

static bool create_pieces(struct sieve_choice *choice)
{
	size_t count = sieve_index_pieces(choice->index);

	choice->pieces = calloc(count + 1, sizeof(*choice->pieces));
	if (!choice->pieces)
		return false;
	for (; choice->count < count; choice->count++) {
		const struct sieve_piece *piece = sieve_index_piece(choice->index, choice->count);
		struct chosen *chosen = &choice->pieces[choice->count];
		chosen->events = calloc(piece->event_count / 64 + 1, sizeof(uint64_t));
		chosen->strays = calloc(piece->stray_count / 64 + 1, sizeof(uint64_t));
		choice->events += piece->event_count;
		if (!chosen->events || !chosen->strays)
			return false;
	}
	return true;
}

struct sieve_choice *sieve_choice_create(const struct sieve_index *index)
{
	struct sieve_choice *choice = calloc(1, sizeof(*choice));

	if (!choice)
		return NULL;
	choice->index = index;
	choice->done = calloc(1, sizeof(*choice->done));
	choice->fresh = calloc(1, sizeof(*choice->fresh));
	choice->known = known_create(index);
	if (choice->done && choice->fresh && choice->known && create_pieces(choice) && choice_begin_joints(choice))
		return choice;
	sieve_choice_destroy(choice);
	return NULL;
}

void sieve_choice_destroy(struct sieve_choice *choice)
{
	if (!choice)
		return;
	for (size_t i = 0; choice->pieces && i <= choice->count && i < sieve_index_pieces(choice->index); i++) {
		free(choice->pieces[i].events);
		free(choice->pieces[i].strays);
	}
	known_destroy(choice->known);
	free(choice->pieces);
	free(choice->joints.items);
	free(choice->done);
	free(choice->fresh);
	free(choice);
}

size_t sieve_choice_events(const struct sieve_choice *choice)
{
	return choice->events;
}

/* ---- sessions and trees: their processes are to be known, and what they did ---- */

/* Where the index's low bits are right, the record is asked. */
static void take_session(struct sieve_choice *choice, struct wanted_events *wanted, uint32_t p, size_t i)
{
	const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
	const struct sieve_event *event = &piece->events[i];
	uint64_t session;

	if ((numbers_have(&wanted->known, event->pid) && numbers_have(&wanted->doers, event->pid)) ||
	    !choice_read_number(piece, event, SPAN(" ses="), &session) || !numbers_have(choice->fresh, session))
		return;
	numbers_put(&wanted->known, event->pid);
	numbers_put(&wanted->doers, event->pid);
}

static void gather_fresh(struct sieve_choice *choice, const struct numbers *wanted, struct numbers *done)
{
	numbers_empty(choice->fresh);
	numbers_add_but(choice->fresh, wanted, done);
	numbers_add_but(done, wanted, done);
	memset(choice->low_bits, 0, sizeof(choice->low_bits));
	for (size_t i = numbers_next(choice->fresh, 0); i != NUMBERS_END; i = numbers_next(choice->fresh, i + 1))
		choice_put(choice->low_bits, i & 0xffff);
}

static void choose_sessions(struct sieve_choice *choice, struct wanted_events *wanted)
{
	gather_fresh(choice, &wanted->sessions, &choice->done->sessions);
	for (size_t p = 0; p < choice->count && choice->fresh->count; p++) {
		const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
		/* Mostly they are wanted already, and then nothing is read. */
		struct batch batch = { (uint32_t)p, take_session, .processes = &wanted->doers, .others = true };
		for (size_t i = 0; i < piece->event_count; i++) {
			batch.events[batch.count] = (uint32_t)i;
			batch.count += choice_has(choice->low_bits, piece->kin[i]);
			if (batch.count == BATCH)
				choice_take(choice, wanted, &batch);
		}
		choice_take(choice, wanted, &batch);
	}
}

static void put_tree(struct sieve_choice *choice, struct wanted_events *wanted, uint64_t pid)
{
	if (!numbers_put(&wanted->trees, pid))
		return;
	numbers_put(choice->fresh, pid);
	choice_put(choice->low_bits, pid & 0xffff);
}

/*
 * A tree goes down from the highest ancestor that is not everybody's: what his other descendants did is of it, too. So
 * parents of those in it are put, and children.
 */
static void take_relative(struct sieve_choice *choice, struct wanted_events *wanted, uint32_t p, size_t i)
{
	const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
	const struct sieve_event *event = &piece->events[i];
	uint64_t parent;

	if (!choice_read_number(piece, event, SPAN(" ppid="), &parent) || parent <= 2)
		return;
	if (numbers_have(choice->fresh, event->pid))
		put_tree(choice, wanted, parent);
	else if (numbers_have(choice->fresh, parent))
		put_tree(choice, wanted, event->pid);
}

/* Who is put while all is looked at has not been looked for from the beginning: then it is done again, for those alone. */
static void choose_trees(struct sieve_choice *choice, struct wanted_events *wanted)
{
	while (wanted->trees.count > choice->done->trees.count) {
		gather_fresh(choice, &wanted->trees, &choice->done->trees);
		for (size_t p = 0; p < choice->count; p++) {
			const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
			struct batch batch = { .piece = (uint32_t)p, .take = take_relative };
			for (size_t i = 0; i < piece->event_count; i++) {
				batch.events[batch.count] = (uint32_t)i;
				batch.count += choice_has(choice->low_bits, piece->kin[i]) ||
					       numbers_have(choice->fresh, piece->events[i].pid);
				if (batch.count == BATCH)
					choice_take(choice, wanted, &batch);
			}
			choice_take(choice, wanted, &batch);
		}
	}
	numbers_add_but(&wanted->known, &wanted->trees, &wanted->known);
	numbers_add_but(&wanted->doers, &wanted->trees, &wanted->doers);
}

/* ---- all ---- */

static void choose_told(struct sieve_choice *choice, struct wanted_events *wanted)
{
	for (size_t p = 0; p < choice->count; p++) {
		const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
		for (size_t i = 0; i < piece->event_count; i++) {
			if (!(piece->events[i].notes & NOTE_TELL))
				continue;
			choice_put(choice->pieces[p].events, i);
			numbers_put(&wanted->known, piece->events[i].pid);
		}
	}
}

static size_t count_in(const struct sieve_piece *piece, const struct chosen *chosen)
{
	size_t count = 0;

	for (size_t i = 0; i < piece->event_count / 64 + 1; i++)
		count += (unsigned)__builtin_popcountll(chosen->events[i]);
	for (size_t i = 0; i < piece->stray_count; i++)
		count += piece->strays[i].head == SIEVE_NONE && choice_has(chosen->strays, i);
	return count;
}

size_t sieve_choose(struct sieve_choice *choice, struct wanted_events *wanted)
{
	size_t count = 0;

	if (!choice->began)
		choose_told(choice, wanted);
	choice->began = true;
	choose_sessions(choice, wanted);
	choose_trees(choice, wanted);
	choice_know(choice, wanted);
	choice_join(choice);
	for (size_t i = 0; i < choice->count; i++)
		count += count_in(sieve_index_piece(choice->index, i), &choice->pieces[i]);
	return count;
}
