/*
 * What is to be known of processes: records that say of theirs something else
 * than the one before, word by word, and executions. That is asked of the log
 * itself, and only for processes that are wanted.
 *
 * Parents begin before their children, so the log is gone through from its end
 * to its beginning: a parent comes to be known with the last record of a child,
 * before most of its own are reached. Then of two records it is the later one
 * that turns out to be news, when the one before it is met.
 */
#include <stdlib.h>

#include "model/access.h"
#include "sieve/choice_parts.h"

#define SEEN 32768     /* processes that are remembered; of others more than the news is chosen */
#define LATE_MAX 16384 /* processes; of more of them all records are passed again */

/* Of a process, the record that was met last, which is the first of those behind. */
struct seen {
	uint32_t pid; /* one more; 0: nobody's */
	uint32_t piece, event;
	uint32_t boots : 31; /* that begin behind it */
	uint32_t last : 1;   /* what stands before it has been passed: once the next is met, the process is done with */
	uint16_t from, len;  /* of the words, in the line; len 0: it is news whatever stands before it */
};

/*
 * A parent that came to be known when the pass had come so far. The next pass meets the records behind, and of those
 * before only the first one, to compare.
 */
struct late {
	uint32_t pid, piece, event;
};

struct known {
	struct cuts cuts;
	struct numbers unread;			     /* of the fresh, those whose records have not been compared */
	struct late late[LATE_MAX], early[LATE_MAX]; /* of this pass, and of the one before */
	size_t late_count, early_count;
	struct seen seen[SEEN];
	size_t cuts_left, early_done;
	uint32_t boots; /* that have been passed */
	size_t next;	/* the event of the piece from which on all have been looked at */
};

struct known *known_create(const struct sieve_index *index)
{
	struct known *known = calloc(1, sizeof(*known));

	if (known && cuts_find(&known->cuts, index))
		return known;
	known_destroy(known);
	return NULL;
}

void known_destroy(struct known *known)
{
	if (!known)
		return;
	free(known->cuts.items);
	free(known);
}

/* ---- records, from the last to the first ---- */

static const char *line_of(const struct sieve_index *index, const struct seen *seen)
{
	const struct sieve_piece *piece = sieve_index_piece(index, seen->piece);

	return piece->bytes.data + piece->events[seen->event].at;
}

static void know_parent(struct sieve_choice *choice, struct wanted_events *wanted, uint32_t piece, uint64_t parent)
{
	struct known *known = choice->known;

	if (parent == UNKNOWN_ID || !numbers_put(&wanted->known, parent))
		return;
	numbers_put(choice->fresh, parent);
	numbers_put(&known->unread, parent);
	if (known->late_count < LATE_MAX)
		known->late[known->late_count++] =
			(struct late){ parent & ((1u << NUMBERS_BITS) - 1), piece, (uint32_t)known->next };
}

/* What was remembered of it makes room. */
static void end_seen(struct sieve_choice *choice, struct seen *seen, bool news)
{
	if (seen->pid && news)
		choice_put(choice->pieces[seen->piece].events, seen->event);
	if (seen->pid && seen->last) {
		numbers_remove(choice->fresh, seen->pid - 1);
		numbers_remove(&choice->known->unread, seen->pid - 1);
	}
	seen->pid = 0;
}

/* A record is met: whether the one behind it is news, of the same process. */
static void meet(struct sieve_choice *choice, struct wanted_events *wanted, uint32_t p, size_t i)
{
	const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
	const struct sieve_event *event = &piece->events[i];
	struct seen *seen = &choice->known->seen[event->pid % SEEN];
	struct seen self = { event->pid + 1, p, (uint32_t)i, choice->known->boots & INT32_MAX, false, 0, 0 };
	uint64_t parent;
	struct span words = choice_words(piece, event, &parent);
	bool own = seen->pid == self.pid, last = own && seen->last;
	bool same = own && seen->len && !event->news && seen->boots == self.boots && words.len >= seen->len &&
		    memcmp(words.data, line_of(choice->index, seen) + seen->from, seen->len) == 0;

	self.from = (uint16_t)(words.data - piece->bytes.data - event->at);
	self.len = same ? seen->len : event->news ? 0 : choice_words_len(words);
	if (!same)
		know_parent(choice, wanted, p, parent);
	if (event->news || event->notes & NOTE_EXEC)
		choice_put(choice->pieces[p].events, i);
	end_seen(choice, seen, !same);
	if (!last)
		*seen = self;
}

