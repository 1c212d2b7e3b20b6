#!/bin/sh
# Hostile strings through every output, and hostile logs against the ceiling of memory.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"
need python3 jq

python3 "$SRC/tests/lib/hostile.py" "$PROCTOR" "$SCRATCH" || not_ok hostile "hostile.py failed"

# bounded NAME: the log on stdin takes at most 64 MiB of anonymous memory, and the access behind it is still seen
bounded() {
	{ cat; many_accesses 1; } | "$BUILD/tests/measure" "$SCRATCH/cost" "$PROCTOR" scan --json - \
		>"$SCRATCH/out" 2>"$SCRATCH/err"
	read -r _ _ rss status <"$SCRATCH/cost"
	case $status in
	1 | 3) ;;
	*) rss=999999 ;;
	esac
	if [ "$rss" -gt 0 ] && [ "$rss" -le 65536 ] && grep -q '"pid":2000001,' "$SCRATCH/out"; then
		ok "$1 in $((rss / 1024)) MiB"
	else
		not_ok "$1" "$rss KiB, exit status $status, $(wc -l <"$SCRATCH/out") findings" "$SCRATCH/err"
	fi
}

# records COUNT EXPRESSION: COUNT records of open calls; the expression makes the serial of `i`
records() {
	awk -v n="$1" "BEGIN { for (i = 1; i <= n; i++)
		printf \"type=SYSCALL msg=audit(1795430000.000:%d): arch=c000003e syscall=257 success=yes exit=3 \" \\
			\"a0=ffffff9c a2=0 items=1 ppid=1 pid=%d auid=0 uid=0 comm=\\\"x\\\" exe=\\\"/opt/%d\\\"\\n\", $2, i, i }"
}

if [ ! -x "$BUILD/tests/measure" ]; then
	skip "hostile logs in 64 MiB" "measure is not built (libauparse is not installed)"
	exit 0
fi
if grep -aq __asan_init "$PROCTOR"; then
	skip "hostile logs in 64 MiB" "a sanitizer needs more memory"
	exit 0
fi
million=1000000
records $million 5 | bounded "one event without an end"
records 1 5 | tr -d '\n' | cat - /dev/zero | tr '\0' 'A' | head -c 150000000 |
	{ cat; echo; } | bounded "one line without an end"
yes '\x1b[31m=' | tr -d '\n' | head -c 150000000 | { cat; echo; } | bounded "one line of no format without an end"
records $million i | bounded "a million open events"
records $million "$million - i" | bounded "serials that fall"
records $million '(i * 7919) % 1000003' | bounded "serials in no order"
records 300000 i | awk '{ print "node=host" NR " " $0 }' | bounded "more hosts than there is room for"
long_accesses 20000 | bounded "twenty thousand dumpers with long names and command lines"
