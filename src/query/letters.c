#include "query/letters.h"

size_t letters_count(struct span text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
	return count;
}

size_t letters_offset(struct span text, size_t number)
{
	size_t at;

	for (at = 0; at < text.len; at++)
		if (((unsigned char)text.data[at] & 0xC0) != 0x80 && number-- == 0)
			break;
	return at;
}

/*
 * Upper case from first to last. step 1: lower case is `distance` further on.
 * step 2: upper and lower case alternate, so distance is 1.
 */
static const struct range {
	unsigned short first, last;
	unsigned char step, distance;
} ranges[] = {
	{ 0x0C0, 0x0D6, 1, 32 }, { 0x0D8, 0x0DE, 1, 32 }, { 0x100, 0x12E, 2, 1 },  { 0x132, 0x136, 2, 1 },
	{ 0x139, 0x147, 2, 1 },	 { 0x14A, 0x176, 2, 1 },  { 0x179, 0x17D, 2, 1 },  { 0x386, 0x386, 1, 38 },
	{ 0x388, 0x38A, 1, 37 }, { 0x38C, 0x38C, 1, 64 }, { 0x38E, 0x38F, 1, 63 }, { 0x391, 0x3A1, 1, 32 },
	{ 0x3A3, 0x3AB, 1, 32 }, { 0x3D8, 0x3EE, 2, 1 },  { 0x400, 0x40F, 1, 80 }, { 0x410, 0x42F, 1, 32 },
	{ 0x460, 0x480, 2, 1 },	 { 0x48A, 0x4BE, 2, 1 },  { 0x4C1, 0x4CD, 2, 1 },  { 0x4D0, 0x52E, 2, 1 },
	{ 0x531, 0x556, 1, 48 },
};

static unsigned change(unsigned letter, bool to_lower)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		const struct range *range = &ranges[i];
		unsigned first = range->first + (to_lower ? 0u : range->distance);
		unsigned last = range->last + (to_lower ? 0u : range->distance);
		if (letter < first || letter > last || (letter - first) % range->step)
			continue;
		return to_lower ? letter + range->distance : letter - range->distance;
	}
	return letter;
}

/* Ÿ stands far from ÿ, and only the final sigma shares its upper case with another letter. */
static unsigned change_letter(unsigned letter, bool to_lower)
{
	if (to_lower)
		return letter == 0x178 ? 0xFF : change(letter, true);
	return letter == 0xFF ? 0x178 : letter == 0x3C2 ? 0x3A3 : change(letter, false);
}

static bool is_pair(const char *text, size_t len)
{
	unsigned char lead = (unsigned char)text[0];

	return lead >= 0xC3 && lead <= 0xD6 && len > 1 && ((unsigned char)text[1] & 0xC0) == 0x80;
}

static void change_text(char *text, size_t len, bool to_lower)
{
	char first = to_lower ? 'A' : 'a', last = to_lower ? 'Z' : 'z';

	for (size_t i = 0; i < len; i++) {
		if (text[i] >= first && text[i] <= last) {
			text[i] = (char)(text[i] ^ 0x20);
		} else if (is_pair(text + i, len - i)) {
			unsigned letter = ((unsigned char)text[i] & 0x1Fu) << 6 | ((unsigned char)text[i + 1] & 0x3Fu);
			letter = change_letter(letter, to_lower);
			text[i] = (char)(0xC0 | letter >> 6);
			text[++i] = (char)(0x80 | (letter & 0x3F));
		}
	}
}

void letters_to_lower(char *text, size_t len)
{
	change_text(text, len, true);
}

void letters_to_upper(char *text, size_t len)
{
	change_text(text, len, false);
}
