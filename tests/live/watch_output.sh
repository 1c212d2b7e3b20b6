#!/bin/sh
# What becomes of a watch's output on the real kernel: turned when it is full, opened again, never in the way.
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../lib/audit.sh"
need jq auditctl

audit_begin
audit_program live_reader
decoy
cd "$SCRATCH" || exit 1

# ---- turned ----
mkdir turned
"$PROCTOR" watch --sensor audit --json --accesses -o turned/log --rotate 20K --keep 2 --fsync finding 2>err 9>&- &
watch=$!
for _ in $(seq 100); do [ -s turned/log ] && break; sleep 0.05; done
for _ in 1 2 3 4 5 6 7 8; do
	"$program" "$decoy" mem 30 >reader
	sleep 0.2
done
stopped
is "turned, the files" "log log.1 log.2" "$(cd turned && echo *)"
is "turned, every line is whole" "$(cat turned/* | wc -l)" "$(cat turned/* | jq -c . | wc -l)"
[ "$(wc -c <turned/log.1)" -ge 20480 ] && ok "turned, when it is full" || not_ok "turned, when it is full" "$(wc -c turned/*)"
is "turned, readable by their owner only" "600 600 600" "$(stat -c %a turned/* | tr '\n' ' ' | sed 's/ $//')"

# ---- opened again, and gone on with ----
"$PROCTOR" watch --sensor audit --json -o again 2>err 9>&- &
watch=$!
for _ in $(seq 100); do [ -s again ] && break; sleep 0.05; done
mv again away
kill -HUP "$watch"
for _ in $(seq 100); do [ -e again ] && break; sleep 0.05; done
kill -USR1 "$watch"
for _ in $(seq 100); do [ -s again ] && break; sleep 0.05; done
has "SIGHUP opens a new file" '"why":"asked"' again
lacks "SIGHUP leaves the old one" '"why":"asked"' away
stopped
lines=$(wc -l <again)
"$PROCTOR" watch --sensor audit --json -o again 2>err 9>&- &
watch=$!
sleep 0.5
stopped
[ "$(wc -l <again)" -gt "$lines" ] && has "a second watch goes on with the file" '"why":"asked"' again ||
	not_ok "a second watch goes on with the file" "it does not"

# ---- a reader that does not read ----
mkfifo stuck
"$PROCTOR" watch --sensor audit --json --accesses >stuck 2>err 9>&- &
watch=$!
exec 8<stuck
sleep 0.5
"$program" "$decoy" mem 2000 >reader
sleep 0.5
begin=$(date +%s%N)
stopped
exec 8<&-
[ $((($(date +%s%N) - begin) / 1000000)) -lt 3000 ] && ok "a reader that does not read does not hold the end up" ||
	not_ok "a reader that does not read does not hold the end up" "$((($(date +%s%N) - begin) / 1000000)) ms"
has "that something was not read is told" "took nothing more" err
is "and shows in the status" 3 "$status"
