/*
 * audit_kernel: libaudit sends and waits for the acknowledgement; the replies
 * to questions are taken here, each within a time, so that a kernel that is
 * busy holds nobody for ever.
 */
#include "host/audit_kernel.h"

#include <libaudit.h>
#include <poll.h>
#include <unistd.h>

#define REPLY_TIMEOUT_MS 5000
#define RULES_MAX 65536 /* of a listing */

static int fail(struct err *err, int number, const char *what)
{
	if (number == -EPERM)
		return err_set(err, number,
			       "cannot %s: the kernel asks for CAP_AUDIT_CONTROL in the initial namespaces; run it as "
			       "root, and not in a container",
			       what);
	if (number == -EPROTONOSUPPORT || number == -ECONNREFUSED || number == -EAFNOSUPPORT)
		return err_set(err, number,
			       "cannot %s: this kernel has no auditing: CONFIG_AUDIT is missing, audit=0 was given at "
			       "boot, or this is "
			       "a container",
			       what);
	return err_set(err, number, "cannot %s: %s", what, strerror(-number));
}

int audit_kernel_open(struct err *err)
{
	set_aumessage_mode(MSG_QUIET, DBG_NO);
	int fd = audit_open();

	return fd >= 0 ? fd : fail(err, -errno, "open the audit socket");
}

/* One message of the kernel's; 0, or negative errno. An acknowledgement is passed over. */
static int next_reply(int fd, struct audit_reply *reply)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	reply->type = NLMSG_NOOP;
	for (unsigned tries = 0; tries < RULES_MAX; tries++) {
		int count = poll(&ready, 1, REPLY_TIMEOUT_MS);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count < 0 ? -errno : -ETIMEDOUT;
		int len = audit_get_reply(fd, reply, GET_REPLY_NONBLOCKING, 0);
		if (len == -EAGAIN || len == -EINTR || len == 0)
			continue;
		if (len < 0)
			return len;
		if (reply->type != NLMSG_ERROR)
			return 0;
		if (reply->error->error)
			return reply->error->error;
	}
	return -EPROTO;
}

/* Kernels send as much of the status as they know; what is missing stays 0. */
static void take_status(struct audit_state *state, const struct audit_reply *reply)
{
	struct audit_status status = { 0 };
	size_t len = reply->nlh->nlmsg_len - NLMSG_HDRLEN;

	memcpy(&status, NLMSG_DATA(reply->nlh), len < sizeof(status) ? len : sizeof(status));
	*state = (struct audit_state){
		.enabled = status.enabled,
		.failure = status.failure,
		.pid = status.pid,
		.rate_limit = status.rate_limit,
		.backlog_limit = status.backlog_limit,
		.backlog = status.backlog,
		.lost = status.lost,
		.backlog_wait_time = status.backlog_wait_time,
	};
}

int audit_kernel_state(int fd, struct audit_state *state, struct err *err)
{
	static const char what[] = "read the state of auditing";
	struct audit_reply reply;
	int result = audit_request_status(fd);

	while (result > 0) {
		int got = next_reply(fd, &reply);
		if (got < 0)
			return fail(err, got, what);
		if (reply.type == AUDIT_GET && reply.nlh->nlmsg_len >= NLMSG_HDRLEN) {
			take_status(state, &reply);
			return 0;
		}
	}
	return fail(err, result ? result : -EPROTO, what);
}

static int take_rule(struct audit_rules *rules, const struct audit_reply *reply)
{
	struct kernel_rule *rule = audit_rules_add(rules, 0, 0);

	if (!rule)
		return -ENOMEM;
	kernel_rule_finish(rule);
	return kernel_rule_copy(rule, NLMSG_DATA(reply->nlh), reply->nlh->nlmsg_len - NLMSG_HDRLEN) ? 0 : -EPROTO;
}

int audit_kernel_list(int fd, struct audit_rules *rules, struct err *err)
{
	static const char what[] = "list the audit rules";
	struct audit_reply reply;
	int result = audit_request_rules_list_data(fd);

	if (result <= 0)
		return fail(err, result ? result : -EPROTO, what);
	while (rules->count < RULES_MAX) {
		result = next_reply(fd, &reply);
		if (result == 0 && reply.type == NLMSG_DONE)
			return 0;
		if (result == 0 && reply.type == AUDIT_LIST_RULES && reply.nlh->nlmsg_len >= NLMSG_HDRLEN)
			result = take_rule(rules, &reply);
		if (result < 0)
			return fail(err, result, what);
	}
	return err_set(err, -E2BIG, "there are more than %d audit rules: too many to compare", RULES_MAX);
}

static int sent(int result)
{
	return result > 0 ? 0 : result == 0 ? -EPROTO : result;
}

int audit_kernel_add(int fd, const struct kernel_rule *rule)
{
	if (!rule->data)
		return -ENOMEM;
	return sent(audit_add_rule_data(fd, rule->data, (int)rule->data->flags, (int)rule->data->action));
}

int audit_kernel_delete(int fd, const struct kernel_rule *rule)
{
	if (!rule->data)
		return -ENOMEM;
	return sent(audit_delete_rule_data(fd, rule->data, (int)rule->data->flags, (int)rule->data->action));
}

int audit_kernel_refused(int number, const char *what, const struct kernel_rule *rule, struct err *err)
{
	struct buffer text = { 0 };

	kernel_rule_write(rule, &text);
	buffer_add_byte(&text, '\0');
	err_set(err, number, "the kernel refused to %s the rule '%s': %s%s", what, text.failed ? "?" : text.data,
		strerror(-number),
		number == -EPERM ? "; if `auditctl -s` says enabled 2, rules are locked until reboot" : "");
	buffer_finish(&text);
	return number;
}

int audit_kernel_set_enabled(int fd, uint32_t enabled)
{
	return sent(audit_set_enabled(fd, enabled));
}

int audit_kernel_set_backlog_limit(int fd, uint32_t limit)
{
	return sent(audit_set_backlog_limit(fd, limit));
}

int audit_kernel_set_failure(int fd, uint32_t failure)
{
	return sent(audit_set_failure(fd, failure));
}
