#include "host/lease_keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/lease_file.h"

#define FAILURE_PRINT 1
#define FAILURE_PANIC 2
#define ENABLED_LOCKED 2

struct keeper {
	const struct lease_order *order;
	int socket, kernel;
	struct lease_file file;
	struct lease_state state;
	size_t refused;
	struct err err;
};

/* Whoever reads our owner's output waits until all who hold it are gone; nor may a key on his terminal end us. */
static void stand_apart(const struct lease_order *order, int socket)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int low = order->owner < socket ? order->owner : socket, high = order->owner < socket ? socket : order->owner;

	setsid();
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		if (fd != low && fd != high)
			dup2(null, fd);
	if (low > 3)
		close_range(3, (unsigned)low - 1, 0);
	if (high > low + 1)
		close_range((unsigned)low + 1, (unsigned)high - 1, 0);
	close_range((unsigned)high + 1, ~0u, 0);
	prctl(PR_SET_NAME, "proctor-lease");
}

static void answer(struct keeper *keeper, int result)
{
	struct lease_answer answer = {
		.result = result,
		.pid = getpid(),
		.added = keeper->state.rules.count,
		.refused = keeper->refused,
	};

	snprintf(answer.text, sizeof(answer.text), "%s", keeper->err.text);
	send(keeper->socket, &answer, sizeof(answer), MSG_NOSIGNAL);
}

/* ---- what to change ---- */

static void want(struct keeper *keeper, enum lease_setting which, uint32_t from, uint32_t to)
{
	keeper->state.settings[which].changed = from != to;
	keeper->state.settings[which].from = from;
	keeper->state.settings[which].to = to;
}

/* A kernel that panics when a record is lost must not do so for a test. */
static int plan_settings(struct keeper *keeper)
{
	const struct audit_lease_options *options = keeper->order->options;
	struct audit_state now = { 0 };
	int result = audit_kernel_state(keeper->kernel, &now, &keeper->err);

	if (result < 0)
		return result;
	if (now.enabled == ENABLED_LOCKED)
		return err_set(&keeper->err, -EPERM,
			       "the audit rules are locked until reboot (enabled 2): take '-e 2' out of the rules in "
			       "/etc/audit/rules.d and reboot");
	bool raise = now.backlog_limit && now.backlog_limit < options->backlog_limit;
	keeper->state.daemon = now.pid;
	want(keeper, LEASE_FAILURE, now.failure, now.failure == FAILURE_PANIC ? FAILURE_PRINT : now.failure);
	want(keeper, LEASE_BACKLOG, now.backlog_limit, raise ? options->backlog_limit : now.backlog_limit);
	want(keeper, LEASE_ENABLED, now.enabled, options->enable ? 1 : now.enabled);
	return 0;
}

static bool has(const struct audit_rules *rules, const struct kernel_rule *rule)
{
	for (size_t i = 0; i < rules->count; i++)
		if (kernel_rule_equal(&rules->items[i], rule))
			return true;
	return false;
}

/* What is there already is somebody's, and stays. */
static int plan_rules(struct keeper *keeper)
{
	const struct audit_rules *wanted = keeper->order->rules;
	struct audit_rules present = { 0 };
	int result = audit_kernel_list(keeper->kernel, &present, &keeper->err);

	for (size_t i = 0; i < wanted->count && result == 0; i++) {
		const struct kernel_rule *rule = &wanted->items[i];
		if (has(&present, rule) || has(&keeper->state.rules, rule))
			continue;
		struct kernel_rule *copy = audit_rules_add(&keeper->state.rules, 0, 0);
		if (copy)
			kernel_rule_finish(copy);
		if (!copy || !rule->data || !kernel_rule_copy(copy, rule->data, kernel_rule_size(rule)))
			result =
				err_set(&keeper->err, -ENOMEM, "cannot take a lease on the audit rules: memory is out");
	}
	audit_rules_finish(&present);
	return result;
}

/* ---- its life ---- */

static int recover(struct keeper *keeper)
{
	struct lease_state left = { 0 };
	int result = lease_file_get(&keeper->file, &left, &keeper->err);

	if (result > 0)
		result = lease_state_undo(&left, keeper->kernel, &keeper->err);
	lease_state_finish(&left);
	return result;
}

static int undo(struct keeper *keeper)
{
	int result = lease_state_undo(&keeper->state, keeper->kernel, &keeper->err);

	return result < 0 ? result : lease_file_remove(&keeper->file, &keeper->err);
}

static int change(struct keeper *keeper)
{
	int result = recover(keeper);

	if (result == 0)
		result = plan_settings(keeper);
	if (result == 0)
		result = plan_rules(keeper);
	if (result == 0)
		result = lease_file_put(&keeper->file, &keeper->state, &keeper->err);
	if (result < 0)
		return result;
	size_t count = keeper->state.rules.count;
	result = lease_state_apply(&keeper->state, keeper->kernel, &keeper->refused, &keeper->err);
	if (result == 0 && keeper->state.rules.count < count)
		result = lease_file_put(&keeper->file, &keeper->state, &keeper->err);
	if (result < 0) {
		struct err first = keeper->err;
		undo(keeper);
		keeper->err = first;
	}
	return result;
}

static void wait_for_end(const struct keeper *keeper)
{
	struct pollfd ends[] = { { .fd = keeper->order->owner, .events = POLLIN },
				 { .fd = keeper->socket, .events = POLLIN } };

	while (poll(ends, 2, -1) < 0 && errno == EINTR)
		;
}

_Noreturn void lease_keep(const struct lease_order *order, int socket)
{
	struct keeper keeper = { .order = order, .socket = socket, .kernel = -1 };
	int result;

	stand_apart(order, socket);
	result = lease_file_open(&keeper.file, order->options->directory, &keeper.err);
	if (result == 0)
		result = keeper.kernel = audit_kernel_open(&keeper.err);
	if (result >= 0)
		result = change(&keeper);
	if (result >= 0) {
		answer(&keeper, 0);
		wait_for_end(&keeper);
		result = undo(&keeper);
	}
	lease_file_close(&keeper.file);
	answer(&keeper, result);
	_exit(0);
}
