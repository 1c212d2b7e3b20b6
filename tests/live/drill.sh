#!/bin/sh
# proctor drill on the real kernel: what the audit sensor should see is seen, what is normal raises nothing, a sensor
# that is blind is found out, and whatever ends the drill leaves nothing behind.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/audit.sh"
need jq auditctl python3

# The lock, and the state that must come back; the drill turns auditing on and off itself.
if [ "$(id -u)" != 0 ] || ! auditctl -s >/dev/null 2>&1 || [ "$(audit_state enabled)" = 2 ]; then
	skip drill "auditing takes root and a kernel that has it"
	exit 0
fi
# shellcheck disable=SC2154
exec 9>"$audit_lock"
flock 9
before=$(audit_now)
trap 'auditctl -e "$enabled" >/dev/null; rm -rf "$SCRATCH"' EXIT
enabled=$(audit_state enabled)
export TMPDIR="$SCRATCH/tmp"
mkdir -m 755 "$TMPDIR"
chmod 755 "$SCRATCH"

drill() {
	timeout 120 "$PROCTOR" drill --no-progress "$@" 9>&-
}

# Until the drill's rules are there, 10 s at most.
until_rules() {
	for _ in $(seq 200); do
		! auditctl -l | grep -q auid=1003007 || return 0
		sleep 0.05
	done
	return 1
}

left_behind() {
	ls -A "$TMPDIR"
	pgrep -f "$TMPDIR/proctor-drill|--as-decoy" || true
	ls /tmp/lazagne 2>/dev/null
}

count() {
	jq -r "select(.result == \"$1\") | .variant" "$SCRATCH/out" | wc -l
}

# ---- all of it ----
exits "what the audit sensor should see is seen, what is normal is quiet" 0 \
	drill --sensor audit --json --report "$SCRATCH/page.html" --navigator "$SCRATCH/layer.json"
cp "$SCRATCH/out" "$SCRATCH/all"
jq -r 'select(.result == "missed" or .result == "raised") | "\(.variant): \(.why)"' "$SCRATCH/all" | tap_show
[ "$(count seen)" -ge 100 ] && ok "at least 100 variants are seen" || not_ok "at least 100 variants are seen" "$(count seen)"
[ "$(count quiet)" -ge 20 ] && ok "at least 20 look-alikes are quiet" || not_ok "at least 20 look-alikes are quiet" "$(count quiet)"
is "every expected miss has a reason" 0 "$(jq -r 'select(.result == "expected-miss" and .why == null) | .variant' "$SCRATCH/all" | wc -l)"
is "what could not be carried out is not installed or switched off" "" \
	"$(jq -r 'select(.result == "not-run") | .why' "$SCRATCH/all" | grep -vE 'not installed|Function not implemented|not permitted|No such file')"
is "the tier of memory" '"HighRisk"' "$(jq -c 'select(.variant == "entry-mem") | .risk' "$SCRATCH/all")"
is "a latency is told of each that is seen" 0 "$(jq -r 'select(.result == "seen" and .latency_ms == null) | .variant' "$SCRATCH/all" | wc -l)"
is "auditing is as it was" "$before" "$(audit_now)"
is "nothing is left behind" "" "$(left_behind)"
has "the page" "<h2>io_uring</h2>" "$SCRATCH/page.html"
lacks "the page has no script" "<script" "$SCRATCH/page.html"
is "the layer" '"4.5"' "$(jq -c .versions.layer "$SCRATCH/layer.json")"
is "the layer names the technique" '"T1003.007"' "$(jq -c '.techniques[0].techniqueID' "$SCRATCH/layer.json")"

is "every line has the names of the schema, in its order" "$(jq -c .required "$SRC/docs/schema/drill.schema.json")" \
	"$(jq -c keys_unsorted "$SCRATCH/all" | sort -u)"

