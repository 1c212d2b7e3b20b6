#include "engine/holders.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static bool has_room(struct holders *holders)
{
	if (holders->count < holders->capacity)
		return true;
	size_t capacity = holders->capacity ? 2 * holders->capacity : 16;
	struct finding *kept = realloc(holders->kept, capacity * sizeof(*kept));
	if (!kept)
		return false;
	holders->kept = kept;
	holders->capacity = capacity;
	return true;
}

static void keep(void *context, const struct access *access)
{
	struct holders *holders = context;
	const struct finding finding = { .access = *access };

	if (has_room(holders) && finding_copy(&holders->kept[holders->count], &finding))
		holders->count++;
}

void holders_look(struct holders *holders, const char *host, int64_t now_ms, enum wire_scope scope, uint64_t scope_of)
{
	const struct held_options options = {
		.host = host, .now_ms = now_ms, .scope = scope, .scope_of = scope_of, .take = keep, .context = holders
	};

	held_look(&options, &holders->counts);
	holders->counts.left_out += holders->counts.told - holders->count;
}

bool holders_next(struct holders *holders, struct access *access)
{
	if (holders->next == holders->count)
		return false;
	*access = holders->kept[holders->next++].access;
	return true;
}

bool holders_gap(const struct holders *holders, char *text, size_t room)
{
	const struct held_counts *counts = &holders->counts;

	if (counts->failed)
		snprintf(text, room, "what processes held open when the watch began could not be looked at: no /proc");
	else if (counts->hidden)
		snprintf(text, room,
			 "what %" PRIu64 " of %" PRIu64
			 " processes held open when the watch began could not be looked at, or not all of it",
			 counts->hidden, counts->processes);
	else if (counts->left_out)
		snprintf(text, room,
			 "%" PRIu64 " more descriptors of entries were held when the watch began: too many to tell",
			 counts->left_out);
	return counts->failed || counts->hidden || counts->left_out;
}

void holders_finish(struct holders *holders)
{
	for (size_t i = 0; i < holders->count; i++)
		finding_finish(&holders->kept[i]);
	free(holders->kept);
	*holders = (struct holders){ 0 };
}
