#include "sink/json_writer.h"

#include "base/digits.h"
#include "model/access.h"
#include "sink/escape.h"
#include "sink/iso_time.h"

static void add_name(struct buffer *to, const char *name)
{
	struct span text = span_of(name);

	if (!name || !buffer_reserve(to, text.len + 3))
		return;
	char *at = to->data + to->len;
	*at++ = '"';
	memcpy(at, text.data, text.len);
	at[text.len] = '"';
	at[text.len + 1] = ':';
	to->len += text.len + 3;
}

void json_put_open(struct buffer *to, const char *name, char bracket)
{
	add_name(to, name);
	buffer_add_byte(to, bracket);
}

void json_put_close(struct buffer *to, char bracket)
{
	if (!to->failed && to->len && to->data[to->len - 1] == ',')
		to->len--;
	buffer_add_byte(to, bracket);
	buffer_add_byte(to, ',');
}

void json_put_end(struct buffer *to)
{
	if (!to->failed && to->len)
		to->data[to->len - 1] = '\n';
}

void json_put_null(struct buffer *to, const char *name)
{
	add_name(to, name);
	buffer_add(to, SPAN("null,"));
}

void json_put_text(struct buffer *to, const char *name, struct span text)
{
	add_name(to, name);
	escape_json(to, text);
	buffer_add_byte(to, ',');
}

void json_put_word(struct buffer *to, const char *name, const char *text)
{
	json_put_text(to, name, span_of(text));
}

void json_put_number(struct buffer *to, const char *name, uint64_t value)
{
	add_name(to, name);
	if (!buffer_reserve(to, DIGITS_MAX + 1))
		return;
	to->len += digits_decimal(to->data + to->len, value);
	to->data[to->len++] = ',';
}

void json_put_id(struct buffer *to, const char *name, uint64_t id)
{
	if (id == UNKNOWN_ID)
		json_put_null(to, name);
	else
		json_put_number(to, name, id);
}

void json_put_bool(struct buffer *to, const char *name, bool value)
{
	add_name(to, name);
	buffer_add(to, value ? SPAN("true,") : SPAN("false,"));
}

void json_put_iso_time(struct buffer *to, const char *name, int64_t time_ms)
{
	char room[ISO_TIME_ROOM];

	json_put_word(to, name, iso_time(time_ms, room));
}

void json_put_list(struct buffer *to, const char *name, const struct span *items, size_t count)
{
	json_put_open(to, name, '[');
	for (size_t i = 0; i < count; i++)
		json_put_text(to, NULL, items[i].data ? items[i] : SPAN(""));
	json_put_close(to, ']');
}

void json_put_text_known(struct buffer *to, const char *name, struct span text)
{
	if (text.len)
		json_put_text(to, name, text);
}

void json_put_id_known(struct buffer *to, const char *name, uint64_t id)
{
	if (id != UNKNOWN_ID)
		json_put_number(to, name, id);
}

void json_put_iso_time_known(struct buffer *to, const char *name, int64_t time_ms)
{
	char room[ISO_TIME_ROOM];

	if (iso_time(time_ms, room))
		json_put_iso_time(to, name, time_ms);
}

void json_put_ms_known(struct buffer *to, const char *name, int64_t time_ms)
{
	if (time_ms == TIME_UNKNOWN)
		return;
	add_name(to, name);
	if (time_ms < 0)
		buffer_add_byte(to, '-');
	json_put_number(to, NULL, time_ms < 0 ? -(uint64_t)time_ms : (uint64_t)time_ms);
}
