/*
 * The kernel multicasts each audit record to AUDIT_NLGRP_READLOG, beside what
 * auditd gets (linux/audit.h; kernel/audit.c, kauditd_send_multicast_skb). A
 * message of type 1300 holds
 *
 *	audit(1795430914.650:7388): arch=c000003e syscall=257 success=yes …
 *
 * without a newline. A batch of them becomes a frame of the lines that auditd
 * would write, so that the decoders are shared.
 *
 * What does not come from the kernel (nl_pid is not 0) is no record: counted,
 * and left alone. Only a process with CAP_NET_ADMIN can send it.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "model/access.h"
#include "source/namespace.h"
#include "source/sensor.h"

#define BATCH 64
#define MESSAGE_MAX 9216		/* MAX_AUDIT_MESSAGE_LENGTH is 8970 */
#define QUEUE_BYTES (16 << 20)		/* what a burst of 100,000 events takes; the default loses a tenth of it */
#define TYPE_FIRST AUDIT_FIRST_USER_MSG /* below: answers to who asked for the state of auditing */

struct netlink_sensor {
	struct sensor sensor;
	const char *host;
	struct mmsghdr messages[BATCH];
	struct iovec pieces[BATCH];
	struct sockaddr_nl senders[BATCH];
	char *room; /* BATCH × MESSAGE_MAX */
	struct buffer lines;
	uint64_t offset; /* of the lines among all that were handed out */
	bool started;
};

static void add_type(struct buffer *lines, uint16_t type)
{
	const char *name = record_type_name(type);

	buffer_add(lines, SPAN("type="));
	if (name)
		buffer_text(lines, name);
	else
		buffer_printf(lines, "UNKNOWN[%u]", type);
	buffer_add(lines, SPAN(" msg="));
}

/* The text of a user-space message may hold anything: a line must stay one. */
static void add_text(struct buffer *lines, struct span text)
{
	size_t begin = lines->len;

	while (text.len && (unsigned char)text.data[text.len - 1] <= ' ')
		text.len--;
	buffer_add(lines, text);
	for (size_t i = begin; i < lines->len; i++)
		if ((unsigned char)lines->data[i] < ' ')
			lines->data[i] = ' ';
	buffer_add_byte(lines, '\n');
}

static void take_message(struct netlink_sensor *netlink, const struct mmsghdr *message,
			 const struct sockaddr_nl *sender)
{
	const struct nlmsghdr *head = message->msg_hdr.msg_iov->iov_base;
	uint64_t *counts = netlink->sensor.counts;

	counts[COUNT_MESSAGES]++;
	if (message->msg_hdr.msg_namelen < sizeof(*sender) || sender->nl_pid != 0 || message->msg_len < NLMSG_HDRLEN) {
		counts[COUNT_FORGED]++;
		return;
	}
	counts[COUNT_CUT] += (message->msg_hdr.msg_flags & MSG_TRUNC) != 0;
	if (head->nlmsg_type < TYPE_FIRST)
		return;
	/* What nlmsg_len counts differs between kernels; a datagram holds one message. */
	add_type(&netlink->lines, head->nlmsg_type);
	add_text(&netlink->lines, (struct span){ NLMSG_DATA(head), message->msg_len - NLMSG_HDRLEN });
}

static int receive(struct netlink_sensor *netlink)
{
	for (unsigned i = 0; i < BATCH; i++) {
		netlink->pieces[i] = (struct iovec){ netlink->room + (size_t)i * MESSAGE_MAX, MESSAGE_MAX };
		netlink->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &netlink->senders[i],
			.msg_namelen = sizeof(netlink->senders[i]),
			.msg_iov = &netlink->pieces[i],
			.msg_iovlen = 1,
		};
	}
	int count = recvmmsg(netlink->sensor.fd, netlink->messages, BATCH, MSG_DONTWAIT, NULL);
	return count < 0 ? -errno : count;
}

static int hand_out(struct netlink_sensor *netlink, struct sensor_item *item)
{
	item->frame = (struct frame){
		.bytes = buffer_span(&netlink->lines),
		.origin = { .file = "audit netlink", .offset = netlink->offset },
		.host = netlink->host,
		.format = FORMAT_AUDIT,
		.trust = TRUST_KERNEL,
		.starts = !netlink->started,
	};
	netlink->started = true;
	netlink->offset += netlink->lines.len;
	return SENSOR_FRAME;
}

