/*
 * `journalctl -o export` (systemd's JOURNAL_EXPORT_FORMATS): an entry is a
 * line a field, and an empty line ends it. A value that is not plain text
 * comes as the name alone, a 64-bit little-endian length, the bytes, and a
 * newline:
 *
 *   __REALTIME_TIMESTAMP=1615114232375000
 *   _TRANSPORT=audit
 *   MESSAGE
 *   <8 bytes: 5><h e l l o>
 *
 * so that no value can fake a field or the end of an entry.
 */
#include "decode/dress.h"

#include "decode/journal.h"

/* An entry is handed in without white space at its end, which a last value may have had. */
#define TRIMMED_MAX 16

static bool is_field_name(struct span name)
{
	if (name.len == 0 || name.len > 64)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		if (!((c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9' && i)))
			return false;
	}
	return true;
}

static uint64_t little_endian(const char *bytes)
{
	uint64_t value = 0;

	for (size_t i = 8; i-- > 0;)
		value = value << 8 | (unsigned char)bytes[i];
	return value;
}

/* Takes one field off the front. Returns 1, 0 where the entry ends, or -1 when it is cut or no field at all. */
static int next_field(struct span *rest, struct span *name, struct span *value)
{
	size_t newline = span_index(*rest, '\n');
	struct span line = span_first(*rest, newline);
	size_t equals = span_index(line, '=');

	if (line.len == 0 || (line.len == 1 && line.data[0] == '\r'))
		return 0;
	*name = span_first(line, equals);
	if (!is_field_name(*name))
		return -1;
	if (equals < line.len) {
		*value = span_skip(line, equals + 1);
		*rest = span_skip(*rest, newline + 1);
		return 1;
	}
	struct span binary = span_skip(*rest, newline + 1);
	if (binary.len < 8)
		return -1;
	uint64_t len = little_endian(binary.data), there = binary.len - 8;
	if (len > there && len - there <= TRIMMED_MAX)
		len = there;
	if (len > there)
		return -1;
	*value = span_first(span_skip(binary, 8), (size_t)len);
	*rest = span_skip(binary, 8 + (size_t)len);
	if (rest->len && rest->data[0] != '\n')
		return -1;
	*rest = span_skip(*rest, 1);
	return 1;
}

enum dress_result decode_journal_export(const struct document *document, struct queue *queue)
{
	struct journal_entry entry = { 0 };
	struct span rest = document->text, name, value;
	bool marked = false;
	int more;

	while ((more = next_field(&rest, &name, &value)) > 0) {
		marked |= journal_is_mark(name);
		journal_entry_add(&entry, name, value, queue);
	}
	if (marked && more == 0)
		return journal_entry_finish(document, &entry, queue);
	buffer_reset(&queue->body);
	return marked ? DRESS_BROKEN : DRESS_NOT_MINE;
}
