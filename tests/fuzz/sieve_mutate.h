/*
 * For fuzz_sieve: mutations of a log by its lines, after which most of it still is one. Private to tests/fuzz.
 */
#ifndef SIEVE_MUTATE_H
#define SIEVE_MUTATE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"

#define PAGE_LINES 1024

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2, uint8_t *out,
				 size_t max_out, unsigned seed);

struct page {
	struct span lines[PAGE_LINES];
	size_t count;
	struct arena arena; /* of lines that were changed */
	uint64_t dice;
};

static inline size_t page_roll(struct page *page, size_t sides)
{
	page->dice = hash_join(page->dice, 1);
	return sides ? (page->dice >> 20) % sides : 0;
}

static inline void page_split(struct page *page, struct span text)
{
	while (text.len && page->count < PAGE_LINES) {
		size_t len = span_index(text, '\n');
		page->lines[page->count++] = span_first(text, len);
		text = span_skip(text, len + 1);
	}
}

static inline size_t page_join(const struct page *page, uint8_t *out, size_t max_size)
{
	size_t size = 0;

	for (size_t i = 0; i < page->count; i++) {
		struct span line = page->lines[i];
		if (size + line.len + 1 > max_size)
			break;
		if (line.len)
			memcpy(out + size, line.data, line.len);
		size += line.len;
		out[size++] = '\n';
	}
	return size;
}

/* ---- whole lines ---- */

static inline void page_move(struct page *page, size_t from, size_t to)
{
	struct span line = page->lines[from];

	memmove(&page->lines[from], &page->lines[from + 1], (page->count - from - 1) * sizeof(line));
	memmove(&page->lines[to + 1], &page->lines[to], (page->count - to - 1) * sizeof(line));
	page->lines[to] = line;
}

static inline void page_insert(struct page *page, size_t at, struct span line)
{
	if (page->count == PAGE_LINES)
		return;
	page->lines[page->count++] = line;
	page_move(page, page->count - 1, at);
}

static inline void page_drop(struct page *page, size_t at)
{
	page_move(page, at, page->count - 1);
	page->count--;
}

/* A few lines in a row go elsewhere, once or twice. */
static inline void page_carry(struct page *page, bool stay)
{
	size_t from = page_roll(page, page->count), len = 1 + page_roll(page, 6);
	size_t to = page_roll(page, page->count);

	for (size_t i = 0; i < len && from < page->count && to < page->count; i++) {
		if (stay)
			page_insert(page, to, page->lines[from]);
		else
			page_move(page, from, to);
		from += stay ? 1 + (to <= from) : from > to;
		to += stay || from > to;
	}
}

/* ---- inside of a line ---- */

/* The line with `len` bytes at `at` replaced. */
static inline void page_edit(struct page *page, size_t line, size_t at, size_t len, struct span by)
{
	struct span old = page->lines[line], behind = span_skip(old, at + len);
	char *room = arena_alloc(&page->arena, old.len + by.len + 1);

	if (!room)
		return;
	memcpy(room, old.data, at);
	memcpy(room + at, by.data, by.len);
	if (behind.len)
		memcpy(room + at + by.len, behind.data, behind.len);
	page->lines[line] = (struct span){ room, at + by.len + behind.len };
}

/* Where the value of a field begins that some line has; false: not this one. */
static inline bool page_field(const struct page *page, size_t line, struct span name, size_t *at, size_t *len)
{
	struct span text = page->lines[line], value;

	*at = span_find(text, name) + name.len;
	if (*at >= text.len)
		return false;
	value = span_skip(text, *at);
	*len = span_index(value, value.data[0] == ':' ? ')' : ' ');
	return true;
}

static inline struct span page_choice(struct page *page, const char *const *list)
{
	size_t count = 0;

	while (list[count])
		count++;
	return span_of(list[page_roll(page, count)]);
}

