#include "rule/sigma/values.h"

#include "match/wildcard.h"

static bool grow(struct sigma_values *values)
{
	if (values->failed || values->count < values->capacity)
		return !values->failed;
	size_t capacity = values->capacity ? 2 * values->capacity : 8;
	struct sigma_text *items = arena_alloc(values->arena, capacity * sizeof(*items));
	values->failed = !items || values->count >= SIGMA_VALUES_MAX;
	if (values->failed)
		return false;
	if (values->count)
		memcpy(items, values->items, values->count * sizeof(*items));
	values->items = items;
	values->capacity = capacity;
	return true;
}

void sigma_values_add(struct sigma_values *values, const uint16_t *units, size_t len)
{
	uint16_t *copy = grow(values) ? arena_alloc(values->arena, len * sizeof(*units)) : NULL;

	values->failed |= !copy;
	if (!copy)
		return;
	if (len)
		memcpy(copy, units, len * sizeof(*units));
	values->items[values->count++] = (struct sigma_text){ copy, len };
}

/* ---- base64 ---- */

static bool has_signs(struct sigma_text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.units[i] > 0xff)
			return true;
	return false;
}

static uint16_t digit(unsigned value)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	return (unsigned char)digits[value & 63];
}

/* The text behind `shift` bytes that do not matter, with padding. Room for 4 units each 3 bytes begun. */
static size_t write_base64(uint16_t *to, struct sigma_text text, size_t shift)
{
	size_t total = text.len + shift, len = 0;

	for (size_t i = 0; i < total; i += 3) {
		unsigned group = 0;
		for (size_t j = i; j < i + 3; j++) {
			unsigned byte = j >= shift && j < total ? text.units[j - shift] : 0;
			group = group << 8 | byte;
		}
		to[len++] = digit(group >> 18);
		to[len++] = digit(group >> 12);
		to[len++] = i + 1 < total ? digit(group >> 6) : '=';
		to[len++] = i + 2 < total ? digit(group) : '=';
	}
	return len;
}

static uint16_t *base64_room(struct sigma_values *to, struct sigma_text text)
{
	uint16_t *room = arena_alloc(to->arena, ((text.len + 2) / 3 + 1) * 4 * sizeof(*room));

	to->failed |= !room;
	return room;
}

bool sigma_encode_base64(struct sigma_values *to, struct sigma_text text)
{
	uint16_t *room = has_signs(text) ? NULL : base64_room(to, text);

	if (has_signs(text))
		return false;
	if (room)
		sigma_values_add(to, room, write_base64(room, text, 0));
	return true;
}

/* Digits that bytes before or behind the text change, are cut off. */
bool sigma_encode_base64offset(struct sigma_values *to, struct sigma_text text)
{
	static const size_t at_start[3] = { 0, 2, 3 }, at_end[3] = { 0, 3, 2 };
	uint16_t *room = has_signs(text) ? NULL : base64_room(to, text);

	if (has_signs(text))
		return false;
	for (size_t shift = 0; room && shift < 3; shift++) {
		size_t cut = at_start[shift] + at_end[(text.len + shift) % 3];
		size_t len = write_base64(room, text, shift);
		sigma_values_add(to, room + at_start[shift], len > cut ? len - cut : 0);
	}
	return true;
}

/* ---- UTF-16 ---- */

/* Reads one code point of UTF-8 at `at`; how many units it takes, or 0. */
static size_t code_point(struct sigma_text text, size_t at, uint32_t *code)
{
	unsigned lead = text.units[at];
	size_t len = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || len > text.len - at)
		return 0;
	*code = len == 1 ? lead : lead & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((text.units[at + i] & 0xffc0) != 0x80)
			return 0;
		*code = *code << 6 | (text.units[at + i] & 0x3f);
	}
	return len;
}

static size_t write_unit(uint16_t *to, uint32_t unit, enum utf16 form)
{
	to[form == UTF16_BE] = unit & 0xff;
	to[form != UTF16_BE] = unit >> 8 & 0xff;
	return 2;
}

static size_t write_code(uint16_t *to, uint32_t code, enum utf16 form)
{
	if (code < 0x10000)
		return write_unit(to, code, form);
	size_t len = write_unit(to, 0xd7c0 + (code >> 10), form);
	return len + write_unit(to + len, 0xdc00 | (code & 0x3ff), form);
}

bool sigma_encode_utf16(struct sigma_values *to, struct sigma_text text, enum utf16 form)
{
	uint16_t *room = arena_alloc(to->arena, (2 * text.len + 2) * sizeof(*room));
	size_t len = 0;

	to->failed |= !room;
	if (room && form == UTF16_MARKED)
		len = write_unit(room, 0xfeff, form);
	for (size_t i = 0; room && i < text.len;) {
		uint32_t code;
		if (text.units[i] > 0xff) {
			room[len++] = text.units[i++];
			continue;
		}
		size_t used = code_point(text, i, &code);
		if (used == 0)
			return false;
		len += write_code(room + len, code, form);
		i += used;
	}
	if (room)
		sigma_values_add(to, room, len);
	return true;
}

/* ---- dashes ---- */

static bool in_word(struct sigma_text text, size_t at)
{
	if (at >= text.len)
		return false;
	unsigned unit = text.units[at];
	return unit == '_' || (unit >= '0' && unit <= '9') || (unit | 0x20) - 'a' < 26u ||
	       (unit >= 0x80 && unit <= 0xff);
}

static bool begins_word(struct sigma_text text, size_t at)
{
	return (text.units[at] == '-' || text.units[at] == '/') && in_word(text, at + 1) &&
	       !(at > 0 && in_word(text, at - 1));
}

/* Puts the dash in the place of the unit at `at` of every text in `from`. */
static void replace_in_all(struct sigma_values *to, const struct sigma_values *from, size_t behind, struct span dash)
{
	for (size_t i = 0; i < from->count && !to->failed; i++) {
		struct sigma_text text = from->items[i];
		size_t at = text.len - behind; /* texts differ before it, not behind it */
		uint16_t *room = arena_alloc(to->arena, (text.len + dash.len) * sizeof(*room));
		to->failed |= !room;
		if (!room)
			return;
		memcpy(room, text.units, at * sizeof(*room));
		for (size_t j = 0; j < dash.len; j++)
			room[at + j] = (unsigned char)dash.data[j];
		memcpy(room + at + dash.len, text.units + at + 1, (behind - 1) * sizeof(*room));
		sigma_values_add(to, room, text.len + dash.len - 1);
	}
}

void sigma_expand_dashes(struct sigma_values *to, struct sigma_text text)
{
	static const struct span dashes[] = {
		{ "-", 1 }, { "/", 1 }, { "\xe2\x80\x93", 3 }, { "\xe2\x80\x94", 3 }, { "\xe2\x80\x95", 3 },
	};
	struct sigma_values now = { .arena = to->arena };

	sigma_values_add(&now, text.units, text.len);
	for (size_t i = 0; i < text.len && !now.failed; i++) {
		if (!begins_word(text, i))
			continue;
		struct sigma_values next = { .arena = to->arena };
		for (size_t j = 0; j < sizeof(dashes) / sizeof(dashes[0]); j++)
			replace_in_all(&next, &now, text.len - i, dashes[j]);
		now = next;
	}
	to->failed |= now.failed;
	for (size_t i = 0; i < now.count; i++)
		sigma_values_add(to, now.items[i].units, now.items[i].len);
}