/* What begins behind the event has begun. */
static void pass_cuts(struct sieve_choice *choice, uint32_t p, size_t i)
{
	struct known *known = choice->known;

	for (; known->cuts_left; known->cuts_left--) {
		const struct cut *cut = &known->cuts.items[known->cuts_left - 1];
		struct seen *seen = &known->seen[cut->pid % SEEN];
		if (cut->piece < p || (cut->piece == p && cut->event <= i))
			return;
		known->boots += cut->boot;
		if (!cut->boot && seen->pid == cut->pid + 1)
			seen->len = 0;
	}
}

/* Those whose records have been passed from here on, when the pass before came to know them. */
static void pass_early(struct sieve_choice *choice, uint32_t p, size_t i)
{
	struct known *known = choice->known;

	for (; known->early_done < known->early_count; known->early_done++) {
		const struct late *early = &known->early[known->early_done];
		struct seen *seen = &known->seen[early->pid % SEEN];
		if (early->piece < p || (early->piece == p && early->event <= i))
			return;
		if (seen->pid == early->pid + 1) {
			seen->last = true;
			continue;
		}
		numbers_remove(choice->fresh, early->pid);
		numbers_remove(&known->unread, early->pid);
	}
}

static void take_event(struct sieve_choice *choice, struct wanted_events *wanted, uint32_t p, size_t i)
{
	const struct sieve_event *event = &sieve_index_piece(choice->index, p)->events[i];

	pass_cuts(choice, p, i);
	pass_early(choice, p, i);
	if (numbers_have(&choice->known->unread, event->pid))
		meet(choice, wanted, p, i);
	if ((event->notes & (NOTE_DEED | NOTE_PROC) && numbers_have(&choice->done->doers, event->pid)) ||
	    numbers_have(&choice->done->followed, event->pid))
		choice_put(choice->pieces[p].events, i);
}

static void take_piece(struct sieve_choice *choice, struct wanted_events *wanted, uint32_t p)
{
	const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
	struct batch batch = { .piece = p, .take = take_event, .processes = &choice->known->unread };

	for (size_t i = piece->event_count; i--;) {
		batch.events[batch.count] = (uint32_t)i;
		batch.count += numbers_have(choice->fresh, piece->events[i].pid);
		if (batch.count < BATCH && i)
			continue;
		choice->known->next = i;
		choice_take(choice, wanted, &batch);
	}
}

/* ---- passes ---- */

/* A pass over all that may be of a fresh process. */
static void pass_back(struct sieve_choice *choice, struct wanted_events *wanted)
{
	struct known *known = choice->known;

	memset(known->seen, 0, sizeof(known->seen));
	known->cuts_left = known->cuts.count;
	known->early_done = 0;
	known->boots = 0;
	for (size_t p = choice->count; p-- && choice->fresh->count;) {
		take_piece(choice, wanted, (uint32_t)p);
		pass_early(choice, (uint32_t)p, 0);
	}
	for (size_t i = 0; i < SEEN; i++)
		end_seen(choice, &known->seen[i], true);
}

/* False: nobody has come to be wanted. */
static bool gather_fresh(struct sieve_choice *choice, const struct wanted_events *wanted)
{
	struct wanted_events *done = choice->done;
	struct numbers *unread = &choice->known->unread;

	numbers_empty(choice->fresh);
	numbers_empty(unread);
	numbers_add_but(choice->fresh, &wanted->known, &done->known);
	numbers_add_but(choice->fresh, &wanted->doers, &done->doers);
	numbers_add_but(choice->fresh, &wanted->followed, &done->followed);
	numbers_add_but(unread, choice->fresh, &done->known);
	numbers_add_but(&done->known, &wanted->known, &done->known);
	numbers_add_but(&done->doers, &wanted->doers, &done->doers);
	numbers_add_but(&done->followed, &wanted->followed, &done->followed);
	return choice->fresh->count;
}

void choice_know(struct sieve_choice *choice, struct wanted_events *wanted)
{
	struct known *known = choice->known;

	known->late_count = 0;
	while (gather_fresh(choice, wanted)) {
		memcpy(known->early, known->late, known->late_count * sizeof(*known->late));
		known->early_count = known->late_count;
		known->late_count = 0;
		pass_back(choice, wanted);
	}
}
