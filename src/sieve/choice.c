#include <stdlib.h>

#include "sieve/choice_parts.h"
#include "sieve/lines.h"

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
	if (choice->done && choice->fresh && create_pieces(choice))
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
	free(choice->pieces);
	free(choice->done);
	free(choice->fresh);
	free(choice);
}

size_t sieve_choice_events(const struct sieve_choice *choice)
{
	return choice->events;
}

/* ---- which events ---- */

static bool read_number(const struct sieve_piece *piece, const struct sieve_event *event, struct span name,
			uint64_t *number)
{
	return line_number(span_skip(piece->bytes, event->at), name, number);
}

/* ---- processes that are to be known ---- */

/* Its parent is known, too: that is whom the process inherits from. */
static bool want_known(struct sieve_choice *choice, struct wanted_events *wanted, const struct sieve_piece *piece,
		       const struct sieve_event *event)
{
	uint64_t parent;

	if (!event->news && !(event->notes & NOTE_EXEC))
		return false;
	if (read_number(piece, event, SPAN(" ppid="), &parent) && numbers_put(&wanted->known, parent))
		numbers_put(choice->fresh, parent);
	return true;
}

/*
 * Parents begin before their children: from the end to the beginning, they
 * come to be known before most of their own events are reached.
 */
static void choose_fresh(struct sieve_choice *choice, struct wanted_events *wanted)
{
	for (size_t p = choice->count; p--;) {
		const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
		for (size_t i = piece->event_count; i--;) {
			const struct sieve_event *event = &piece->events[i];
			if (!numbers_have(choice->fresh, event->pid))
				continue;
			if (want_known(choice, wanted, piece, event) ||
			    numbers_have(&choice->done->followed, event->pid))
				choice_put(choice->pieces[p].events, i);
		}
	}
}

/* Chooses for the processes that have come to be wanted since the last time. */
static void choose_known(struct sieve_choice *choice, struct wanted_events *wanted)
{
	while (wanted->known.count > choice->done->known.count ||
	       wanted->followed.count > choice->done->followed.count) {
		numbers_clear(choice->fresh);
		for (size_t i = 0; i < NUMBERS_WORDS; i++)
			choice->fresh->words[i] = (wanted->known.words[i] & ~choice->done->known.words[i]) |
						  (wanted->followed.words[i] & ~choice->done->followed.words[i]);
		numbers_add(&choice->done->known, &wanted->known);
		numbers_add(&choice->done->followed, &wanted->followed);
		choose_fresh(choice, wanted);
	}
}

/* ---- sessions and trees ---- */

/* Where the index's low bits are right, the record is asked. */
static bool is_of_tree(struct sieve_choice *choice, struct wanted_events *wanted, const struct sieve_piece *piece,
		       size_t i)
{
	const struct sieve_event *event = &piece->events[i];
	uint64_t parent;

	if (numbers_have(&wanted->trees, event->pid))
		return true;
	if (!choice_has(choice->tree_bits, piece->kin[i]) || !read_number(piece, event, SPAN(" ppid="), &parent) ||
	    parent <= 2 || !numbers_have(&wanted->trees, parent))
		return false;
	numbers_put(&wanted->trees, event->pid);
	choice_put(choice->tree_bits, event->pid & 0xffff);
	return true;
}

static bool is_of_session(const struct sieve_choice *choice, const struct wanted_events *wanted,
			  const struct sieve_piece *piece, size_t i)
{
	uint64_t session;

	return choice_has(choice->session_bits, piece->kin[i]) &&
	       read_number(piece, &piece->events[i], SPAN(" ses="), &session) &&
	       numbers_have(&wanted->sessions, session);
}

static void put_low_bits(uint64_t *bits, const struct numbers *numbers)
{
	for (size_t word = 0; word < NUMBERS_WORDS; word++)
		for (uint64_t mask = numbers->words[word]; mask; mask &= mask - 1)
			choice_put(bits, (word * 64 + (unsigned)__builtin_ctzll(mask)) & 0xffff);
}

/* The executions and deeds of whole sessions and trees. */
static void choose_kin(struct sieve_choice *choice, struct wanted_events *wanted)
{
	bool sessions = wanted->sessions.count > choice->done->sessions.count;
	bool trees = wanted->trees.count > choice->done->trees.count;

	put_low_bits(choice->session_bits, &wanted->sessions);
	put_low_bits(choice->tree_bits, &wanted->trees);
	for (size_t p = 0; (sessions || trees) && p < choice->count; p++) {
		const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
		for (size_t i = 0; i < piece->event_count; i++) {
			const struct sieve_event *event = &piece->events[i];
			bool kin = trees && is_of_tree(choice, wanted, piece, i);
			/* A program that was not seen to start is an execution where it is first met. */
			bool matters = event->notes & ~NOTE_TELL || event->news;
			if (choice_has(choice->pieces[p].events, i) || !matters)
				continue;
			if (!kin && !(sessions && is_of_session(choice, wanted, piece, i)))
				continue;
			choice_put(choice->pieces[p].events, i);
			numbers_put(&wanted->known, event->pid);
		}
	}
	numbers_add(&choice->done->sessions, &wanted->sessions);
	numbers_add(&choice->done->trees, &wanted->trees);
}

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
	choose_kin(choice, wanted);
	choose_known(choice, wanted);
	choice_join(choice);
	for (size_t i = 0; i < choice->count; i++)
		count += count_in(sieve_index_piece(choice->index, i), &choice->pieces[i]);
	return count;
}
