/* What audit rules cover, as auditctl -l prints them; and whose they are: collections and their hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source/collection.h"
#include "source/coverage.h"
#include "source/hostname.h"

static struct coverage of(const char *rules)
{
	return coverage_of_rules(span_of(rules));
}

static void test_no_rules(void **state)
{
	struct coverage coverage = of("No rules\n");

	assert_true(coverage.listed);
	assert_int_equal(coverage.rules, 0);
	assert_int_equal(coverage.procfs, COVERAGE_NONE);
	assert_false(of("").listed);
	assert_false(of("bash: auditctl: command not found\n").listed);
}

static void test_rules_that_see_procfs(void **state)
{
	assert_int_equal(of("-w /proc/ -p r -k procfs\n").procfs, COVERAGE_ALL);
	assert_int_equal(of("-a always,exit -S all -F dir=/proc -F perm=r -F key=procfs\n").procfs, COVERAGE_ALL);
	assert_int_equal(of("-a exit,always -F arch=b64 -S openat -F key=x\r\n").procfs, COVERAGE_ALL);
	assert_int_equal(of("-a always,exit -F arch=b64 -S read,openat2,write").procfs, COVERAGE_ALL);
	assert_int_equal(
		of("-a always,exit -F arch=b64 -S openat -F devmajor=0 -F devminor=21 -F key=proctor_procfs\n").procfs,
		COVERAGE_ALL);
}

static void test_rules_that_see_some(void **state)
{
	assert_int_equal(
		of("-a always,exit -F arch=b64 -S open,openat -F exit=-EACCES -F auid>=1000 -F key=access\n").procfs,
		COVERAGE_FAILURES);
	assert_int_equal(of("-a always,exit -F arch=b64 -S openat -F success=0\n").procfs, COVERAGE_FAILURES);
	assert_int_equal(of("-a always,exit -F arch=b64 -S openat -F auid>=1000 -F auid!=-1\n").procfs, COVERAGE_SOME);
	assert_int_equal(of("-a always,exit -F arch=b64 -S openat -F exe=/usr/bin/python3\n").procfs, COVERAGE_SOME);
	assert_int_equal(of("-w /proc/kcore -p r\n").procfs, COVERAGE_SOME);
}

static void test_rules_that_do_not(void **state)
{
	assert_int_equal(of("-w /etc/passwd -p wa -k identity\n").procfs, COVERAGE_NONE);
	assert_int_equal(of("-w /proc/ -p wa\n").procfs, COVERAGE_NONE);
	assert_int_equal(of("-a always,exit -S all -F dir=/etc -F perm=r\n").procfs, COVERAGE_NONE);
	assert_int_equal(of("-a always,exit -F arch=b64 -S execve -F key=exec\n").procfs, COVERAGE_NONE);
	assert_int_equal(of("-a always,user -F uid=0\n").procfs, COVERAGE_NONE);
	assert_int_equal(of("-a never,exit -F arch=b64 -S openat\n-a always,exit -F arch=b64 -S openat\n").procfs,
			 COVERAGE_NONE);
}

static void test_system_calls(void **state)
{
	struct coverage coverage = of("-a always,exit -F arch=b64 -S ptrace -F a0=0x10 -F key=inject\n"
				      "-a always,exit -F arch=b64 -S process_vm_readv,process_vm_writev\n");

	assert_int_equal(coverage.rules, 2);
	assert_int_equal(coverage.ptrace, COVERAGE_SOME);
	assert_int_equal(coverage.process_vm, COVERAGE_ALL);
	assert_int_equal(coverage.pidfd_getfd, COVERAGE_NONE);
	assert_int_equal(coverage.procfs, COVERAGE_NONE);
}

static void test_blindness(void **state)
{
	assert_true(of("-a never,filesystem -F fstype=0x9fa0\n").blind_filesystem);
	assert_true(of("-a filesystem,never -F fstype=40864\n").blind_filesystem);
	assert_false(of("-a never,filesystem -F fstype=0x64626720\n").blind_filesystem);
	assert_true(of("-a never,task\n").blind_task);
	assert_false(of("-a never,task -F uid=33\n").blind_task);
	assert_true(of("-a never,exit -F arch=b64 -S all\n").blind_exit);
	assert_false(of("-a never,exit -F exe=/usr/sbin/crond\n").blind_exit);
	assert_false(of("-a always,exit -F arch=b64 -S openat\n-a never,exit -S openat\n").blind_exit);
	assert_true(of("-a always,exclude -F msgtype=PATH\n").excludes_path);
	assert_true(of("-a never,exclude -F msgtype=SYSCALL\n").excludes_syscall);
}

static void test_odd_rules(void **state)
{
	static const char *const odd[] = {
		"-a",	    "-a ,",
		"-F",	    "-S",
		"-S ,,,",   "-F =",
		"-F exit=", "-F exit",
		"-w",	    "-p",
		"- - -",    "-a always,exit -F",
		"-C",	    "-a always,exit -F a0&=",
		"-----",    "-a exit,always -S",
		"-a exit",
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		of(odd[i]);
	assert_int_equal(coverage_of_rules((struct span){ NULL, 0 }).rules, 0);
}

static bool has_note(const struct summary *summary, const char *text)
{
	for (size_t i = 0; i < SUMMARY_NOTES_MAX; i++)
		if (summary->notes[i].count && strstr(summary->notes[i].text, text))
			return true;
	return false;
}

static void test_notes(void **state)
{
	static struct summary summary;
	struct coverage coverage = of("-a never,filesystem -F fstype=0x9fa0\n-a never,task\n-w /etc/passwd -p wa\n");

	memset(&summary, 0, sizeof(summary));
	coverage_note(&coverage, "web1", &summary);
	assert_true(has_note(&summary, "web1: no rule covers opens on procfs"));
	assert_true(has_note(&summary, "-a never,filesystem -F fstype=0x9fa0"));
	assert_true(has_note(&summary, "-a never,task"));
	assert_true(has_note(&summary, "no rule covers ptrace"));
	assert_int_equal(summary_status(&summary), 0);
}

static void check_host(struct span host, const char *expected)
{
	assert_int_equal(host.len, strlen(expected));
	assert_memory_equal(host.data, expected, host.len);
}

static void test_host_names(void **state)
{
	check_host(hostname_of_text(SPAN("web1\n")), "web1");
	check_host(hostname_of_text(SPAN("\n web1.example.org \nx")), "web1.example.org");
	check_host(hostname_of_text(SPAN("two words\n")), "");
	check_host(hostname_of_text(SPAN("\x1b[31mred\n")), "");
	check_host(hostname_of_text(SPAN("")), "");
	check_host(hostname_of_json(SPAN("{\"Name\":\"x\", \"Hostname\" : \"web1\", \"OS\":\"linux\"}")), "web1");
	check_host(hostname_of_json(SPAN("{\"os_info\":{\"hostname\":\"web2\"}}")), "web2");
	check_host(hostname_of_json(SPAN("{\"hostname\":1,\"hostname\":\"w\"}")), "w");
	check_host(hostname_of_json(SPAN("{\"hostname\":\"")), "");
	check_host(hostname_of_json(SPAN("\"hostname\"")), "");
	check_host(hostname_of_label(SPAN("/case/uac-web-01-linux-20240102030405.tar.gz")), "web-01");
	check_host(hostname_of_label(SPAN("uac-web-01-linux-20240102030405/")), "web-01");
	check_host(hostname_of_label(SPAN("sosreport-db1-2024-01-02-abcdefg.tar.xz")), "db1");
	check_host(hostname_of_label(SPAN("Collection-ws7.corp-2024-01-02T03_04_05Z.zip")), "ws7.corp");
	check_host(hostname_of_label(SPAN("logs.tar.gz")), "");
	check_host(hostname_of_label(SPAN("uac-")), "");
	check_host(hostname_of_label(SPAN("")), "");
}

static void check_role(struct collections *collections, const char *name, enum collection_role role, const char *place,
		       const char *host)
{
	char found[COLLECTION_PLACE_MAX];
	const char *of_host;

	assert_int_equal(collections_role(collections, span_of(name), found, &of_host), role);
	if (role == COLLECTION_LOG)
		assert_string_equal(found, place);
	if (host)
		assert_string_equal(of_host, host);
	else
		assert_null(of_host);
}

static struct collections *collections_of(const char *label, struct arena *arena, const char *const *names)
{
	struct collections *collections;

	arena_init(arena, 0);
	collections = collections_create(label, arena);
	assert_non_null(collections);
	for (; *names; names++)
		assert_int_equal(collections_learn(collections, span_of(*names)), 0);
	return collections;
}

static void test_uac(void **state)
{
	static const char *const names[] = { "./[root]/var/log/audit/audit.log.1",
					     "./live_response/system/auditctl_-l.txt", "./live_response/process/ps.txt",
					     NULL };
	struct arena arena;
	struct collections *collections = collections_of("uac-web1-linux-20240102030405.tar.gz", &arena, names);

	check_role(collections, names[0], COLLECTION_LOG, "/var/log/audit/audit.log.1", "web1");
	check_role(collections, names[2], COLLECTION_OTHER, NULL, "web1");
	assert_true(collections_wants(span_of(names[1])));
	assert_true(collections_wants(SPAN("live_response/network/hostname.txt")));
	assert_int_equal(collections_tell(collections, SPAN("live_response/network/hostname.txt"), SPAN("web-01\n")),
			 0);
	check_role(collections, names[0], COLLECTION_LOG, "/var/log/audit/audit.log.1", "web-01");
	collections_destroy(collections);
	arena_finish(&arena);
}

static void test_sosreport(void **state)
{
	static const char *const names[] = {
		"sosreport-db1-2024-01-02-abcdefg/var/log/secure",
		"sosreport-db1-2024-01-02-abcdefg/sos_commands/auditd/auditctl_-l",
		"sosreport-db1-2024-01-02-abcdefg/sos_strings/auditd/var.log.audit.audit.log.tailed",
		"sosreport-db1-2024-01-02-abcdefg/sos_commands/logs/journalctl_--no-pager_--boot",
		"elsewhere/var/log/secure",
		NULL,
	};
	struct arena arena;
	struct collections *collections = collections_of("case", &arena, names);
	static struct summary summary;

	memset(&summary, 0, sizeof(summary));
	check_role(collections, names[0], COLLECTION_LOG, "/var/log/secure", "db1");
	check_role(collections, names[1], COLLECTION_OTHER, NULL, "db1");
	check_role(collections, names[2], COLLECTION_LOG, "/var/log/audit/audit.log", "db1");
	check_role(collections, names[3], COLLECTION_LOG, "/var/log/journalctl", "db1");
	check_role(collections, names[4], COLLECTION_NONE, NULL, NULL);
	assert_int_equal(collections_tell(collections, span_of(names[1]), SPAN("-a never,task\n")), 0);
	collections_note(collections, &summary);
	assert_true(has_note(&summary, "sosreport collection of db1"));
	assert_true(has_note(&summary, "db1: the rule -a never,task"));
	/* With syslog's files, the rendering of the journal would say it all twice. */
	collections_learn(collections, SPAN("sosreport-db1-2024-01-02-abcdefg/var/log/messages"));
	check_role(collections, names[3], COLLECTION_OTHER, NULL, "db1");
	collections_destroy(collections);
	arena_finish(&arena);
}

