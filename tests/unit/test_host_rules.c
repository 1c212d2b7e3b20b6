/* The kernel's audit rules: which, as auditctl writes them, and as libaudit understands them. */
#include "host_rules.h"

#include "host/audit_print.h"
#include "host/rule_command.h"

static const struct procfs_list two_procfs = {
	.items = { { .minor = 21, .whole = true, .where = "/proc" }, { .minor = 55, .pid = 7, .where = "/a\033b" } },
	.count = 2,
};

static struct audit_rules built(const struct audit_wish *wish)
{
	struct audit_rules rules = { 0 };
	struct err err = { 0 };

	assert_int_equal(audit_rules_build(&rules, wish, &err), 0);
	return rules;
}

static bool has_line(const struct audit_rules *rules, const char *line)
{
	for (size_t i = 0; i < rules->count; i++)
		if (strcmp(text_of(&rules->items[i]), line) == 0)
			return true;
	return false;
}

static void test_full_profile(void **state)
{
	struct audit_wish wish = { .procfs = &two_procfs, .runs_32bit = true };
	struct audit_rules rules = built(&wish);

	if (machine_arch(true) != AUDIT_ARCH_X86_64)
		skip();
	assert_int_equal(rules.count, 2 * 8 + 1);
	assert_true(has_line(&rules, "-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F devmajor=0 -F "
				     "devminor=21 -k proctor_procfs"));
	assert_true(has_line(&rules, "-a always,exit -F arch=b32 -S open,creat,openat,openat2 -F devmajor=0 -F "
				     "devminor=55 -k proctor_procfs"));
	assert_true(has_line(&rules, "-a always,exit -F arch=b32 -S process_vm_readv,process_vm_writev,pidfd_getfd -k "
				     "proctor_xmem"));
	assert_true(has_line(&rules, "-a always,exit -F arch=b32 -S ptrace -F a0=0x10 -k proctor_xmem"));
	assert_true(has_line(&rules, "-a always,exit -F arch=b64 -S ptrace -F a0=0x4206 -k proctor_xmem"));
	assert_true(has_line(&rules, "-a always,exit -F arch=b64 -S chroot,mount,open_tree,move_mount,fsopen,fsmount "
				     "-k proctor_mnt"));
	assert_true(has_line(&rules, "-a always,exit -F arch=b64 -S io_uring_setup -k proctor_iouring"));
	assert_true(has_line(&rules, "-a always,exit -F arch=b64 -S execve,execveat -F success=1 -k proctor_exec"));
	assert_true(has_line(&rules, "-a always,io_uring -S openat,openat2 -k proctor_iouring"));
	audit_rules_finish(&rules);
}

static void test_without_32_bit(void **state)
{
	struct audit_wish wish = { .procfs = &two_procfs };
	struct audit_rules rules = built(&wish);

	if (machine_arch(true) == 0)
		skip();
	for (size_t i = 0; i < rules.count; i++)
		assert_null(strstr(text_of(&rules.items[i]), "b32"));
	audit_rules_finish(&rules);
}

static void test_targeted_profile(void **state)
{
	static const struct audit_target targets[] = { { 4242, "sshd" } };
	struct audit_wish wish = {
		.profile = AUDIT_PROFILE_TARGETED, .procfs = &two_procfs, .targets = targets, .target_count = 1
	};
	struct audit_rules rules = built(&wish);

	if (machine_arch(true) != AUDIT_ARCH_X86_64)
		skip();
	assert_int_equal(rules.count, 4 + 6 + 1);
	assert_string_equal(text_of(&rules.items[0]), "-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F "
						      "path=/proc/4242/mem -k proctor_procfs");
	assert_string_equal(text_of(&rules.items[3]), "-a always,exit -F arch=b64 -S open,creat,openat,openat2 -F "
						      "dir=/proc/4242/task -k proctor_procfs");
	audit_rules_finish(&rules);
	wish.target_count = AUDIT_TARGETS_MAX + 1;
	struct err err = { 0 };
	assert_int_equal(audit_rules_build(&rules, &wish, &err), -E2BIG);
	assert_non_null(strstr(err.text, "full profile"));
}

