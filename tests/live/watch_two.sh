#!/bin/sh
# Two sensors on the real kernel see one access once; and what is picked without a choice.
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../lib/audit.sh"
need jq auditctl

audit_begin
audit_program live_reader
decoy

# of_decoy FILTER: of what was told of it
of_decoy() {
	jq -c --argjson pid "$decoy" "select(.target.pid == \$pid) | $1" "$SCRATCH/out"
}

"$PROCTOR" watch --scope-pid $$ --sensor fanotify --heartbeat 0 </dev/null >"$SCRATCH/probe" 2>&1 9>&- &
probe=$!
sleep 0.5
if kill "$probe" 2>/dev/null && wait "$probe"; [ $? != 2 ]; then # 3: it lost something, on a busy host
	started "$PROCTOR" watch --scope-pid $$ --sensor fanotify,audit --json --update 1s
	"$program" "$decoy" mem 1 >"$SCRATCH/reader"
	until_line '"sensors":["audit","fanotify"]' && ok "a finding of both" || not_ok "a finding of both" "none" "$SCRATCH/out"
	stopped
	is "counted once" 1 "$(of_decoy .count | tail -n 1)"
	is "one finding" 1 "$(of_decoy .id | sort -u | wc -l)"
	started "$PROCTOR" watch --scope-pid $$ --sensor fanotify,audit --json --accesses
	"$program" "$decoy" mem 5 >"$SCRATCH/reader"
	sleep 0.5
	stopped
	is "each access is printed once" 5 "$(of_decoy .entry | wc -l)"
	is "whoever did it is known, though it is gone" "\"$program\"" "$(of_decoy .actor.exe | sort -u)"
else
	skip "two sensors" "fanotify does not work here"
fi

started "$PROCTOR" watch --scope-pid $$ --json --heartbeat 0
"$program" "$decoy" maps 1 >"$SCRATCH/reader"
sleep 0.5
stopped
is "what is picked by itself sees it" maps "$(of_decoy .entry | tr -d '"' | sort -u)"
has "what is picked is told" "watching by" "$SCRATCH/err"
has "what it cannot see is told" "does not see" "$SCRATCH/err"

exits "the same records twice" 2 "$PROCTOR" watch --scope-pid $$ --sensor audit,audisp
audit_end