static void test_velociraptor(void **state)
{
	static const char *const names[] = { "uploads/auto/%2Fvar%2Flog%2Faudit%2Faudit.log",
					     "uploads/file/var/log/syslog",
					     "uploads/auto/etc/passwd",
					     "uploads/auto/%2",
					     "results/x.json",
					     NULL };
	struct arena arena;
	struct collections *collections = collections_of("x.zip", &arena, names);

	check_role(collections, names[0], COLLECTION_NONE, NULL, NULL); /* a web server may have such a folder */
	collections_learn(collections, SPAN("client_info.json"));
	collections_tell(collections, SPAN("client_info.json"), SPAN("{\"Hostname\":\"velo1\"}"));
	check_role(collections, names[0], COLLECTION_LOG, "/var/log/audit/audit.log", "velo1");
	check_role(collections, names[1], COLLECTION_LOG, "/var/log/syslog", "velo1");
	check_role(collections, names[2], COLLECTION_OTHER, NULL, "velo1");
	check_role(collections, names[3], COLLECTION_OTHER, NULL, "velo1");
	check_role(collections, names[4], COLLECTION_OTHER, NULL, "velo1");
	collections_destroy(collections);
	arena_finish(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_rules),
		cmocka_unit_test(test_rules_that_see_procfs),
		cmocka_unit_test(test_rules_that_see_some),
		cmocka_unit_test(test_rules_that_do_not),
		cmocka_unit_test(test_system_calls),
		cmocka_unit_test(test_blindness),
		cmocka_unit_test(test_odd_rules),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_host_names),
		cmocka_unit_test(test_uac),
		cmocka_unit_test(test_sosreport),
		cmocka_unit_test(test_velociraptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
