#include "host/lease_state.h"

#include <libaudit.h>
#include <stdlib.h>

#include "base/words.h"

#define HEADER "proctor-audit-lease 1"
#define RULES_MAX 65536

static const struct {
	const char *name;
	int (*set)(int fd, uint32_t value);
} settings[LEASE_SETTING_COUNT] = {
	[LEASE_FAILURE] = { "failure", audit_kernel_set_failure },
	[LEASE_BACKLOG] = { "backlog_limit", audit_kernel_set_backlog_limit },
	[LEASE_ENABLED] = { "enabled", audit_kernel_set_enabled },
};

void lease_state_finish(struct lease_state *state)
{
	audit_rules_finish(&state->rules);
}

/* ---- as text ---- */

static void write_rule(const struct kernel_rule *rule, struct buffer *to)
{
	const unsigned char *bytes = (const unsigned char *)rule->data;

	buffer_text(to, "rule ");
	for (size_t i = 0; i < kernel_rule_size(rule); i++)
		buffer_printf(to, "%02x", bytes[i]);
	buffer_add_byte(to, '\n');
}

void lease_state_write(const struct lease_state *state, struct span boot, struct buffer *to)
{
	buffer_text(to, HEADER "\nboot ");
	buffer_add(to, boot);
	buffer_printf(to, "\ndaemon %u\n", state->daemon);
	for (unsigned i = 0; i < LEASE_SETTING_COUNT; i++)
		if (state->settings[i].changed)
			buffer_printf(to, "%s %u %u\n", settings[i].name, state->settings[i].from,
				      state->settings[i].to);
	for (size_t i = 0; i < state->rules.count; i++)
		write_rule(&state->rules.items[i], to);
}

static bool read_rule(struct lease_state *state, struct span hex)
{
	size_t len = hex.len / 2;
	char *bytes = malloc(len + 1);
	bool good = bytes && hex.len % 2 == 0 && state->rules.count < RULES_MAX;

	for (size_t i = 0; i < len && good; i++) {
		int high = word_hex_digit(hex.data[2 * i]), low = word_hex_digit(hex.data[2 * i + 1]);
		good = high >= 0 && low >= 0;
		bytes[i] = good ? (char)(16 * high + low) : 0;
	}
	struct kernel_rule *rule = good ? audit_rules_add(&state->rules, 0, 0) : NULL;
	if (rule)
		kernel_rule_finish(rule);
	good = rule && kernel_rule_copy(rule, bytes, len);
	free(bytes);
	return good;
}

static struct span next_word(struct span *line)
{
	size_t len = span_index(*line, ' ');
	struct span word = span_first(*line, len);

	*line = span_skip(*line, len + 1);
	return word;
}

static bool read_number(struct span word, uint32_t *to)
{
	uint64_t value;
	size_t used = span_decimal(word, &value);

	if (!used || used != word.len || value > UINT32_MAX)
		return false;
	*to = (uint32_t)value;
	return true;
}

static bool read_line(struct lease_state *state, struct span line)
{
	struct span name = next_word(&line);

	if (span_equal(name, SPAN("rule")))
		return read_rule(state, line);
	if (span_equal(name, SPAN("daemon")))
		return read_number(line, &state->daemon);
	for (unsigned i = 0; i < LEASE_SETTING_COUNT; i++) {
		if (!span_equal(name, span_of(settings[i].name)))
			continue;
		state->settings[i].changed = true;
		return read_number(next_word(&line), &state->settings[i].from) &&
		       read_number(line, &state->settings[i].to);
	}
	return false;
}

static struct span next_line(struct span *text)
{
	size_t len = span_index(*text, '\n');
	struct span line = span_first(*text, len);

	*text = span_skip(*text, len + 1);
	return line;
}

int lease_state_read(struct lease_state *state, struct span boot, struct span text)
{
	if (text.len == 0 || text.data[text.len - 1] != '\n' || !span_equal(next_line(&text), SPAN(HEADER)))
		return -EBADMSG;
	struct span line = next_line(&text);
	if (!span_equal(next_word(&line), SPAN("boot")))
		return -EBADMSG;
	if (!span_equal(line, boot))
		return 0;
	while (text.len)
		if (!read_line(state, next_line(&text)))
			return -EBADMSG;
	return 1;
}

/* ---- in the kernel ---- */

static void forget_rule(struct audit_rules *rules, size_t n)
{
	kernel_rule_finish(&rules->items[n]);
	memmove(&rules->items[n], &rules->items[n + 1], (rules->count - n - 1) * sizeof(rules->items[0]));
	rules->count--;
}

static int apply_rules(struct lease_state *state, int fd, size_t *refused, struct err *err)
{
	for (size_t i = 0; i < state->rules.count;) {
		const struct kernel_rule *rule = &state->rules.items[i];
		int result = audit_kernel_add(fd, rule);
		bool unknown = result == -EINVAL && rule->data->flags == KERNEL_RULE_LIST_URING;
		*refused += unknown;
		if (result < 0 && result != -EEXIST && !unknown)
			return audit_kernel_refused(result, "add", rule, err);
		if (result < 0)
			forget_rule(&state->rules, i);
		else
			i++;
	}
	return 0;
}

static int apply_setting(const struct lease_state *state, enum lease_setting which, int fd, struct err *err)
{
	if (!state->settings[which].changed)
		return 0;
	int result = settings[which].set(fd, state->settings[which].to);
	return result < 0 ? err_set(err, result, "cannot set auditing's %s to %u: %s", settings[which].name,
				    state->settings[which].to, strerror(-result))
			  : 0;
}

int lease_state_apply(struct lease_state *state, int fd, size_t *refused, struct err *err)
{
	int result = apply_setting(state, LEASE_FAILURE, fd, err);

	if (result == 0)
		result = apply_setting(state, LEASE_BACKLOG, fd, err);
	if (result == 0)
		result = apply_rules(state, fd, refused, err);
	return result < 0 ? result : apply_setting(state, LEASE_ENABLED, fd, err);
}

/* A daemon that came meanwhile wants auditing as it is now. */
static bool is_still_ours(const struct lease_state *state, enum lease_setting which, const struct audit_state *now)
{
	const uint32_t values[LEASE_SETTING_COUNT] = {
		[LEASE_FAILURE] = now->failure,
		[LEASE_BACKLOG] = now->backlog_limit,
		[LEASE_ENABLED] = now->enabled,
	};

	return state->settings[which].changed && values[which] == state->settings[which].to &&
	       now->pid == state->daemon;
}

int lease_state_undo(const struct lease_state *state, int fd, struct err *err)
{
	struct audit_state now = { 0 };
	int first = 0;

	for (size_t i = state->rules.count; i--;) {
		const struct kernel_rule *rule = &state->rules.items[i];
		int result = audit_kernel_delete(fd, rule);
		if (result < 0 && result != -ENOENT && first == 0)
			first = audit_kernel_refused(result, "remove", rule, err);
	}
	int result = audit_kernel_state(fd, &now, first ? NULL : err);
	if (result < 0)
		return first ? first : result;
	for (unsigned i = LEASE_SETTING_COUNT; i--;) {
		if (!is_still_ours(state, i, &now))
			continue;
		result = settings[i].set(fd, state->settings[i].from);
		if (result < 0 && first == 0)
			first = err_set(err, result, "cannot set auditing's %s back to %u: %s", settings[i].name,
					state->settings[i].from, strerror(-result));
	}
	return first;
}
