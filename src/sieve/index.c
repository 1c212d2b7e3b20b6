#include "sieve/index.h"

#include <stdlib.h>
#include <unistd.h>

#include "sieve/borders.h"
#include "sieve/shelf.h"
#include "sieve/usual.h"
#include "sieve/walker.h"

#define HELD_MAX ((size_t)8 << 20)   /* bytes of notes in memory: those of a GB or so, be it with a shelf */
#define STOP_BYTES ((size_t)8 << 20) /* between questions whether to stop */

struct sieve_index {
	struct watched watched;
	struct sieve_index_options options;
	struct sieve_piece *pieces;
	size_t count, capacity;
	enum sieve_doubt doubt; /* of the inputs as they were added */
	struct span before;	/* the input that was added last */
	struct shelf *shelf;
	size_t held;	/* bytes of notes of pieces that are through, in memory */
	size_t shelved; /* so many of the first pieces are on the shelf */
};

struct sieve_index *sieve_index_create(const struct sieve_index_options *options, struct err *err)
{
	struct sieve_index *index = calloc(1, sizeof(*index));

	if (!index) {
		if (options->shelf >= 0)
			close(options->shelf);
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	index->options = *options;
	index->watched.options = &index->options;
	watched_calls(&index->watched);
	index->watched.usual = usual_best();
	bool looks = watched_texts(&index->watched, err);
	index->shelf = shelf_create(options->shelf);
	if (looks && index->shelf)
		return index;
	sieve_index_destroy(index);
	return NULL;
}

static void forget_piece(struct sieve_piece *piece)
{
	if (!piece->shelved) {
		free(piece->events);
		free(piece->strays);
		free(piece->kin);
	}
	piece->shelved = false;
	piece->kin = NULL;
	piece->events = NULL;
	piece->strays = NULL;
	piece->event_count = piece->event_capacity = piece->stray_count = piece->stray_capacity = 0;
}

void sieve_index_destroy(struct sieve_index *index)
{
	if (!index)
		return;
	for (size_t i = 0; i < index->count; i++)
		forget_piece(&index->pieces[i]);
	free(index->pieces);
	sift_destroy(index->watched.sift);
	words_destroy(index->watched.words);
	shelf_destroy(index->shelf);
	free(index);
}

static int add_piece(struct sieve_index *index, struct sieve_piece piece)
{
	if (index->count == index->capacity) {
		size_t capacity = index->capacity ? index->capacity * 2 : 16;
		struct sieve_piece *pieces = reallocarray(index->pieces, capacity, sizeof(*pieces));
		if (!pieces)
			return -ENOMEM;
		index->pieces = pieces;
		index->capacity = capacity;
	}
	index->pieces[index->count++] = piece;
	return 0;
}

int sieve_index_add(struct sieve_index *index, struct span bytes, size_t input, bool continues)
{
	size_t most = index->options.piece_max ? index->options.piece_max : SIEVE_PIECE_MAX;
	struct span before = index->before;
	int result = 0;

	if (continues && before.len && before.data[before.len - 1] != '\n')
		index->doubt = DOUBT_LINE; /* a line goes on in the next file */
	index->before = bytes;
	for (size_t at = 0; at < bytes.len && result == 0;) {
		struct span rest = span_skip(bytes, at);
		const char *newline = rest.len > most ? memrchr(rest.data, '\n', most) : NULL;
		if (!newline && rest.len > most)
			newline = memchr(rest.data + most, '\n', rest.len - most);
		size_t len = newline ? (size_t)(newline - rest.data) + 1 : rest.len;
		if (len > SIEVE_PIECE_MAX)
			index->doubt = DOUBT_LINE;
		result = add_piece(
			index, (struct sieve_piece){ .bytes = span_first(rest, len), .input = input, .offset = at });
		at += len;
	}
	return result;
}

/* "node=NAME " at the beginning of the first line. */
static struct span lead_of(const struct sieve_index *index)
{
	struct span first = index->count ? index->pieces[0].bytes : (struct span){ "", 0 };
	struct span line = span_first(first, 512);

