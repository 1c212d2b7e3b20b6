#include "source/collection.h"

#include <stdlib.h>

#include "source/coverage.h"
#include "source/hostname.h"
#include "source/layout.h"
#include "source/place.h"

#define COLLECTIONS_MAX 1024
#define TEXTS_MAX 4096

struct collection {
	enum layout kind;
	struct span root; /* what stands before its layout: "" or ends in '/' */
	bool marked;	  /* its layout was seen */
	bool described;	  /* Velociraptor: so was a file that describes it */
	bool has_syslog;
	bool has_tails; /* sosreport kept the ends of large logs only */
	const char *host;
	unsigned host_rank;
	struct span rules;
};

struct told {
	struct span name, text;
};

struct collections {
	struct collection *items;
	size_t count, capacity, latest;
	struct told *texts;
	size_t text_count, text_capacity;
	struct arena *names;
	struct span label;
	bool settled;
};

struct collections *collections_create(const char *label, struct arena *names)
{
	struct collections *collections = calloc(1, sizeof(*collections));

	if (!collections)
		return NULL;
	collections->names = names;
	collections->label = span_of(label);
	return collections;
}

void collections_destroy(struct collections *collections)
{
	if (!collections)
		return;
	free(collections->items);
	free(collections->texts);
	free(collections);
}

static struct span without_dot(struct span name)
{
	while (span_starts(name, SPAN("./")))
		name = span_skip(name, 2);
	return name;
}

static bool is_same(const struct collection *collection, enum layout kind, struct span root)
{
	return collection->kind == kind && span_equal(collection->root, root);
}

/* Finds or adds; NULL when memory is out or there are too many. */
static struct collection *collection_at(struct collections *collections, enum layout kind, struct span root)
{
	if (collections->latest < collections->count && is_same(&collections->items[collections->latest], kind, root))
		return &collections->items[collections->latest];
	for (size_t i = 0; i < collections->count; i++)
		if (is_same(&collections->items[i], kind, root))
			return &collections->items[collections->latest = i];
	if (collections->count == collections->capacity) {
		size_t capacity = collections->capacity ? collections->capacity * 2 : 4;
		struct collection *items = reallocarray(collections->items, capacity, sizeof(*items));
		if (!items)
			return NULL;
		collections->items = items;
		collections->capacity = capacity;
	}
	struct span copy = arena_copy(collections->names, root);
	if (copy.len != root.len)
		return NULL;
	collections->latest = collections->count++;
	collections->items[collections->latest] = (struct collection){ .kind = kind, .root = copy };
	return &collections->items[collections->latest];
}

/* The collection of that kind whose layout has `mark` right below its root. NULL: the name has no such mark. */
static int learn_mark(struct collections *collections, struct span name, struct span mark, enum layout kind,
		      struct collection **found)
{
	size_t at = layout_find(name, mark);

	*found = NULL;
	if (at == name.len || collections->count >= COLLECTIONS_MAX)
		return 0;
	*found = collection_at(collections, kind, span_first(name, at));
	return *found ? 0 : -ENOMEM;
}

struct sign {
	struct span mark;
	enum layout kind;
	enum { LAYOUT, DESCRIPTION, SYSLOG } tells;
};

int collections_learn(struct collections *collections, struct span name)
{
	static const struct sign signs[] = {
		{ SPAN("[root]/"), LAYOUT_UAC, LAYOUT },
		{ SPAN("sos_commands/"), LAYOUT_SOSREPORT, LAYOUT },
		{ SPAN("uploads/auto/"), LAYOUT_VELOCIRAPTOR, LAYOUT },
		{ SPAN("uploads/file/"), LAYOUT_VELOCIRAPTOR, LAYOUT },
		{ SPAN("client_info.json"), LAYOUT_VELOCIRAPTOR, DESCRIPTION },
		{ SPAN("uploads.json"), LAYOUT_VELOCIRAPTOR, DESCRIPTION },
		{ SPAN("collection_context.json"), LAYOUT_VELOCIRAPTOR, DESCRIPTION },
		{ SPAN("var/log/messages"), LAYOUT_SOSREPORT, SYSLOG },
		{ SPAN("var/log/syslog"), LAYOUT_SOSREPORT, SYSLOG },
		{ SPAN("sos_strings/logs/var.log.messages"), LAYOUT_SOSREPORT, SYSLOG },
		{ SPAN("sos_strings/logs/var.log.syslog"), LAYOUT_SOSREPORT, SYSLOG },
	};
	struct collection *collection;
	int result = 0;

	collections->settled = false;
	name = without_dot(name);
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs) && result == 0; i++) {
		result = learn_mark(collections, name, signs[i].mark, signs[i].kind, &collection);
		if (!collection)
			continue;
		collection->marked |= signs[i].tells == LAYOUT;
		collection->described |= signs[i].tells == DESCRIPTION;
		collection->has_syslog |= signs[i].tells == SYSLOG;
	}
	return result;
}

static bool is_any(struct span name, const struct span *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal(name, names[i]))
			return true;
	return false;
}

static bool is_rules(struct span base)
{
	return span_starts(base, SPAN("auditctl_-l")) || span_equal(base, SPAN("auditctl.txt"));
}

