/*
 * The sensor's own side: it understands what the reader hands on
 * (fanotify_parts.h).
 *
 *	sensor ◀──datagrams── reader ◀── fanotify, /proc
 *
 * A sensor that is not asked fills the socket, the reader waits, and the
 * kernel's queue grows: without bound where we may have that, for its memory
 * is then charged to us, and with an overflow that is counted where not.
 */
#include "source/fanotify.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source/fanotify_parts.h"
#include "source/proc_events.h"

#ifndef FAN_REPORT_FD_ERROR
#define FAN_REPORT_FD_ERROR 0x2000 /* since 6.13 */
#endif

#define READER_NICE (-10)
#define SOCKET_BYTES \
	(8 << 20) /* some 400 messages: a reader that waits for the watch comes too late for the next actor */

struct fanotify_sensor {
	struct sensor sensor;
	const char *host;
	pid_t reader;
	int64_t boot_ms;
	struct fanotify_message message;
	struct access access;
	char resolved[64];
};

static struct span resolved_path(struct fanotify_sensor *fanotify, enum entry entry)
{
	const struct fanotify_message *message = &fanotify->message;
	size_t room = sizeof(fanotify->resolved);
	int len;

	if (entry_tier(entry) == ENTRY_TIER_SYSTEM)
		len = snprintf(fanotify->resolved, room, "/proc/%s", entry_name(entry));
	else if (!message->target_pid)
		len = 0;
	else if (message->target_tid && message->target_tid != message->target_pid)
		len = snprintf(fanotify->resolved, room, "/proc/%u/task/%u/%s", message->target_pid,
			       message->target_tid, entry_name(entry));
	else
		len = snprintf(fanotify->resolved, room, "/proc/%u/%s", message->target_pid, entry_name(entry));
	return (struct span){ len ? fanotify->resolved : NULL, (size_t)len };
}

static void fill_process(struct process *process, const struct process_look *look, bool looked, uint32_t pid,
			 int64_t boot_ms)
{
	*process = process_unknown;
	if (looked)
		process_told(look, boot_ms, process);
	process->pid = pid ? pid : UNKNOWN_ID;
}

/* Nothing but the program is a parent's and a child's. */
static void fill_actor(struct fanotify_sensor *fanotify, struct process *actor)
{
	const struct fanotify_message *message = &fanotify->message;

	fill_process(actor, &message->actor, message->has_actor, message->actor_pid, fanotify->boot_ms);
	if (message->inherited) {
		actor->uid = actor->euid = actor->ppid = UNKNOWN_ID;
		actor->start_ms = TIME_UNKNOWN;
	}
	if (actor->ppid == UNKNOWN_ID && message->actor_parent)
		actor->ppid = message->actor_parent;
	bool whole = message->has_actor && message->actor.status_len; /* more than a glance */
	actor->auid = whole ? message->auid : UNKNOWN_ID;
	actor->ses = whole ? message->ses : UNKNOWN_ID;
	actor->cmdline = actor_command(fanotify->message.command, message->command_len);
}

static void fill_access(struct fanotify_sensor *fanotify)
{
	const struct fanotify_message *message = &fanotify->message;
	struct access *access = &fanotify->access;
	enum entry entry = (enum entry)message->entry;

	*access = (struct access){
		.time_ms = message->time_ms,
		.host = span_of(fanotify->host),
		.origin = { .file = "fanotify" },
		.trust = TRUST_KERNEL,
		.sighting = SIGHTING_ACCESS,
		.verb = VERB_OPEN,
		.entry = entry,
		.resolved_by = RESOLVED_FD,
		.certain = message->target_pid || entry_tier(entry) == ENTRY_TIER_SYSTEM,
		.seen_by = SEEN_BY_FANOTIFY,
		.trusted_exe = message->trusted,
		.path = { message->path, message->path_len },
		.resolved_path = resolved_path(fanotify, entry),
		.syscall = message->opened ? SPAN("open") : SPAN("read"),
		.request = UNKNOWN_ID,
	};
	fill_actor(fanotify, &access->actor);
	fill_process(&access->target, &message->target, message->has_target, message->target_pid, fanotify->boot_ms);
}

static bool look_is_sound(const struct process_look *look)
{
	return look->exe_len <= sizeof(look->exe) && look->stat_len <= sizeof(look->stat) &&
	       look->status_len <= sizeof(look->status) && look->cgroup_len <= sizeof(look->cgroup);
}

/* The reader is one of ours, but what it is made to say is not: sizes and numbers are checked. */
static bool is_sound(const struct fanotify_message *message, ssize_t size)
{
	return size == sizeof(*message) && message->entry < ENTRY_COUNT && message->path_len <= FANOTIFY_PATH_MAX &&
	       message->command_len <= ACTOR_COMMAND_MAX && look_is_sound(&message->actor) &&
	       look_is_sound(&message->target);
}

static int fanotify_next(struct sensor *sensor, struct sensor_item *item, struct err *err)
{
	struct fanotify_sensor *fanotify = (struct fanotify_sensor *)sensor;
	struct fanotify_message *message = &fanotify->message;

	for (;;) {
		ssize_t size = recv(sensor->fd, message, sizeof(*message), MSG_DONTWAIT);
		if (size < 0 && (errno == EAGAIN || errno == EINTR))
			return SENSOR_NOTHING;
		if (size <= 0)
			return err_set(err, -EPIPE, "fanotify: the process that reads its events has ended");
		if (!is_sound(message, size)) {
			sensor->counts[COUNT_CUT]++;
			continue;
		}
		sensor->counts[COUNT_OVERFLOWS] = message->overflows;
		sensor->counts[COUNT_VANISHED] = message->vanished;
		sensor->counts[COUNT_UNNAMED] = message->unnamed;
		if (message->entry != ENTRY_NONE)
			break;
	}
	sensor->counts[COUNT_MESSAGES]++;
	fanotify->boot_ms = process_boot_ms();
	fill_access(fanotify);
	item->record = (struct record){
		.kind = RECORD_ACCESS,
		.trust = TRUST_KERNEL,
		.node = fanotify->access.host,
		.time_ms = fanotify->access.time_ms,
		.origin = fanotify->access.origin,
		.access = &fanotify->access,
	};
	return SENSOR_RECORD;
}