static const char *const page_fields[] = { " pid=",   " ppid=",	   " dev=", " inode=", " a0=",	 " a1=",       " exit=",
					   " items=", " syscall=", " ses=", " uid=",   " name=", " mode=",     " comm=",
					   " exe=",   " arch=",	   ".",	    ":",       " cwd=",	 " success=",  " a2=",
					   " key=",   " item=",	   "type=", " ogid=",  " opid=", " nametype=", NULL };

static const char *const page_values[] = { "0",
					   "1",
					   "2",
					   "3",
					   "4",
					   "-1",
					   "-13",
					   "ffffff9c",
					   "257",
					   "59",
					   "2",
					   "101",
					   "310",
					   "311",
					   "165",
					   "161",
					   "437",
					   "438",
					   "41",
					   "42",
					   "82",
					   "87",
					   "56",
					   "57",
					   "32",
					   "33",
					   "72",
					   "3",
					   "436",
					   "304",
					   "00:15",
					   "00:05",
					   "00:16",
					   "fe:01",
					   "0100600",
					   "0100444",
					   "0100400",
					   "040555",
					   "4294967295",
					   "c000003e",
					   "40000003",
					   "yes",
					   "no",
					   "(null)",
					   "\"mem\"",
					   "\"maps\"",
					   "\"/proc/1/mem\"",
					   "\"/proc/self/maps\"",
					   "\"/proc/12538\"",
					   "\"/proc\"",
					   "\"environ\"",
					   "\"..\"",
					   "\"task/7/mem\"",
					   "2F70726F632F312F6D656D",
					   "\"/usr/bin/gdb\"",
					   "\"gcore\"",
					   "\"/etc/shadow\"",
					   "\"map_files\"",
					   "\"/x/1/mem\"",
					   "\"/usr/bin/ps\"",
					   "\"fd/3\"",
					   "\"1/mem\"",
					   "12",
					   "\"proctor_procfs\"",
					   "CREATE",
					   "4194304",
					   "4194303",
					   NULL };

static const char *const page_types[] = { "SYSCALL",	 "PATH",	  "CWD",	"PROCTITLE",	 "EXECVE",
					  "SOCKADDR",	 "EOE",		  "AVC",	"USER_CMD",	 "USER_START",
					  "OBJ_PID",	 "CONFIG_CHANGE", "ANOM_ABEND", "DAEMON_END",	 "DAEMON_START",
					  "URINGOP",	 "OPENAT2",	  "BPRM_FCAPS", "UNKNOWN[1337]", "CRED_ACQ",
					  "KERN_MODULE", "SECCOMP",	  "MMAP",	"FD_PAIR",	 NULL };

static inline void page_change_field(struct page *page, size_t line)
{
	struct span name = page_choice(page, page_fields), value;
	size_t at, len, from, from_len;

	if (!page_field(page, line, name, &at, &len))
		return;
	size_t other = page_roll(page, page->count);
	value = page_choice(page, span_equal(name, SPAN("type=")) ? page_types : page_values);
	if (page_roll(page, 3) && page_field(page, other, name, &from, &from_len))
		value = span_first(span_skip(page->lines[other], from), from_len);
	page_edit(page, line, at, len, value);
}

static inline void page_change_digit(struct page *page, size_t line)
{
	struct span text = page->lines[line];
	size_t at = page_roll(page, text.len + 1);
	char digit = (char)('0' + page_roll(page, 10));

	while (at < text.len && (unsigned char)(text.data[at] - '0') > 9)
		at++;
	if (at < text.len)
		page_edit(page, line, at, 1, (struct span){ &digit, 1 });
}

/* ---- keys ---- */

static inline struct span page_key(struct span line)
{
	struct span rest = span_skip(line, span_find(line, SPAN("audit(")) + 6);

	return span_first(rest, span_index(rest, ')'));
}

