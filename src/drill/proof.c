#include "drill/proof.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PROOF_MAX ((size_t)1 << 20)

/* "DRILL-12…" as xxd -p prints it; blanks that od puts between are not in `bytes` any more. */
static bool has_in_hex(struct span bytes, const char *secret)
{
	char hex[2 * DECOY_SECRET_ROOM + 1] = "";

	for (size_t i = 0; secret[i]; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned char)secret[i]);
	return span_find(bytes, span_of(hex)) < bytes.len;
}

static bool has_secret(struct span bytes, const char *secret)
{
	if (span_find(bytes, span_of(secret)) < bytes.len || has_in_hex(bytes, secret))
		return true;
	char *packed = malloc(bytes.len + 1);
	size_t len = 0;
	for (size_t i = 0; packed && i < bytes.len; i++)
		if (bytes.data[i] != ' ' && bytes.data[i] != '\n')
			packed[len++] = bytes.data[i];
	bool found = packed && has_in_hex((struct span){ packed, len }, secret);
	free(packed);
	return found;
}

/* A line "from-to rw-p …" with the address in it. */
static bool has_range(struct span text, uint64_t address)
{
	while (text.len) {
		uint64_t from, to;
		size_t end = span_index(text, '\n'), used = span_hex(span_first(text, end), &from);

		if (used && used < end && text.data[used] == '-' && span_hex(span_skip(text, used + 1), &to) &&
		    address >= from && address < to)
			return true;
		text = span_skip(text, end + 1);
	}
	return false;
}

bool proof_holds(const struct decoy *decoy, enum entry entry, struct span bytes)
{
	switch (entry) {
	case ENTRY_NONE:
	case ENTRY_MEM:
		return has_secret(bytes, decoy->secret);
	case ENTRY_ENVIRON:
		return span_find(bytes, span_of(decoy->secret)) < bytes.len;
	case ENTRY_MAPS:
	case ENTRY_SMAPS:
		return has_range(bytes, decoy->address);
	case ENTRY_SMAPS_ROLLUP:
		return span_find(bytes, SPAN("[rollup]")) < bytes.len;
	case ENTRY_NUMA_MAPS:
		return span_find(bytes, SPAN(" anon=")) < bytes.len;
	case ENTRY_STACK:
		return span_find(bytes, SPAN("[<0>]")) < bytes.len;
	case ENTRY_AUXV:
	case ENTRY_PAGEMAP:
	case ENTRY_SYSCALL:
	case ENTRY_MAP_FILES:
	default:
		return bytes.len > 0;
	}
}

static int list_directory(int fd)
{
	int copy = dup(fd), entries = 0;
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);

	if (!directory) {
		if (copy >= 0)
			close(copy);
		return -errno;
	}
	while (readdir(directory))
		entries++;
	closedir(directory);
	return entries > 2 ? 0 : -EBADMSG;
}

static off_t place_of(const struct decoy *decoy, enum entry entry)
{
	if (entry == ENTRY_MEM)
		return (off_t)decoy->address;
	if (entry == ENTRY_PAGEMAP)
		return (off_t)(decoy->address / (uint64_t)sysconf(_SC_PAGESIZE) * 8);
	return 0;
}

static int read_all(const struct decoy *decoy, enum entry entry, int fd, char *room)
{
	size_t wanted = entry == ENTRY_MEM ? strlen(decoy->secret) : entry == ENTRY_PAGEMAP ? 8 : PROOF_MAX, len = 0;
	off_t at = place_of(decoy, entry);

	while (len < wanted) {
		ssize_t more = pread(fd, room + len, wanted - len, at + (off_t)len);

		if (more < 0)
			return -errno;
		if (more == 0)
			break;
		len += (size_t)more;
	}
	return proof_holds(decoy, entry, (struct span){ room, len }) ? 0 : -EBADMSG;
}

int proof_read(const struct decoy *decoy, enum entry entry, int fd)
{
	if (entry == ENTRY_MAP_FILES)
		return list_directory(fd);
	char *room = malloc(PROOF_MAX);
	int result = room ? read_all(decoy, entry, fd, room) : -ENOMEM;
	free(room);
	return result;
}
