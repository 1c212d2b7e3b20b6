#!/bin/sh
# As many lineages as an attacker likes: memory stays bounded, what is forgotten is said, and findings are all told.
. "$(dirname "$0")/../lib/tap.sh"
need jq awk
if [ ! -x "$BUILD/tests/measure" ]; then
	skip "many lineages in 64 MiB" "measure is not built (libauparse is not installed)"
	exit 0
fi
if grep -aq __asan_init "$PROCTOR"; then
	skip "many lineages in 64 MiB" "a sanitizer needs more memory"
	exit 0
fi

# many N SESSIONS: N processes that fetch something, in so many sessions, and then open the mem of another process each.
many() {
	awk -v n="$1" -v sessions="$2" 'BEGIN {
		for (i = 1; i <= n; i++) {
			ses = i % sessions + 1
			who = sprintf("items=1 ppid=1 pid=%d auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 " \
				"tty=(none) ses=%d", 100000 + i, ses)
			id = sprintf("audit(%d.%03d:%d)", 1795430000 + int(i / 500), i % 500 * 2, 2 * i)
			printf "type=SYSCALL msg=%s: arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 %s comm=\"curl\" " \
				"exe=\"/usr/bin/curl\" key=(null)\n", id, who
			printf "type=EXECVE msg=%s: argc=2 a0=\"curl\" a1=\"https://example.org/%d\"\n", id, i
			printf "type=PATH msg=%s: item=0 name=\"/usr/bin/curl\" inode=1 dev=fd:00 mode=0100755 ouid=0 ogid=0 " \
				"rdev=00:00 nametype=NORMAL\ntype=PROCTITLE msg=%s: proctitle=\"curl\"\n", id, id
			id = sprintf("audit(%d.%03d:%d)", 1795430000 + int(i / 500), i % 500 * 2 + 1, 2 * i + 1)
			printf "type=SYSCALL msg=%s: arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f00 a2=0 a3=0 %s " \
				"comm=\"dumper\" exe=\"/opt/dumper\" key=(null)\ntype=CWD msg=%s: cwd=\"/\"\n", id, who, id
			printf "type=PATH msg=%s: item=0 name=\"/proc/%d/mem\" inode=1 dev=00:15 mode=0100600 ouid=0 ogid=0 " \
				"rdev=00:00 nametype=NORMAL\ntype=PROCTITLE msg=%s: proctitle=\"dumper\"\n", id, 2000000 + i, id
		}
	}'
}

# scan NAME: as incidents; what it costs in KiB is checked.
scan() {
	"$BUILD/tests/measure" "$SCRATCH/cost" "$PROCTOR" scan --json --incidents "$SCRATCH/audit.log" >"$SCRATCH/out" \
		2>"$SCRATCH/err"
	rss=$(cut -d ' ' -f 3 "$SCRATCH/cost")
	[ "$rss" -lt 65536 ] && ok "$1, in 64 MiB" || not_ok "$1, in 64 MiB" "$rss KiB" "$SCRATCH/err"
}

many 80000 80000 >"$SCRATCH/audit.log"
scan "80,000 sessions"
is "each is an incident" 80000 "$(wc -l <"$SCRATCH/out")"
is "each has one finding" 80000 "$(grep -c '"findings_total":1}$' "$SCRATCH/out")"
has "what is not ranked is said" "14464 incidents more than are ranked" "$SCRATCH/err"
has "what is forgotten is said" "more lineages than are remembered" "$SCRATCH/err"
has "that is no loss of findings" "80,000 findings in 80,000 incidents" "$SCRATCH/err"

many 40000 1 >"$SCRATCH/audit.log"
scan "one session of 40,000"
is "it is one incident" "1 40000 256 256 39744" "$(jq -r '"\(.findings_total) \(.findings | length) \(.targets | length) \(
	.targets_left)"' "$SCRATCH/out" | awk '{ print NR, $0 }')"
is "its steps have a ceiling" true "$(jq '(.steps | length) <= 512' "$SCRATCH/out")"
