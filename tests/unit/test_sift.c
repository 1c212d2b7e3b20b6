/* The readers of sift against each other and against a search by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "match/fold.h"
#include "match/sift.h"

#define ROOM 1200
#define PLACES 4096
#define TEXTS 24

static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* ---- by hand ---- */

static int digit(char c)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)((at - digits) % 16) : -1;
}

static bool equal_byte(const struct sift_text *text, size_t i, char c)
{
	char wanted = text->text.data[i];

	return text->ignore_case ? fold(c) == fold(wanted) : c == wanted;
}

static bool stands_by_hand(const struct sift_text *text, struct span rest)
{
	size_t width = text->hex ? 2 : 1;

	if (rest.len < text->text.len * width)
		return false;
	for (size_t i = 0; i < text->text.len; i++) {
		const char *p = rest.data + i * width;
		if (text->hex && (digit(p[0]) < 0 || digit(p[1]) < 0))
			return false;
		if (!equal_byte(text, i, text->hex ? (char)(digit(p[0]) * 16 + digit(p[1])) : *p))
			return false;
	}
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct sift_place *x = a, *y = b;

	return x->at != y->at ? (x->at < y->at ? -1 : 1) : (x->which > y->which) - (x->which < y->which);
}

static size_t find_by_hand(const struct sift_text *texts, size_t count, struct span text, struct sift_place *places)
{
	size_t found = 0;

	for (size_t at = 0; at < text.len; at++)
		for (size_t i = 0; i < count; i++)
			if (stands_by_hand(&texts[i], span_skip(text, at)))
				places[found++] = (struct sift_place){ (uint32_t)at, (uint32_t)i };
	return found;
}

/* ---- by sift ---- */

static size_t find(const struct sift *sift, enum sift_level level, struct span text, struct sift_place *places,
		   size_t max)
{
	size_t found = 0, from = 0;

	while (from < text.len) {
		size_t before = from, more = sift_scan_with(sift, level, text, &from, places + found, max);
		assert_true(more <= max);
		assert_true(more || from > before); /* it comes to an end: a block never holds more than `max` here */
		found += more;
		assert_true(found <= PLACES - max);
	}
	qsort(places, found, sizeof(*places), by_place);
	return found;
}

static void compare_all(const struct sift_text *texts, size_t count, struct span text, size_t max)
{
	static struct sift_place expected[ROOM * TEXTS], places[PLACES];
	struct err err = { 0 };
	struct sift *sift = sift_create(texts, count, &err);
	size_t wanted = find_by_hand(texts, count, text, expected);

	assert_non_null(sift);
	for (enum sift_level level = SIFT_PLAIN; level < SIFT_LEVELS; level++) {
		if (!sift_can(level))
			continue;
		assert_int_equal(find(sift, level, text, places, max), wanted);
		for (size_t i = 0; i < wanted; i++) {
			assert_int_equal(places[i].at, expected[i].at);
			assert_int_equal(places[i].which, expected[i].which);
		}
	}
	sift_destroy(sift);
}

/* ---- texts ---- */

struct scene {
	char letters[TEXTS][SIFT_TEXT_MAX];
	struct sift_text texts[TEXTS];
	size_t count;
};

static void make_texts(struct scene *scene, uint64_t *seed)
{
	scene->count = 1 + next(seed) % TEXTS;
	for (size_t i = 0; i < scene->count; i++) {
		struct sift_text *text = &scene->texts[i];
		*text = (struct sift_text){ .hex = next(seed) % 3 == 0, .ignore_case = next(seed) % 2 };
		size_t least = text->hex ? SIFT_TEXT_MIN / 2 : SIFT_TEXT_MIN;
		size_t len = least + next(seed) % (next(seed) % 8 ? 9 : SIFT_TEXT_MAX - least + 1);
		for (size_t c = 0; c < len; c++)
			scene->letters[i][c] = "/proc0aAzZ\"\xff"[next(seed) % 12];
		text->text = (struct span){ scene->letters[i], len };
	}
}

