/* Lines of an audit log as auditd writes them, of one millisecond. Private to tests/. */
#ifndef TESTS_UNIT_AUDIT_LINES_H
#define TESTS_UNIT_AUDIT_LINES_H

#define MSG(serial) " msg=audit(1795430914.650:" serial "): "
#define CALL(serial, number, pid, ppid, program)                                                                       \
	"type=SYSCALL" MSG(serial) "arch=c000003e syscall=" number " success=yes exit=3 a0=ffffff9c a1=7f a2=0 a3=0 "  \
				   "items=1 ppid=" ppid " pid=" pid " auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 "       \
				   "egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm=\"" program "\" exe=\"/usr/bin/" program \
				   "\" subj=unconfined key=(null)\n"
#define CWD(serial) "type=CWD" MSG(serial) "cwd=\"/\"\n"
#define PATH(serial, item, name, device, mode)                                                                     \
	"type=PATH" MSG(serial) "item=" item " name=\"" name "\" inode=12 dev=" device " mode=" mode               \
				" ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 " \
				"cap_frootid=0\n"
#define ARGUMENTS(serial, list) "type=EXECVE" MSG(serial) list "\n"

/* Whole events. */
#define OPEN(serial, pid, ppid, program, name) \
	CALL(serial, "257", pid, ppid, program) CWD(serial) PATH(serial, "0", name, "fd:01", "0100644")

#endif
