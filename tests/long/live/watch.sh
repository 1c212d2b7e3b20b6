#!/bin/sh
# Ten minutes at 5,000 audit events a second: nothing is lost without a count, and memory stays flat.
#
#   WATCH_SECONDS	so long instead (600)
. "$(dirname "$0")/../../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../../lib/audit.sh"
need jq auditctl

seconds=${WATCH_SECONDS:-600}

# Anonymous memory of the watch and its steward, in KiB.
memory() {
	for pid in "$watch" $(pgrep -P "$watch"); do
		cat "/proc/$pid/status"
	done | awk '/^RssAnon:/ { sum += $2 } END { print sum }'
}

audit_begin
audit_program live_reader
decoy
started "$PROCTOR" watch --sensor audit --json --heartbeat 10s
"$program" "$decoy" mem 100000000 5000 "$seconds" >"$SCRATCH/reader" &
reader=$!
# Tables fill in the first fifteen seconds.
warm=$((seconds / 10 > 15 ? seconds / 10 : 15))
sleep $warm
early=$(memory)
sleep $((seconds * 95 / 100 - warm))
late=$(memory)
wait "$reader"
sleep 2
stopped
made=$(cut -d ' ' -f 2 "$SCRATCH/reader")
last=$(jq -c 'select(.why == "ended")' "$SCRATCH/out")
# Of this decoy: others may be audited, too. The last word on a finding has its whole count.
seen=$(jq -s --argjson pid "$decoy" 'map(select(.target.pid? == $pid)) | last | .count // 0' "$SCRATCH/out")
dropped=$(echo "$last" | jq '.sensors[0].dropped')
audit_end

[ "$made" -ge $((seconds * 4500)) ] && ok "5,000 a second" || not_ok "5,000 a second" "$made in $seconds s: the machine is busy"
if [ "$seen" = "$made" ] || { [ "$dropped" -gt 0 ] && [ "$seen" -lt "$made" ]; }; then
	ok "$made opens: $seen seen, $dropped records dropped and counted"
else
	not_ok "nothing is lost without a count" "$made opens, $seen seen, $dropped records dropped"
fi
[ "$late" -le $((early + 2048)) ] && ok "memory is flat: $early KiB, then $late KiB" ||
	not_ok "memory is flat" "$early KiB, then $late KiB"
