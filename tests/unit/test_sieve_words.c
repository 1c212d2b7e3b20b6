/* The rules' literals in a record: what is found, and that it is what a search by hand finds, however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/words.h"
#include "match/fold.h"
#include "sieve/words.h"

#define MOST 400
#define ROOM 300

#define BOTH (WORDS_RULE | WORDS_COMMAND)

static const struct sieve_literal some[] = {
	{ SPAN("procdump"), SPAN("procdump"), false },
	{ SPAN("truffle"), SPAN("truffle"), true },
	{ SPAN("gdb\""), SPAN("gdb"), true },
};

static unsigned find(struct words *words, const char *text)
{
	unsigned found = words_find(words, span_of(text));

	assert_int_equal(words_recall(words, span_of(text)), found);
	assert_int_equal(words_recall(words, span_of(text)), found);
	return found;
}

static void test_places(void **state)
{
	struct err err;
	struct words *words = words_create(some, 3, &err);

	assert_non_null(words);
	assert_int_equal(find(words, " comm=\"cat\" exe=\"/usr/bin/cat\""), 0);
	assert_int_equal(find(words, " comm=\"ProcDump\" exe=\"/usr/bin/procdump\""), WORDS_RULE);
	assert_int_equal(find(words, "a0=\"cat\" a1=\"xTRUFFLEx\""), WORDS_COMMAND);
	assert_int_equal(find(words, "a0=\"procdump\" a1=\"truffle\""), BOTH);
	/* In hex behind an equals sign, in either case of digits and letters, and each value by itself. */
	assert_int_equal(find(words, "a0=74727566666C65"), WORDS_COMMAND);
	assert_int_equal(find(words, "a0=\"x\" a1=0054525546664c6500"), WORDS_COMMAND);
	assert_int_equal(find(words, "proctitle=2F746D702F70726F6364756D70"), WORDS_RULE);
	assert_int_equal(find(words, "a0=74727566 a1=666C65"), 0);
	assert_int_equal(find(words, "a0=74727566666C6"), 0); /* half a byte: that is no hex of the kernel's */
	assert_int_equal(find(words, "a0==74727566666C65"), WORDS_COMMAND);
	/* What stands otherwise in hex. */
	assert_int_equal(find(words, "a0=\"gdb\" a1=\"-p\""), WORDS_COMMAND);
	assert_int_equal(find(words, "a0=\"gdbserver\""), 0);
	assert_int_equal(find(words, "proctitle=676462002D70"), WORDS_COMMAND);
	/* Ends. */
	assert_int_equal(find(words, ""), 0);
	assert_int_equal(find(words, "a="), 0);
	assert_int_equal(find(words, "="), 0);
	assert_int_equal(find(words, "procdump"), WORDS_RULE);
	assert_int_equal(find(words, "procdum"), 0);
	words_destroy(words);
	words_destroy(NULL);
}

static void test_refused(void **state)
{
	const struct sieve_literal none = { SPAN(""), SPAN(""), false };
	struct err err = { 0 };

	assert_null(words_create(&none, 1, &err));
	assert_int_not_equal(err.number, 0);
}

/* ---- by hand ---- */

static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static bool holds(struct span text, struct span literal)
{
	for (size_t at = 0; at + literal.len <= text.len; at++) {
		size_t i = 0;
		while (i < literal.len && fold(text.data[at + i]) == fold(literal.data[i]))
			i++;
		if (i == literal.len)
			return true;
	}
	return false;
}

/* The value in hex that begins there, or an empty one. */
static struct span value_at(struct span text, size_t at, char *room)
{
	size_t len = 0, digits = 0;

	while (at + digits < text.len && word_hex_digit(text.data[at + digits]) >= 0)
		digits++;
	for (size_t i = 0; digits % 2 == 0 && i < digits; i += 2)
		room[len++] = (char)(word_hex_digit(text.data[at + i]) << 4 | word_hex_digit(text.data[at + i + 1]));
	return (struct span){ room, len };
}

static unsigned find_by_hand(const struct sieve_literal *literals, size_t count, struct span text)
{
	unsigned found = 0;
	char room[ROOM];

	for (size_t i = 0; i < count; i++) {
		bool there = holds(text, literals[i].text);
		for (size_t at = 1; at < text.len; at++)
			there |= text.data[at - 1] == '=' && holds(value_at(text, at, room), literals[i].encoded);
		found |= there ? literals[i].command ? WORDS_COMMAND : WORDS_RULE : 0u;
	}
	return found;
}

