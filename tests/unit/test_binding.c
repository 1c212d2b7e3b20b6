/* rule/binding.c: what proctor saw, as the fields that rules ask for. */
#include "sigma_scene.h"

#include "judged.h"

#include "rule/binding.h"

#define SYSCALL_BODY                                                                                  \
	"arch=c000003e syscall=59 success=yes exit=0 a0=10 ppid=1000 pid=2000 auid=4294967295 uid=0 " \
	"ses=1 tty=(none) comm=\"cat\" exe=2F746D702F6120622F636174 key=6F6E650174776F"
#define EXECVE_BODY "argc=3 a0=\"cat\" a1=2D63206C73 a2_len=9000 a2[0]=4142 a2[1]=\"CD\""
#define LOGIN_BODY "pid=700 uid=0 msg='op=login acct=6A6F6520 type=SYSCALL res=success'"

static struct {
	struct scene scene;
	struct binding binding;
	struct sigma_event *event;
} bound;

static void bind(const char *rules)
{
	scene_open(&bound.scene, rules);
	assert_int_equal(binding_init(&bound.binding, bound.scene.rules, bound.scene.engine), 0);
}

static int unbind(void **state)
{
	binding_finish(&bound.binding);
	scene_close(&bound.scene);
	return 0;
}

static bool matches(const char *id)
{
	bound.scene.count = sigma_evaluate(bound.scene.evaluator, bound.event, &bound.scene.matches);
	return scene_match(&bound.scene, id) != NULL;
}

static void audit(void)
{
	static const struct event_record records[] = {
		{ .type = AUDIT_TYPE_SYSCALL, .body = { SYSCALL_BODY, sizeof(SYSCALL_BODY) - 1 } },
		{ .type = AUDIT_TYPE_EXECVE, .body = { EXECVE_BODY, sizeof(EXECVE_BODY) - 1 } },
		{ .type = 1112, .body = { LOGIN_BODY, sizeof(LOGIN_BODY) - 1 } },
	};
	static const struct event event = { .time_ms = T0, .serial = 7, .records = records, .count = 3 };

	bound.event = binding_audit(&bound.binding, &event);
}

/* A number of an even number of digits reads as hex, too. */
static void test_binding_audit_numbers(void **state)
{
	bind(ONE("number", "        syscall: 59\n        auid: 4294967295\n        a0: '10'\n        ppid: 1000\n") ONE(
		"name", "        syscall: execve\n        SYSCALL: execve\n") ONE("none", "        tty: '(none)'\n"));
	audit();
	assert_true(matches("number"));
	assert_true(matches("name"));
	assert_false(matches("none"));
}

static void test_binding_audit_texts(void **state)
{
	bind(ONE("exe", "        exe: '/tmp/a b/cat'\n") ONE("keys", "        key|all: [one, two]\n")
		     ONE("argument", "        a1: -c ls\n") ONE("pieces", "        a2|all: [AB, CD]\n")
			     ONE("account", "        acct: 'joe '\n        op: login\n")
				     ONE("length", "        a2: '9000'\n"));
	audit();
	assert_true(matches("exe"));
	assert_true(matches("keys"));
	assert_true(matches("argument"));
	assert_true(matches("pieces"));
	assert_true(matches("account"));
	assert_false(matches("length"));
}

/* What a daemon writes does not say of which type a record is. */
static void test_binding_audit_types(void **state)
{
	static const struct event_record record = { .type = 1112, .body = { LOGIN_BODY, sizeof(LOGIN_BODY) - 1 } };
	static const struct event event = { .time_ms = T0, .serial = 7, .records = &record, .count = 1 };

	bind(ONE("call", "        type: SYSCALL\n") ONE("login", "        type: USER_LOGIN\n"));
	bound.event = binding_audit(&bound.binding, &event);
	assert_false(matches("call"));
	assert_true(matches("login"));
}

/* Keywords see what no rule names, in hex or not. */
static void test_binding_audit_keywords(void **state)
{
	bind(RULE("words", "    k:\n        '|all': [argc=3, '-c ls', 'joe ']\n", "k")
		     RULE("other", "    k: [nowhere]\n", "k"));
	audit();
	assert_true(matches("words"));
	assert_false(matches("other"));
}

/* ---- fields.def promises nothing that no event has ---- */

