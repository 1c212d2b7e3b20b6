#include "decode/carried.h"

#include "decode/canonical.h"

/*
 * Records from `first` on were decoded from a line that is not where the
 * document is: show the document instead, and what the document knows better.
 */
static void adopt(const struct document *document, const struct carried *carried, size_t first, struct queue *queue)
{
	for (size_t i = first; i < queue->count; i++) {
		struct record *record = &queue->items[i];
		record->raw = document->text;
		record->origin = document->origin;
		if (record->trust > carried->trust)
			record->trust = carried->trust;
		if (carried->line.host.len && !record->node.len)
			record->node = carried->line.host;
		if (record->time_ms == TIME_UNKNOWN)
			record->time_ms = carried->line.time_ms;
	}
}

static struct document inner(const struct document *document, struct span line)
{
	return (struct document){ line, document->origin, document->frame };
}

enum dress_result carried_audit(const struct document *document, const struct carried *carried, struct queue *queue)
{
	struct document line = inner(document, carried->line.message);
	size_t first = queue->count;

	if (!line.text.len)
		return DRESS_NOT_MINE;
	enum dress_result result = audit_in_log(&line, &carried->line, queue);
	adopt(document, carried, first, queue);
	return result;
}

static bool begins_record(struct span line)
{
	static const struct span beginnings[] = { SPAN("type="), SPAN("node="), SPAN("host="), SPAN("audit("),
						  SPAN("msg=audit(") };

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (span_starts(line, beginnings[i]))
			return true;
	return false;
}

enum dress_result carried_line(const struct document *document, const struct carried *carried, struct queue *queue)
{
	struct document line = inner(document, carried->line.message);
	size_t first = queue->count;
	if (!line.text.len)
		return carried_log(document, carried, queue);
	/* Not decode_audit() for every line: it finds records anywhere, and would hide the log line around them. */
	enum dress_result result = begins_record(line.text) ? decode_audit(&line, queue) : decode_syslog(&line, queue);
	adopt(document, carried, first, queue);
	return result == DRESS_DONE ? result : carried_log(document, carried, queue);
}

enum dress_result carried_log(const struct document *document, const struct carried *carried, struct queue *queue)
{
	struct record *record = canonical_record(queue, document);

	if (!record)
		return DRESS_BROKEN;
	record->kind = RECORD_LOG;
	record->program = carried->line.program;
	record->message = carried->line.message;
	record->pid = carried->line.pid;
	record->time_ms = carried->line.time_ms;
	if (carried->line.host.len)
		record->node = carried->line.host;
	if (record->trust > carried->trust)
		record->trust = carried->trust;
	return DRESS_DONE;
}