# ---- the sensors that need no audit rules ----
for sensor in bpf fanotify; do
	status=0
	drill --sensor $sensor --json >"$SCRATCH/out" 2>"$SCRATCH/err" || status=$?
	# fanotify has to ask /proc who an actor is: of one that ends before a busy machine comes to it, nobody can tell
	# that it is normal. Once, but not twice.
	if [ "$sensor" = fanotify ] && [ "$status" = 1 ] && jq -e 'select(.result == "raised")' "$SCRATCH/out" >/dev/null &&
		! jq -e 'select(.result == "missed")' "$SCRATCH/out" >/dev/null; then
		status=0
		drill --sensor $sensor --json >"$SCRATCH/out" 2>"$SCRATCH/err" || status=$?
	fi
	if [ "$status" = 2 ]; then
		skip "$sensor" "$(head -c 200 "$SCRATCH/err" | tr -c '[:print:]' ' ')"
		continue
	fi
	jq -r 'select(.result == "missed" or .result == "raised") | "\(.variant): \(.why)"' "$SCRATCH/out" | tap_show
	is "$sensor: what it should see is seen, what is normal is quiet" 0 "$status"
	[ "$(count seen)" -ge 100 ] && ok "$sensor: at least 100 variants are seen" || not_ok "$sensor: at least 100 variants are seen" "$(count seen)"
done

# ---- the three tests ----
for test in 1 2 3; do
	exits "test $test" 0 drill --sensor audit --test $test
	is "test $test, nothing is left behind" "" "$(left_behind)"
done
if [ ! -e /tmp/lazagne ]; then
	: >/tmp/lazagne
	exits "test 3 where /tmp/lazagne is there already" 0 drill --sensor audit --test 3
	is "test 3 leaves what it did not make" "/tmp/lazagne 0" "$(stat -c '%n %s' /tmp/lazagne)"
	rm -f /tmp/lazagne
fi

# ---- blind ----
exits "a sensor without rules is found out" 1 drill --sensor audit --host-rules --only entry --json
is "a sensor without rules, nothing is seen" 0 "$(count seen)"
auditctl -e 1 >/dev/null
exits "a sensor without rules though auditing is on" 1 drill --sensor audit --host-rules --only entry-mem
auditctl -e "$enabled" >/dev/null
exits "a sensor that misses one entry is found out" 1 drill --json --only entry \
	--from "'$PROCTOR' watch --sensor audit --json --accesses | grep -v --line-buffered '\"entry\":\"maps\"'" --sensor audit
# The rules of a drill are taken away while it runs: what comes then is missed.
drill --sensor audit --json >"$SCRATCH/out" 2>"$SCRATCH/err" &
drill=$!
until_rules
auditctl -l | grep 'auid=1003007' | grep -E 'procfs' | while read -r _ rule; do
	# shellcheck disable=SC2086
	auditctl -d $rule
done >/dev/null 2>&1
status=0
wait $drill || status=$?
is "a rule that is taken away is found out" 1 "$status"
is "a rule that is taken away, something is missed" true "$([ "$(count missed)" -gt 0 ] && echo true)"
is "a rule that is taken away, auditing is as it was" "$before" "$(audit_now)"
exits "a sensor that ends is no sensor" 2 drill --from true
exits "no such variant" 2 drill --only nothing
exits "no such sensor" 2 drill --sensor magic

# ---- whatever ends it ----
for signal in INT TERM KILL; do
	python3 -c 'import os, signal, sys
signal.signal(2, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$PROCTOR" drill --no-progress --sensor audit >"$SCRATCH/out" 2>"$SCRATCH/err" 9>&- &
	drill=$!
	until_rules && ok "SIG$signal, rules were there" || not_ok "SIG$signal, rules were there" "they never came" "$SCRATCH/err"
	sleep 0.5
	kill -$signal $drill
	status=0
	wait $drill 2>/dev/null || status=$?
	[ $signal != KILL ] || sleep 1
	case $signal in INT) wanted=130 ;; TERM) wanted=143 ;; KILL) wanted=137 ;; esac
	is "SIG$signal, the status" $wanted "$status"
	is "SIG$signal, auditing is as it was" "$before" "$(audit_now)"
	is "SIG$signal, nothing is left behind" "" "$(left_behind)"
	is "SIG$signal, no sensor is left" "" "$(pgrep -f 'proctor watch --json --accesses --sensor audit')"
done
is "auditing is as it was before the test" "$before" "$(audit_now)"
