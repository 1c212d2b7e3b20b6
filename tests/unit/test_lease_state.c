/* What a lease writes down before it changes the kernel. */
#include "host_rules.h"

#include "host/lease_state.h"

static struct lease_state sample(void)
{
	struct lease_state state = { .daemon = 7 };

	state.settings[LEASE_ENABLED].changed = true;
	state.settings[LEASE_ENABLED].from = 0;
	state.settings[LEASE_ENABLED].to = 1;
	state.settings[LEASE_BACKLOG].changed = true;
	state.settings[LEASE_BACKLOG].from = 64;
	state.settings[LEASE_BACKLOG].to = 8192;
	give_rule(&state.rules, "-a always,exit -F arch=b64 -S open -F exe=/x -k proctor_procfs");
	give_rule(&state.rules, "-a always,exit -F arch=b32 -S ptrace -F a0=16 -k proctor_xmem");
	return state;
}

static void test_round_trip(void **state)
{
	struct lease_state before = sample(), after = { 0 };
	struct buffer text = { 0 };

	lease_state_write(&before, SPAN("abc-1"), &text);
	assert_int_equal(lease_state_read(&after, SPAN("abc-1"), buffer_span(&text)), 1);
	assert_int_equal(after.daemon, 7);
	assert_false(after.settings[LEASE_FAILURE].changed);
	assert_int_equal(after.settings[LEASE_BACKLOG].from, 64);
	assert_int_equal(after.settings[LEASE_BACKLOG].to, 8192);
	assert_true(after.settings[LEASE_ENABLED].changed);
	assert_int_equal(after.rules.count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_true(kernel_rule_equal(&after.rules.items[i], &before.rules.items[i]));
	lease_state_finish(&after);
	lease_state_finish(&before);
	buffer_finish(&text);
}

static void test_another_boot(void **state)
{
	struct lease_state before = sample(), after = { 0 };
	struct buffer text = { 0 };

	lease_state_write(&before, SPAN("abc-1"), &text);
	assert_int_equal(lease_state_read(&after, SPAN("abc-2"), buffer_span(&text)), 0);
	assert_int_equal(after.rules.count, 0);
	lease_state_finish(&before);
	buffer_finish(&text);
}

static void assert_broken(const char *text)
{
	struct lease_state state = { 0 };

	assert_int_equal(lease_state_read(&state, SPAN("b"), span_of(text)), -EBADMSG);
	lease_state_finish(&state);
}

#define HEAD "proctor-audit-lease 1\nboot b\n"

static void test_broken(void **state)
{
	assert_broken("");
	assert_broken("proctor-audit-lease 2\nboot b\n");
	assert_broken("proctor-audit-lease 1\n");
	assert_broken(HEAD "daemon x\n");
	assert_broken(HEAD "enabled 1\n");
	assert_broken(HEAD "enabled 1 99999999999\n");
	assert_broken(HEAD "enabled 1 0 0\n");
	assert_broken(HEAD "unknown 1 2\n");
	assert_broken(HEAD "rule 0400\n");
	assert_broken(HEAD "rule 040\n");
	assert_broken(HEAD "rule xx00\n");
	assert_broken(HEAD "daemon 1"); /* cut */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_another_boot),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
