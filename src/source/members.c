/*
 *              ┌──────────── a pipe ─────────────┐
 *   members ──▶│ list, order; pass, pass, …      ├──▶ parts
 *              └─ one pass, as the members lie ──┘
 */
#include "source/members.h"

#include <stdlib.h>

#include "source/archive.h"
#include "source/listing.h"
#include "source/opening.h"
#include "source/order.h"
#include "source/place.h"

/* An order that takes more passes than this is given up: a hostile archive would have us read it forever. */
#define PASSES_MAX 1000

struct members {
	struct inputs *inputs;
	struct input *archive;
	struct archive_reader *reader; /* NULL between passes */
	size_t position;	       /* members that the reader has gone past */
	struct listing listing;
	size_t next;		      /* of the listing's items */
	size_t passes, passes_done;   /* of the whole work, the listing among them; 0: one pass that lists and reads */
	struct input last;	      /* of a pipe: the log before */
	bool disordered;	      /* of a pipe: a rotation came too late */
	struct archive_member member; /* large, so not on the stack */
};

static void close_pass(struct members *members)
{
	archive_reader_destroy(members->reader);
	members->reader = NULL;
	members->position = 0;
	members->passes_done++;
}

static void note_broken(struct members *members, const struct err *err)
{
	summary_note(members->inputs->summary, true, false,
		     "%s is broken or cut short behind its member %lu: %s; the members before that were scanned, get a "
		     "whole copy for the rest",
		     place_shown(members->archive->name).text, (unsigned long)members->position, err->text);
}

static void note_memory(struct members *members)
{
	summary_note(members->inputs->summary, true, false, "out of memory: %s was not read to its end; unpack it",
		     place_shown(members->archive->name).text);
}

/* 1: members->member is the reader's next. 0: there is none. */
static int step(struct members *members)
{
	struct err err = { 0 };
	int result = archive_reader_next(members->reader, &members->member, &err);

	if (result < 0)
		note_broken(members, &err);
	members->position += result > 0;
	return result > 0;
}

static size_t count_passes(const struct listing *listing)
{
	size_t passes = 1;

	for (size_t i = 1; i < listing->count; i++)
		passes += listing->items[i].index < listing->items[i - 1].index;
	return passes;
}

static int compare_index(const void *left, const void *right)
{
	const struct input *a = left, *b = right;

	return (a->index > b->index) - (a->index < b->index);
}

static void give_order_up(struct members *members)
{
	struct listing *listing = &members->listing;

	qsort(listing->items, listing->count, sizeof(*listing->items), compare_index);
	for (size_t i = 0; i < listing->count; i++)
		listing->items[i].continues = false;
	summary_note(members->inputs->summary, false, false,
		     "the rotations in %s lie too far out of order to be joined; unpack it and scan the directory",
		     place_shown(members->archive->name).text);
}

static void list(struct members *members)
{
	int result = 0;

	while (result == 0 && step(members))
		result = listing_take(&members->listing, members->reader, &members->member, NULL);
	if (result)
		note_memory(members);
	close_pass(members);
	listing_order(&members->listing);
	listing_note(&members->listing);
	members->passes = 1 + count_passes(&members->listing);
	if (members->passes > PASSES_MAX) {
		give_order_up(members);
		members->passes = 2;
	}
}

struct members *members_create(struct inputs *inputs, struct input *input, struct stream *stream)
{
	struct members *members = calloc(1, sizeof(*members));

	if (!members) {
		stream_close(stream);
		return NULL;
	}
	members->inputs = inputs;
	members->archive = input;
	members->reader = archive_reader_create(stream);
	if (!members->reader || listing_init(&members->listing, inputs, input) < 0) {
		members_destroy(members);
		return NULL;
	}
	if (input->path)
		list(members);
	return members;
}

void members_destroy(struct members *members)
{
	if (!members)
		return;
	archive_reader_destroy(members->reader);
	listing_finish(&members->listing);
	free(members);
}

static bool open_pass(struct members *members)
{
	struct err err = { 0 };
	enum content content;
	struct stream *stream = opening_stream(members->archive, NULL, &content, &err);

	members->reader = stream ? archive_reader_create(stream) : NULL;
	if (!members->reader)
		summary_note(members->inputs->summary, true, false, "cannot open %s again: %s; scan it again",
			     place_shown(members->archive->name).text, err.number ? err.text : "out of memory");
	return members->reader;
}

/* The reader comes to stand on the item. */
static bool go_to(struct members *members, const struct input *item)
{
	if (members->reader && members->position > item->index)
		close_pass(members);
	if (!members->reader && !open_pass(members))
		return false;
	while (members->position <= item->index)
		if (!step(members))
			return false;
	return true;
}

static bool take_part(struct members *members, const struct input *item, struct stream *stream, struct part *part)
{
	*part = (struct part){
		.stream = stream,
		.frame = {
			.origin = { .file = members->archive->name, .member = item->name },
			.host = item->host,
			.format = members->inputs->format,
			.trust = place_trust(span_of(item->place)),
			.continues = item->continues,
			.modified_ms = item->modified_ms,
		},
	};
	return true;
}

static bool next_listed(struct members *members, struct part *part)
{
	enum content content;

	while (members->next < members->listing.count) {
		const struct input *item = &members->listing.items[members->next++];
		struct stream *stream = NULL;
		if (!go_to(members, item))
			return false;
		stream = listing_open(&members->listing, members->reader, &content);
		if (stream)
			return take_part(members, item, stream, part);
	}
	return false;
}

/* Whether the log continues the one before. */
static bool is_in_order(struct members *members, const struct input *item)
{
	int order = members->last.name ? order_within_series(&members->last, item) : 0;

	members->last = *item;
	if (order > 0 && !members->disordered)
		summary_note(members->inputs->summary, false, false,
			     "the rotations in %s come out of order and cannot be joined in a pipe; name the archive",
			     place_shown(members->archive->name).text);
	members->disordered |= order > 0;
	return order < 0;
}

static bool next_streamed(struct members *members, struct part *part)
{
	struct listing *listing = &members->listing;

	while (members->reader && step(members)) {
		struct stream *stream = NULL;
		if (listing_take(listing, members->reader, &members->member, &stream) < 0) {
			note_memory(members);
			break;
		}
		struct input *item = stream ? &listing->items[listing->count - 1] : NULL;
		if (item && listing_settle(listing, item)) {
			item->continues = is_in_order(members, item);
			return take_part(members, item, stream, part);
		}
		listing->count -= stream != NULL;
		stream_close(stream);
	}
	if (members->reader)
		listing_note(listing);
	archive_reader_destroy(members->reader);
	members->reader = NULL;
	return false;
}

bool members_next(struct members *members, struct part *part)
{
	return members->passes ? next_listed(members, part) : next_streamed(members, part);
}

uint64_t members_done(const struct members *members)
{
	uint64_t size = members->archive->size;
	uint64_t here = members->reader ? archive_reader_position(members->reader) : 0;

	here = here < size ? here : size;
	return members->passes ? (size * members->passes_done + here) / members->passes : here;
}