static void test_scope(void **state)
{
	struct audit_wish wish = {
		.procfs = &two_procfs,
		.scope = { .exe = "/opt/x y", .has_uid = true, .has_auid = true, .uid = 0, .auid = 1000, .pid = 9 }
	};
	struct audit_rules rules = { 0 };
	struct err err = { 0 };

	assert_int_equal(audit_rules_build(&rules, &wish, &err), -EINVAL);
	wish.scope.exe = "bin/x";
	assert_int_equal(audit_rules_build(&rules, &wish, &err), -EINVAL);
	wish.scope.exe = "/x\n-D";
	assert_int_equal(audit_rules_build(&rules, &wish, &err), -EINVAL);
	assert_int_equal(rules.count, 0);
	wish.scope.exe = "/opt/x";
	assert_int_equal(audit_rules_build(&rules, &wish, &err), 0);
	for (size_t i = 0; i < rules.count; i++)
		assert_non_null(
			strstr(text_of(&rules.items[i]), " -F pid=9 -F uid=0 -F auid=1000 -F exe=/opt/x -k proctor_"));
	audit_rules_finish(&rules);
}

/* What we print is what we install: libaudit, which reads it for auditctl, makes the same bytes of it. */
static void test_text_is_the_rule(void **state)
{
	static const struct audit_target targets[] = { { 4242, "sshd" } };
	struct audit_wish wish = { .procfs = &two_procfs,
				   .runs_32bit = true,
				   .scope = { .exe = "/opt/x", .has_uid = true, .uid = 5, .pid = 9 },
				   .targets = targets,
				   .target_count = 1 };
	struct audit_rules rules = built(&wish);

	wish.profile = AUDIT_PROFILE_TARGETED;
	assert_int_equal(audit_rules_build(&rules, &wish, NULL), 0);
	for (size_t i = 0; i < rules.count; i++) {
		struct kernel_rule theirs = rule_of(text_of(&rules.items[i]));
		assert_true(kernel_rule_equal(&rules.items[i], &theirs));
		kernel_rule_finish(&theirs);
	}
	audit_rules_finish(&rules);
}

static void test_text_of_others_rules(void **state)
{
	static const char *const texts[] = {
		"-a always,exit -F arch=b64 -S all -F path=/etc/passwd -F perm=wa -k identity",
		"-a always,exit -F arch=b32 -S open -F exit=-13 -F auid>=1000 -F auid!=unset -k one -k two",
		"-a never,exit -F arch=b64 -S all -F uid!=0 -C uid!=obj_uid",
		"-a never,filesystem -F fstype=0x9fa0",
		"-a never,task -F uid=33",
		"-a always,exclude -F msgtype=CWD",
		"-a never,user -F uid<1000",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char text[512];
		snprintf(text, sizeof(text), "%s", texts[i]);
		/* Two keys are one field for libaudit. */
		char *second = strstr(text, " -k two");
		if (second)
			memcpy(second, "\001two", sizeof("\001two"));
		struct kernel_rule rule = rule_of(text);
		assert_string_equal(text_of(&rule), texts[i]);
		kernel_rule_finish(&rule);
	}
}

static enum kernel_rule_owner owner_of(const char *keys)
{
	struct kernel_rule rule;

	kernel_rule_init(&rule, AUDIT_FILTER_EXIT, AUDIT_ALWAYS);
	if (keys)
		kernel_rule_text_field(&rule, AUDIT_FILTERKEY, span_of(keys));
	enum kernel_rule_owner owner = kernel_rule_owner(&rule);
	kernel_rule_finish(&rule);
	return owner;
}

static void test_owner(void **state)
{
	assert_int_equal(owner_of("proctor_procfs"), KERNEL_RULE_OURS);
	assert_int_equal(owner_of("proctor_exec\1proctor_mnt"), KERNEL_RULE_OURS);
	assert_int_equal(owner_of("proctor_procfs_other"), KERNEL_RULE_OTHERS);
	assert_int_equal(owner_of("proctor_mnt\1site"), KERNEL_RULE_SHARED);
	assert_int_equal(owner_of("site\1proctor_mnt"), KERNEL_RULE_SHARED);
	assert_int_equal(owner_of(""), KERNEL_RULE_OTHERS);
	assert_int_equal(owner_of(NULL), KERNEL_RULE_OTHERS);
}

