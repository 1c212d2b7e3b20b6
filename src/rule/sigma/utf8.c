#include "rule/sigma/utf8.h"

#include "base/words.h"

size_t sigma_utf8_character(struct span text)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = text.len ? (unsigned char)text.data[0] : 0xff;
	size_t len = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 0;
	uint32_t code = lead & (0x7fu >> len);

	if (len == 1)
		return 1;
	if (len == 0 || len > text.len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (((unsigned char)text.data[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)text.data[i] & 0x3f);
	}
	return code < least[len] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff ? 0 : len;
}

/* Rules are ASCII nearly everywhere: eight of it at a time. */
size_t sigma_utf8_end(struct span text)
{
	size_t at = 0, len = 1;

	while (at < text.len && len) {
		while (text.len - at >= 8 && !(word_load(text.data + at) & WORD_ONES << 7))
			at += 8;
		len = at < text.len ? sigma_utf8_character(span_skip(text, at)) : 0;
		at += len;
	}
	return at;
}
