#include "source/directory.h"

#include <stdio.h>
#include <unistd.h>

#include "source/order.h"
#include "source/place.h"
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

static int add_found(struct inputs *inputs, const struct walk_file *file, struct skipped *skipped)
{
	struct input input = { .path = file->path, .name = file->path, .place = file->path, .fd = -1 };
	bool is_log;

	input.chosen = place_is_host_log(span_of(input.place));
	if (inputs_probe(inputs, &input, &is_log) < 0)
		return 0;
	return wanted(inputs, &input, is_log, skipped) ? inputs_append(inputs, &input) : 0;
}

static void note_skipped(struct inputs *inputs, const char *path, const struct walk *walk,
			 const struct skipped *skipped)
{
	struct summary *summary = inputs->summary;
	struct place_shown shown = place_shown(path);

	if (skipped->binary + skipped->not_logs)
		summary_note(summary, false, false,
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
		summary_note(summary, true, false,
			     "%lu files or directories below %s are beyond the limits (%d files, %d levels) and were not "
			     "read; scan its subdirectories one by one",
			     (unsigned long)walk->left_out, shown.text, WALK_FILES_MAX, WALK_DEPTH_MAX);
}

int directory_add(struct inputs *inputs, const char *path)
{
	struct skipped skipped = { 0 };
	struct walk walk = { 0 };
	size_t first = inputs->count;
	int result = walk_add(&walk, path, &inputs->names, inputs->summary);

	for (size_t i = 0; i < walk.count && result == 0; i++)
		result = add_found(inputs, &walk.files[i], &skipped);
	note_skipped(inputs, path, &walk, &skipped);
	if (result == 0 && inputs->count == first) {
		summary_note(inputs->summary, false, true,
			     "no logs below %s; name a directory or an archive that has some, or a file to have it read "
			     "whatever it looks like", place_shown(path).text);
		inputs->failed++;
	}
	order_found(inputs->items + first, inputs->count - first);
	walk_finish(&walk);
	return result;
}

static int add_host_directory(struct inputs *inputs, const char *path)
{
	struct skipped skipped = { 0 };
	struct walk walk = { .flat = true };
	size_t first = inputs->count;
	int result = access(path, F_OK) == 0 ? walk_add(&walk, path, &inputs->names, inputs->summary) : 0;

	for (size_t i = 0; i < walk.count && result == 0; i++)
		if (place_is_host_log(span_of(walk.files[i].path)))
			result = add_found(inputs, &walk.files[i], &skipped);
	order_found(inputs->items + first, inputs->count - first);
	walk_finish(&walk);
	return result;
}

int directory_add_host(struct inputs *inputs, const char *root)
{
	static const char *const directories[] = { "var/log/audit", "var/log" };
	int result = 0;

	for (size_t i = 0; i < 2 && result == 0; i++) {
		char path[4096];
		int len = snprintf(path, sizeof(path), "%s/%s", root, directories[i]);
		result = (size_t)len < sizeof(path) ? add_host_directory(inputs, path) : -ENAMETOOLONG;
	}
	return result;
}
