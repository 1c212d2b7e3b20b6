#!/bin/sh
# The audit sensor on the real kernel: what is told, what is lost, what is forged, and that auditing is left as it was.
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../lib/audit.sh"
need jq auditctl setpriv

audit_begin
audit_program live_reader
decoy

# last FIELD: of the last status
last() {
	jq -c "select(.type == \"status\") | $1" "$SCRATCH/out" | tail -n 1
}

# ---- a finding, with who and whom ----
started "$PROCTOR" watch --sensor audit --json
"$program" "$decoy" mem 1 >"$SCRATCH/reader"
until_line '"HighRisk"'
is "the actor" "\"$program\"" "$(jq -c 'select(.entry == "mem") | .actor.exe' "$SCRATCH/out")"
is "the target" "[$decoy,\"sleep\",\"$(readlink -f "$(command -v sleep)")\"]" \
	"$(jq -c 'select(.entry == "mem") | [.target.pid, .target.comm, .target.exe]' "$SCRATCH/out")"
is "the sensor" '["audit"]' "$(jq -c 'select(.entry == "mem") | .sensors' "$SCRATCH/out")"
if "$BUILD/tests/guard_probe" --is-sanitized; then
	skip "confined" "sanitized builds are not confined"
else
	is "confined" 2 "$(awk '$1 == "Seccomp:" { print $2 }' "/proc/$watch/status")"
	is "no rights" 0000000000000000 "$(awk '$1 == "CapEff:" { print $2 }' "/proc/$watch/status")"
	is "nobody" 65534 "$(awk '$1 == "Uid:" { print $2 }' "/proc/$watch/status")"
fi
kill -USR1 "$watch"
until_line '"why":"asked"' && ok "SIGUSR1 tells the status" || not_ok "SIGUSR1 tells the status" "it does not"

# ---- forged ----
ports=$(awk -v pid="$watch" '$2 == 9 && $3 == pid { print $3 }' /proc/net/netlink)
# shellcheck disable=SC2086
sent=$("$BUILD/tests/live_forge" $ports)
[ "$sent" -ge 1 ] && ok "something was forged" || not_ok "something was forged" "nothing was sent"
stopped
is "what is forged is counted" "$sent" "$(last '.sensors[0].forged')"
lacks "what is forged is no record" "/forged" "$SCRATCH/out"
is "the status of a watch that found something" 1 "$status"
has "the summary" "1 finding" "$SCRATCH/err"

# ---- the least privilege ----
chmod 711 "$SCRATCH"
started setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps +audit_read --ambient-caps +audit_read \
	--bounding-set -all,+audit_read "$PROCTOR" watch --sensor audit --json
"$program" "$decoy" mem 1 >"$SCRATCH/reader"
until_line '"HighRisk"' && ok "with CAP_AUDIT_READ alone" || not_ok "with CAP_AUDIT_READ alone" "nothing told" "$SCRATCH/err"
stopped

# ---- a burst: five records an open ----
started "$PROCTOR" watch --sensor audit --json --update 1h
"$program" "$decoy" mem 100000 >"$SCRATCH/reader"
stopped
# Other programs are audited a little, too: by Landlock, by whoever listens.
is "a burst of 100,000: each is seen, or counted as lost" true \
	"$(last ".sensors[0].messages + .sensors[0].dropped - 500000 | . >= 0 and . < 50000")"
[ "$(last '.sensors[0].dropped')" != 0 ] || is "a burst of 100,000: all are accesses" 100000 "$(last .accesses)"

# ---- a flood while nobody listens: what is lost is told, to the record ----
started "$PROCTOR" watch --sensor audit --json --update 1h
kill -STOP "$watch"
"$program" "$decoy" mem 60000 >"$SCRATCH/reader"
kill -CONT "$watch"
until_line '"why":"gap"' && ok "the gap is told at once" || not_ok "the gap is told at once" "it is not" "$SCRATCH/out"
stopped
is "a flood: seen and lost are what was sent" true \
	"$(last ".sensors[0].messages + .sensors[0].dropped - 300000 | . >= 0 and . < 50000")"
is "a flood: something was lost" true "$(last '.sensors[0].dropped > 0 and .sensors[0].overruns > 0')"
is "a flood: accesses and serials that are missing" true "$(last '.accesses + .serial_gaps <= 60000 and .lost > 0')"

# ---- killed ----
state=$(audit_now)
started "$PROCTOR" watch --sensor audit --json
steward=$(pgrep -P "$watch")
kill -KILL "$watch"
wait "$watch" 2>/dev/null
watch=''
is "killed, auditing stays as it was" "$state" "$(audit_now)"
sleep 0.2
[ -n "$steward" ] && ! grep -q '^State:.[^Z]' "/proc/$steward/status" 2>/dev/null && ok "killed, the steward goes, too" ||
	not_ok "killed, the steward goes, too" "pid $steward is still there"

audit_end
is "auditing is as it was before the test" "$audit_before" "$(audit_now)"
