/*
 * Defender tables as CSV (RFC 4180): a header, then rows. A value in quotes
 * holds separators, newlines, and quotes written twice:
 *
 *   Timestamp,DeviceName,ProcessCommandLine
 *   2024-03-01T10:11:12.1234567Z,web1,"sh -c ""cat /proc/12/maps"""
 *
 * Looser where spreadsheets are: a byte order mark, ';' or a tab instead of
 * the comma (the header tells), blanks around names, rows that are too short.
 */
#include "decode/dress.h"

#define COLUMNS_MAX 160 /* the widest table has about 90; what is too many is let go */

struct columns {
	struct column {
		struct span name, value;
	} items[COLUMNS_MAX];
	size_t count;
};

static struct span without_mark(struct span line)
{
	return span_starts(line, SPAN("\xef\xbb\xbf")) ? span_skip(line, 3) : line;
}

static char separator_of(struct span header)
{
	static const char separators[] = { ',', ';', '\t' };

	for (size_t i = 0; i < sizeof(separators); i++)
		if (span_index(header, separators[i]) < header.len)
			return separators[i];
	return ',';
}

/* The bytes of a quoted value that begins behind its quote; *doubled when quotes in it are written twice. False when it is not closed. */
static bool quoted_length(struct span text, size_t *len, bool *doubled)
{
	*doubled = false;
	for (*len = 0;; *len += 2) {
		*len += span_index(span_skip(text, *len), '"');
		if (*len >= text.len)
			return false;
		if (*len + 1 >= text.len || text.data[*len + 1] != '"')
			return true;
		*doubled = true;
	}
}

static struct span undouble(struct span text, struct arena *arena)
{
	char *room = arena_alloc(arena, text.len);
	size_t len = 0;

	if (!room)
		return (struct span){ "", 0 };
	for (size_t i = 0; i < text.len; i++) {
		room[len++] = text.data[i];
		i += text.data[i] == '"';
	}
	return (struct span){ room, len };
}

/*
 * Takes the next value off the front. Returns 1, 0 when there is none left,
 * or -1 when a quote does not close. *more: a separator stood behind it.
 */
static int next_value(struct span *rest, char separator, struct arena *arena, struct span *value, bool *more)
{
	size_t len;
	bool doubled = false;

	if (!*more)
		return 0;
	if (rest->len && rest->data[0] == '"') {
		struct span text = span_skip(*rest, 1);
		if (!quoted_length(text, &len, &doubled))
			return -1;
		*value = doubled ? undouble(span_first(text, len), arena) : span_first(text, len);
		*rest = span_skip(text, len + 1);
		len = span_index(*rest, separator);
	} else {
		len = span_index(*rest, separator);
		*value = span_first(*rest, len);
	}
	*more = len < rest->len;
	*rest = span_skip(*rest, len + 1);
	return 1;
}

/* Log Analytics writes "TimeGenerated [UTC]". */
static struct span column_name(struct span name)
{
	name = span_trim(name);
	if (name.len > 2 && name.data[0] == '"' && name.data[name.len - 1] == '"')
		name = (struct span){ name.data + 1, name.len - 2 };
	if (span_ends(name, SPAN(" [UTC]")))
		name.len -= 6;
	return name;
}

static bool is_known(struct span name)
{
	static const struct span names[] = {
		SPAN("Timestamp"),
		SPAN("TimeGenerated"),
		SPAN("DeviceName"),
		SPAN("DeviceId"),
		SPAN("ActionType"),
		SPAN("FolderPath"),
		SPAN("ProcessId"),
		SPAN("ProcessCommandLine"),
		SPAN("InitiatingProcessId"),
		SPAN("InitiatingProcessFileName"),
		SPAN("InitiatingProcessFolderPath"),
		SPAN("InitiatingProcessCommandLine"),
		SPAN("RemoteIP"),
		SPAN("RemoteUrl"),
		SPAN("ReportId"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal(name, names[i]))
			return true;
	return false;
}

/* Hunters project the columns that they want: three known ones are a header. */
bool csv_is_defender_header(struct span line)
{
	struct span rest = without_mark(line);
	char separator = separator_of(rest);
	bool more = rest.len > 0;
	size_t known = 0;

	if (rest.len > 16384 || span_index(rest, separator) == rest.len)
		return false;
	while (more && known < 3) {
		size_t len = span_index(rest, separator);
		known += is_known(column_name(span_first(rest, len)));
		more = len < rest.len;
		rest = span_skip(rest, len + 1);
	}
	return known >= 3;
}

static struct span find(const void *row, struct span name)
{
	const struct columns *columns = row;

	for (size_t i = 0; i < columns->count; i++)
		if (span_equal(columns->items[i].name, name))
			return columns->items[i].value;
	return (struct span){ NULL, 0 };
}

enum dress_result decode_csv(const struct document *document, struct span header, struct queue *queue)
{
	struct columns columns = { .count = 0 };
	struct defender_row row = { find, &columns };
	struct span names = without_mark(span_trim(header)), values = without_mark(document->text);
	char separator = separator_of(names);
	bool more_names = true, more_values = true;
	struct span name, value;
	int found = 1;

	while (columns.count < COLUMNS_MAX && next_value(&names, separator, &queue->arena, &name, &more_names) > 0 &&
	       (found = next_value(&values, separator, &queue->arena, &value, &more_values)) > 0)
		columns.items[columns.count++] = (struct column){ column_name(name), value };
	if (found < 0)
		return DRESS_BROKEN;
	/* A row of one value is prose or a stray line. */
	return columns.count < 2 ? DRESS_NO_EVENT : decode_defender(document, &row, queue);
}