	return span_starts(line, SPAN("node=")) ? span_first(line, span_index(line, ' ') + 1) : (struct span){ "", 0 };
}

static size_t notes_of(const struct sieve_piece *piece)
{
	return piece->event_capacity * (sizeof(*piece->events) + sizeof(*piece->kin)) +
	       piece->stray_capacity * sizeof(*piece->strays);
}

/*
 * What is noted of a piece goes on the shelf, events, kin and strays behind
 * each other; a piece's pointers are then places until all is mapped. False:
 * it cannot be written, and memory goes on holding it.
 */
static bool shelve(struct sieve_index *index, struct sieve_piece *piece)
{
	uint64_t events, kin, strays;

	if (!shelf_put(index->shelf, piece->events, piece->event_count * sizeof(*piece->events), &events) ||
	    !shelf_put(index->shelf, piece->kin, piece->event_count * sizeof(*piece->kin), &kin) ||
	    !shelf_put(index->shelf, piece->strays, piece->stray_count * sizeof(*piece->strays), &strays))
		return false;
	free(piece->events);
	free(piece->kin);
	free(piece->strays);
	piece->shelved = true;
	piece->events = NULL;
	piece->places[0] = events, piece->places[1] = kin, piece->places[2] = strays;
	return true;
}

/* That piece is through: those that were through first make room. */
static void hold(struct sieve_index *index, const struct sieve_piece *through)
{
	index->held += notes_of(through);
	while (index->held > HELD_MAX && &index->pieces[index->shelved] < through) {
		struct sieve_piece *oldest = &index->pieces[index->shelved];
		size_t notes = notes_of(oldest);
		if (!shelve(index, oldest))
			break;
		index->held -= notes;
		index->shelved++;
	}
}

/* False: it cannot be read back. */
static bool take_down(struct sieve_index *index)
{
	char *mapped = NULL;

	for (size_t i = 0; i < index->count; i++) {
		struct sieve_piece *piece = &index->pieces[i];
		if (!piece->shelved)
			continue;
		if (!mapped && !(mapped = shelf_map(index->shelf)))
			return false;
		piece->events = (struct sieve_event *)(void *)(mapped + piece->places[0]);
		piece->kin = (uint16_t *)(void *)(mapped + piece->places[1]);
		piece->strays = (struct sieve_stray *)(void *)(mapped + piece->places[2]);
	}
	return true;
}

/* With the scout's looks. */
static void walk(struct sieve_index *index, struct walker *walker, struct scout *scout,
		 bool (*stop)(void *context, uint64_t done), void *context)
{
	uint64_t told = 0, done = 0;
	const struct look *look;
	struct sieve_piece *piece = NULL;

	while (!walker->doubt && (look = scout_next(scout))) {
		struct sieve_piece *next = &index->pieces[look->piece - index->pieces];
		if (!walker_take(walker, next, look))
			break;
		if (piece && piece != next)
			hold(index, piece);
		piece = next;
		done += look->block.len;
		if (done - told < STOP_BYTES)
			continue;
		told = done;
		if (stop && stop(context, told))
			walker->doubt = DOUBT_STOPPED;
	}
}

static void settle_borders(struct sieve_index *index)
{
	for (size_t i = 0; i < index->count; i++) {
		size_t between = 0;
		for (size_t j = i + 1; j < index->count && border_reaches(j - i, between); j++) {
			border_settle(&index->pieces[i], &index->pieces[j]);
			between += index->pieces[j].bytes.len;
		}
	}
}

static void read_once(struct sieve_index *index, struct walker *walker, bool (*stop)(void *context, uint64_t done),
		      void *context)
{
	unsigned beside = index->options.threads ? index->options.threads - 1 : 0;
	struct scout *scout = scout_create(index->watched.sift, index->pieces, index->count, beside);

	*walker = (struct walker){ .watched = &index->watched,
				   .pieces = index->pieces,
				   .second = "\n",
				   .lead = lead_of(index),
				   .doubt = index->doubt };
	walker->device_count = index->watched.device_count;
	memcpy(walker->devices, index->watched.devices, sizeof(walker->devices));
	walker->hot = calloc(((size_t)1 << SIEVE_PID_BITS) / 64, sizeof(uint64_t));
	walker->faint = calloc((1u << 20) / 64, sizeof(uint64_t));
	walker->inodes = calloc(((size_t)1 << INODES_BITS) / 64, sizeof(uint64_t));
	for (size_t i = 0; i < index->count; i++)
		forget_piece(&index->pieces[i]);
	shelf_clear(index->shelf);
	index->held = index->shelved = 0;
	if (scout && walker->hot && walker->inodes && walker->faint)
		walk(index, walker, scout, stop, context);
	else
		walker->doubt = DOUBT_MEMORY;
	if (!take_down(index))
		walker->doubt = DOUBT_MEMORY;
	if (!walker->doubt)
		settle_borders(index);
	free(walker->hot);
	free(walker->inodes);
	free(walker->faint);
	scout_destroy(scout);
}

static void keep_devices(struct sieve_index *index, const struct walker *walker)
{
	struct watched *watched = &index->watched;

	for (watched->device_count = 0; watched->device_count < walker->device_count; watched->device_count++)
		watched->devices[watched->device_count] =
			(struct device){ .minor = walker->devices[watched->device_count].minor };
}

enum sieve_doubt sieve_index_read(struct sieve_index *index, bool (*stop)(void *context, uint64_t done), void *context,
				  uint64_t *at)
{
	struct walker walker;

	read_once(index, &walker, stop, context);
	if (!walker.doubt && (walker.missed || (walker.moved && !index->watched.wary))) {
		index->watched.wary |= walker.moved;
		keep_devices(index, &walker);
		read_once(index, &walker, stop, context);
	}
	*at = walker.doubt_at;
	return walker.doubt;
}

size_t sieve_index_pieces(const struct sieve_index *index)
{
	return index->count;
}

const struct sieve_piece *sieve_index_piece(const struct sieve_index *index, size_t i)
{
	return &index->pieces[i];
}
