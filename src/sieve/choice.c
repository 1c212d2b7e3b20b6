#include "sieve/choice.h"

#include <stdlib.h>

#include "base/hash.h"

#define NEAR_STRAYS 1024 /* strays of one event that stand further apart are not joined */

struct chosen {
	uint64_t *events, *strays; /* a bit each */
};

/* What the last record of a process said of it. */
struct said {
	uint64_t pid;
	struct span words;
};

struct sieve_choice {
	const struct sieve_index *index;
	struct chosen *pieces;
	size_t count, events;
	struct wanted_events *done; /* what has been chosen for */
	struct numbers *fresh;	    /* known processes that this pass is about */
	struct said *said;	    /* of those: open addressing, said_mask + 1 */
	size_t said_mask;
	uint64_t tree_bits[65536 / 64]; /* the low bits of what is in the trees */
	bool began, failed;
};

static bool has(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static void put(uint64_t *bits, size_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

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

/* ---- processes that are to be known ---- */

/* What the record says of its process: from its parent on, up to what the process has no part in. */
static struct span words_of(struct span line)
{
	struct span words = span_skip(line, span_find(line, SPAN(" ppid=")));
	size_t key = span_find(words, SPAN(" key="));

	return span_first(words, key);
}

static bool begin_said(struct sieve_choice *choice, size_t count)
{
	size_t room = 64;

	while (room < 2 * count)
		room *= 2;
	choice->said = calloc(room, sizeof(*choice->said));
	choice->said_mask = room - 1;
	return choice->said;
}

/* Whether it is something else than what the record before said; keeps it. */
static bool says_more(struct sieve_choice *choice, uint64_t pid, struct span words)
{
	size_t at = hash_join(pid, 1) & choice->said_mask;

	while (choice->said[at].words.data && choice->said[at].pid != pid)
		at = (at + 1) & choice->said_mask;
	struct said *said = &choice->said[at];
	bool same = said->words.data && span_equal(said->words, words);
	*said = (struct said){ pid, words };
	return !same;
}

/* Its parent is known, too: that is whom the process inherits from. */
static bool want_known(struct sieve_choice *choice, struct wanted_events *wanted, const struct sieve_piece *piece,
		       const struct sieve_event *event)
{
	struct span line = line_at(piece, event->at);
	uint64_t parent;

	if (!says_more(choice, event->pid, words_of(line)) && !(event->notes & NOTE_EXEC))
		return false;
	if (read_number(line, SPAN(" ppid="), &parent))
		numbers_put(&wanted->known, parent);
	return true;
}

/* Chooses for the processes that have come to be wanted since the last time. */
static void choose_known(struct sieve_choice *choice, struct wanted_events *wanted)
{
	while (wanted->known.count > choice->done->known.count || wanted->followed.count > choice->done->followed.count) {
		numbers_clear(choice->fresh);
		for (size_t i = 0; i < NUMBERS_WORDS; i++)
			choice->fresh->words[i] = (wanted->known.words[i] & ~choice->done->known.words[i]) |
						  (wanted->followed.words[i] & ~choice->done->followed.words[i]);
		if (!begin_said(choice, wanted->known.count - choice->done->known.count + wanted->followed.count -
						choice->done->followed.count)) {
			choice->failed = true;
			return;
		}
		numbers_add(&choice->done->known, &wanted->known);
		numbers_add(&choice->done->followed, &wanted->followed);
		for (size_t p = 0; p < choice->count; p++) {
			const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
			for (size_t i = 0; i < piece->event_count; i++) {
				const struct sieve_event *event = &piece->events[i];
				if (!numbers_have(choice->fresh, event->pid))
					continue;
				if (want_known(choice, wanted, piece, event) ||
				    numbers_have(&choice->done->followed, event->pid))
					put(choice->pieces[p].events, i);
			}
		}
		free(choice->said);
		choice->said = NULL;
	}
}

/* ---- sessions and trees ---- */

/* The index holds the low bits of the parent; where they are right, the record is asked. */
static bool is_of_tree(struct sieve_choice *choice, struct wanted_events *wanted, const struct sieve_piece *piece,
		       size_t i)
{
	const struct sieve_event *event = &piece->events[i];
	uint64_t parent;

	if (numbers_have(&wanted->trees, event->pid))
		return true;
	if (!has(choice->tree_bits, piece->parents[i]))
		return false;
	if (!read_number(line_at(piece, event->at), SPAN(" ppid="), &parent) || parent <= 2 ||
	    !numbers_have(&wanted->trees, parent))
		return false;
	numbers_put(&wanted->trees, event->pid);
	put(choice->tree_bits, event->pid & 0xffff ? event->pid & 0xffff : 1);
	return true;
}

static bool is_of_session(const struct wanted_events *wanted, const struct sieve_piece *piece,
			  const struct sieve_event *event)
{
	uint64_t session;

	return read_number(line_at(piece, event->at), SPAN(" ses="), &session) &&
	       numbers_have(&wanted->sessions, session);
}

/* The executions and deeds of whole sessions and trees. */
static void choose_kin(struct sieve_choice *choice, struct wanted_events *wanted)
{
	bool sessions = wanted->sessions.count > choice->done->sessions.count;
	bool trees = wanted->trees.count > choice->done->trees.count;

	for (size_t pid = 0; trees && pid < (size_t)1 << NUMBERS_BITS; pid++)
		if (numbers_have(&wanted->trees, pid))
			put(choice->tree_bits, pid & 0xffff ? pid & 0xffff : 1);
	for (size_t p = 0; (sessions || trees) && p < choice->count; p++) {
		const struct sieve_piece *piece = sieve_index_piece(choice->index, p);
		for (size_t i = 0; i < piece->event_count; i++) {
			const struct sieve_event *event = &piece->events[i];
			bool kin = trees && is_of_tree(choice, wanted, piece, i);
			if (has(choice->pieces[p].events, i) || !(event->notes & ~NOTE_TELL))
				continue;
			if (kin || (sessions && is_of_session(wanted, piece, event)))
				put(choice->pieces[p].events, i);
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
			put(choice->pieces[p].events, i);
			numbers_put(&wanted->known, piece->events[i].pid);
		}
	}
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

static size_t count_in(const struct sieve_piece *piece, const struct chosen *chosen)
{
	size_t count = 0;

	for (size_t i = 0; i < piece->event_count / 64 + 1; i++)
		count += (unsigned)__builtin_popcountll(chosen->events[i]);
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

	if (!choice->began)
		choose_told(choice, wanted);
	choice->began = true;
	choose_kin(choice, wanted);
	choose_known(choice, wanted);
	for (size_t i = 0; i < choice->count; i++) {
		join_strays(sieve_index_piece(choice->index, i), &choice->pieces[i]);
		join_headless(sieve_index_piece(choice->index, i), &choice->pieces[i]);
	}
	for (size_t i = 0; i + 1 < choice->count; i++)
		join_over(choice, i);
	for (size_t i = 0; i < choice->count; i++)
		count += count_in(sieve_index_piece(choice->index, i), &choice->pieces[i]);
	return choice->failed ? SIEVE_NO_MEMORY : count;
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
