/* Literal sets: the pass for a few, vectorscan and the plain pass find the same, and what span_find finds; wildcards as a matcher that tries everything. */
#include <stdlib.h>

#include "match/cidr.h"
#include "match/literals.h"
#include "match/wildcard.h"

#define MOST 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void note(void *context, uint32_t index)
{
	unsigned *found = context;

	require(index < MOST && !(*found >> index & 1));
	*found |= 1u << index;
}

static unsigned scan(struct literals *literals, struct span text)
{
	struct literals_scratch *scratch = literals_scratch_create(literals);
	unsigned found = 0;

	literals_scan(literals, scratch, text, note, &found);
	literals_scratch_destroy(scratch);
	literals_destroy(literals);
	return found;
}

static void check_literals(const struct literal *items, size_t count, struct span text)
{
	unsigned expected = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at =
			items[i].ignore_case ? span_find_nocase(text, items[i].text) : span_find(text, items[i].text);
		expected |= (unsigned)(at < text.len) << i;
	}
	require(scan(literals_create(items, count, NULL), text) == expected);
	require(scan(literals_create_vectorscan(items, count, NULL), text) == expected);
	require(scan(literals_create_plain(items, count, NULL), text) == expected);
}

static unsigned char lower(unsigned c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Over texts of one byte a character. Bounded: at most eight stars in a short text. */
static bool tries(const uint16_t *units, size_t len, struct span text)
{
	if (len == 0)
		return text.len == 0;
	if (units[0] == WILDCARD_MANY) {
		for (size_t skip = 0; skip <= text.len; skip++)
			if (tries(units + 1, len - 1, span_skip(text, skip)))
				return true;
		return false;
	}
	if (text.len == 0 || (units[0] != WILDCARD_ONE && lower(units[0]) != lower((unsigned char)text.data[0])))
		return false;
	return tries(units + 1, len - 1, span_skip(text, 1));
}

static void check_wildcard(struct span pattern, struct span text)
{
	struct arena arena = { 0 };
	uint16_t units[12];
	struct wildcard wildcard;

	pattern = span_first(pattern, 12);
	text = span_first(text, 16);
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0xc0)
			return;
	size_t len = wildcard_parse(pattern, units);
	require(wildcard_init(&wildcard, units, len, false, &arena));
	require(wildcard_matches(&wildcard, text) == tries(units, len, text));
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size };
	struct literal items[MOST] = { 0 };
	struct cidr cidr;
	size_t count = 0;

	/* Lines: literals, each led by a byte that says whether case counts; what follows an empty line is the text. */
	while (rest.len && count < MOST) {
		struct span line = span_first(rest, span_index(rest, '\n'));
		rest = span_skip(rest, line.len + 1);
		if (line.len < 2)
			break;
		items[count++] = (struct literal){ span_first(span_skip(line, 1), LITERAL_MAX), line.data[0] & 1 };
		check_wildcard(line, rest);
		if (cidr_parse(&cidr, line) >= 0)
			cidr_match(&cidr, rest);
	}
	check_literals(items, count, rest);
	return 0;
}
