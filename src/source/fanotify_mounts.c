/*
 * /proc/self/mountinfo, a line a mount (proc(5)):
 *
 *	36 25 0:21 /12 /mnt/p rw,relatime shared:7 - proc proc rw
 *
 * its id, its parent's, the device, what of the filesystem is mounted, where,
 * options, and behind " - " the type. Blanks in names stand as \040.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "source/fanotify_parts.h"

#define MOUNTINFO_MAX (1u << 20)

static struct span next_word(struct span *line)
{
	struct span word = span_first(*line, span_index(*line, ' '));

	*line = span_skip(*line, word.len + 1);
	return word;
}

/* False when it does not fit. */
static bool unescape(struct span text, char *to, size_t room)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len && len + 1 < room; i++) {
		if (text.data[i] == '\\' && text.len - i >= 4) {
			to[len++] = (char)((text.data[i + 1] - '0') << 6 | (text.data[i + 2] - '0') << 3 |
					   (text.data[i + 3] - '0'));
			i += 3;
		} else {
			to[len++] = text.data[i];
		}
	}
	to[len] = '\0';
	return len + 1 < room;
}

/* False when the line is no mount of procfs. */
static bool read_line(struct span line, struct procfs_mount *mount)
{
	struct span rest = line;
	struct span id = next_word(&rest);

	next_word(&rest);
	struct span device = next_word(&rest);
	struct span root = next_word(&rest), point = next_word(&rest);
	size_t type = span_find(rest, SPAN(" - "));
	uint64_t major = 0, minor = 0;
	size_t used = span_decimal(device, &major);
	span_decimal(span_skip(device, used + 1), &minor);
	*mount = (struct procfs_mount){ .device = makedev((unsigned)major, (unsigned)minor) };
	return span_starts(span_skip(rest, type), SPAN(" - proc ")) && span_decimal(id, &mount->id) == id.len &&
	       unescape(root, mount->root, sizeof(mount->root)) && unescape(point, mount->point, sizeof(mount->point));
}

/* All of a mountinfo; NULL when it cannot be read. The caller frees it. */
static char *read_all(int fd, size_t *len)
{
	char *text = malloc(MOUNTINFO_MAX);
	ssize_t n = 0;

	*len = 0;
	while (text && *len < MOUNTINFO_MAX && (n = pread(fd, text + *len, MOUNTINFO_MAX - *len, (off_t)*len)) > 0)
		*len += (size_t)n;
	if (n == 0)
		return text;
	free(text);
	return NULL;
}

/* In our own pid namespace, "self" is us. */
static bool numbers_are_ours(const struct procfs_mount *mount)
{
	char path[600], link[32] = { 0 };

	snprintf(path, sizeof(path), "%s/self", mount->point);
	return readlink(path, link, sizeof(link) - 1) > 0 && strtol(link, NULL, 10) == getpid();
}

static void take_mount(struct fanotify_reader *reader, struct procfs_mount *mount, int *marked)
{
	const uint64_t mask = FAN_OPEN | FAN_ACCESS;

	mount->ours = strcmp(mount->root, "/") == 0 && numbers_are_ours(mount);
	if (fanotify_mark(reader->events, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, mask, AT_FDCWD, mount->point) == 0)
		++*marked;
	else
		return;
	if (reader->procfs_count < FANOTIFY_PROCFS_MAX)
		reader->procfs[reader->procfs_count++] = *mount;
}

int fanotify_mark_all(struct fanotify_reader *reader)
{
	struct procfs_mount mount;
	size_t len;
	int marked = 0;
	char *text = read_all(reader->mounts, &len);

	if (!text)
		return -EIO;
	reader->procfs_count = 0;
	for (struct span rest = { text, len }; rest.len;) {
		struct span line = span_first(rest, span_index(rest, '\n'));
		rest = span_skip(rest, line.len + 1);
		errno = 0;
		if (read_line(line, &mount))
			take_mount(reader, &mount, &marked);
	}
	free(text);
	return marked ? marked : errno ? -errno : -ENOENT;
}

/* The mount in the actor's namespace: it may have one of its own. */
static bool find_mount(const struct fanotify_reader *reader, uint32_t actor, uint64_t id, struct procfs_mount *mount)
{
	char name[32];
	size_t len = 0;
	bool found = false;

	snprintf(name, sizeof(name), "%u/mountinfo", actor);
	int fd = openat(reader->proc, name, O_RDONLY | O_CLOEXEC);
	char *text = fd >= 0 ? read_all(fd, &len) : NULL;
	if (fd >= 0)
		close(fd);
	for (struct span rest = { text, len }; text && rest.len && !found;) {
		struct span line = span_first(rest, span_index(rest, '\n'));
		rest = span_skip(rest, line.len + 1);
		found = read_line(line, mount) && mount->id == id;
	}
	free(text);
	return found;
}

/* Takes the place where it is mounted off the path, and puts what is mounted in front. */
static struct span replaced(const struct procfs_mount *mount, struct span path, char room[FANOTIFY_PATH_MAX])
{
	struct span point = span_of(mount->point);
	size_t at = span_find(path, point); /* not at the beginning: the actor's root lies elsewhere */
	struct span root = span_of(mount->root);

	if (at == path.len)
		return (struct span){ 0 };
	struct span inner = span_skip(path, at + (point.len > 1 ? point.len : 0));
	root.len = root.len > 1 ? root.len : 0;
	if (root.len + inner.len > FANOTIFY_PATH_MAX)
		return (struct span){ 0 };
	memcpy(room, root.data, root.len);
	memcpy(room + root.len, inner.data, inner.len);
	return (struct span){ room, root.len + inner.len };
}

struct span fanotify_inner_path(const struct fanotify_reader *reader, struct span path, uint64_t mount_id,
				uint32_t actor, char room[FANOTIFY_PATH_MAX])
{
	struct procfs_mount mount;

	for (size_t i = 0; i < reader->procfs_count; i++)
		if (reader->procfs[i].id == mount_id)
			return replaced(&reader->procfs[i], path, room);
	return find_mount(reader, actor, mount_id, &mount) ? replaced(&mount, path, room) : (struct span){ 0 };
}

bool fanotify_is_ours(const struct fanotify_reader *reader, uint64_t device)
{
	for (size_t i = 0; i < reader->procfs_count; i++)
		if (reader->procfs[i].device == device && reader->procfs[i].ours)
			return true;
	return false;
}
