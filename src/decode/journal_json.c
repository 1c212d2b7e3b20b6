/*
 * `journalctl -o json`: one object an entry, all values strings, but
 * (systemd's JOURNAL_EXPORT_FORMATS) an array of strings where a field came
 * more than once, an array of numbers for bytes that are not UTF-8, and null
 * for what is long, without --all.
 *
 *   {"_TRANSPORT":"audit","_AUDIT_ID":"15558","_AUDIT_TYPE":"1300","MESSAGE":"SYSCALL arch=c000003e …",…}
 */
#include "decode/json.h"

#include "base/json_scan.h"
#include "decode/journal.h"

/* The first string of an array, or all of its numbers as bytes. */
static struct span array_value(struct span array, struct arena *arena)
{
	struct json_scan scan;
	struct json_token token;
	char *bytes = NULL;
	size_t len = 0;

	json_start(&scan, array);
	json_next(&scan, &token);
	while (json_next(&scan, &token)) {
		uint64_t byte;
		if (token.kind == JSON_STRING)
			return json_text(&token, arena);
		if (token.kind >= JSON_ARRAY)
			json_skip(&scan, &token);
		if (token.kind != JSON_NUMBER || !json_u64(&token, &byte))
			continue;
		if (!bytes) /* each takes two of the array's bytes at least */
			bytes = arena_alloc(arena, array.len / 2);
		if (!bytes)
			break;
		bytes[len++] = (char)byte;
	}
	return (struct span){ bytes, len };
}

enum dress_result journal_json_decode(const struct document *document, struct queue *queue)
{
	struct journal_entry entry = { 0 };
	struct json_scan scan;
	struct json_token token;

	json_start(&scan, document->text);
	if (!json_next(&scan, &token) || token.kind != JSON_OBJECT)
		return DRESS_BROKEN;
	while (json_next(&scan, &token)) {
		if (token.kind >= JSON_ARRAY)
			json_skip(&scan, &token);
		if (token.kind == JSON_ARRAY && !scan.failed)
			journal_entry_add(&entry, token.key, array_value(token.text, &queue->arena), queue);
		else if (token.kind < JSON_ARRAY)
			journal_entry_add(&entry, token.key, json_text(&token, &queue->arena), queue);
	}
	if (scan.failed) {
		buffer_reset(&queue->body);
		return DRESS_BROKEN;
	}
	return journal_entry_finish(document, &entry, queue);
}