static void rule_of_all_fields(struct buffer *text, enum sigma_source source, const char *logsource)
{
	buffer_printf(text, "---\ntitle: t\nid: all-%d\nlogsource:\n    product: linux\n%sdetection:\n    s:\n",
		      (int)source, logsource);
	for (uint32_t i = 0; i < SIGMA_FIELD_TABLE; i++)
		if (sigma_field_source((enum sigma_field)i) == source)
			buffer_printf(text, "        %s|exists: true\n", sigma_field_name((enum sigma_field)i));
	buffer_text(text, "    condition: s\n");
}

static void bind_all(enum sigma_source source, const char *logsource)
{
	struct buffer text = { 0 };

	rule_of_all_fields(&text, source, logsource);
	buffer_add_byte(&text, '\0');
	bind(text.data);
	buffer_finish(&text);
}

static void assert_filled(enum sigma_source source)
{
	for (uint32_t i = 0; i < SIGMA_FIELD_TABLE; i++)
		if (sigma_field_source((enum sigma_field)i) == source && bound.event->heads[i] == SIGMA_FIELD_NONE)
			fail_msg("no event has %s", sigma_field_name((enum sigma_field)i));
}

static struct access known(void)
{
	return *OPENED(.host = SPAN("web1"), .path = SPAN("mem"), .resolved_path = SPAN("/proc/812/mem"),
		       .parent_exe = SPAN("/bin/sh"), .parent_cmdline = SPAN("sh"), .message = SPAN("m"),
		       ACTOR(.cmdline = SPAN("x y"), .script = SPAN("/opt/y"), .script_uid = 0, .cwd = SPAN("/"),
			     .tty = SPAN("pts0")));
}

static void test_binding_promises_access(void **state)
{
	const struct access access = known();

	bind_all(SIGMA_SOURCE_PROCESS_ACCESS, "    category: process_access\n");
	bound.event = binding_access(&bound.binding, &access);
	assert_filled(SIGMA_SOURCE_PROCESS_ACCESS);
}

static void test_binding_promises_creation(void **state)
{
	const struct access access = known();

	bind_all(SIGMA_SOURCE_PROCESS_CREATION, "    category: process_creation\n");
	bound.event = binding_execution(&bound.binding, &access);
	assert_filled(SIGMA_SOURCE_PROCESS_CREATION);
}

/* ---- what can be passed over ---- */

#define STARTED(id, lines)                                                                             \
	"---\ntitle: t\nid: " id                                                                       \
	"\nlogsource:\n    product: linux\n    category: process_creation\ndetection:\n    s:\n" lines \
	"    condition: s\n"

/* Whether a rule can match, as a glance tells; 2: it cannot tell. */
static int glance(const struct access *access)
{
	struct span text = binding_glance(&bound.binding, access);

	return text.data ? sigma_glance(bound.scene.evaluator, SIGMA_SOURCE_PROCESS_CREATION, text) : 2;
}

static void test_binding_glance(void **state)
{
	static char many[2 * BINDING_GLANCE];

	memset(many, 'a', sizeof(many));
	bind(STARTED("image", "        Image|endswith: '/Nmap'\n")
		     STARTED("line", "        CommandLine|re: 'x+ dump'\n")
			     STARTED("two", "        ProcessName: x\n        Script|contains: '/tmp/a'\n"));
	assert_int_equal(glance(OPENED(ACTOR(.exe = SPAN("/usr/bin/nMAP")))), 1);
	assert_int_equal(glance(OPENED(ACTOR(.exe = SPAN("/usr/bin/map")))), 0);
	assert_int_equal(glance(OPENED(ACTOR(.cmdline = SPAN("xx dump")))), 1);
	assert_int_equal(glance(OPENED(ACTOR(.script = SPAN("/tmp/ab")))), 1);
	assert_int_equal(glance(OPENED(ACTOR(.script = SPAN("/tmp/b")))), 0);
	assert_int_equal(glance(OPENED(ACTOR(.cmdline = { many, BINDING_GLANCE - 7 }))), 0);
	assert_int_equal(glance(OPENED(ACTOR(.cmdline = { many, BINDING_GLANCE }))), 2);
	assert_int_equal(glance(OPENED(ACTOR(.exe = {}, .comm = {}))), 0);
}

