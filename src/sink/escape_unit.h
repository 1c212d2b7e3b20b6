/*
 * escape_unit: text, a character at a time, for those that escape it. Private
 * to src/sink.
 *
 * One reader of UTF-8 (RFC 3629, strict: no overlong forms, no surrogates).
 */
#ifndef SINK_ESCAPE_UNIT_H
#define SINK_ESCAPE_UNIT_H

#include "base/buffer.h"

/* One character of the text, or one byte that belongs to none. */
struct unit {
	uint32_t point;
	unsigned len; /* bytes */
	bool valid;
};

static inline unsigned sequence_len(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static inline struct unit read_unit(struct span text)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *at = (const unsigned char *)text.data;
	unsigned len = sequence_len(at[0]);
	struct unit broken = { .point = at[0], .len = 1 };

	if (len == 0 || len > text.len)
		return broken;
	uint32_t point = len == 1 ? at[0] : at[0] & (0x7fu >> len);
	for (unsigned i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return broken;
		point = point << 6 | (at[i] & 0x3f);
	}
	if (point < lowest[len] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
		return broken;
	return (struct unit){ .point = point, .len = len, .valid = true };
}

static inline bool in(uint32_t point, uint32_t first, uint32_t last)
{
	return point >= first && point <= last;
}

/* C0, DEL, C1, and what reorders or breaks the text around it. */
static inline bool is_control(uint32_t point)
{
	return point < 0x20 || in(point, 0x7f, 0x9f) || point == 0x61c || in(point, 0x200e, 0x200f) ||
	       in(point, 0x2028, 0x202e) || in(point, 0x2066, 0x2069);
}

/* Characters that leave no mark, so that two different names would look alike. */
static inline bool is_invisible(uint32_t point)
{
	return point == 0xad || point == 0x34f || in(point, 0x115f, 0x1160) || in(point, 0x17b4, 0x17b5) ||
	       in(point, 0x180b, 0x180f) || in(point, 0x200b, 0x200d) || in(point, 0x2060, 0x206f) || point == 0x3164 ||
	       in(point, 0xfe00, 0xfe0f) || point == 0xfeff || point == 0xffa0 || in(point, 0xfff9, 0xfffb) ||
	       in(point, 0xe0000, 0xe0fff);
}

static inline void add_hex(struct buffer *to, const char *prefix, unsigned value, unsigned digits)
{
	char hex[8];

	for (unsigned i = digits; i-- > 0; value >>= 4)
		hex[i] = "0123456789abcdef"[value & 15];
	buffer_text(to, prefix);
	buffer_add(to, (struct span){ hex, digits });
}

static inline void add_bytes_visibly(struct buffer *to, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		add_hex(to, "\\x", (unsigned char)bytes.data[i], 2);
}

/* A backslash that would make what follows look like one of our escapes (\X is table.c's own form of them). */
static inline bool is_fake_escape(struct span text)
{
	return text.len > 1 && text.data[0] == '\\' && (text.data[1] | 0x20) == 'x';
}

#endif