static void test_copy_refuses_what_contradicts_itself(void **state)
{
	struct kernel_rule good = rule_of("-a always,exit -F arch=b64 -S open -F dir=/proc -k x"), copy;
	size_t len = kernel_rule_size(&good);
	char *bytes = malloc(len);
	struct audit_rule_data *data = (struct audit_rule_data *)bytes;

	memcpy(bytes, good.data, len);
	assert_true(kernel_rule_copy(&copy, bytes, len));
	assert_true(kernel_rule_equal(&good, &copy));
	kernel_rule_finish(&copy);
	assert_false(kernel_rule_copy(&copy, bytes, len - 1));
	assert_false(kernel_rule_copy(&copy, bytes, 4));
	data->values[1] = UINT32_MAX - 1; /* the length of the directory */
	assert_false(kernel_rule_copy(&copy, bytes, len));
	memcpy(bytes, good.data, len);
	data->field_count = AUDIT_MAX_FIELDS + 1;
	assert_false(kernel_rule_copy(&copy, bytes, len));
	memcpy(bytes, good.data, len);
	data->buflen = 1u << 31;
	assert_false(kernel_rule_copy(&copy, bytes, len));
	free(bytes);
	kernel_rule_finish(&good);
}

static void test_too_many_fields(void **state)
{
	struct kernel_rule rule;

	kernel_rule_init(&rule, AUDIT_FILTER_EXIT, AUDIT_ALWAYS);
	for (int i = 0; i < AUDIT_MAX_FIELDS; i++)
		kernel_rule_field(&rule, AUDIT_PID, AUDIT_EQUAL, 1);
	assert_non_null(rule.data);
	kernel_rule_text_field(&rule, AUDIT_FILTERKEY, SPAN("x"));
	assert_null(rule.data);
	kernel_rule_finish(&rule);
}

static void test_command_is_quoted(void **state)
{
	struct kernel_rule rule = rule_of("-a never,exit -F arch=b64 -S open -F auid>=1000 -F exe=/a'b -k x");
	struct buffer text = { 0 };

	rule_command_write(&rule, "-d", &text);
	buffer_add_byte(&text, '\0');
	assert_string_equal(text.data,
			    "auditctl -d never,exit -F arch=b64 -S open -F 'auid>=1000' -F 'exe=/a'\\''b' -k x");
	buffer_finish(&text);
	kernel_rule_finish(&rule);
}

static void assert_printed(const struct audit_print *print, const char *has, bool expected)
{
	struct buffer text = { 0 };

	audit_print_write(print, &text);
	buffer_add_byte(&text, '\0');
	assert_int_equal(strstr(text.data, has) != NULL, expected);
	buffer_finish(&text);
}

/* A process can call itself anything, and a mount point hold anything. */
static void test_print_lets_no_name_add_a_rule(void **state)
{
	static const struct audit_target targets[] = { { 1, "a\n-D\n\033[2J" } };
	struct audit_wish wish = { .procfs = &two_procfs, .targets = targets, .target_count = 1 };
	struct audit_rules none = { 0 };
	struct audit_print print = { .rules = &none, .wish = &wish };

	assert_printed(&print, "#   55  /a?b in the mounts of process 7\n", true);
	wish.profile = AUDIT_PROFILE_TARGETED;
	assert_printed(&print, "#   1  a?-D??[2J\n", true);
	assert_printed(&print, "\n-D", false);
}

static void test_print_settings(void **state)
{
	struct audit_wish wish = { .procfs = &two_procfs };
	struct audit_rules rules = built(&wish);
	struct audit_print print = { .rules = &rules, .wish = &wish };

	assert_printed(&print, "\n-b 8192\n", true);
	assert_printed(&print, "\n-e 1\n", false);
	assert_printed(&print, "\n#-a always,io_uring ", true);
	assert_printed(&print, "SCOPED", false);
	print.backlog_limit = 65536;
	print.enable = true;
	wish.scope.pid = 1;
	assert_printed(&print, "\n-b 65536\n", true);
	assert_printed(&print, "\n-e 1\n", true);
	assert_printed(&print, "SCOPED", true);
	audit_rules_finish(&rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_profile),
		cmocka_unit_test(test_without_32_bit),
		cmocka_unit_test(test_targeted_profile),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_text_is_the_rule),
		cmocka_unit_test(test_text_of_others_rules),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_copy_refuses_what_contradicts_itself),
		cmocka_unit_test(test_too_many_fields),
		cmocka_unit_test(test_command_is_quoted),
		cmocka_unit_test(test_print_lets_no_name_add_a_rule),
		cmocka_unit_test(test_print_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