/* A rule that looks elsewhere, or for no text. */
static void test_binding_no_glance(void **state)
{
	bind(STARTED("parent", "        ParentImage|endswith: '/nmap'\n")
		     STARTED("i", "        Image|endswith: '/nmap'\n"));
	assert_int_equal(glance(OPENED()), 2);
	unbind(state);
	bind(STARTED("image", "        Image|endswith: '/nmap'\n") STARTED("user", "        Image|re: '.*'\n"));
	assert_int_equal(glance(OPENED()), 2);
	unbind(state);
	bind(STARTED("keyword", "        - nmap\n"));
	assert_int_equal(glance(OPENED()), 2);
}

static struct access file_made(bool created)
{
	struct access access = known();

	access.sighting = SIGHTING_FILE;
	access.verb = VERB_WRITE;
	access.entry = ENTRY_NONE;
	access.created = created;
	access.resolved_path = SPAN("/etc/cron.d/x");
	return access;
}

static void test_binding_promises_file(void **state)
{
	const struct access access = file_made(true);

	bind_all(SIGMA_SOURCE_FILE_EVENT, "    category: file_event\n");
	bound.event = binding_file(&bound.binding, &access);
	assert_filled(SIGMA_SOURCE_FILE_EVENT);
}

#define FILE_RULE(id, fields)                                                                                       \
	"---\ntitle: t\nid: " id "\nlogsource: {product: linux, category: file_event}\ndetection:\n    s:\n" fields \
	"    condition: s\n"

/* Only what was not there before was made then; a name that leads nowhere known is told as it was passed. */
static void test_binding_files(void **state)
{
	struct access access = file_made(true);

	bind(FILE_RULE("made", "        TargetFilename: /etc/cron.d/x\n        FileAction: created\n"
			       "        CreationUtcTime|startswith: '2026-'\n        Image: /opt/x\n        User: 0\n")
		     FILE_RULE("given", "        TargetFilename: mem\n        FileAction: written\n"
					"        CreationUtcTime: null\n"));
	bound.event = binding_file(&bound.binding, &access);
	assert_true(matches("made"));
	assert_false(matches("given"));
	access = file_made(false);
	access.resolved_path = (struct span){ 0 };
	bound.event = binding_file(&bound.binding, &access);
	assert_false(matches("made"));
	assert_true(matches("given"));
}

static void test_binding_promises_termination(void **state)
{
	struct access crash = known();

	crash.sighting = SIGHTING_CRASH;
	bind_all(SIGMA_SOURCE_PROCESS_TERMINATION, "    category: process_termination\n");
	bound.event = binding_crash(&bound.binding, &crash, SPAN("sshd"), 812);
	assert_filled(SIGMA_SOURCE_PROCESS_TERMINATION);
}

static void test_binding_promises_line(void **state)
{
	bind_all(SIGMA_SOURCE_LINE, "");
	bound.event = binding_line(&bound.binding, LINE("sshd", "text", .host = SPAN("web1"), .actor.pid = 3));
	assert_filled(SIGMA_SOURCE_LINE);
}

static void test_binding_promises_audit(void **state)
{
	static const struct event_record record = {
		.type = AUDIT_TYPE_SYSCALL,
		.body = SPAN(
			"arch=c000003e syscall=59 exe=\"a\" comm=\"a\" key=\"k\" name=\"n\" cwd=\"/\" proctitle=\"p\""),
	};
	static const struct event event = { .time_ms = T0, .records = &record, .count = 1 };

	bind_all(SIGMA_SOURCE_AUDITD, "    service: auditd\n");
	bound.event = binding_audit(&bound.binding, &event);
	assert_filled(SIGMA_SOURCE_AUDITD);
}

#define TEST(name) cmocka_unit_test_teardown(name, unbind)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_binding_audit_numbers),
		TEST(test_binding_audit_texts),
		TEST(test_binding_audit_types),
		TEST(test_binding_audit_keywords),
		TEST(test_binding_promises_access),
		TEST(test_binding_promises_creation),
		TEST(test_binding_promises_termination),
		TEST(test_binding_promises_line),
		TEST(test_binding_promises_audit),
		TEST(test_binding_promises_file),
		TEST(test_binding_files),
		TEST(test_binding_glance),
		TEST(test_binding_no_glance),
	};

	scene_unused();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
