/* decode/ausearch.c and interpret.c: events as ausearch prints them, raw and interpreted, come out in the kernel's text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "decode/dress.h"
#include "decoded.h"

#define assert_span(actual, expected) assert_true(span_equal((actual), SPAN(expected)))

/* What `ausearch -i` of auditd 3.0.9 printed for an openat that was denied, and the records that it was made of. */
#define DENIED                                                                                                      \
	"type=PROCTITLE msg=audit(11/23/26 10:48:49.610:7505) : proctitle=/srv/lab0/bin/acc denied 12538 mem \n"    \
	"type=PATH msg=audit(11/23/26 10:48:49.610:7505) : item=0 name=/proc/12538/mem inode=28581 dev=00:15 "      \
	"mode=file,600 ouid=root ogid=root rdev=00:00 nametype=NORMAL cap_fp=none cap_fi=none cap_fe=0 cap_fver=0 " \
	"cap_frootid=0 \n"                                                                                          \
	"type=CWD msg=audit(11/23/26 10:48:49.610:7505) : cwd=/srv/lab0 \n"                                         \
	"type=SYSCALL msg=audit(11/23/26 10:48:49.610:7505) : arch=x86_64 syscall=openat success=no "               \
	"exit=EACCES(Permission denied) a0=AT_FDCWD a1=0x5620c80af240 a2=O_RDONLY|O_PATH a3=0x0 items=1 "           \
	"ppid=29202 pid=29203 auid=unset uid=unknown(60001) gid=alice euid=root tty=(none) ses=unset comm=my cat "  \
	"exe=/srv/lab0/my cat key=proctor_procfs \n"

static void an_event(void **state)
{
	struct decoded *decoded = decode_text(SPAN("----\n" DENIED "----\n" DENIED));
	struct record *records = decoded->records;

	assert_int_equal(decoded->count, 8);
	assert_int_equal(decoded->summary.lines, 10);
	assert_int_equal(decoded->summary.undecoded_lines, 0);
	assert_int_equal(records[0].type, 1300);
	assert_span(records[0].body,
		    "arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=5620c80af240 a2=200000 a3=0 items=1 "
		    "ppid=29202 pid=29203 auid=4294967295 uid=60001 gid=alice euid=0 tty=(none) ses=4294967295 "
		    "comm=6D7920636174 exe=2F7372762F6C6162302F6D7920636174 key=\"proctor_procfs\"");
	assert_int_equal(records[1].type, 1307);
	assert_span(records[1].body, "cwd=\"/srv/lab0\"");
	assert_int_equal(records[2].type, 1302);
	assert_span(records[2].body,
		    "item=0 name=\"/proc/12538/mem\" inode=28581 dev=00:15 mode=0100600 ouid=0 ogid=0 rdev=00:00 "
		    "nametype=NORMAL cap_fp=none cap_fi=none cap_fe=0 cap_fver=0 cap_frootid=0");
	assert_int_equal(records[3].type, 1327);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(records[i].serial, 7505);
		assert_int_equal(records[i].time_ms, 1795430929610);
		assert_int_equal(records[i].whole_event, i == 3); /* nothing says that the last event is all there */
	}
	assert_true(span_starts(records[0].raw, SPAN("type=SYSCALL")));
	decoded_destroy(decoded);
}

static void without_separators(void **state)
{
	struct decoded *decoded = decode_text(SPAN(DENIED));

	assert_int_equal(decoded->count, 4);
	assert_int_equal(decoded->records[0].type, 1300);
	assert_false(decoded->records[3].whole_event);
	decoded_destroy(decoded);
}

/* The same in any frames. */
static void in_frames(void **state)
{
	struct span text = SPAN("----\n" DENIED "----\n" DENIED "----\n");
	struct decoded *whole = decode_stream(text, 0, (struct frame){ .trust = TRUST_KERNEL });

	for (size_t chunk = 1; chunk < 400; chunk += 13) {
		struct decoded *parts = decode_stream(text, chunk, (struct frame){ .trust = TRUST_KERNEL });
		assert_int_equal(parts->count, whole->count);
		assert_int_equal(parts->summary.lines, whole->summary.lines);
		for (size_t i = 0; i < whole->count; i++) {
			assert_true(span_equal(parts->records[i].body, whole->records[i].body));
			assert_int_equal(parts->records[i].whole_event, whole->records[i].whole_event);
			assert_int_equal(parts->records[i].origin.offset, whole->records[i].origin.offset);
		}
		decoded_destroy(parts);
	}
	decoded_destroy(whole);
}

