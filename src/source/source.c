/*
 * The parts one after the other; their lines become frames.
 *
 *   parts ──▶ part ──▶ lines ──▶ frame     A last line without a newline
 *                        │ end              waits until the next part is
 *                        ▼                  open: it may go on there, and is
 *                   next part               then still a line of the first.
 */
#include "source/source.h"

#include <sched.h>
#include <stdlib.h>

#include "source/directory.h"
#include "source/inputs.h"
#include "source/join.h"
#include "source/lines.h"
#include "source/mapped.h"
#include "source/parts.h"
#include "source/place.h"

struct source {
	struct inputs inputs;
	struct summary *summary;
	struct parts *parts;
	const char **paths;
	size_t path_count;
	struct lines lines;
	struct part part;      /* being read, when its stream is open */
	struct part before;    /* while joining: whose last line goes on in `part` */
	struct lines_run left; /* of `part`, behind a line that was joined */
	bool joining;
	bool restart; /* the frame handed out was the last of its stream */
};

static bool open_part(struct source *source, struct part *part)
{
	if (!parts_next(source->parts, part))
		return false;
	source->summary->files++;
	return true;
}

static int hand_out(struct source *source, struct part *part, struct lines_run run, struct frame *frame)
{
	*frame = part->frame;
	frame->bytes = run.bytes;
	frame->origin.offset = run.offset - part->base;
	frame->cut = run.cut;
	frame->starts = !part->started;
	frame->continues = frame->starts && part->frame.continues;
	part->started = true;
	source->summary->bytes += run.bytes.len;
	return 1;
}

/* The first line began in the part before, and is a line of that. */
static int hand_out_joined(struct source *source, struct lines_run run, struct frame *frame)
{
	size_t newline = span_index(run.bytes, '\n');
	size_t len = newline < run.bytes.len ? newline + 1 : newline;

	source->left = (struct lines_run){ span_skip(run.bytes, len), run.offset + len, run.cut };
	run.cut &= len == run.bytes.len;
	run.bytes.len = len;
	source->joining = false;
	return hand_out(source, &source->before, run, frame);
}

static void close_part(struct source *source, const struct err *broke)
{
	struct lines *lines = &source->lines;

	if (lines->cut_lines)
		summary_note(source->summary, true, false,
			     "%lu lines of %s are longer than %u MiB: the rest of them, %lu bytes, was not read",
			     (unsigned long)lines->cut_lines, place_shown(source->part.frame.origin.file).text,
			     SOURCE_LINE_MAX >> 20, (unsigned long)lines->cut_bytes);
	lines->cut_lines = lines->cut_bytes = 0;
	parts_close(source->parts, &source->part, broke);
}

/* The stream of `part` ended or broke. 1: its last line is handed out. 0: go on. */
static int finish_part(struct source *source, const struct err *broke, struct frame *frame)
{
	struct lines_run rest = lines_rest(&source->lines);
	struct part owner, next = { 0 };

	close_part(source, broke);
	owner = source->joining ? source->before : source->part;
	if (rest.bytes.len && open_part(source, &next) && next.frame.continues &&
	    join_wanted(rest.bytes, stream_peek(next.stream))) {
		next.base = rest.offset + rest.bytes.len;
		source->before = owner;
		source->joining = true;
		lines_go_on(&source->lines);
	} else {
		source->joining = false;
		source->restart = true;
	}
	source->part = next;
	return !source->joining && rest.bytes.len ? hand_out(source, &owner, rest, frame) : 0;
}

static int hand_out_left(struct source *source, struct frame *frame)
{
	struct lines_run left = source->left;

	source->left.bytes.len = 0;
	return hand_out(source, &source->part, left, frame);
}

int source_next(struct source *source, struct frame *frame)
{
	if (source->left.bytes.len)
		return hand_out_left(source, frame);
	for (;;) {
		struct err broke = { 0 };
		struct lines_run run;
		if (source->restart)
			lines_restart(&source->lines);
		source->restart = false;
		if (!source->part.stream && !open_part(source, &source->part))
			return 0;
		if (lines_next(&source->lines, source->part.stream, &run, &broke) == 1)
			return source->joining ? hand_out_joined(source, run, frame)
					       : hand_out(source, &source->part, run, frame);
		if (finish_part(source, &broke, frame))
			return 1;
	}
}

static unsigned processors(void)
{
	cpu_set_t ours;

	return sched_getaffinity(0, sizeof(ours), &ours) == 0 ? (unsigned)CPU_COUNT(&ours) : 1;
}

static int add_inputs(struct source *source, const char *const *paths, size_t count, const char *root)
{
	struct inputs *inputs = &source->inputs;
	int result = count ? inputs_add(inputs, paths, count) : directory_add_host(inputs, root);

	source->paths = calloc(inputs->count + 1, sizeof(*source->paths));
	source->parts = parts_create(inputs);
	if (result || !source->paths || !source->parts)
		return -ENOMEM;
	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->items[i].path)
			source->paths[source->path_count++] = inputs->items[i].path;
	return 0;
}

static int tell_nothing(struct err *err, bool host, const char *root)
{
	if (!host)
		return err_set(err, -ENOENT,
			       "nothing to scan: no input could be read; name a log, a directory, an archive or - for "
			       "standard input");
	return err_set(
		err, -ENOENT,
		"no log of this host can be read: tried %s/var/log/audit/audit.log* and auth.log*, secure*, syslog*, "
		"messages*, kern.log* in %s/var/log; run as root, or name a log, a directory or an archive",
		root, root);
}

struct source *source_create(const char *const *paths, size_t path_count, const struct source_options *options,
			     struct summary *summary, struct err *err)
{
	struct source *source = calloc(1, sizeof(*source));
	const char *root = options && options->root ? options->root : "";

	if (!source) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	source->summary = summary;
	inputs_init(&source->inputs, options ? options->format : FORMAT_AUTO, summary);
	source->inputs.threads = options && options->threads ? options->threads : processors();
	lines_init(&source->lines, options ? options->read_size : 0, SOURCE_LINE_MAX);
	int result = add_inputs(source, paths, path_count, root);
	if (result == 0 && source->inputs.count)
		return source;
	if (result)
		err_set(err, result, "cannot list the inputs: out of memory");
	else
		tell_nothing(err, path_count == 0, root);
	source_destroy(source);
	return NULL;
}

void source_destroy(struct source *source)
{
	if (!source)
		return;
	stream_close(source->part.stream);
	parts_destroy(source->parts);
	lines_finish(&source->lines);
	inputs_finish(&source->inputs);
	free(source->paths);
	free(source);
}

struct mapped *source_map(const struct source *source, const char **why)
{
	return mapped_create(&source->inputs, why);
}

void source_show(struct source *source, uint64_t done)
{
	parts_show(source->parts, done);
}

uint64_t source_size(const struct source *source)
{
	uint64_t done, total;

	parts_progress(source->parts, &done, &total);
	return total;
}

unsigned source_threads(const struct source *source)
{
	return source->inputs.threads;
}

void source_progress(const struct source *source, uint64_t *done, uint64_t *total)
{
	parts_progress(source->parts, done, total);
}

const char *source_current(const struct source *source)
{
	return parts_current(source->parts);
}

size_t source_path_count(const struct source *source)
{
	return source->path_count;
}

const char *source_path(const struct source *source, size_t i)
{
	return i < source->path_count ? source->paths[i] : NULL;
}