/* Gives the keys new times and serials, so that those of two logs follow each other. */
static inline void page_renumber(struct page *page)
{
	struct span last = { NULL, 0 };
	uint64_t serial = 1000 + page_roll(page, 9000);
	unsigned step = 1 + (unsigned)page_roll(page, 2);

	for (size_t i = 0; i < page->count; i++) {
		struct span key = page_key(page->lines[i]);
		char room[64];
		if (!key.len || memchr(key.data, '\n', key.len))
			continue;
		serial += span_equal(key, last) ? 0 : step;
		last = key;
		int len = snprintf(room, sizeof(room), "17954%05llu.%03llu:%llu",
				   (unsigned long long)serial / 1000 % 100000, (unsigned long long)serial % 1000,
				   (unsigned long long)serial);
		page_edit(page, i, (size_t)(key.data - page->lines[i].data), key.len,
			  (struct span){ room, (size_t)len });
	}
}

/* The line becomes one of the event of another. */
static inline void page_change_key(struct page *page, size_t line)
{
	struct span key = page_key(page->lines[line]), by = page_key(page->lines[page_roll(page, page->count)]);

	if (key.len && by.len)
		page_edit(page, line, (size_t)(key.data - page->lines[line].data), key.len, by);
}

/* ---- all of them ---- */

static inline void page_add_fill(struct page *page, size_t line)
{
	char room[32];
	int len = snprintf(room, sizeof(room), "fill %zu", (size_t)1 << page_roll(page, 11));
	char *copy = arena_alloc(&page->arena, sizeof(room));

	if (!copy)
		return;
	memcpy(copy, room, sizeof(room));
	page_insert(page, line, (struct span){ copy, (size_t)len });
}

static inline void page_mutate_once(struct page *page)
{
	size_t line = page_roll(page, page->count);
	struct span text = page->lines[line];

	switch (page_roll(page, 32)) {
	case 0:
	case 1:
		page_move(page, line, page_roll(page, page->count));
		break;
	case 2:
		page_move(page, line, line + 1 < page->count ? line + 1 : 0);
		break;
	case 3:
		page_insert(page, page_roll(page, page->count), text);
		break;
	case 4:
	case 5:
		page_drop(page, line);
		break;
	case 6:
		page_edit(page, line, page_roll(page, text.len + 1), text.len, SPAN(""));
		break;
	case 7:
		if (line + 1 < page->count) {
			page_edit(page, line, text.len, 0, page->lines[line + 1]);
			page_drop(page, line + 1);
		}
		break;
	case 8:
		page_insert(page, line, SPAN("next"));
		break;
	case 9:
		page_add_fill(page, line);
		break;
	case 10:
	case 11:
		page_renumber(page);
		break;
	case 12:
	case 13:
		page_carry(page, false);
		break;
	case 14:
		page_carry(page, true);
		break;
	case 15:
	case 16:
		page_change_key(page, line);
		break;
	case 17:
	case 18:
	case 19:
		page_change_digit(page, line);
		break;
	default:
		page_change_field(page, line);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	static struct page page;

	if (size == 0 || seed % 8 == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	page.count = 0;
	page.dice = seed;
	arena_reset(&page.arena);
	char *copy = arena_alloc(&page.arena, size);
	if (!copy)
		return size;
	memcpy(copy, data, size);
	page_split(&page, (struct span){ copy, size });
	for (size_t i = 1 + page_roll(&page, 3); i && page.count; i--)
		page_mutate_once(&page);
	return page_join(&page, data, max_size);
}

/* Some lines of the second among those of the first. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2, size_t size2, uint8_t *out,
				 size_t max_out, unsigned seed)
{
	static struct page page, other;

	page.count = other.count = 0;
	page.dice = seed;
	page_split(&page, (struct span){ (const char *)data1, size1 });
	page_split(&other, (struct span){ (const char *)data2, size2 });
	size_t at = page_roll(&page, page.count), from = page_roll(&page, other.count), len = 1 + page_roll(&page, 40);
	bool spread = page_roll(&page, 2);
	for (size_t i = from; i < other.count && i < from + len && at < page.count; i++) {
		page_insert(&page, at, other.lines[i]);
		at += 1 + (spread ? page_roll(&page, 3) : 0);
	}
	if (page_roll(&page, 2))
		page_renumber(&page);
	return page_join(&page, out, max_out);
}

#endif
