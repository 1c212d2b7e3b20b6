/*
 * A message is nlmsghdr (16 bytes), cn_msg (20), proc_event: what, cpu, time,
 * and for a fork parent_pid, parent_tgid, child_pid, child_tgid. A filter in
 * the kernel leaves out what is not asked for, threads among it.
 */
#include "source/proc_events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENT_AT (NLMSG_HDRLEN + sizeof(struct cn_msg))
#define FIELD_AT(field) (EVENT_AT + offsetof(struct proc_event, field))
#define QUEUE_BYTES (4 << 20)
#define ANSWER_BYTES 256

static int send_order(int fd, enum proc_cn_mcast_op order)
{
	char bytes[EVENT_AT + sizeof(order)] = { 0 };
	struct nlmsghdr head = { .nlmsg_len = sizeof(bytes), .nlmsg_type = NLMSG_DONE };
	struct cn_msg message = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof(order) };

	memcpy(bytes, &head, sizeof(head));
	memcpy(bytes + NLMSG_HDRLEN, &message, sizeof(message));
	memcpy(bytes + EVENT_AT, &order, sizeof(order));
	return send(fd, bytes, sizeof(bytes), 0) < 0 ? -errno : 0;
}

/* Loads are big-endian; two fields that are compared with each other are so both. */
static int filter(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD_AT(what)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_EXEC), 5, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_FORK), 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD_AT(event_data.fork.child_tgid)),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD_AT(event_data.fork.child_pid)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0 ? 0 : -errno;
}

int proc_events_open(void)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int room = QUEUE_BYTES;
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	int result = bind(fd, (struct sockaddr *)&group, sizeof(group)) == 0 ? filter(fd) : -errno;
	if (result == 0)
		result = send_order(fd, PROC_CN_MCAST_LISTEN);
	if (result == 0)
		return fd;
	close(fd);
	return result;
}

static int understand(const char *bytes, size_t len, struct proc_happening *happening)
{
	struct proc_event event;

	if (len < EVENT_AT + sizeof(event))
		return -EBADMSG;
	memcpy(&event, bytes + EVENT_AT, sizeof(event));
	happening->time_ns = (int64_t)event.timestamp_ns;
	if (event.what == PROC_EVENT_FORK) {
		happening->kind = PROC_EVENT_STARTS;
		happening->pid = (uint32_t)event.event_data.fork.child_tgid;
		happening->parent = (uint32_t)event.event_data.fork.parent_tgid;
		return 1;
	}
	happening->kind = PROC_EVENT_EXECUTES;
	happening->pid = (uint32_t)event.event_data.exec.process_tgid;
	happening->parent = 0;
	return event.what == PROC_EVENT_EXEC ? 1 : -EBADMSG;
}

int proc_events_next(int fd, struct proc_happening *happening)
{
	for (;;) {
		char bytes[ANSWER_BYTES];
		struct sockaddr_nl sender;
		socklen_t size = sizeof(sender);
		ssize_t len = recvfrom(fd, bytes, sizeof(bytes), MSG_DONTWAIT, (struct sockaddr *)&sender, &size);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (len == 0)
			return -EPIPE;
		if (size == sizeof(sender) && sender.nl_pid == 0 && understand(bytes, (size_t)len, happening) == 1)
			return 1;
	}
}

void proc_events_leave(int fd)
{
	send_order(fd, PROC_CN_MCAST_IGNORE);
}
