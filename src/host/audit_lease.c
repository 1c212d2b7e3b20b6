/*
 * audit_lease: the side of whoever takes the lease. The keeper is
 * lease_keeper.c.
 *
 * The keeper is a grandchild: nobody who waits for children of his own, or
 * signals his process group, meets it. Without the keeper, the state file is
 * enough to undo everything.
 */
#include "host/audit_lease.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/lease_file.h"
#include "host/lease_keeper.h"

#define ANSWER_TIMEOUT_MS 30000

struct audit_lease {
	int keeper; /* the socket */
	pid_t keeper_pid;
	size_t added, refused;
	char *directory; /* NULL: the default */
};

/* ---- undoing without a keeper ---- */

int audit_lease_recover(const char *directory, struct err *err)
{
	struct lease_file file;
	struct lease_state state = { 0 };
	int result = lease_file_open(&file, directory, err);

	if (result < 0)
		return result;
	result = lease_file_get(&file, &state, err);
	if (result > 0) {
		int fd = audit_kernel_open(err);
		result = fd < 0 ? fd : lease_state_undo(&state, fd, err);
		if (fd >= 0)
			close(fd);
		if (result == 0)
			result = lease_file_remove(&file, err);
		result = result < 0 ? result : 1;
	}
	lease_state_finish(&state);
	lease_file_close(&file);
	return result;
}

/* ---- talking to it ---- */

static int hear(int fd, struct lease_answer *answer)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int count;

	do
		count = poll(&ready, 1, ANSWER_TIMEOUT_MS);
	while (count < 0 && errno == EINTR);
	if (count <= 0)
		return count < 0 ? -errno : -ETIMEDOUT;
	ssize_t len = recv(fd, answer, sizeof(*answer), MSG_DONTWAIT);
	answer->text[sizeof(answer->text) - 1] = '\0';
	return len == sizeof(*answer) ? 0 : -EPIPE;
}

/* The child between us and the keeper ends at once. */
static int start_keeper(const struct lease_order *order, int sockets[2])
{
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (child == 0) {
		close(sockets[0]);
		if (fork() == 0)
			lease_keep(order, sockets[1]);
		_exit(0);
	}
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

static int begin(struct audit_lease *lease, struct lease_order *order, struct err *err)
{
	struct lease_answer answer = { 0 };
	int sockets[2] = { -1, -1 };
	int result = 0;

	order->owner = (int)syscall(SYS_pidfd_open, getpid(), 0);
	if (order->owner < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		result = -errno;
	if (result == 0)
		result = start_keeper(order, sockets);
	if (order->owner >= 0)
		close(order->owner);
	if (sockets[1] >= 0)
		close(sockets[1]);
	lease->keeper = sockets[0];
	if (result == 0)
		result = hear(lease->keeper, &answer);
	if (result < 0)
		return err_set(err, result, "cannot start the process that puts audit rules back: %s",
			       strerror(-result));
	lease->keeper_pid = answer.pid;
	lease->added = answer.added;
	lease->refused = answer.refused;
	return answer.result < 0 ? err_set(err, answer.result, "%s", answer.text) : 0;
}

static void discard(struct audit_lease *lease)
{
	if (!lease)
		return;
	if (lease->keeper >= 0)
		close(lease->keeper);
	free(lease->directory);
	free(lease);
}

struct audit_lease *audit_lease_take(const struct audit_rules *rules, const struct audit_lease_options *options,
				     struct err *err)
{
	struct lease_order order = { .rules = rules, .options = options, .owner = -1 };
	struct audit_lease *lease = calloc(1, sizeof(*lease));

	if (lease && options->directory)
		lease->directory = strdup(options->directory);
	if (!lease || (options->directory && !lease->directory)) {
		free(lease);
		err_set(err, -ENOMEM, "cannot take a lease on the audit rules: memory is out");
		return NULL;
	}
	lease->keeper = -1;
	if (begin(lease, &order, err) == 0)
		return lease;
	discard(lease);
	return NULL;
}

int audit_lease_release(struct audit_lease *lease, struct err *err)
{
	struct lease_answer answer = { 0 };
	int result;

	if (!lease)
		return 0;
	result = send(lease->keeper, "", 1, MSG_NOSIGNAL) < 0 ? -errno : hear(lease->keeper, &answer);
	if (result == 0 && answer.result < 0)
		result = err_set(err, answer.result, "%s", answer.text);
	else if (result < 0) /* somebody killed the keeper */
		result = audit_lease_recover(lease->directory, err);
	discard(lease);
	return result < 0 ? result : 0;
}

size_t audit_lease_refused(const struct audit_lease *lease)
{
	return lease->refused;
}

size_t audit_lease_added(const struct audit_lease *lease)
{
	return lease->added;
}

pid_t audit_lease_keeper(const struct audit_lease *lease)
{
	return lease->keeper_pid;
}
