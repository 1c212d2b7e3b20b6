#include "query/charset.h"

#include "query/text_maker.h"

#define REPLACEMENT 0xFFFD

enum order { ORDER_BY_MARK, ORDER_BIG, ORDER_LITTLE };

struct charset {
	struct span name;
	unsigned unit; /* bytes; 1 for UTF-8 and ASCII */
	enum order order;
	bool is_ascii;
};

static const struct charset charsets[] = {
	{ SPAN("US-ASCII"), 1, ORDER_BIG, true },     { SPAN("UTF-8"), 1, ORDER_BIG, false },
	{ SPAN("UTF-16"), 2, ORDER_BY_MARK, false },  { SPAN("UTF-16BE"), 2, ORDER_BIG, false },
	{ SPAN("UTF-16LE"), 2, ORDER_LITTLE, false }, { SPAN("UTF-32"), 4, ORDER_BY_MARK, false },
	{ SPAN("UTF-32BE"), 4, ORDER_BIG, false },    { SPAN("UTF-32LE"), 4, ORDER_LITTLE, false },
};

const struct charset *charset_find(struct span name)
{
	for (size_t i = 0; i < sizeof(charsets) / sizeof(*charsets); i++)
		if (span_equal_nocase(charsets[i].name, name))
			return &charsets[i];
	return NULL;
}

static uint32_t read_unit(const char *p, unsigned unit, bool little)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < unit; i++)
		value = value << 8 | (unsigned char)p[little ? unit - 1 - i : i];
	return value;
}

/* Takes a byte order mark off, if the charset has one. */
static bool is_little(const struct charset *charset, struct span *bytes)
{
	bool little = charset->order == ORDER_LITTLE;

	if (charset->order != ORDER_BY_MARK || bytes->len < charset->unit)
		return little;
	if (read_unit(bytes->data, charset->unit, true) == 0xFEFF)
		little = true;
	else if (read_unit(bytes->data, charset->unit, false) != 0xFEFF)
		return false;
	*bytes = span_skip(*bytes, charset->unit);
	return little;
}

/* A high surrogate joins a low one that follows. */
static uint32_t take_character(struct span *bytes, unsigned unit, bool little)
{
	uint32_t first = read_unit(bytes->data, unit, little), second;

	*bytes = span_skip(*bytes, unit);
	if (unit != 2 || first < 0xD800 || first > 0xDBFF || bytes->len < unit)
		return first;
	second = read_unit(bytes->data, unit, little);
	if (second < 0xDC00 || second > 0xDFFF)
		return first;
	*bytes = span_skip(*bytes, unit);
	return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

struct value charset_to_text(const struct charset *charset, struct span bytes, struct row *row)
{
	struct text_maker maker;

	if (charset->unit == 1 && !charset->is_ascii)
		return value_text(bytes);
	text_maker_init(&maker, row, bytes.len);
	bool little = is_little(charset, &bytes);
	while (bytes.len >= charset->unit) {
		uint32_t character = take_character(&bytes, charset->unit, little);
		text_maker_code_point(&maker, charset->is_ascii && character > 0x7F ? REPLACEMENT : character);
	}
	if (bytes.len)
		text_maker_code_point(&maker, REPLACEMENT);
	return text_maker_value(&maker);
}
