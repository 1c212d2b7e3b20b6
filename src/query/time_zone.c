/*
 * Zones by offset, or out of the system's files (RFC 8536). A file is read
 * when the search is compiled, so that confinement does not stand in the way.
 *
 *   TZif 2 … | 6 counts | times | indices | types: offset, dst, name | names | …  | again with 64-bit times | footer
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "query/date_pattern.h"

#define FILE_MAX (1u << 16)
#define HEADER 44
#define NAME_MAX_LEN 64

struct zone_type {
	int offset;
	struct span name;
};

struct time_zone {
	int64_t *times; /* from when on a type holds */
	unsigned char *indices;
	size_t count;
	struct zone_type *types;
	size_t type_count;
};

static uint32_t read32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t read64(const unsigned char *at)
{
	return (int64_t)((uint64_t)read32(at) << 32 | read32(at + 4));
}

/* The six counts of a header, each at most what the file can hold. */
struct counts {
	size_t utc, standard, leap, time, type, chars;
};

static bool read_counts(const unsigned char *at, struct counts *counts)
{
	size_t *all[] = {
		&counts->utc, &counts->standard, &counts->leap, &counts->time, &counts->type, &counts->chars
	};

	for (size_t i = 0; i < 6; i++) {
		*all[i] = read32(at + 20 + 4 * i);
		if (*all[i] > FILE_MAX)
			return false;
	}
	return memcmp(at, "TZif", 4) == 0;
}

static size_t block_size(const struct counts *counts, size_t time_size)
{
	return counts->time * (time_size + 1) + counts->type * 6 + counts->chars + counts->leap * (time_size + 4) +
	       counts->standard + counts->utc;
}

static struct time_zone *create(struct arena *arena, size_t times, size_t types)
{
	struct time_zone *zone = arena_alloc(arena, sizeof(*zone));

	if (!zone)
		return NULL;
	zone->times = arena_alloc(arena, times * sizeof(*zone->times) + 1);
	zone->indices = arena_alloc(arena, times + 1);
	zone->types = arena_alloc(arena, types * sizeof(*zone->types) + 1);
	zone->count = times;
	zone->type_count = types;
	return zone->times && zone->indices && zone->types ? zone : NULL;
}

/* The block of 64-bit times. */
static struct time_zone *read_block(const unsigned char *at, const struct counts *counts, struct arena *arena)
{
	struct time_zone *zone = create(arena, counts->time, counts->type);
	const unsigned char *indices = at + counts->time * 8, *types = indices + counts->time;
	const char *names = (const char *)types + counts->type * 6;

	if (!zone || counts->type == 0)
		return NULL;
	for (size_t i = 0; i < counts->time; i++) {
		zone->times[i] = read64(at + 8 * i);
		zone->indices[i] = indices[i];
		if (indices[i] >= counts->type)
			return NULL;
	}
	for (size_t i = 0; i < counts->type; i++) {
		size_t name = types[6 * i + 5];
		if (name >= counts->chars)
			return NULL;
		struct span rest = { names + name, counts->chars - name };
		zone->types[i].offset = (int)(int32_t)read32(types + 6 * i);
		zone->types[i].name = arena_copy(arena, span_first(rest, span_index(rest, '\0')));
	}
	return zone;
}

static struct time_zone *read_zone(const unsigned char *file, size_t size, struct arena *arena)
{
	struct counts counts;

	if (size < HEADER || file[4] < '2' || !read_counts(file, &counts))
		return NULL;
	size_t second = HEADER + block_size(&counts, 4);
	if (second + HEADER > size || !read_counts(file + second, &counts))
		return NULL;
	if (second + HEADER + block_size(&counts, 8) > size)
		return NULL;
	return read_block(file + second + HEADER, &counts, arena);
}

static bool is_zone_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i], small = (char)(c | 0x20);
		bool sound = (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || (c && strchr("_+-/", c));
		if (!sound)
			return false;
	}
	return name.len && name.len < NAME_MAX_LEN && name.data[0] != '/';
}

static struct time_zone *read_file(struct span name, struct arena *arena)
{
	unsigned char *file = arena_alloc(arena, FILE_MAX);
	char path[NAME_MAX_LEN + 32];
	size_t size = 0;

	if (!file || !is_zone_name(name))
		return NULL;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%.*s", (int)name.len, name.data);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	for (ssize_t got; size < FILE_MAX && (got = read(fd, file + size, FILE_MAX - size)) > 0;)
		size += (size_t)got;
	close(fd);
	return read_zone(file, size, arena);
}

/* +02:00, -0700, +2: minutes east, or false. */
static bool read_offset(struct span text, int *minutes)
{
	uint64_t number;

	if (text.len < 2 || (text.data[0] != '+' && text.data[0] != '-'))
		return false;
	struct span digits = span_skip(text, 1);
	size_t used = span_decimal(digits, &number);
	if (used == 0)
		return false;
	uint64_t hours = used > 2 ? number / 100 : number, rest = used > 2 ? number % 100 : 0;
	if (used <= 2 && digits.len > used) {
		digits = span_skip(digits, used + 1);
		if (digits.len != 2 || span_decimal(digits, &rest) != 2)
			return false;
	} else if (digits.len != used) {
		return false;
	}
	if (hours > 23 || rest > 59)
		return false;
	*minutes = (int)(hours * 60 + rest) * (text.data[0] == '-' ? -1 : 1);
	return true;
}

static struct time_zone *fixed(struct arena *arena, int minutes, struct span name)
{
	struct time_zone *zone = create(arena, 0, 1);

	if (zone)
		zone->types[0] = (struct zone_type){ minutes * 60, arena_copy(arena, name) };
	return zone;
}

/* What Java knows beside the files' names. */
static struct span full_name(struct span name)
{
	static const struct {
		struct span brief, name;
	} names[] = {
		{ SPAN("PST"), SPAN("America/Los_Angeles") }, { SPAN("PDT"), SPAN("America/Los_Angeles") },
		{ SPAN("MST"), SPAN("America/Denver") },      { SPAN("CST"), SPAN("America/Chicago") },
		{ SPAN("EST"), SPAN("America/New_York") },    { SPAN("EDT"), SPAN("America/New_York") },
		{ SPAN("IST"), SPAN("Asia/Kolkata") },	      { SPAN("JST"), SPAN("Asia/Tokyo") },
		{ SPAN("CET"), SPAN("Europe/Paris") },	      { SPAN("AET"), SPAN("Australia/Sydney") },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal(name, names[i].brief))
			return names[i].name;
	return name;
}

struct time_zone *time_zone_find(struct span name, struct arena *arena)
{
	bool greenwich = span_starts(name, SPAN("GMT")) || span_starts(name, SPAN("UTC"));
	struct span rest = span_skip(name, greenwich ? 3 : 0);
	int minutes = 0;

	if ((greenwich && rest.len == 0) || span_equal(name, SPAN("Z")))
		return fixed(arena, 0, SPAN("UTC"));
	if (read_offset(rest, &minutes))
		return fixed(arena, minutes, name);
	return read_file(full_name(name), arena);
}

int time_zone_offset(const struct time_zone *zone, int64_t seconds, struct span *name)
{
	size_t low = 0, high = zone ? zone->count : 0;

	if (!zone) {
		*name = SPAN("UTC");
		return 0;
	}
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (zone->times[middle] <= seconds)
			low = middle + 1;
		else
			high = middle;
	}
	const struct zone_type *type = &zone->types[low ? zone->indices[low - 1] : 0];
	*name = type->name;
	return type->offset;
}
