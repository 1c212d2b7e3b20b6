/* What the log's own bytes say of an event's process, and where they cannot be compared. */
#include <stdlib.h>

#include "model/access.h"
#include "sieve/borders.h"
#include "sieve/choice_parts.h"

#define AHEAD 12  /* events: fewer come too late, and more at once than memory takes */
#define USUAL 448 /* bytes of a SYSCALL record, to its words' end */

/* ---- lines ---- */

static void fetch_line(const struct sieve_piece *piece, const struct sieve_event *event)
{
	const char *p = piece->bytes.data + event->at;

	for (size_t at = 0; at < USUAL; at += 64)
		__builtin_prefetch(p + at);
}

void choice_take(struct sieve_choice *choice, struct wanted_events *wanted, struct batch *batch)
{
	const struct sieve_piece *piece = sieve_index_piece(choice->index, batch->piece);

	for (size_t i = 0; i < batch->count + AHEAD; i++) {
		const struct sieve_event *event = i < batch->count ? &piece->events[batch->events[i]] : NULL;
		if (event && (!batch->processes || numbers_have(batch->processes, event->pid) != batch->others))
			fetch_line(piece, event);
		if (i >= AHEAD)
			batch->take(choice, wanted, batch->piece, batch->events[i - AHEAD]);
	}
	batch->count = 0;
}

/* ---- words ---- */

#define NUMBERS_LEN 512 /* bytes: the numbers of a SYSCALL record, in front of what its process could have written */

bool choice_read_number(const struct sieve_piece *piece, const struct sieve_event *event, struct span name,
			uint64_t *number)
{
	struct span rest = span_first(span_skip(piece->bytes, event->at), NUMBERS_LEN);
	size_t at = span_find(rest, name);

	return at < rest.len && !memchr(rest.data, '\n', at) &&
	       span_decimal(span_skip(rest, at + name.len), number) > 0;
}

struct span choice_words(const struct sieve_piece *piece, const struct sieve_event *event, uint64_t *parent)
{
	struct span line = span_skip(piece->bytes, event->at), rest;
	size_t at = span_find(span_first(line, NUMBERS_LEN), SPAN(" ppid="));
	uint64_t pid = 0;

	*parent = UNKNOWN_ID;
	if (at >= NUMBERS_LEN || at >= line.len || memchr(line.data, '\n', at))
		return (struct span){ line.data, 0 };
	rest = span_skip(line, at + 6);
	rest = span_skip(rest, span_decimal(rest, parent));
	if (!span_starts(rest, SPAN(" pid=")) || !span_decimal(span_skip(rest, 5), &pid) || pid != event->pid)
		return (struct span){ line.data, 0 };
	return span_skip(line, at);
}

uint16_t choice_words_len(struct span words)
{
	struct span line = span_first(words, span_index(words, '\n'));
	size_t at = span_find(line, SPAN(" key="));

	return at < line.len && at + 5 <= UINT16_MAX ? (uint16_t)(at + 5) : 0;
}

/* ---- cuts ---- */

static bool add_cut(struct cuts *cuts, struct cut cut)
{
	if (cuts->count == cuts->capacity) {
		size_t capacity = cuts->capacity ? cuts->capacity * 2 : 64;
		struct cut *items = reallocarray(cuts->items, capacity, sizeof(*items));
		if (!items)
			return false;
		cuts->items = items;
		cuts->capacity = capacity;
	}
	cuts->items[cuts->count++] = cut;
	return true;
}

/* The first event that does not stand in front of it. */
static uint32_t event_from(const struct sieve_piece *piece, uint32_t at)
{
	size_t event = piece->event_count ? border_event_at(piece, at) : 0;

	return (uint32_t)(event + (event < piece->event_count && piece->events[event].at < at));
}

/* A record of another type, as those of io_uring, may say other things of its process than SYSCALL records. */
static bool tells_of_process(const struct sieve_piece *piece, const struct sieve_stray *stray, uint64_t *pid)
{
	struct span rest = span_skip(piece->bytes, stray->at);
	struct span line = span_first(rest, span_index(rest, '\n'));
	size_t at = span_find(line, SPAN(" pid="));

	return at < line.len && span_decimal(span_skip(line, at + 5), pid) > 0;
}

bool cuts_find(struct cuts *cuts, const struct sieve_index *index)
{
	for (size_t p = 0; p < sieve_index_pieces(index); p++) {
		const struct sieve_piece *piece = sieve_index_piece(index, p);
		for (size_t i = 0; i < piece->stray_count; i++) {
			const struct sieve_stray *stray = &piece->strays[i];
			struct cut cut = { .piece = (uint32_t)p, .boot = stray->boot };
			if (!stray->boot &&
			    (stray->call || !(stray->notes & NOTE_TELL) || !tells_of_process(piece, stray, &cut.pid)))
				continue;
			cut.event = event_from(piece, stray->at);
			if (!add_cut(cuts, cut))
				return false;
		}
	}
	return true;
}
