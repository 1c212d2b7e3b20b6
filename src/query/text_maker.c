#include "query/text_maker.h"

/* Room doubles, so what is left behind in the arena is no more than the text. */
static bool grow(struct text_maker *maker, size_t more)
{
	size_t needed = maker->len + more;
	size_t capacity = maker->capacity * 2 > needed ? maker->capacity * 2 : needed;
	char *data;

	if (maker->failed)
		return false;
	if (capacity > TEXT_MAX && needed <= TEXT_MAX)
		capacity = TEXT_MAX;
	data = more <= TEXT_MAX ? row_room(maker->row, capacity) : row_room(maker->row, SIZE_MAX);
	if (!data) {
		maker->failed = true;
		maker->capacity = maker->len;
		return false;
	}
	if (maker->len)
		memcpy(data, maker->data, maker->len);
	maker->data = data;
	maker->capacity = capacity;
	return true;
}

void text_maker_init(struct text_maker *maker, struct row *row, size_t expected)
{
	*maker = (struct text_maker){ .row = row };
	grow(maker, expected);
}

void text_maker_add(struct text_maker *maker, struct span s)
{
	if (s.len == 0 || (s.len > maker->capacity - maker->len && !grow(maker, s.len)))
		return;
	memcpy(maker->data + maker->len, s.data, s.len);
	maker->len += s.len;
}

void text_maker_repeat(struct text_maker *maker, char byte, size_t count)
{
	if (count == 0 || (count > maker->capacity - maker->len && !grow(maker, count)))
		return;
	memset(maker->data + maker->len, byte, count);
	maker->len += count;
}

void text_maker_code_point(struct text_maker *maker, uint32_t code_point)
{
	char bytes[4];
	size_t len;

	if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000))
		code_point = 0xFFFD;
	if (code_point < 0x80) {
		text_maker_byte(maker, (char)code_point);
		return;
	}
	len = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--, code_point >>= 6)
		bytes[i] = (char)(0x80 | (code_point & 0x3F));
	bytes[0] = (char)((0xF00 >> len & 0xF0) | code_point);
	text_maker_add(maker, (struct span){ bytes, len });
}

struct value text_maker_value(const struct text_maker *maker)
{
	return maker->failed ? VALUE_OF_NULL : value_text((struct span){ maker->data, maker->len });
}