static int netlink_next(struct sensor *sensor, struct sensor_item *item, struct err *err)
{
	struct netlink_sensor *netlink = (struct netlink_sensor *)sensor;
	int count = receive(netlink);

	if (count == -EAGAIN || count == -EINTR || count == 0)
		return SENSOR_NOTHING;
	buffer_reset(&netlink->lines);
	if (count == -ENOBUFS)
		sensor->counts[COUNT_OVERRUNS]++; /* told once; what is behind it can be read */
	else if (count < 0)
		return err_set(err, count, "cannot read the audit socket: %s", strerror(-count));
	for (int i = 0; i < count; i++)
		take_message(netlink, &netlink->messages[i], &netlink->senders[i]);
	if (netlink->lines.failed)
		return err_set(err, -ENOMEM, "out of memory for a batch of audit records");
	return hand_out(netlink, item);
}

static void netlink_account(struct sensor *sensor)
{
	uint32_t memory[SK_MEMINFO_VARS] = { 0 };
	socklen_t size = sizeof(memory);

	if (getsockopt(sensor->fd, SOL_SOCKET, SO_MEMINFO, memory, &size) != 0)
		return;
	/* Of 32 bits, and counts on. */
	uint64_t *dropped = &sensor->counts[COUNT_DROPPED];
	*dropped += (uint32_t)(memory[SK_MEMINFO_DROPS] - (uint32_t)*dropped);
	sensor->counts[COUNT_BACKLOG] = memory[SK_MEMINFO_RMEM_ALLOC];
}

static void netlink_close(struct sensor *sensor)
{
	struct netlink_sensor *netlink = (struct netlink_sensor *)sensor;

	if (sensor->fd >= 0)
		close(sensor->fd);
	buffer_finish(&netlink->lines);
	free(netlink->room);
	free(netlink);
}

static void __attribute__((format(printf, 2, 3))) add_blind(struct sensor *sensor, const char *format, ...)
{
	size_t len = strlen(sensor->blind);
	va_list args;

	va_start(args, format);
	vsnprintf(sensor->blind + len, sizeof(sensor->blind) - len, format, args);
	va_end(args);
}

/* Without CAP_NET_ADMIN, as much as net.core.rmem_max allows. */
static void make_room(struct sensor *sensor)
{
	int wanted = QUEUE_BYTES, have = 0;
	socklen_t size = sizeof(have);

	if (setsockopt(sensor->fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof(wanted)) != 0)
		setsockopt(sensor->fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof(wanted));
	if (getsockopt(sensor->fd, SOL_SOCKET, SO_RCVBUF, &have, &size) == 0 && have < wanted)
		add_blind(sensor, "; what a burst brings beyond %d KiB (run as root, or raise net.core.rmem_max)",
			  have >> 10);
}

static int subscribe(struct sensor *sensor, struct err *err)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK, .nl_groups = 1u << (AUDIT_NLGRP_READLOG - 1) };

	sensor->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_AUDIT);
	if (sensor->fd < 0 && (errno == EPROTONOSUPPORT || errno == EAFNOSUPPORT))
		return err_set(err, -errno, "audit: this kernel has no auditing (CONFIG_AUDIT)");
	if (sensor->fd < 0)
		return err_set(err, -errno, "audit: cannot open the audit socket: %s", strerror(errno));
	make_room(sensor);
	if (bind(sensor->fd, (struct sockaddr *)&group, sizeof(group)) == 0)
		return 0;
	if (errno == EPERM)
		return err_set(err, -EPERM,
			       "audit: reading the kernel's audit records takes CAP_AUDIT_READ: run as root, or give "
			       "the service that capability");
	return err_set(err, -errno, "audit: cannot join the group of audit's readers: %s", strerror(errno));
}

struct sensor *netlink_sensor_open(const char *host, struct err *err)
{
	struct netlink_sensor *netlink = calloc(1, sizeof(*netlink));
	enum is_initial initial = namespace_net_is_initial();

	if (!netlink || !(netlink->room = malloc((size_t)BATCH * MESSAGE_MAX))) {
		free(netlink);
		err_set(err, -ENOMEM, "audit: out of memory");
		return NULL;
	}
	struct sensor *sensor = &netlink->sensor;
	*sensor = (struct sensor){ .name = "audit",
				   .bit = SEEN_BY_AUDIT,
				   .next = netlink_next,
				   .account = netlink_account,
				   .close = netlink_close,
				   .blind = "what no audit rule of the kernel records",
				   .fd = -1 };
	netlink->host = host;
	int result = initial == INITIAL_NO
			     ? err_set(err, -EXDEV,
				       "audit: this is not the initial network namespace, and the kernel tells of "
				       "audit only there: run it on the host, or with the host's network")
			     : subscribe(sensor, err);
	if (result == 0 && initial == INITIAL_UNKNOWN)
		add_blind(sensor,
			  "; anything, should this not be the initial network namespace, which cannot be told here");
	if (result == 0)
		return sensor;
	sensor_close(sensor);
	return NULL;
}