static void raw_output(void **state)
{
	struct decoded *decoded =
		decode_text(SPAN("----\n"
				 "time->Sun Nov 23 10:48:49 2026\n"
				 "type=PROCTITLE msg=audit(1795430929.610:7505): proctitle=61\n"
				 "type=PATH msg=audit(1795430929.610:7505): item=0 name=\"/x\"\n"
				 "type=SYSCALL msg=audit(1795430929.610:7505): arch=c000003e syscall=2\n"
				 "----\n"
				 "time->Sun Nov 23 10:48:49 2026\n"
				 "type=USER_CMD msg=audit(1795430929.610:7506): pid=1\n"
				 "----\n"
				 "<no matches>\n"));

	assert_int_equal(decoded->count, 4);
	assert_int_equal(decoded->summary.undecoded_lines, 0);
	assert_int_equal(decoded->summary.lines, 10);
	assert_int_equal(decoded->records[0].type, 1300);
	assert_int_equal(decoded->records[2].type, 1327);
	assert_true(decoded->records[2].whole_event);
	assert_int_equal(decoded->records[3].trust, TRUST_DAEMON);
	assert_true(decoded->records[3].whole_event);
	decoded_destroy(decoded);
}

static void interprets(const char *type, const char *fields, const char *expected)
{
	char text[1024];
	int len = snprintf(text, sizeof(text), "node=n1 type=%s msg=audit(11/23/26 10:48:49.610:1) : %s \n", type,
			   fields);
	struct decoded *decoded = decode_text((struct span){ text, (size_t)len });

	assert_int_equal(decoded->count, 1);
	assert_span(decoded->records[0].node, "n1");
	if (!span_equal(decoded->records[0].body, span_of(expected)))
		print_error("%.*s\n", (int)decoded->records[0].body.len, decoded->records[0].body.data);
	assert_true(span_equal(decoded->records[0].body, span_of(expected)));
	decoded_destroy(decoded);
}

static void arguments(void **state)
{
	interprets("SYSCALL", "a0=0x3 a1=O_RDWR|O_CREAT|O_CLOEXEC a2=0600 a3=0x0", "a0=3 a1=80042 a2=180 a3=0");
	interprets("SYSCALL", "a0=PTRACE_ATTACH a1=0x30fa", "a0=10 a1=30fa");
	interprets("SYSCALL", "a0=PTRACE_SEIZE a1=0x30fa", "a0=4206 a1=30fa");
	interprets("SYSCALL", "a0=unknown-ptrace(0x420f) a1=unknown-fcntl-command(1039)", "a0=420f a1=40f");
	interprets("SYSCALL", "a0=root a1=unset a2=SOME_WORD a3=MS_BIND|MS_REC",
		   "a0=0 a1=ffffffff a2=SOME_WORD a3=5000");
	interprets("SYSCALL", "arch=aarch64 syscall=ptrace", "arch=c00000b7 syscall=117");
	interprets("SYSCALL", "arch=i386 syscall=ptrace", "arch=40000003 syscall=26");
	interprets("SYSCALL", "arch=x86_64 syscall=unknown-syscall(449)", "arch=c000003e syscall=449");
	interprets("SYSCALL", "arch=vax syscall=openat", "arch=vax syscall=openat");
	interprets("SYSCALL", "exit=ENOENT(No such file or directory) a0=0x0", "exit=-2 a0=0");
	interprets("SYSCALL", "exit=(null)(Unknown error 512) a0=0x0", "exit=-512 a0=0");
	interprets("SYSCALL", "exit=18 a0=0x0", "exit=18 a0=0");
	interprets("SYSCALL", "exit=0x7f00", "exit=32512");
	interprets("SYSCALL", "key=(null)", "key=(null)");
	interprets("EXECVE", "argc=3 a0=sh a1=-c a2=dd if=/proc/1/mem a9=x",
		   "argc=3 a0=\"sh\" a1=\"-c\" "
		   "a2=64642069663D2F70726F632F312F6D656D2061393D78");
	interprets("EXECVE", "argc=1 a0=", "argc=1 a0=\"\"");
	interprets("OPENAT2", "oflag=O_RDONLY|O_PATH mode=000,000 resolve=RESOLVE_NO_XDEV|RESOLVE_IN_ROOT",
		   "oflag=010000000 mode=00 resolve=11");
	interprets("OPENAT2", "oflag=O_RDONLY mode=000,000 resolve=0x0", "oflag=00 mode=00 resolve=0");
}

