#include "source/directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "source/collection.h"
#include "source/order.h"
#include "source/place.h"
#include "source/stream.h"
#include "source/walk.h"

struct skipped {
	uint64_t binary, empty, not_logs;
};

/* Whether the text of a file in a directory is to be read. */
static bool wanted(const struct inputs *inputs, const struct input *input, bool is_log, struct skipped *skipped)
{
	if (input->content == CONTENT_EMPTY) {
		skipped->empty++;
		return false;
	}
	if (input->chosen || inputs->format != FORMAT_AUTO)
		return true;
	if (input->content == CONTENT_BINARY)
		skipped->binary++;
	else if (input->content == CONTENT_TEXT && !is_log)
		skipped->not_logs++;
	else
		return true;
	return false;
}

/* What a collection tells of the file: false when it is none of the host's logs. */
static bool settle(struct inputs *inputs, struct collections *collections, struct span name, struct input *input)
{
	char place[COLLECTION_PLACE_MAX];
	enum collection_role role =
		collections ? collections_role(collections, name, place, &input->host) : COLLECTION_NONE;

	if (role == COLLECTION_LOG) {
		const char *kept = inputs_keep(inputs, span_of(place));
		input->place = kept ? kept : input->place;
	}
	input->chosen = place_is_host_log(span_of(input->place));
	return role != COLLECTION_OTHER;
}

static int add_found(struct inputs *inputs, const struct walk_file *file, struct collections *collections,
		     struct skipped *skipped)
{
	struct input input = { .path = file->path, .name = file->path, .place = file->path, .fd = -1 };
	struct span name = span_skip(span_of(file->path), file->rest);
	bool is_log;

	if (!settle(inputs, collections, name, &input) || inputs_probe(inputs, &input, &is_log) < 0)
		return 0;
	return wanted(inputs, &input, is_log, skipped) ? inputs_append(inputs, &input) : 0;
}

/* The file tells of a host: what a collection is of, what its audit rules cover. */
static int tell(struct collections *collections, const struct walk_file *file, struct span name)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stream *stream = fd < 0 ? NULL : stream_of_fd(fd);
	int result = stream ? collections_tell(collections, name, stream_peek(stream)) : 0;

	stream_close(stream);
	return result;
}

static int learn(struct collections *collections, const struct walk *walk)
{
	int result = 0;

	for (size_t i = 0; i < walk->count && result == 0; i++) {
		const struct walk_file *file = &walk->files[i];
		struct span name = span_skip(span_of(file->path), file->rest);
		result = collections_learn(collections, name);
		if (result == 0 && collections_wants(name))
			result = tell(collections, file, name);
	}
	return result;
}

static void note_skipped(struct inputs *inputs, const char *path, const struct walk *walk,
			 const struct skipped *skipped)
{
	struct summary *summary = inputs->summary;
	struct place_shown shown = place_shown(path);

	if (skipped->binary + skipped->not_logs)
		summary_note(
			summary, false, false,
			"skipped below %s: %lu binary files, %lu that do not look like logs; name one to have it read",
			shown.text, (unsigned long)skipped->binary, (unsigned long)skipped->not_logs);
	if (skipped->empty)
		summary_note(summary, false, false, "%lu empty files below %s", (unsigned long)skipped->empty,
			     shown.text);
	if (walk->special + walk->links)
		summary_note(summary, false, false,
			     "not followed below %s: %lu links to directories or to nothing, %lu pipes, devices and "
			     "sockets; name one to have it read",
			     shown.text, (unsigned long)walk->links, (unsigned long)walk->special);
	if (walk->left_out)
		summary_note(
			summary, true, false,
			"%lu files or directories below %s are beyond the limits (%d files, %d levels) and were not "
			"read; scan its subdirectories one by one",
			(unsigned long)walk->left_out, shown.text, WALK_FILES_MAX, WALK_DEPTH_MAX);
}

static int add_logs(struct inputs *inputs, const char *path, struct walk *walk)
{
	struct collections *collections = collections_create(path, &inputs->names);
	struct skipped skipped = { 0 };
	int result = collections ? learn(collections, walk) : -ENOMEM;

	for (size_t i = 0; i < walk->count && result == 0; i++)
		result = add_found(inputs, &walk->files[i], collections, &skipped);
	if (result == 0)
		collections_note(collections, inputs->summary);
	note_skipped(inputs, path, walk, &skipped);
	collections_destroy(collections);
	return result;
}

int directory_add(struct inputs *inputs, const char *path)
{
	struct walk walk = { 0 };
	size_t first = inputs->count;
	int result = walk_add(&walk, path, &inputs->names, inputs->summary);

	if (result == 0)
		result = add_logs(inputs, path, &walk);
	if (result == 0 && inputs->count == first) {
		summary_note(
			inputs->summary, false, true,
			"no logs below %s; name a directory or an archive that has some, or a file to have it read "
			"whatever it looks like",
			place_shown(path).text);
		inputs->failed++;
	}
	if (inputs->count > first)
		order_found(inputs->items + first, inputs->count - first);
	walk_finish(&walk);
	return result;
}

static bool is_journal(struct span path)
{
	return span_ends(path, SPAN(".journal")) || span_ends(path, SPAN(".journal~"));
}

static int add_host_directory(struct inputs *inputs, const char *path, bool journals)
{
	struct skipped skipped = { 0 };
	struct walk walk = { .flat = !journals };
	size_t first = inputs->count;
	int result = access(path, F_OK) == 0 ? walk_add(&walk, path, &inputs->names, inputs->summary) : 0;

	for (size_t i = 0; i < walk.count && result == 0; i++) {
		struct span name = span_of(walk.files[i].path);
		if (journals ? is_journal(name) : place_is_host_log(name))
			result = add_found(inputs, &walk.files[i], NULL, &skipped);
	}
	if (inputs->count > first)
		order_found(inputs->items + first, inputs->count - first);
	walk_finish(&walk);
	return result;
}

int directory_add_host(struct inputs *inputs, const char *root)
{
	static const char *const directories[] = { "var/log/audit", "var/log", "var/log/journal", "run/log/journal" };
	size_t before_syslog = 0;
	int result = 0;

	for (size_t i = 0; i < 4 && result == 0; i++) {
		char path[4096];
		int len = snprintf(path, sizeof(path), "%s/%s", root, directories[i]);
		if (i == 1)
			before_syslog = inputs->count;
		if (i == 2 && inputs->count > before_syslog)
			break; /* the journal repeats what syslog's files hold */
		result = (size_t)len < sizeof(path) ? add_host_directory(inputs, path, i >= 2) : -ENAMETOOLONG;
	}
	return result;
}
