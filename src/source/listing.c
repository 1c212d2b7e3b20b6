#include "source/listing.h"

#include <stdlib.h>

#include "source/opening.h"
#include "source/order.h"
#include "source/place.h"

#define LISTING_MAX 65536

int listing_init(struct listing *listing, struct inputs *inputs, const struct input *archive)
{
	*listing = (struct listing){ .inputs = inputs, .archive = archive };
	listing->collections = collections_create(archive->name, &inputs->names);
	return listing->collections ? 0 : -ENOMEM;
}

void listing_finish(struct listing *listing)
{
	collections_destroy(listing->collections);
	free(listing->items);
	*listing = (struct listing){ 0 };
}

static int append(struct listing *listing, const struct input *item)
{
	if (listing->count == listing->capacity) {
		size_t capacity = listing->capacity ? listing->capacity * 2 : 16;
		struct input *items = reallocarray(listing->items, capacity, sizeof(*items));
		if (!items)
			return -ENOMEM;
		listing->items = items;
		listing->capacity = capacity;
	}
	listing->items[listing->count++] = *item;
	return 0;
}

/* Counts what cannot be read here, and tells whether the rest is to be. */
static bool is_log(struct listing *listing, struct stream *stream, enum content content, struct span name)
{
	bool named = place_is_host_log(name) || listing->inputs->format != FORMAT_AUTO;

	if (content == CONTENT_JOURNAL)
		listing->journals++;
	else if (content == CONTENT_TAR || content == CONTENT_ZIP)
		listing->archives++;
	else if (content == CONTENT_TEXT && (named || sniff_is_log(stream_peek(stream))))
		return true;
	else if (content == CONTENT_BINARY && named)
		return true;
	else
		listing->broken += content == CONTENT_COMPRESSED;
	return false;
}

static int add_log(struct listing *listing, const struct archive_member *member, enum content content)
{
	struct input item = {
		.name = inputs_keep(listing->inputs, span_of(member->name)),
		.size = member->size,
		.modified_ms = member->modified_ms,
		.index = listing->seen - 1,
		.fd = -1,
		.content = content,
	};

	item.place = item.name;
	return item.name ? append(listing, &item) : -ENOMEM;
}

static int tell(struct listing *listing, struct stream *stream, struct span name)
{
	struct span text = stream_peek(stream);

	return collections_tell(listing->collections, name, text);
}

struct stream *listing_open(const struct listing *listing, struct archive_reader *reader, enum content *content)
{
	bool packed = listing->archive->content != CONTENT_TAR;

	return opening_member(archive_reader_stream(reader), listing->inputs->ahead, packed, content);
}

int listing_take(struct listing *listing, struct archive_reader *reader, const struct archive_member *member,
		 struct stream **log)
{
	struct span name = span_of(member->name);
	enum content content;
	int result = collections_learn(listing->collections, name);

	listing->seen++;
	listing->encrypted += member->regular && member->encrypted;
	if (result || !member->regular || member->encrypted)
		return result;
	struct stream *stream = listing_open(listing, reader, &content);
	if (!stream)
		return -ENOMEM;
	bool wanted = false;
	if (collections_wants(name))
		result = tell(listing, stream, name);
	else if (listing->count < LISTING_MAX && is_log(listing, stream, content, name))
		wanted = (result = add_log(listing, member, content)) == 0;
	if (wanted && log)
		*log = stream;
	else
		stream_close(stream);
	return result;
}

bool listing_settle(struct listing *listing, struct input *item)
{
	char place[COLLECTION_PLACE_MAX];
	enum collection_role role = collections_role(listing->collections, span_of(item->name), place, &item->host);

	if (role == COLLECTION_LOG) {
		const char *kept = inputs_keep(listing->inputs, span_of(place));
		item->place = kept ? kept : item->name;
	}
	return role != COLLECTION_OTHER;
}

void listing_note(struct listing *listing)
{
	struct summary *summary = listing->inputs->summary;
	struct place_shown shown = place_shown(listing->archive->name);

	collections_note(listing->collections, summary);
	if (listing->encrypted)
		summary_note(summary, true, true, "%lu members of %s are encrypted and were not read; decrypt it first",
			     (unsigned long)listing->encrypted, shown.text);
	if (listing->broken)
		summary_note(summary, true, false,
			     "%lu members of %s begin as compressed data but cannot be decompressed; get whole copies",
			     (unsigned long)listing->broken, shown.text);
	if (listing->archives)
		summary_note(summary, true, false,
			     "%lu archives inside %s were not read; take them out and scan them by name",
			     (unsigned long)listing->archives, shown.text);
	if (listing->journals)
		summary_note(summary, true, false,
			     "%lu binary journals inside %s were not read; take them out and scan them by name",
			     (unsigned long)listing->journals, shown.text);
	if (listing->count >= LISTING_MAX)
		summary_note(summary, true, false, "%s holds more than %d logs; the rest was not read, unpack it",
			     shown.text, LISTING_MAX);
	if (listing->count == 0)
		summary_note(summary, false, true, "no logs in %s (%lu members); name an archive that has some",
			     shown.text, (unsigned long)listing->seen);
}

void listing_order(struct listing *listing)
{
	size_t kept = 0;

	for (size_t i = 0; i < listing->count; i++)
		if (listing_settle(listing, &listing->items[i]))
			listing->items[kept++] = listing->items[i];
	listing->count = kept;
	order_found(listing->items, listing->count);
}
