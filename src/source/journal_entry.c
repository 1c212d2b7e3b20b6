/*
 * A value goes out as NAME=value when it is text in one line, otherwise with
 * its length, so that no value can fake a field (systemd's
 * JOURNAL_EXPORT_FORMATS):
 *
 *	__REALTIME_TIMESTAMP=1700000000000000
 *	_TRANSPORT=audit
 *	MESSAGE
 *	<8 bytes, little-endian: 3><a, newline, b>
 */
#include "source/journal_entry.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>

static bool is_one_line(struct span value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.data[i];
		if (c < ' ' && c != '\t')
			return false;
	}
	return true;
}

static void render_field(struct buffer *entry, struct span field)
{
	size_t equals = span_index(field, '=');
	struct span value = span_skip(field, equals + 1);
	uint64_t len = htole64(value.len);

	if (equals == 0 || equals == field.len)
		return;
	if (is_one_line(value)) {
		buffer_add(entry, field);
	} else {
		buffer_add(entry, span_first(field, equals));
		buffer_add_byte(entry, '\n');
		buffer_add(entry, (struct span){ (const char *)&len, sizeof(len) });
		buffer_add(entry, value);
	}
	buffer_add_byte(entry, '\n');
}

static void render_stamps(sd_journal *journal, struct buffer *entry, uint64_t *realtime)
{
	char *cursor = NULL;
	uint64_t monotonic;
	sd_id128_t boot;

	if (sd_journal_get_cursor(journal, &cursor) >= 0)
		buffer_printf(entry, "__CURSOR=%s\n", cursor);
	free(cursor);
	if (sd_journal_get_realtime_usec(journal, realtime) >= 0)
		buffer_printf(entry, "__REALTIME_TIMESTAMP=%" PRIu64 "\n", *realtime);
	if (sd_journal_get_monotonic_usec(journal, &monotonic, &boot) >= 0)
		buffer_printf(entry, "__MONOTONIC_TIMESTAMP=%" PRIu64 "\n", monotonic);
}

bool journal_entry_render(sd_journal *journal, struct buffer *entry, uint64_t *realtime)
{
	const void *field;
	size_t len;
	int result;

	render_stamps(journal, entry, realtime);
	sd_journal_restart_data(journal);
	while ((result = sd_journal_enumerate_available_data(journal, &field, &len)) > 0)
		render_field(entry, (struct span){ field, len });
	buffer_add_byte(entry, '\n');
	return result == 0;
}
