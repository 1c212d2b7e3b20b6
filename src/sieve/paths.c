/* PATH records: which may be of procfs, by device, name and mode. */
#include <stdlib.h>

#include "model/access.h"
#include "sieve/walker_parts.h"

static struct device *device_of(struct walker *walker, uint32_t minor)
{
	for (size_t i = 0; i < walker->device_count; i++)
		if (walker->devices[i].minor == minor)
			return &walker->devices[i];
	return NULL;
}

/* An absolute name below a process's directory: it proves that the device is procfs. */
static bool is_witness(struct span name)
{
	struct span rest = span_skip(name, 6);

	return span_starts(name, SPAN("/proc/")) && rest.len && strchr("0123456789st", rest.data[0]);
}

static unsigned notes_on_procfs(struct walker *walker, struct span name, uint32_t minor)
{
	struct device *device = device_of(walker, minor);
	bool named = span_find(name, SPAN("/proc")) < name.len;

	if (named && !device) {
		if (walker->device_count == DEVICES_MAX) {
			walker->doubt = DOUBT_WIDE;
			return 0;
		}
		device = &walker->devices[walker->device_count++];
		*device = (struct device){ .minor = minor };
	}
	if (!device)
		return 0;
	if (is_witness(name) && device->witnesses < WITNESSES) {
		device->witnesses++;
		return NOTE_TELL | NOTE_PROC;
	}
	return NOTE_PROC;
}

static void add_faint(struct walker *walker, uint32_t minor)
{
	if (walker->faint_count == walker->faint_capacity &&
	    !walker_grow((void **)&walker->faints, &walker->faint_capacity, sizeof(*walker->faints))) {
		walker->doubt = DOUBT_MEMORY;
		return;
	}
	walker->faints[walker->faint_count++] = (struct faint){ walker->piece, walker->piece->event_count - 1, minor };
}

static bool is_entry(struct span name, bool hex)
{
	return hex || entry_from_name(span_basename(name)) != ENTRY_NONE;
}

static bool is_mode_of_memory(struct span rest)
{
	struct span name = SPAN(" mode=");
	uint32_t mode = 0;

	if (!span_starts(rest, name))
		return true; /* who knows */
	for (size_t i = name.len; i < rest.len && (unsigned char)(rest.data[i] - '0') < 8; i++)
		mode = mode << 3 | (unsigned char)(rest.data[i] - '0');
	return mode == entry_mode(ENTRY_MEM);
}

/* "00:15 mode=0100600 …", on no device that has another behind it. */
static unsigned notes_of_device(struct walker *walker, struct span name, bool hex, struct span rest, bool own)
{
	uint64_t major, minor;
	size_t used = span_hex(rest, &major);
	size_t more = span_hex(span_skip(rest, used + 1), &minor);

	if (used && major)
		return 0; /* nothing of procfs */
	if (!used || !more || minor >> 20 || walker->watched->wary || is_entry(name, hex))
		return NOTE_TELL | NOTE_PROC;
	unsigned notes = notes_on_procfs(walker, name, (uint32_t)minor);
	if (!is_mode_of_memory(span_skip(rest, used + 1 + more)))
		return notes;
	if (!own || notes)
		return NOTE_TELL | NOTE_PROC;
	add_faint(walker, (uint32_t)minor);
	return notes;
}

/* What stands behind the name: " inode=12 dev=00:15 mode=0100600 …"; of what is not there, only the name's type. */
static unsigned notes_of_object(struct walker *walker, struct span name, bool hex, const char *p, const char *end,
				bool own)
{
	uint64_t ignored;

	if (end - p > 20 && memcmp(p, " inode=", 7) == 0)
		p = word_decimal(p + 7, end, &ignored);
	if (end - p < 12 || memcmp(p, " dev=", 5) != 0) {
		struct span rest = { p, (size_t)(end - p) };
		p += span_find(rest, SPAN(" dev="));
	}
	if (p == end)
		return walker->watched->wary || is_entry(name, hex) ? NOTE_TELL : 0;
	if (p[5] != '0')
		return 0; /* nothing of procfs */
	return notes_of_device(walker, name, hex, (struct span){ p + 5, (size_t)(end - p) - 5 }, own);
}

/* `p`: ": item=0 name=…". `own`: of the event that was begun last. */
unsigned walker_path_notes(struct walker *walker, const char *p, const char *end, bool own)
{
	if (end - p < 24 || memcmp(p, ": item=", 7) != 0 || memcmp(p + 8, " name=", 6) != 0)
		return NOTE_TELL;
	p += 14;
	bool quoted = *p == '"', hex = !quoted && *p != '(';
	p += quoted;
	const char *behind = memchr(p, quoted ? '"' : ' ', (size_t)(end - p));
	if (!behind)
		return NOTE_TELL;
	struct span name = { p, quoted || hex ? (size_t)(behind - p) : 0 };
	return notes_of_object(walker, name, hex, behind + quoted, end, own);
}

void walker_settle(struct walker *walker)
{
	for (size_t i = 0; i < walker->faint_count; i++)
		if (device_of(walker, walker->faints[i].minor))
			walker->faints[i].piece->events[walker->faints[i].event].notes |= NOTE_TELL | NOTE_PROC;
	free(walker->faints);
	walker->faints = NULL;
	walker->faint_count = walker->faint_capacity = 0;
}
