/*
 * The reader of fanotify's events: a process of its own (fanotify_parts.h).
 *
 * Of the thousands of opens on procfs, those of entries that matter are few:
 * only for them is the actor looked at, and at once, for it may be gone soon.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/fanotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "source/fanotify_parts.h"

#define READ_SIZE (64u << 10)
#define REMEMBERED_MS 60000 /* reads behind an open belong to it for so long */
#define ANCESTORS_MAX 64

/* What an event is of. */
struct object {
	uint32_t pid, tid;
	enum entry entry;
	bool ours;
};

static int64_t now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- whose entry it is ---- */

/* Takes the last component off. */
static struct span last_of(struct span *path)
{
	struct span name = span_basename(*path);

	path->len -= name.len;
	path->len -= path->len > 0;
	return name;
}

static uint32_t number_of(struct span text)
{
	uint64_t value = 0;

	return text.len && span_decimal(text, &value) == text.len && value < UINT32_MAX ? (uint32_t)value : 0;
}

/* "/12/mem", "/12/task/13/mem", "/kcore" */
static struct object object_of(struct span path)
{
	struct object object = { 0 };

	if (span_ends(path, SPAN("//deleted")))
		path.len -= SPAN("//deleted").len;
	if (span_ends(path, SPAN(" (deleted)")))
		path.len -= SPAN(" (deleted)").len;
	object.entry = entry_from_name(last_of(&path));
	if (object.entry == ENTRY_NONE || (entry_tier(object.entry) == ENTRY_TIER_SYSTEM) != (path.len == 0))
		return (struct object){ 0 };
	if (path.len == 0)
		return object;
	object.pid = number_of(last_of(&path));
	if (path.len && span_equal(last_of(&path), SPAN("task"))) {
		object.tid = object.pid;
		object.pid = number_of(last_of(&path));
	}
	return object.pid && path.len == 0 ? object : (struct object){ 0 };
}

/* On a mount that is nowhere (open_tree), or of an actor that is gone: the same inode, sought in every process. */
static struct object find_inode(const struct fanotify_reader *reader, struct span path, const struct statx *st)
{
	struct object object = { .entry = entry_from_name(span_basename(path)) };
	int fd = object.entry == ENTRY_NONE ? -1 : openat(reader->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *found;
	struct stat other;
	char name[300];

	while (directory && !object.pid && (found = readdir(directory))) {
		uint32_t pid = number_of(span_of(found->d_name));
		snprintf(name, sizeof(name), "%s/%s", found->d_name, entry_name(object.entry));
		if (pid && fstatat(reader->proc, name, &other, 0) == 0 && other.st_ino == st->stx_ino)
			object.pid = pid;
	}
	if (directory)
		closedir(directory);
	return object.pid ? object : (struct object){ 0 };
}

static struct object find_object(struct fanotify_reader *reader, const struct fanotify_event_metadata *event)
{
	struct fanotify_message *message = &reader->message;
	char name[16], room[FANOTIFY_PATH_MAX];
	struct statx st;

	snprintf(name, sizeof(name), "%d", event->fd);
	ssize_t len = readlinkat(reader->self_fd, name, message->path, sizeof(message->path));
	message->path_len = (uint16_t)(len > 0 ? len : 0);
	if (len <= 0 || statx(event->fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &st) != 0)
		return (struct object){ 0 };
	struct span path = { message->path, (size_t)len };
	struct span inner = fanotify_inner_path(reader, path, st.stx_mnt_id, (uint32_t)event->pid, room);
	struct object object = inner.data ? object_of(inner) : find_inode(reader, path, &st);
	object.ours = fanotify_is_ours(reader, makedev(st.stx_dev_major, st.stx_dev_minor));
	return object;
}

/* ---- whether it is told ---- */

static uint32_t parent_of(const struct fanotify_reader *reader, uint32_t pid)
{
	char name[32], text[512];
	ssize_t len = -1;

	snprintf(name, sizeof(name), "%u/stat", pid);
	int fd = openat(reader->proc, name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, text, sizeof(text));
		close(fd);
	}
	const char *end = len > 0 ? memrchr(text, ')', (size_t)len) : NULL;
	if (!end || text + len - end < 6)
		return 0;
	struct span rest = { end + 4, (size_t)(text + len - (end + 4)) }; /* ") S 812 …" */
	return number_of(span_first(rest, span_index(rest, ' ')));
}

static bool is_in_scope(const struct fanotify_reader *reader, uint32_t pid)
{
	char name[16];
	struct stat st;

	if (reader->scope == WIRE_SCOPE_UID) {
		snprintf(name, sizeof(name), "%u", pid);
		return fstatat(reader->proc, name, &st, 0) == 0 && st.st_uid == reader->scope_of;
	}
	for (int i = 0; reader->scope == WIRE_SCOPE_PID && i < ANCESTORS_MAX; i++) {
		if (pid == reader->scope_of)
			return true;
		pid = pid ? parent_of(reader, pid) : 0;
	}
	return reader->scope == WIRE_SCOPE_ALL;
}

