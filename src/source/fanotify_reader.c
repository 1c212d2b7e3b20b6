/*
 * The reader of fanotify's events: a process of its own (fanotify_parts.h).
 *
 * Of the thousands of opens on procfs, those of entries that matter are few:
 * only for them is it asked who the actor is (fanotify_actor.c). What happened
 * to processes is heard between reading events and understanding them, so
 * that an execution before an event is known by then.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/fanotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "source/fanotify_parts.h"
#include "source/proc_events.h"

#define REMEMBERED_MS 60000 /* reads behind an open belong to it for so long */

static int64_t now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- whether it is told ---- */

/* A read is told only when no open was: then the descriptor was inherited, or came from somebody else. */
static bool is_news(struct fanotify_reader *reader, uint32_t actor, const struct procfs_object *object)
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

/* False when the watch is gone. */
static bool send_message(struct fanotify_reader *reader)
{
	ssize_t sent;

	do
		sent = send(reader->socket, &reader->message, sizeof(reader->message), MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == sizeof(reader->message);
}

static bool tell(struct fanotify_reader *reader, uint32_t actor, const struct procfs_object *object, bool opened)
{
	struct fanotify_message *message = &reader->message;

	message->time_ms = now_ms(CLOCK_REALTIME);
	message->actor_pid = actor;
	message->target_pid = object->ours ? object->pid : 0;
	message->target_tid = object->ours ? object->tid : 0;
	message->entry = object->entry;
	message->opened = opened;
	fanotify_name_actor(reader, actor);
	message->has_target = message->target_pid && process_look(reader->proc, message->target_pid, &message->target);
	return send_message(reader);
}

static bool tell_counts(struct fanotify_reader *reader)
{
	reader->message.entry = ENTRY_NONE;
	return send_message(reader);
}

/*
 * A queue that is never empty is marked, behind an execution: by opening a file that we open for nothing else. One mark
 * at a time, for equal events that wait are one.
 */
static void put_mark(struct fanotify_reader *reader)
{
	int64_t now = fanotify_now_ns();
	int fd = reader->wants_mark && !reader->marked_ns ? openat(reader->proc, "version", O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	close(fd);
	reader->wants_mark = false;
	reader->marked_ns = now;
}

static void meet_mark(struct fanotify_reader *reader, int fd)
{
	struct stat ours, version;

	if (!reader->marked_ns || fstat(fd, &ours) != 0 || fstatat(reader->proc, "version", &version, 0) != 0 ||
	    ours.st_ino != version.st_ino || ours.st_dev != version.st_dev)
		return;
	reader->emptied_ns = reader->marked_ns > reader->emptied_ns ? reader->marked_ns : reader->emptied_ns;
	reader->marked_ns = 0;
	put_mark(reader);
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
	if (event->pid == getpid())
		meet_mark(reader, event->fd);
	if (event->pid == getpid() || event->pid == reader->watch)
		return true;
	struct procfs_object object = fanotify_find_object(reader, event->fd, actor);
	if (object.entry == ENTRY_NONE || (object.ours && object.pid == actor))
		return true;
	bool opened = event->mask & FAN_OPEN, news = is_news(reader, actor, &object);
	return (!opened && !news) || !fanotify_is_in_scope(reader, actor) || tell(reader, actor, &object, opened);
}

/*
 * Reads as many as fit, each of which opens a file. Where the kernel cannot tell an event's error in its place, the read
 * that fails consumes that event; behind others it does so silently, so there they are read one by one.
 */
static bool take_events(struct fanotify_reader *reader)
{
	_Alignas(struct fanotify_event_metadata) char bytes[FANOTIFY_BATCH * sizeof(struct fanotify_event_metadata)];
	size_t size = reader->tells_errors ? sizeof(bytes) : sizeof(struct fanotify_event_metadata);
	int64_t now = fanotify_now_ns();
	ssize_t left = read(reader->events, bytes, size);

	reader->more = left >= 0 || errno != EAGAIN;
	if (!reader->more) {
		reader->emptied_ns = now;
		reader->marked_ns = 0;
	}
	if (left < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	fanotify_take_processes(reader);
	put_mark(reader);
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

/* Events are asked for until there are none, and after each execution, so that the queue is known to be empty behind it. */
static bool read_on(struct fanotify_reader *reader)
{
	struct pollfd fds[] = {
		{ .fd = reader->events, .events = POLLIN },
		{ .fd = reader->socket, .events = POLLIN },
		{ .fd = reader->mounts, .events = POLLPRI },
		{ .fd = reader->processes, .events = POLLIN },
	};

	if (poll(fds, 4, reader->more ? 0 : -1) < 0)
		return errno == EINTR;
	if (fds[1].revents) /* it never writes: it is gone */
		return false;
	if (fds[2].revents)
		fanotify_mark_all(reader);
	if (fds[3].revents)
		fanotify_take_processes(reader);
	put_mark(reader);
	return take_events(reader);
}

int fanotify_read(struct fanotify_reader *reader)
{
	while (read_on(reader))
		;
	if (reader->processes >= 0)
		proc_events_leave(reader->processes);
	return 0;
}