struct scene {
	char letters[MOST][16];
	struct sieve_literal literals[MOST];
	size_t count;
};

static void make_literals(struct scene *scene, size_t count, uint64_t *seed)
{
	scene->count = count;
	for (size_t i = 0; i < count; i++) {
		size_t len = 4 + next(seed) % 9;
		for (size_t c = 0; c < len; c++)
			scene->letters[i][c] = "abcdefgh/-.1"[next(seed) % 12];
		bool quoted = next(seed) % 5 == 0;
		scene->letters[i][len - 1] = quoted ? '"' : scene->letters[i][len - 1];
		scene->literals[i] = (struct sieve_literal){ { scene->letters[i], len },
							     { scene->letters[i], len - quoted },
							     next(seed) % 2 };
	}
}

static size_t plant(char *to, struct span literal, bool hex, uint64_t *seed)
{
	size_t len = 0;

	for (size_t i = 0; i < literal.len; i++) {
		unsigned char c = (unsigned char)literal.data[i];
		c ^= c >= 'a' && c <= 'z' && next(seed) % 2 ? 0x20 : 0;
		len += (size_t)sprintf(to + len, hex ? (next(seed) % 2 ? "%02x" : "%02X") : "%c", c);
	}
	return len;
}

/* Values, some of them with a literal or in hex, and literals that are not all there. */
static size_t make_record(const struct scene *scene, char *text, uint64_t *seed)
{
	size_t len = 0;

	while (len < ROOM - 80 && next(seed) % 6) {
		const struct sieve_literal *literal = &scene->literals[next(seed) % scene->count];
		bool hex = next(seed) % 2;
		struct span part = hex && next(seed) % 2 ? literal->encoded : literal->text;
		len += (size_t)sprintf(text + len, " a%u=%s", (unsigned)(next(seed) % 10), hex ? "2f" : "\"/");
		if (next(seed) % 3 == 0)
			part.len -= 1;
		if (next(seed) % 2)
			len += plant(text + len, part, hex, seed);
		len += (size_t)sprintf(text + len, "%s", hex ? (next(seed) % 8 ? "" : "0") : "\"");
	}
	return len;
}

static void test_by_hand(void **state)
{
	static const size_t counts[] = { 1, 7, 100, MOST }; /* the pass for a few, and vectorscan's, if it is there */
	static char text[ROOM];
	static struct scene scene;
	uint64_t seed = 11;
	unsigned with = 0, without = 0;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct err err;
		make_literals(&scene, counts[i], &seed);
		struct words *words = words_create(scene.literals, scene.count, &err);
		assert_non_null(words);
		for (int round = 0; round < 1500; round++) {
			struct span record = { text, make_record(&scene, text, &seed) };
			unsigned found = words_find(words, record);
			assert_int_equal(found, find_by_hand(scene.literals, scene.count, record));
			with += found != 0;
			without += !found;
		}
		words_destroy(words);
	}
	assert_true(with > 1000 && without > 1000);
}

/* More texts than are remembered, in turn, of all lengths: each is told as if it were alone. */
static void test_recall(void **state)
{
	enum { TEXTS = 20000 };
	static char texts[TEXTS][400];
	struct err err;
	struct words *words = words_create(some, 3, &err);

	assert_non_null(words);
	for (unsigned i = 0; i < TEXTS; i++) {
		int len = snprintf(texts[i], sizeof(texts[i]), "a0=\"%u%s\"", i, i % 3 ? "" : "truffle");
		memset(texts[i] + len, '.', i % 380 > (unsigned)len ? i % 380 - (unsigned)len : 0);
	}
	for (unsigned round = 0; round < 3; round++)
		for (unsigned i = 0; i < TEXTS; i++)
			assert_int_equal(words_recall(words, span_of(texts[i])), i % 3 ? 0 : WORDS_COMMAND);
	words_destroy(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_places), cmocka_unit_test(test_refused),
					    cmocka_unit_test(test_by_hand), cmocka_unit_test(test_recall) };

	return cmocka_run_group_tests_name("sieve_words", tests, NULL, NULL);
}
