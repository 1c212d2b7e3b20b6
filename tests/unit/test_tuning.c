/* rules/tuning: what is normal, and all that makes it not so. */
#include "assessed.h"

static const char *tuned_by(const struct access *access)
{
	static char name[64];
	const struct sigma_rule *filter = judged(access).filter;

	if (filter && (!filter->name.len || !filter->description.len))
		fail_msg("a tuning without a name or a reason");
	snprintf(name, sizeof(name), "%.*s", filter ? (int)filter->name.len : 0, filter ? filter->name.data : "");
	return name;
}

#define BY_PS(...) OPENED(.entry = ENTRY_ENVIRON, ACTOR(.exe = SPAN("/usr/bin/ps")), __VA_ARGS__)

static void by_path(void **state)
{
	assert_string_equal(tuned_by(BY_PS()), "ps");
	assert_string_equal(tuned_by(BY_PS(.outcome = -13)), "ps");
	assert_string_equal(tuned_by(BY_PS(ACTOR(.exe = SPAN("/tmp/ps")))), "");
	assert_string_equal(tuned_by(BY_PS(ACTOR(.exe = SPAN("/usr/bin/ps (deleted)")))), "");
	assert_string_equal(tuned_by(BY_PS(ACTOR(.exe = SPAN("/usr/bin/ps\0x")))), "");
	assert_string_equal(tuned_by(BY_PS(ACTOR(.exe = { NULL, 0 }, .comm = SPAN("ps")))), "");
}

/* A star stays within its directory. */
static void by_pattern(void **state)
{
	assert_string_equal(tuned_by(BY_PS(ACTOR(.exe = SPAN("/usr/bin/systemd-detect-virt")), TARGET(.pid = 1))),
			    "systemd");
	assert_string_equal(tuned_by(BY_PS(ACTOR(.exe = SPAN("/usr/bin/systemd-x/y")), TARGET(.pid = 1))), "");
}

static void only_its_entries(void **state)
{
	assert_string_equal(tuned_by(BY_PS(.entry = ENTRY_MAPS)), "");
	assert_string_equal(tuned_by(BY_PS(.entry = ENTRY_NONE)), "");
	for (enum entry entry = ENTRY_NONE; entry < ENTRY_COUNT; entry++)
		if (entry != ENTRY_ENVIRON)
			assert_string_equal(tuned_by(BY_PS(.entry = entry)), "");
}

/* Whatever is tuned: mem never is, nor any verb but an open, nor an open for writing. */
static void never(void **state)
{
	static const char *const programs[] = { "/usr/bin/ps",	  "/usr/bin/lsof", "/usr/bin/htop", "/usr/bin/atop",
						"/usr/bin/fuser", "/usr/bin/pmap", "/usr/bin/perl", "/opt/own" };

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		struct access mem = *OPENED(TARGET(.ppid = 500));
		mem.actor.exe = span_of(programs[i]);
		mem.actor.script = SPAN("/usr/sbin/needrestart");
		mem.actor.script_uid = 0;
		assert_string_equal(tuned_by(&mem), "");
	}
	assert_string_equal(tuned_by(BY_PS(.verb = VERB_PTRACE)), "");
	assert_string_equal(tuned_by(BY_PS(.verb = VERB_EXEC)), "");
	assert_string_equal(tuned_by(BY_PS(.write = true)), "");
	assert_string_equal(tuned_by(BY_PS(.trusted_exe = false)), "");
	assert_string_equal(tuned_by(BY_PS(.trust = TRUST_ANY_USER)), "");
	assert_string_equal(tuned_by(BY_PS(.sighting = SIGHTING_EXECUTION)), "");
}

#define BY_SCRIPT(...)                                                                                           \
	OPENED(.entry = ENTRY_MAPS, ACTOR(.exe = SPAN("/usr/bin/perl"), .script = SPAN("/usr/sbin/needrestart"), \
					  .script_uid = 0, __VA_ARGS__))

static void by_script(void **state)
{
	assert_string_equal(tuned_by(BY_SCRIPT()), "needrestart");
	assert_string_equal(tuned_by(BY_SCRIPT(.script_uid = 1000)), "");
	assert_string_equal(tuned_by(BY_SCRIPT(.script_uid = UNKNOWN_ID)), "");
	assert_string_equal(tuned_by(BY_SCRIPT(.script = SPAN("/tmp/needrestart"))), "");
	assert_string_equal(tuned_by(BY_SCRIPT(.script = { NULL, 0 })), "");
	assert_string_equal(tuned_by(BY_SCRIPT(.exe = SPAN("/opt/perl"))), "");
}

static void only_of_init(void **state)
{
#define OF(number) OPENED(.entry = ENTRY_ENVIRON, ACTOR(.exe = SPAN("/usr/bin/systemd-run")), TARGET(.pid = (number)))
	assert_string_equal(tuned_by(OF(1)), "systemd");
	assert_string_equal(tuned_by(OF(2)), "");
	assert_string_equal(tuned_by(OF(UNKNOWN_ID)), "");
#undef OF
}

#define OF_CHILD(...) OPENED(.entry = ENTRY_MAPS, __VA_ARGS__)

static void only_of_its_child(void **state)
{
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = 500))), "own-child");
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = 501))), "");
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = 500), .certain = false)), "");
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = 500, .start_ms = TIME_UNKNOWN))), "");
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = 500, .uid = 33))), "");
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = 500, .euid = 33))), "");
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = 500, .comm = SPAN("sshd")))), "");
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = 500, .exe = SPAN("/usr/bin/sudo")))), "");
	assert_string_equal(tuned_by(OF_CHILD(TARGET(.ppid = UNKNOWN_ID, .pid = UNKNOWN_ID), ACTOR(.pid = UNKNOWN_ID))),
			    "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_path),	     cmocka_unit_test(by_pattern),
		cmocka_unit_test(only_its_entries),  cmocka_unit_test(never),
		cmocka_unit_test(by_script),	     cmocka_unit_test(only_of_init),
		cmocka_unit_test(only_of_its_child),
	};

	return cmocka_run_group_tests_name("tuning", tests, NULL, NULL);
}