/* A read is told only when no open was: then the descriptor was inherited, or came from somebody else. */
static bool is_news(struct fanotify_reader *reader, uint32_t actor, const struct object *object)
{
	uint32_t hash = (actor * 31 + object->pid) * 31 + object->entry;
	size_t at = (hash * 2654435761u >> 16) % FANOTIFY_RECENT;
	int64_t now = now_ms(CLOCK_MONOTONIC);
	bool known = reader->recent[at].actor == actor && reader->recent[at].target == object->pid &&
		     reader->recent[at].entry == object->entry && reader->recent[at].until_ms > now;

	reader->recent[at].actor = actor;
	reader->recent[at].target = object->pid;
	reader->recent[at].entry = object->entry;
	reader->recent[at].until_ms = now + REMEMBERED_MS;
	return !known;
}

/* ---- telling it ---- */

static uint32_t number_in(int directory, const char *name)
{
	char text[16];
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, text, sizeof(text)) : -1;
	uint64_t value;

	if (fd >= 0)
		close(fd);
	return len > 0 && span_decimal((struct span){ text, (size_t)len }, &value) && value <= UINT32_MAX
		       ? (uint32_t)value
		       : WIRE_NO_ID;
}

/* Owned by root and nobody else's to write, and seen from where we see it: not in a chroot or namespace of its own. */
static bool is_trusted(const struct fanotify_reader *reader, int directory)
{
	struct stat exe, theirs, ours;
	char root[4];

	return fstatat(directory, "exe", &exe, 0) == 0 && exe.st_uid == 0 && !(exe.st_mode & 022) && exe.st_nlink &&
	       readlinkat(directory, "root", root, sizeof(root)) == 1 &&
	       fstatat(directory, "ns/mnt", &theirs, 0) == 0 && fstatat(reader->proc, "self/ns/mnt", &ours, 0) == 0 &&
	       theirs.st_ino == ours.st_ino;
}

static void look_at_actor(struct fanotify_reader *reader, uint32_t pid)
{
	struct fanotify_message *message = &reader->message;
	char name[16];

	snprintf(name, sizeof(name), "%u", pid);
	message->auid = message->ses = WIRE_NO_ID;
	message->command_len = 0;
	message->has_actor = process_look(reader->proc, pid, &message->actor);
	int directory = openat(reader->proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	message->trusted = directory >= 0 && is_trusted(reader, directory);
	if (directory < 0)
		return;
	int fd = openat(directory, "cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, message->command, sizeof(message->command)) : -1;
	message->command_len = (uint16_t)(len > 0 ? len : 0);
	message->auid = number_in(directory, "loginuid");
	message->ses = number_in(directory, "sessionid");
	if (fd >= 0)
		close(fd);
	close(directory);
}

/* False when the watch is gone. */
static bool send_message(struct fanotify_reader *reader)
{
	ssize_t sent;

	do
		sent = send(reader->socket, &reader->message, sizeof(reader->message), MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == sizeof(reader->message);
}

static bool tell(struct fanotify_reader *reader, uint32_t actor, const struct object *object, bool opened)
{
	struct fanotify_message *message = &reader->message;

	message->time_ms = now_ms(CLOCK_REALTIME);
	message->actor_pid = actor;
	message->target_pid = object->ours ? object->pid : 0;
	message->target_tid = object->ours ? object->tid : 0;
	message->entry = object->entry;
	message->opened = opened;
	look_at_actor(reader, actor);
	message->has_target = message->target_pid && process_look(reader->proc, message->target_pid, &message->target);
	return send_message(reader);
}

static bool tell_counts(struct fanotify_reader *reader)
{
	reader->message.entry = ENTRY_NONE;
	return send_message(reader);
}

static bool take_event(struct fanotify_reader *reader, const struct fanotify_event_metadata *event)
{
	uint32_t actor = (uint32_t)event->pid;

	if (event->mask & FAN_Q_OVERFLOW) {
		reader->message.overflows++;
		return tell_counts(reader);
	}
	if (event->fd < 0) { /* FAN_REPORT_FD_ERROR */
		reader->message.vanished++;
		return tell_counts(reader);
	}
	if (event->pid == getpid() || event->pid == reader->watch)
		return true;
	struct object object = find_object(reader, event);
	if (object.entry == ENTRY_NONE || (object.ours && object.pid == actor))
		return true;
	bool opened = event->mask & FAN_OPEN, news = is_news(reader, actor, &object);
	return (!opened && !news) || !is_in_scope(reader, actor) || tell(reader, actor, &object, opened);
}

/* An event whose file cannot be opened any more is consumed by the read that fails. */
static bool take_events(struct fanotify_reader *reader)
{
	_Alignas(struct fanotify_event_metadata) static char bytes[READ_SIZE];
	ssize_t left = read(reader->events, bytes, sizeof(bytes));

	if (left < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (left < 0) {
		reader->message.vanished++;
		return tell_counts(reader);
	}
	bool goes_on = true;
	for (const struct fanotify_event_metadata *event = (const void *)bytes; FAN_EVENT_OK(event, left);
	     event = FAN_EVENT_NEXT(event, left)) {
		goes_on = goes_on && take_event(reader, event);
		if (event->fd >= 0)
			close(event->fd);
	}
	return goes_on;
}

int fanotify_read(struct fanotify_reader *reader)
{
	struct pollfd fds[] = {
		{ .fd = reader->events, .events = POLLIN },
		{ .fd = reader->socket, .events = POLLIN },
		{ .fd = reader->mounts, .events = POLLPRI },
	};

	for (;;) {
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return 1;
		if (fds[1].revents) /* it never writes: it is gone */
			return 0;
		if (fds[2].revents)
			fanotify_mark_all(reader);
		if (fds[0].revents && !take_events(reader))
			return 0;
	}
}
