#include "query/zone.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo"
#define NAME_MAX_LEN 64
#define FILE_MAX 65536

/* ---- without a file ---- */

static bool is_digit(struct span text, size_t at)
{
	return at < text.len && text.data[at] >= '0' && text.data[at] <= '9';
}

/* h, hh, hmm or hhmm: the digits, which are `count`, as one number. */
static bool take_clock(unsigned number, size_t count, int32_t *seconds)
{
	unsigned hours = count > 2 ? number / 100 : number, minutes = count > 2 ? number % 100 : 0;

	*seconds = (int32_t)(hours * 3600 + minutes * 60);
	return count > 0 && hours < 24 && minutes < 60;
}

size_t zone_offset(struct span text, int32_t *seconds)
{
	size_t at = 1, count = 0;
	unsigned number = 0;

	if (text.len == 0 || (text.data[0] != '+' && text.data[0] != '-'))
		return 0;
	while (count < 4 && is_digit(text, at)) {
		number = number * 10 + (unsigned)(text.data[at++] - '0');
		count++;
		if (count <= 2 && at < text.len && text.data[at] == ':' && is_digit(text, at + 1))
			at++;
	}
	if (!take_clock(number, count, seconds))
		return 0;
	if (text.data[0] == '-')
		*seconds = -*seconds;
	return at;
}

/* Of Java's three-letter names, those that the database has under another. */
static const struct {
	struct span name, zone;
} names[] = {
	{ SPAN("ACT"), SPAN("Australia/Darwin") },
	{ SPAN("AET"), SPAN("Australia/Sydney") },
	{ SPAN("ART"), SPAN("Africa/Cairo") },
	{ SPAN("AST"), SPAN("America/Anchorage") },
	{ SPAN("CST"), SPAN("America/Chicago") },
	{ SPAN("ECT"), SPAN("Europe/Paris") },
	{ SPAN("IST"), SPAN("Asia/Kolkata") },
	{ SPAN("JST"), SPAN("Asia/Tokyo") },
	{ SPAN("NST"), SPAN("Pacific/Auckland") },
	{ SPAN("PST"), SPAN("America/Los_Angeles") },
	{ SPAN("US/Pacific"), SPAN("America/Los_Angeles") },
	{ SPAN("US/Eastern"), SPAN("America/New_York") },
	{ SPAN("US/Central"), SPAN("America/Chicago") },
	{ SPAN("US/Mountain"), SPAN("America/Denver") },
};

static struct span full_name(struct span name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal_nocase(names[i].name, name))
			return names[i].zone;
	return name;
}

static bool is_utc(struct span name)
{
	static const struct span utc[] = { SPAN(""),   SPAN("Z"),	SPAN("UTC"),	 SPAN("GMT"),
					   SPAN("UT"), SPAN("Etc/UTC"), SPAN("Etc/GMT"), SPAN("Zulu") };

	for (size_t i = 0; i < sizeof(utc) / sizeof(*utc); i++)
		if (span_equal_nocase(utc[i], name))
			return true;
	return false;
}

static struct zone *fixed_zone(struct zone *zone, struct arena *arena, struct span name, int32_t offset)
{
	zone->types = arena_alloc(arena, sizeof(*zone->types));
	zone->type_count = 1;
	if (!zone->types)
		return NULL;
	zone->types[0] = (struct zone_type){ .offset = offset, .name = arena_copy(arena, name) };
	return zone;
}

/* ---- files ---- */

/* Of letters, digits, _ + - and slashes; so no "..". */
static bool is_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || strchr("_+-/", c)) || !c)
			return false;
	}
	return name.len > 0 && name.len <= NAME_MAX_LEN && name.data[0] != '/';
}

/* The entry of that name in any case, opened. */
static int open_entry(int folder, struct span name, int flags)
{
	DIR *dir = fdopendir(folder);
	const struct dirent *entry;
	int fd = -1;

	if (!dir) {
		close(folder);
		return -1;
	}
	while (fd < 0 && (entry = readdir(dir)))
		if (span_equal_nocase(span_of(entry->d_name), name))
			fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
	closedir(dir);
	return fd;
}

static int open_zone(struct span name)
{
	int fd = open(ZONES, O_RDONLY | O_CLOEXEC | O_DIRECTORY);

	while (fd >= 0 && name.len) {
		size_t len = span_index(name, '/');
		fd = open_entry(fd, span_first(name, len), len < name.len ? O_DIRECTORY : 0);
		name = span_skip(name, len + 1);
	}
	return fd;
}

static bool load(struct zone *zone, struct span name, struct arena *arena)
{
	int fd = open_zone(name);
	char *bytes = NULL;
	struct stat status;
	size_t len = 0;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= FILE_MAX)
		bytes = arena_alloc(arena, FILE_MAX);
	while (bytes && len < FILE_MAX) {
		ssize_t got = read(fd, bytes + len, FILE_MAX - len);
		if (got <= 0 && !(got < 0 && errno == EINTR))
			break;
		len += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	return bytes && zone_read(zone, (struct span){ bytes, len }, arena);
}

const struct zone *zone_find(struct span name, struct arena *arena, const char **why)
{
	struct zone *zone = arena_alloc(arena, sizeof(*zone));
	struct span offset = name;
	int32_t seconds = 0;

	*why = "memory is out for a time zone";
	if (!zone)
		return NULL;
	*zone = (struct zone){ 0 };
	if (is_utc(name))
		return fixed_zone(zone, arena, SPAN("UTC"), 0);
	if (name.len > 3 && (span_equal_nocase(span_first(name, 3), SPAN("GMT")) ||
			     span_equal_nocase(span_first(name, 3), SPAN("UTC"))))
		offset = span_skip(name, 3);
	if (zone_offset(offset, &seconds) == offset.len)
		return fixed_zone(zone, arena, name, seconds);
	*why = "this time zone is not known: write one such as \"UTC\", \"Europe/Berlin\" or \"GMT+01:00\"; "
	       "names are those of " ZONES;
	return is_name(name) && load(zone, full_name(name), arena) ? zone : NULL;
}

/* ---- asking ---- */

/* How many transitions are not after that time. */
static size_t transitions_until(const struct zone *zone, int64_t seconds)
{
	size_t low = 0, high = zone->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->times[middle] <= seconds)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct zone_type zone_at(const struct zone *zone, int64_t seconds)
{
	size_t before = transitions_until(zone, seconds);

	if (before == zone->count && zone->has_rule)
		return zone_rule_at(&zone->rule, seconds);
	return zone->types[before ? zone->indexes[before - 1] : 0];
}

int64_t zone_to_utc(const struct zone *zone, int64_t local_seconds)
{
	int64_t before = zone_at(zone, local_seconds - 86400).offset,
		after = zone_at(zone, local_seconds + 86400).offset;
	int64_t smaller = before < after ? before : after, larger = before < after ? after : before;

	/* The smaller offset is standard time; it holds unless the other one alone does. */
	if (zone_at(zone, local_seconds - smaller).offset != smaller &&
	    zone_at(zone, local_seconds - larger).offset == larger)
		return local_seconds - larger;
	return local_seconds - smaller;
}
