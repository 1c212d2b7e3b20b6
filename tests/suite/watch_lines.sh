#!/bin/sh
# The plugin of auditd, without auditd: lines on standard input. What a watch makes of them is what a scan does.
. "$(dirname "$0")/../lib/tap.sh"
need jq xz
cd "$SCRATCH" || exit 1

watch="$PROCTOR watch --sensor audisp --json --heartbeat 0"

# What does not depend on the processes that happen to live here now.
told() {
	jq -c 'select(.type | not) | [.time, .actor.pid, .actor.exe, .target.pid, .verb, .entry, .path, .resolved_path,
		.resolved_by, .certain, .syscall, .outcome, .risk, .rule, .self, .suppressed.by]'
}

differ=0 seen=0
for capture in "$SRC"/tests/captures/story_*.log.xz "$SRC"/tests/captures/gdb_attach.log.xz; do
	xz -dc "$capture" | tee log | $watch --accesses -q 2>err | told >live
	"$PROCTOR" scan --json --accesses log 2>err | told >saved
	seen=$((seen + $(wc -l <live)))
	cmp -s live saved || {
		differ=$((differ + 1))
		not_ok "$(basename "$capture")" "not the accesses that a scan finds"
		diff live saved | head -n 6 | tap_show
	}
done
is "the accesses of captures are those of a scan" 0 "$differ"
[ "$seen" -gt 100 ] && ok "there were accesses" || not_ok "there were accesses" "$seen"

# Pieces that do not end where lines do, with pauses longer than an event waits between them.
xz -dc "$SRC/tests/captures/story_dd_skip.log.xz" >log
size=$(wc -c <log)
{
	head -c $((size / 3 + 7)) log
	sleep 0.3
	tail -c +$((size / 3 + 8)) log | head -c $((size / 3))
	sleep 0.3
	tail -c +$((size / 3 * 2 + 8)) log
} | $watch --accesses -q 2>err | told >pieces
$watch --accesses -q <log 2>err | told >whole
same "lines that come in pieces" whole pieces

# One that never ends.
{
	head -c 3000000 /dev/zero | tr '\0' x
	echo
	cat log
} | $watch --accesses >out 2>err
told <out >behind
same "behind a line without an end" whole behind
is "it is counted" true "$(jq -c 'select(.why == "ended") | .sensors[0].cut > 0' out)"

exits "the end of auditd is the end" 0 $watch </dev/null
has "that nothing was seen is told" "finding nothing proves nothing" "$SCRATCH/err"
exits "a sensor that there is none of" 2 "$PROCTOR" watch --sensor radar
has "the names of those that there are" "audit, audisp" "$SCRATCH/err"
exits "a file" 2 "$PROCTOR" watch /var/log/audit/audit.log
exits "--rotate without a file" 2 "$PROCTOR" watch --rotate 1M
exits "a time that is none" 2 "$PROCTOR" watch --heartbeat soon
exits "a size that is none" 2 "$PROCTOR" watch -o x --rotate 0