/* Spells the text, in letters and digits of any case. */
static size_t spell(const struct sift_text *text, char *room, uint64_t *seed)
{
	size_t len = 0;

	for (size_t i = 0; i < text->text.len; i++) {
		unsigned char c = (unsigned char)text->text.data[i];
		if (text->ignore_case && next(seed) % 2 && (c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			c ^= 0x20;
		if (!text->hex) {
			room[len++] = (char)c;
			continue;
		}
		room[len++] = (next(seed) % 2 ? "0123456789abcdef" : "0123456789ABCDEF")[c >> 4];
		room[len++] = (next(seed) % 2 ? "0123456789abcdef" : "0123456789ABCDEF")[c & 15];
	}
	return len;
}

/* Where a block, or the text, begins or ends, or anywhere. */
static size_t spot(size_t room, uint64_t *seed)
{
	size_t near = next(seed) % (room / 64 + 1) * 64 + next(seed) % 5;

	switch (next(seed) % 5) {
	case 0:
		return 0;
	case 1:
		return room;
	case 2:
		return near > 2 && near - 2 < room ? near - 2 : room;
	default:
		return next(seed) % (room + 1);
	}
}

static void plant(const struct scene *scene, char *text, size_t len, uint64_t *seed)
{
	char room[2 * SIFT_TEXT_MAX];

	for (size_t i = next(seed) % 12; i; i--) {
		size_t spelt = spell(&scene->texts[next(seed) % scene->count], room, seed);
		if (spelt > len)
			continue;
		memcpy(text + spot(len - spelt, seed), room, spelt);
	}
}

static void test_levels(void **state)
{
	uint64_t seed = 5;
	struct scene scene;

	assert_true(sift_can(SIFT_PLAIN));
	for (int round = 0; round < 3000; round++) {
		size_t len = next(&seed) % (round % 2 ? ROOM : 100);
		char *text = malloc(len + !len); /* to the byte: what is read behind it, the sanitizer sees */
		make_texts(&scene, &seed);
		for (size_t i = 0; i < len; i++)
			text[i] = round % 3 ? "/proc0aAzZ\"\xff"[next(&seed) % 12] : (char)next(&seed);
		plant(&scene, text, len, &seed);
		compare_all(scene.texts, scene.count, (struct span){ text, len }, 64 * TEXTS);
		free(text);
	}
}

/* ---- the ends ---- */

static void test_every_end(void **state)
{
	static const struct sift_text texts[] = { { .text = SPAN("/pro") },
						  { .text = SPAN("gdb\""), .ignore_case = true },
						  { .text = SPAN("mem/\xff"), .hex = true },
						  { .text = SPAN("ab"), .hex = true, .ignore_case = true },
						  { .text = SPAN("abcdefghijklmnopqrstuvwxyz") } };
	static const char *const spelt[] = { "/pro", "GdB\"", "6d656D2fFf", "4162", "abcdefghijklmnopqrstuvwxyz" };

	for (size_t i = 0; i < 5; i++) {
		for (size_t len = strlen(spelt[i]); len < 220; len++) {
			char *text = malloc(len);
			size_t span = strlen(spelt[i]);
			memset(text, '.', len);
			memcpy(text + len - span, spelt[i], span);
			compare_all(texts, 5, (struct span){ text, len }, PLACES / 4);
			memset(text, '.', len);
			memcpy(text, spelt[i], span);
			compare_all(texts, 5, (struct span){ text, len }, PLACES / 4);
			compare_all(texts, 5, (struct span){ text, span - 1 }, PLACES / 4);
			free(text);
		}
	}
}

/* Where what a reader reads at once begins and ends, which is 64 blocks, and one or two are left behind it. */
static void test_strips(void **state)
{
	static const struct sift_text texts[] = { { .text = SPAN("/pro") },
						  { .text = SPAN("/proc/self/mem"), .ignore_case = true },
						  { .text = SPAN("/proc"), .hex = true } };
	static const char spelt[] = "2f70726f63/proc/Self/mem";
	size_t span = sizeof(spelt) - 1, strip = 64 * 64;

	for (size_t len = strip - 3; len < strip + 200; len++) {
		char *text = malloc(len);
		memset(text, '/', len);
		memcpy(text + len % 64, spelt, span);
		memcpy(text + strip - 2 * span - len % 9, spelt, span);
		memcpy(text + len - span, spelt, span);
		compare_all(texts, 3, (struct span){ text, len }, PLACES / 4);
		free(text);
	}
}

/* More of one print than there are bits in a word. */
static void test_alike(void **state)
{
	static char letters[200][16];
	struct sift_text texts[200];

	for (size_t i = 0; i < 200; i++) {
		snprintf(letters[i], sizeof(letters[i]), "/proc/12%03zu", i);
		texts[i] = (struct sift_text){ .text = span_of(letters[i]) };
	}
	compare_all(texts, 200,
		    SPAN("type=PATH name=\"/proc/12000\" name=\"/proc/12063\" name=\"/proc/12064\" /proc/12199"),
		    PLACES / 4);
}

/* The page behind the text cannot be read, nor the one before it. */
static void test_guard_pages(void **state)
{
	static const struct sift_text texts[] = { { .text = SPAN("/proc") }, { .text = SPAN("/proc"), .hex = true } };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(pages != MAP_FAILED && mprotect(pages + page, page, PROT_READ | PROT_WRITE) == 0);
	memset(pages + page, '/', page);
	memcpy(pages + page, "/proc", 5);
	memcpy(pages + 2 * page - 5, "/proc", 5);
	for (size_t len = 0; len < 300; len++) {
		compare_all(texts, 2, (struct span){ pages + 2 * page - len, len }, PLACES / 4);
		compare_all(texts, 2, (struct span){ pages + page, len }, PLACES / 4);
	}
	munmap(pages, 3 * page);
}

/* ---- room ---- */

static void test_little_room(void **state)
{
	static const struct sift_text texts[] = { { .text = SPAN("aaaa") },
						  { .text = SPAN("aaaaa"), .ignore_case = true } };
	char text[700];

	memset(text, 'a', sizeof(text));
	for (size_t max = 128; max < 400; max += 7)
		compare_all(texts, 2, (struct span){ text, sizeof(text) }, max);
}

/* A block that holds more than there is room for: nothing is told of it, and the caller can see that. */
static void test_no_room(void **state)
{
	static const struct sift_text texts[] = { { .text = SPAN("aaaa") } };
	struct sift_place places[8];
	struct err err = { 0 };
	struct sift *sift = sift_create(texts, 1, &err);
	char text[256];
	size_t from = 0;

	memset(text, 'a', sizeof(text));
	for (enum sift_level level = SIFT_PLAIN; level < SIFT_LEVELS; level++) {
		if (!sift_can(level))
			continue;
		assert_true(sift_scan_with(sift, level, (struct span){ text, sizeof(text) }, &from, places, 8) <= 8);
		assert_true(from < sizeof(text));
		from = 0;
	}
	sift_destroy(sift);
}

static void refuse(struct sift_text text, size_t count)
{
	static struct sift_text texts[SIFT_TEXTS_MAX + 1];
	struct err err = { 0 };

	for (size_t i = 0; i < count; i++)
		texts[i] = text;
	assert_null(sift_create(texts, count, &err));
	assert_int_not_equal(err.number, 0);
	assert_true(err.text[0]);
}

static void test_refused(void **state)
{
	static const char long_text[SIFT_TEXT_MAX + 1];

	refuse((struct sift_text){ .text = SPAN("gdb") }, 1);
	refuse((struct sift_text){ .text = SPAN("g"), .hex = true }, 1);
	refuse((struct sift_text){ .text = { long_text, sizeof(long_text) } }, 1);
	refuse((struct sift_text){ .text = SPAN("/proc") }, SIFT_TEXTS_MAX + 1);
	sift_destroy(NULL);
}

static void test_none(void **state)
{
	compare_all(NULL, 0,
		    SPAN("type=SYSCALL msg=audit(1166111074.191:7388): and so on, for more than a block of bytes "
			 "and the print behind it"),
		    PLACES / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_levels),	cmocka_unit_test(test_every_end),
					    cmocka_unit_test(test_strips),	cmocka_unit_test(test_alike),
					    cmocka_unit_test(test_guard_pages), cmocka_unit_test(test_little_room),
					    cmocka_unit_test(test_no_room),	cmocka_unit_test(test_refused),
					    cmocka_unit_test(test_none) };

	return cmocka_run_group_tests_name("sift", tests, NULL, NULL);
}
