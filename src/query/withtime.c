#include "query/withtime.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD SPAN("{\"time\":")
#define MIDDLE SPAN(",\"value\":\"")
#define TAIL SPAN("\"}")
#define ESCAPE_MOST 6 /* bytes that one byte becomes */

/* ---- writing ---- */

static size_t escape(char byte, char *out)
{
	if (byte == '"' || byte == '\\') {
		out[0] = '\\';
		out[1] = byte;
		return 2;
	}
	if ((unsigned char)byte >= 0x20) {
		out[0] = byte;
		return 1;
	}
	char text[ESCAPE_MOST + 1];
	snprintf(text, sizeof(text), "\\u%04x", (unsigned)byte);
	memcpy(out, text, ESCAPE_MOST);
	return ESCAPE_MOST;
}

static size_t put(char *out, struct span text)
{
	memcpy(out, text.data, text.len);
	return text.len;
}

struct span withtime_write(struct row *row, const struct value *value, const struct value *time)
{
	struct span text = row_text(row, value);
	char number[NUMBER_ROOM];
	struct span digits = SPAN("null");

	if (time->kind == VALUE_NUMBER)
		digits = (struct span){ number, number_to_text(time->number, number) };
	if (text.len > TEXT_MAX / ESCAPE_MOST - 64) {
		row->trouble = "a value is too long for withtime";
		return SPAN("");
	}
	char *room = row_room(row, HEAD.len + digits.len + MIDDLE.len + text.len * ESCAPE_MOST + TAIL.len);
	if (!room)
		return SPAN("");
	size_t len = put(room, HEAD);
	len += put(room + len, digits);
	len += put(room + len, MIDDLE);
	for (size_t i = 0; i < text.len; i++)
		len += escape(text.data[i], room + len);
	len += put(room + len, TAIL);
	return (struct span){ room, len };
}

/* ---- reading ---- */

static bool take(struct span *text, struct span head)
{
	if (!span_starts(*text, head))
		return false;
	*text = span_skip(*text, head.len);
	return true;
}

/* One byte of the escaped text; how many bytes it took. */
static size_t unescape(struct span text, char *byte)
{
	uint64_t code;

	*byte = text.data[0];
	if (text.data[0] != '\\' || text.len < 2)
		return 1;
	*byte = text.data[1];
	if (text.data[1] != 'u' || text.len < ESCAPE_MOST || span_hex(span_first(span_skip(text, 2), 4), &code) != 4)
		return 2;
	*byte = (char)code;
	return ESCAPE_MOST;
}

bool withtime_read(struct span text, struct value *value, struct value *time, char **room)
{
	if (!take(&text, HEAD))
		return true;
	struct value digits = value_text(span_first(text, span_index(text, ',')));
	double number = 0;
	bool dated = value_to_number(&digits, &number);
	text = span_skip(text, digits.text.len);
	if ((!dated && !span_equal(digits.text, SPAN("null"))) || !take(&text, MIDDLE) || !span_ends(text, TAIL))
		return true;
	text.len -= TAIL.len;
	*time = dated ? value_number(number) : VALUE_OF_NULL;
	*value = value_text(text);
	if (span_index(text, '\\') == text.len)
		return true;
	char *out = *room = malloc(text.len);
	if (!out)
		return false;
	size_t len = 0;
	while (text.len)
		text = span_skip(text, unescape(text, &out[len++]));
	value->text = (struct span){ out, len };
	return true;
}
