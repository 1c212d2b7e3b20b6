# shellcheck shell=sh
# many_accesses N [FIRST]: a log of N processes, each of which opens the mem of another.
many_accesses() {
	awk -v n="$1" -v first="${2:-1}" 'BEGIN {
		for (i = first; i < first + n; i++) {
			id = sprintf("audit(%d.%03d:%d)", 1795430000 + int(i / 1000), i % 1000, i)
			printf "type=SYSCALL msg=%s: arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f00 a2=0 " \
				"a3=0 items=1 ppid=1 pid=%d auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 " \
				"tty=(none) ses=1 comm=\"dumper\" exe=\"/opt/dumper\" key=(null)\n", id, 100000 + i
			printf "type=CWD msg=%s: cwd=\"/\"\n", id
			printf "type=PATH msg=%s: item=0 name=\"/proc/%d/mem\" inode=1 dev=00:15 mode=0100600 ouid=0 " \
				"ogid=0 rdev=00:00 nametype=NORMAL\n", id, 2000000 + i
			printf "type=PROCTITLE msg=%s: proctitle=\"dumper\"\n", id
		}
	}'
}

# long_accesses N: N processes in sessions of their own, with long names and long command lines, each of which reads
# maps, mem and environ of a process of its own: all that is remembered of anybody.
long_accesses() {
	awk -v n="$1" 'function event(head, body, serial) {
			id = sprintf("audit(%d.000:%d)", 1795430000 + int(i / 50), serial)
			printf "type=SYSCALL msg=%s: arch=c000003e syscall=%s success=yes exit=3 a0=ffffff9c a1=7f00 a2=0 a3=0 " \
				"items=1 ppid=%d pid=%d auid=%d uid=%d gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 " \
				"tty=pts%d ses=%d comm=\"c%d\" exe=\"/opt/%d/%s\" key=(null)\n", id, head, 50000 + i, 100000 + i,
				i % 60000, i % 60000, i % 500, i, i, i, exe
			printf "%s", head == 59 ? sprintf("type=EXECVE msg=%s: argc=2 a0=\"python3\" a1=\"%s%d\"\n", id, argument, i) : ""
			printf "type=CWD msg=%s: cwd=\"/\"\ntype=PATH msg=%s: item=0 %s\ntype=PROCTITLE msg=%s: " \
				"proctitle=\"x\"\n", id, id, body, id
		}
		function entry(name, mode, k) {
			event(257, sprintf("name=\"/proc/%d/%s\" inode=%d dev=00:15 mode=0100%d ouid=0 ogid=0 rdev=00:00 " \
				"nametype=NORMAL", 2000000 + i, name, 10 * i + k, mode), 4 * i + k)
		}
		BEGIN {
			exe = sprintf("%800s", "x"); gsub(/ /, "A", exe)
			argument = sprintf("%3500s", "x"); gsub(/ /, "A", argument)
			for (i = 1; i <= n; i++) {
				event(59, sprintf("name=\"/opt/%d/%s\" inode=5 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 " \
					"nametype=NORMAL", i, exe), 4 * i)
				entry("maps", 444, 1)
				entry("mem", 600, 2)
				entry("environ", 400, 3)
			}
		}'
}