bool collections_wants(struct span name)
{
	static const struct span names[] = { SPAN("hostname"), SPAN("hostname.txt"), SPAN("client_info.json") };
	struct span base = span_basename(name);

	return is_any(base, names, 3) || is_rules(base);
}

int collections_tell(struct collections *collections, struct span name, struct span text)
{
	collections->settled = false;
	if (collections->text_count >= TEXTS_MAX)
		return 0;
	if (collections->text_count == collections->text_capacity) {
		size_t capacity = collections->text_capacity ? collections->text_capacity * 2 : 8;
		struct told *texts = reallocarray(collections->texts, capacity, sizeof(*texts));
		if (!texts)
			return -ENOMEM;
		collections->texts = texts;
		collections->text_capacity = capacity;
	}
	struct told told = {
		arena_copy(collections->names, without_dot(name)),
		arena_copy(collections->names, span_first(text, COLLECTION_TEXT_MAX)),
	};
	collections->texts[collections->text_count++] = told;
	return 0;
}

static bool is_collection(const struct collection *collection)
{
	return collection->marked && (collection->kind != LAYOUT_VELOCIRAPTOR || collection->described);
}

/* The innermost collection that the name lies in, or NULL. */
static struct collection *owner_of(struct collections *collections, struct span name)
{
	struct collection *owner = NULL;

	for (size_t i = 0; i < collections->count; i++) {
		struct collection *collection = &collections->items[i];
		if (is_collection(collection) && span_starts(name, collection->root) &&
		    (!owner || collection->root.len > owner->root.len))
			owner = collection;
	}
	return owner;
}

/* /etc/hostname and `hostname` say it best, then client_info.json, then the names of archive and directory. */
static void take_host(struct collections *collections, struct collection *collection, unsigned rank, struct span host)
{
	if (rank <= collection->host_rank || host.len == 0)
		return;
	char *copy = arena_alloc(collections->names, host.len + 1);
	if (!copy)
		return;
	memcpy(copy, host.data, host.len);
	copy[host.len] = '\0';
	collection->host = copy;
	collection->host_rank = rank;
}

static void take_text(struct collections *collections, const struct told *told)
{
	struct collection *collection = owner_of(collections, told->name);
	struct span base = span_basename(told->name);

	if (!collection)
		return;
	if (is_rules(base))
		collection->rules = told->text;
	else if (span_ends(base, SPAN(".json")))
		take_host(collections, collection, 3, hostname_of_json(told->text));
	else
		take_host(collections, collection, 4, hostname_of_text(told->text));
}

static void settle(struct collections *collections)
{
	for (size_t i = 0; i < collections->count; i++) {
		struct collection *collection = &collections->items[i];
		take_host(collections, collection, 2, hostname_of_label(collection->root));
		take_host(collections, collection, 1, hostname_of_label(collections->label));
	}
	for (size_t i = 0; i < collections->text_count; i++)
		take_text(collections, &collections->texts[i]);
	collections->settled = true;
}

enum collection_role collections_role(struct collections *collections, struct span name,
				      char place[COLLECTION_PLACE_MAX], const char **host)
{
	char decoded[COLLECTION_PLACE_MAX - 2];

	if (!collections->settled)
		settle(collections);
	name = without_dot(name);
	struct collection *collection = owner_of(collections, name);
	*host = collection ? collection->host : NULL;
	if (!collection)
		return COLLECTION_NONE;
	struct span rest = span_skip(name, collection->root.len);
	/* The journal's rendering repeats what is in syslog's files, where there are some. */
	bool spare = collection->kind == LAYOUT_SOSREPORT &&
		     span_starts(rest, SPAN("sos_commands/logs/journalctl_--no-pager"));
	struct span path =
		spare ? SPAN("var/log/journalctl") : layout_log_path(collection->kind, rest, decoded, sizeof(decoded));
	if (path.len == 0 || path.len > COLLECTION_PLACE_MAX - 2)
		return COLLECTION_OTHER;
	collection->has_tails |= span_ends(rest, SPAN(".tailed"));
	place[0] = '/';
	memcpy(place + 1, path.data, path.len);
	place[path.len + 1] = '\0';
	return spare && collection->has_syslog ? COLLECTION_OTHER : COLLECTION_LOG;
}

void collections_note(struct collections *collections, struct summary *summary)
{
	static const char *const kinds[] = { "UAC", "sosreport", "Velociraptor" };

	if (!collections->settled)
		settle(collections);
	for (size_t i = 0; i < collections->count; i++) {
		const struct collection *collection = &collections->items[i];
		if (!is_collection(collection))
			continue;
		const char *host = collection->host ? collection->host : "an unnamed host";
		summary_note(summary, false, false, "read as a %s collection of %s", kinds[collection->kind],
			     place_shown(host).text);
		if (collection->has_tails)
			summary_note(
				summary, true, false,
				"the sosreport of %s holds only the ends of large logs; collect it with --all-logs",
				place_shown(host).text);
		struct coverage coverage = coverage_of_rules(collection->rules);
		coverage_note(&coverage, host, summary);
	}
}