static void fanotify_close(struct sensor *sensor)
{
	struct fanotify_sensor *fanotify = (struct fanotify_sensor *)sensor;

	if (sensor->fd >= 0)
		close(sensor->fd); /* by that the reader ends */
	if (fanotify->reader > 0)
		waitpid(fanotify->reader, NULL, 0);
	free(fanotify);
}

/* Nothing but what it reads and where it writes stays open in the reader. */
static void close_others(const struct fanotify_reader *reader)
{
	const int kept[] = { reader->events, reader->proc, reader->mounts, reader->socket, reader->processes };
	int highest = STDERR_FILENO;

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		highest = kept[i] > highest ? kept[i] : highest;
	close_range((unsigned)highest + 1, ~0u, 0);
	for (int fd = 0; fd < highest; fd++)
		if (fd != kept[0] && fd != kept[1] && fd != kept[2] && fd != kept[3] && fd != kept[4])
			close(fd);
}

/* It decides nothing about its end: that is when the watch closes the socket. */
static int be_reader(struct fanotify_reader *reader)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_NAME, "proctor-fanotify");
	setpriority(PRIO_PROCESS, 0, READER_NICE); /* where it may: whom it comes too late for has no name */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 1;
	close_others(reader);
	reader->self_fd = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return reader->self_fd < 0 ? 1 : fanotify_read(reader);
}

/* An event tells its file's error instead of failing the read, where the kernel can; the queue has no end where we may. */
static int open_events(bool *tells_errors)
{
	const unsigned base = FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK;
	const unsigned extras[] = { FAN_UNLIMITED_QUEUE | FAN_REPORT_FD_ERROR, FAN_UNLIMITED_QUEUE, 0 };
	int fd = -1;

	for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]) && fd < 0; i++) {
		fd = fanotify_init(base | extras[i], O_RDONLY | O_LARGEFILE | O_CLOEXEC);
		*tells_errors = extras[i] & FAN_REPORT_FD_ERROR;
	}
	return fd;
}

static int prepare(struct fanotify_reader *reader, struct err *err)
{
	reader->events = open_events(&reader->tells_errors);
	if (reader->events < 0)
		return err_set(err, -errno, "fanotify: %s",
			       errno == EPERM	 ? "watching filesystems takes CAP_SYS_ADMIN: run as root"
			       : errno == ENOSYS ? "this kernel has no fanotify (CONFIG_FANOTIFY)"
						 : strerror(errno));
	reader->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	reader->mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	reader->processes = proc_events_open();
	int marked = reader->proc < 0 || reader->mounts < 0 ? -errno : fanotify_mark_all(reader);
	return marked < 0 ? err_set(err, marked, "fanotify: no procfs can be watched here: %s", strerror(-marked)) : 0;
}

static int start(struct fanotify_sensor *fanotify, struct fanotify_reader *reader, struct err *err)
{
	int pair[2];

	if (prepare(reader, err) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return err_set(err, -errno, "fanotify: cannot make a socket: %s", strerror(errno));
	int room = SOCKET_BYTES; /* as much as is allowed, where this is not */
	if (setsockopt(pair[1], SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) != 0)
		setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	fanotify->sensor.fd = pair[0];
	reader->socket = pair[1];
	reader->watch = getpid();
	fanotify->reader = fork();
	if (fanotify->reader == 0)
		_exit(be_reader(reader));
	close(pair[1]);
	return fanotify->reader < 0 ? err_set(err, -errno, "fanotify: cannot start its reader: %s", strerror(errno))
				    : 0;
}

static void finish(struct fanotify_reader *reader)
{
	const int fds[] = { reader->events, reader->proc, reader->mounts, reader->processes };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(reader);
}

struct sensor *fanotify_sensor_open_with(const struct fanotify_options *options, struct err *err)
{
	struct fanotify_sensor *fanotify = calloc(1, sizeof(*fanotify));
	struct fanotify_reader *reader = calloc(1, sizeof(*reader));

	if (!fanotify || !reader || options->scope == WIRE_SCOPE_CGROUP) {
		err_set(err, fanotify && reader ? -ENOTSUP : -ENOMEM,
			fanotify && reader ? "fanotify: it does not know cgroups" : "fanotify: out of memory");
		free(fanotify);
		free(reader);
		return NULL;
	}
	fanotify->sensor = (struct sensor){ .name = "fanotify",
					    .bit = SEEN_BY_FANOTIFY,
					    .next = fanotify_next,
					    .close = fanotify_close,
					    .fd = -1,
					    .blind = "process_vm_readv, ptrace and pidfd_getfd; opens that are denied; "
						     "procfs mounted in other mount namespaces; targets that end at "
						     "once; executions, and which script an interpreter runs; whether "
						     "it was opened for writing" };
	fanotify->host = options->host;
	reader->events = reader->proc = reader->mounts = reader->processes = -1;
	reader->scope = options->scope;
	reader->scope_of = options->scope_of;
	int result = start(fanotify, reader, err);
	finish(reader);
	if (result == 0)
		return &fanotify->sensor;
	fanotify_close(&fanotify->sensor);
	return NULL;
}
