/*
 * The steward's side. It keeps root's user id where it had it, of all
 * capabilities those that reading /proc/<pid>/exe of others and opening the
 * output takes, and few system calls. Landlock is not for it: a process that
 * is confined by it cannot read the links of processes that are not.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/steward_parts.h"

#define KEEP_MAX 1000

/* ---- preparation ---- */

static bool drop_rights(bool writes)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	uint32_t kept = 1u << CAP_SYS_PTRACE | 1u << CAP_DAC_READ_SEARCH | (writes ? 1u << CAP_DAC_OVERRIDE : 0);

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	data[0].permitted &= kept;
	data[1].permitted = 0;
	data[0].effective = data[0].permitted;
	data[1].effective = data[0].inheritable = data[1].inheritable = 0;
	return syscall(SYS_capset, &header, data) == 0;
}

static bool confine(void)
{
	static const char *const calls[] = { "openat",	     "read",	 "readlinkat", "readlink",
					     "close",	     "recvfrom", "sendmsg",    "renameat",
					     "renameat2",    "unlinkat", "exit_group", "exit",
					     "rt_sigreturn", "fstat",	 "newfstatat", "restart_syscall" };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool done = filter != NULL;

	for (size_t i = 0; done && i < sizeof(calls) / sizeof(calls[0]); i++) {
		int number = seccomp_syscall_resolve_name(calls[i]);
		done = number == __NR_SCMP_ERROR || seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0) == 0;
	}
	int result = done ? seccomp_load(filter) : -ENOMEM;
	seccomp_release(filter);
	return result == 0 || result == -EINVAL || result == -ENOSYS; /* a kernel without filters */
}

bool steward_prepare(struct steward_room *room, char *output_path)
{
	room->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	room->directory = -1;
	room->keep = room->keep < KEEP_MAX ? room->keep : KEEP_MAX;
	if (output_path) {
		char *slash = strrchr(output_path, '/');
		snprintf(room->name, sizeof(room->name), "%s", slash ? slash + 1 : output_path);
		if (slash)
			slash[slash == output_path] = '\0';
		room->directory = open(slash ? output_path : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	return room->proc >= 0 && drop_rights(output_path != NULL) && confine();
}

/* ---- service ---- */

static void name_of(const struct steward_room *room, unsigned number, char to[300])
{
	if (number)
		snprintf(to, 300, "%s.%u", room->name, number);
	else
		snprintf(to, 300, "%s", room->name);
}

/* FILE.1 becomes FILE.2 and so on, from the oldest on; what is beyond `keep` goes. */
static void turn(const struct steward_room *room)
{
	char from[300], to[300];

	if (room->keep == 0) {
		unlinkat(room->directory, room->name, 0);
		return;
	}
	for (unsigned number = room->keep; number > 0; number--) {
		name_of(room, number - 1, from);
		name_of(room, number, to);
		renameat(room->directory, from, room->directory, to);
	}
}

static int open_output(const struct steward_room *room)
{
	int fd = openat(room->directory, room->name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW,
			0600);

	return fd < 0 ? -errno : fd;
}

static int serve_one(struct steward_room *room, const struct steward_request *request)
{
	struct steward_answer *answer = &room->answer;

	answer->number = request->number;
	answer->result = -ENOTSUP;
	if (request->task == STEWARD_LOOK) {
		answer->result = process_look(room->proc, request->pid, &answer->look) ? 0 : -ESRCH;
		return -1;
	}
	if (room->directory < 0)
		return -1;
	if (request->task == STEWARD_TURN)
		turn(room);
	int fd = open_output(room);
	answer->result = fd < 0 ? fd : 0;
	return fd;
}

static bool send_answer(int to, const struct steward_answer *answer, int fd)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec piece = { (void *)answer, sizeof(*answer) };
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };

	if (fd >= 0) {
		control.align = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(fd)),
						  .cmsg_level = SOL_SOCKET,
						  .cmsg_type = SCM_RIGHTS };
		memcpy(CMSG_DATA(&control.align), &fd, sizeof(fd));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	return sendmsg(to, &message, MSG_NOSIGNAL) >= 0;
}

int steward_serve(struct steward_room *room, int fd)
{
	struct steward_request request;

	for (;;) {
		ssize_t len = recv(fd, &request, sizeof(request), 0);
		if (len < 0 && errno == EINTR)
			continue;
		if (len != sizeof(request))
			return len == 0 ? 0 : 1;
		int opened = serve_one(room, &request);
		bool sent = send_answer(fd, &room->answer, opened);
		if (opened >= 0)
			close(opened);
		if (!sent)
			return 1;
	}
}
