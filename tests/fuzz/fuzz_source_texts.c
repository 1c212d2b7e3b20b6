/* What names, rules and last lines say: the small parsers of sources. */
#include <stdlib.h>

#include "source/collection.h"
#include "source/coverage.h"
#include "source/hostname.h"
#include "source/join.h"
#include "source/rotation.h"
#include "source/sniff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_collections(struct span text)
{
	static struct summary summary;
	struct arena arena;
	char place[COLLECTION_PLACE_MAX];
	const char *host;

	arena_init(&arena, 0);
	struct collections *collections = collections_create("uac-h-linux-20240102030405", &arena);
	memset(&summary, 0, sizeof(summary));
	for (struct span rest = text; collections && rest.len;) {
		size_t newline = span_index(rest, '\n');
		struct span name = span_first(rest, newline);
		rest = span_skip(rest, newline + 1);
		collections_learn(collections, name);
		if (collections_wants(name))
			collections_tell(collections, name, text);
		if (collections_role(collections, name, place, &host) == COLLECTION_LOG &&
		    strlen(place) >= sizeof(place))
			abort();
	}
	if (collections)
		collections_note(collections, &summary);
	collections_destroy(collections);
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just that size, so that reading behind it shows. */
	char *copy = malloc(size ? size : 1);
	struct span text = { copy, size }, half = span_first(text, size / 2);

	if (!copy)
		return 0;
	if (size)
		memcpy(copy, data, size);
	struct rotation a = rotation_of(half), b = rotation_of(span_skip(text, half.len));
	int forth = rotation_compare(&a, &b), back = rotation_compare(&b, &a);
	if ((forth < 0) != (back > 0) || rotation_compare(&a, &a) != 0)
		abort();
	join_wanted(half, span_skip(text, half.len));
	sniff_content(text);
	sniff_is_log(text);
	coverage_of_rules(text);
	hostname_of_text(text);
	hostname_of_json(text);
	hostname_of_label(text);
	try_collections(text);
	free(copy);
	return 0;
}
