/* The readers of src/host: mountinfo, the facts, a lease's state; and a rule as the kernel may send it. */
#include <stdlib.h>

#include "host/coverage.h"
#include "host/lease_state.h"
#include "host/rule_command.h"
#include "host/rule_cover.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void read_facts(struct span input)
{
	static struct procfs_list list;
	uint64_t ticks;

	list.count = list.left_out = 0;
	procfs_parse(&list, input, 1);
	require(list.count <= PROCFS_MAX);
	for (size_t i = 0; i < list.count; i++)
		require(procfs_with_minor(&list, list.items[i].minor) == &list.items[i]);
	coverage_audit_at_boot(input);
	coverage_count_listeners(input);
	coverage_start_of(input, &ticks);
}

/* What was read is written as it was read. */
static void read_state(struct span input)
{
	struct lease_state state = { 0 }, again = { 0 };
	struct buffer text = { 0 };

	if (lease_state_read(&state, SPAN("b"), input) > 0) {
		lease_state_write(&state, SPAN("b"), &text);
		require(lease_state_read(&again, SPAN("b"), buffer_span(&text)) == 1);
		require(again.rules.count == state.rules.count);
	}
	buffer_finish(&text);
	lease_state_finish(&state);
	lease_state_finish(&again);
}

static void read_rule(struct span input)
{
	static struct procfs_list procfs = { .items = { { .minor = 21, .where = "/proc" } }, .count = 1 };
	struct coverage_facts facts = { .procfs = procfs };
	struct audit_rules wanted = { 0 };
	struct audit_wish wish = { .procfs = &procfs };
	struct gaps gaps = { 0 };
	struct buffer text = { 0 };

	struct kernel_rule *rule = audit_rules_add(&facts.rules, 0, 0);
	kernel_rule_finish(rule);
	if (kernel_rule_copy(rule, input.data, input.len)) {
		kernel_rule_write(rule, &text);
		rule_command_write(rule, "-d", &text);
		kernel_rule_owner(rule);
		require(kernel_rule_equal(rule, rule));
		audit_rules_build(&wanted, &wish, NULL);
		coverage_find_rules(&facts, &wanted, &gaps);
	}
	buffer_finish(&text);
	gaps_finish(&gaps);
	audit_rules_finish(&wanted);
	coverage_facts_finish(&facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = { (const char *)data, size };

	read_facts(input);
	read_state(input);
	read_rule(input);
	return 0;
}
