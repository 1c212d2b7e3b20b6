/* PATH records: which may be of procfs, by device, name and mode. */
#include "model/access.h"
#include "sieve/walker_parts.h"

static struct device *device_of(struct walker *walker, uint32_t minor)
{
	for (size_t i = 0; i < walker->device_count; i++)
		if (walker->devices[i].minor == minor)
			return &walker->devices[i];
	return NULL;
}

/* "123/stat", "self/fd": what leads out of a process's directory, or to its threads, does not count. */
static bool is_below_process(struct span text)
{
	static const struct span others[] = { SPAN("cwd"),  SPAN("root"), SPAN("exe"),
					      SPAN("task"), SPAN("fd/"),  SPAN("ns/") };
	uint64_t pid;
	size_t len = span_index(text, '/');
	struct span owner = span_first(text, len), rest = span_skip(text, len + 1);

	if (span_decimal(owner, &pid) != len && !span_equal(owner, SPAN("self")) &&
	    !span_equal(owner, SPAN("thread-self")))
		return false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (span_starts(rest, others[i]))
			return false;
	return len && owner.data[0] != '0' && span_find(rest, SPAN("/.")) == rest.len &&
	       span_find(rest, SPAN("//")) == rest.len && !span_starts(rest, SPAN(".")) &&
	       !span_starts(rest, SPAN("/"));
}

/* That such a name was opened proves that the device is procfs. */
static bool is_witness(const struct walker *walker, struct span name, bool own)
{
	return (!own || walker->opens) && span_starts(name, SPAN("/proc/")) && is_below_process(span_skip(name, 6));
}

/* A device that a name or the key of an audit rule says is procfs, be it only for the walker. */
static struct device *learn_device(struct walker *walker, struct span name, uint32_t minor, bool own)
{
	struct device *device = device_of(walker, minor);

	if (device || (span_find(name, SPAN("/proc")) == name.len && !(own && walker->keyed)))
		return device;
	if (walker->device_count == DEVICES_MAX) {
		walker_doubt(walker, DOUBT_WIDE, name.data);
		return NULL;
	}
	device = &walker->devices[walker->device_count++];
	*device = (struct device){ .minor = minor };
	walker->missed |= walker->faint[minor / 64] >> minor % 64 & 1;
	return device;
}

/* The resolver counts it as opened on procfs: its device is written as kernels do, and nothing was to be made in it. */
static bool is_object(struct span rest)
{
	return span_starts(rest, SPAN("00:")) && span_find(rest, SPAN(" nametype=PARENT")) == rest.len;
}

static unsigned notes_on_procfs(struct walker *walker, struct device *device, struct span name, struct span rest,
				bool own)
{
	if (device->witnesses < WITNESSES && is_witness(walker, name, own)) {
		bool proves = own && is_object(rest);
		device->witnesses += proves;
		walker->witnesses += proves;
		return NOTE_TELL | NOTE_PROC;
	}
	return NOTE_PROC;
}

/* A mapped file: "7f0000000000-7f0000001000". */
static bool is_range(struct span name)
{
	uint64_t ignored;
	size_t low = span_hex(name, &ignored), high = low ? span_hex(span_skip(name, low + 1), &ignored) : 0;

	return high && name.data[low] == '-' && low + 1 + high == name.len;
}

static bool is_thread_directory(struct span name)
{
	struct span base = span_basename(name);

	return span_equal(base, SPAN("task")) ||
	       (span_find(name, SPAN("task/")) < name.len && base.len && (unsigned char)(base.data[0] - '0') < 10);
}

/* Without slashes and dots that lead nowhere. */
static struct span trimmed(struct span name)
{
	while (span_ends(name, SPAN("/")) || span_ends(name, SPAN("/.")))
		name.len--;
	return name;
}

/* Names that may mean an entry; where they end with a slash or a dot, or lead through an fd, they do not tell. */
static bool may_be_entry(struct walker *walker, struct span name, bool hex, bool directory)
{
	struct span base = span_basename(trimmed(name));

	walker->threads |= is_thread_directory(name);
	if (hex || entry_from_name(base) != ENTRY_NONE || is_range(base) || span_find(name, SPAN("fd/")) < name.len)
		return true;
	if (!directory && (!base.len || base.data[base.len - 1] == '.'))
		return true;
	return walker->threads && name.len && name.data[0] != '/';
}

/* What is told by its name is known by its inode from then on. */
static unsigned tell(struct walker *walker, uint64_t inode)
{
	inode &= (1u << INODES_BITS) - 1;
	walker->inodes[inode / 64] |= UINT64_C(1) << inode % 64;
	return NOTE_TELL | NOTE_PROC;
}

static bool is_told(const struct walker *walker, uint64_t inode)
{
	inode &= (1u << INODES_BITS) - 1;
	return walker->inodes[inode / 64] >> inode % 64 & 1;
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
static unsigned notes_of_device(struct walker *walker, struct span name, bool hex, uint64_t inode, struct span rest,
				bool own)
{
	uint64_t major, minor;
	size_t used = span_hex(rest, &major);
	size_t more = span_hex(span_skip(rest, used + 1), &minor);
	struct span mode = span_skip(rest, used + 1 + more);
	bool directory = span_starts(mode, SPAN(" mode=04")) || span_starts(mode, SPAN(" mode=004"));

	if (used && major)
		return 0; /* nothing of procfs */
	if (!used || !more || minor >> 20)
		return tell(walker, inode);
	inode += minor * 0x9e3779b1; /* numbers of other devices are others */
	struct device *device = learn_device(walker, name, (uint32_t)minor, own);
	if (walker->watched->wary || may_be_entry(walker, name, hex, directory) || is_told(walker, inode))
		return tell(walker, inode);
	unsigned notes = device ? notes_on_procfs(walker, device, name, rest, own) : 0;
	if (!is_mode_of_memory(span_skip(rest, used + 1 + more)))
		return notes;
	if (!own || device)
		return tell(walker, inode);
	/* On a device that may turn out to be procfs. */
	walker->faint[minor / 64] |= UINT64_C(1) << minor % 64;
	return 0;
}

/* What stands behind the name: " inode=12 dev=00:15 mode=0100600 …"; of what is not there, only the name's type. */
static unsigned notes_of_object(struct walker *walker, struct span name, bool hex, const char *p, const char *end,
				bool own)
{
	uint64_t inode = 0;

	if (end - p > 20 && memcmp(p, " inode=", 7) == 0)
		p = word_decimal(p + 7, end, &inode);
	if (end - p < 12 || memcmp(p, " dev=", 5) != 0) {
		struct span rest = { p, (size_t)(end - p) };
		p += span_find(rest, SPAN(" dev="));
	}
	if (p == end)
		return walker->watched->wary || may_be_entry(walker, name, hex, false) ? NOTE_TELL : 0;
	if (name.len && name.data[0] != '/' && is_range(name))
		return NOTE_TELL | NOTE_PROC;
	if (p[5] != '0')
		return 0; /* nothing of procfs */
	return notes_of_device(walker, name, hex, inode, (struct span){ p + 5, (size_t)(end - p) - 5 }, own);
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
	/* In hex a file of password hashes is not looked for. */
	return (hex ? NOTE_DEED : 0) | notes_of_object(walker, name, hex, behind + quoted, end, own);
}