static void modes(void **state)
{
	interprets("PATH", "name=/x inode=1 mode=dir,sticky,730", "name=\"/x\" inode=1 mode=041730");
	interprets("PATH", "name=/x inode=1 mode=character,620", "name=\"/x\" inode=1 mode=020620");
	interprets("PATH", "name=/x inode=1 mode=file,suid,sgid,755", "name=\"/x\" inode=1 mode=0106755");
	interprets("PATH", "name=/x inode=1 mode=socket,777", "name=\"/x\" inode=1 mode=0140777");
	interprets("PATH", "name=/x inode=1 mode=link,777", "name=\"/x\" inode=1 mode=0120777");
	interprets("PATH", "name=/x inode=1 mode=odd,777", "name=\"/x\" inode=1 mode=odd,777");
	interprets("PATH", "name=(null) inode=1", "name=(null) inode=1");
}

/* A name cannot pass for the fields behind it: the kernel's own come last. */
static void names_with_fields_in_them(void **state)
{
	interprets("PATH", "item=0 name=/tmp/a inode=9 mode=file,600 inode=1 dev=fe:00 mode=file,644",
		   "item=0 name=2F746D702F6120696E6F64653D39206D6F64653D66696C652C363030 inode=1 dev=fe:00 "
		   "mode=0100644");
	interprets("CWD", "cwd=/tmp/a exe=/x", "cwd=2F746D702F61206578653D2F78");
	interprets("SYSCALL", "pid=1 comm=a exe=/b exe=/tmp/c key=k",
		   "pid=1 comm=61206578653D2F62 exe=\"/tmp/c\" key=\"k\"");
	interprets("SYSCALL", "pid=1 comm=a exe=/b key=x subj=y subj=unconfined key=k",
		   "pid=1 comm=\"a\" exe=2F62206B65793D78207375626A3D79 subj=unconfined key=\"k\"");
	interprets("OBJ_PID", "opid=5 oauid=unset ouid=root oses=-1 ocomm=a opid=6",
		   "opid=5 oauid=4294967295 ouid=0 oses=-1 ocomm=61206F7069643D36");
	interprets("PROCTITLE", "proctitle=dd if=/proc/1/mem", "proctitle=64642069663D2F70726F632F312F6D656D");
	interprets("USER_CMD", "pid=1 uid=root auid=alice ses=3 msg='cwd=/ cmd=cat x=1 res=success'",
		   "pid=1 uid=0 auid=alice ses=3 msg='cwd=/ cmd=cat x=1 res=success'");
}

static void broken(void **state)
{
	static const char *const texts[] = {
		"type=PATH msg=audit(11/23/26 10:48:49.610:x) : item=0\n",
		"type=PATH msg=audit(11/23/26 10:48:49.610) : item=0\n",
		"type=PATH msg=audit(11/23/26 10:48:49.610:) : item=0\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct decoded *decoded = decode_text(span_of(texts[i]));
		assert_int_equal(decoded->count, 0);
		assert_int_equal(decoded->summary.lines, 1);
		assert_int_equal(decoded->summary.undecoded_lines, 1);
		assert_string_equal(decoded->summary.undecoded[0].name, "audit header broken");
		decoded_destroy(decoded);
	}
	interprets("PATH", "= =x name", "");
	interprets("PATH", "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event),
		cmocka_unit_test(without_separators),
		cmocka_unit_test(in_frames),
		cmocka_unit_test(raw_output),
		cmocka_unit_test(arguments),
		cmocka_unit_test(modes),
		cmocka_unit_test(names_with_fields_in_them),
		cmocka_unit_test(broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
