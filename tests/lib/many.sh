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
