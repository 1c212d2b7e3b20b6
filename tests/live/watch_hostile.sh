#!/bin/sh
# A watch among programs that try to hide: under another name, by being gone at once, in a crowd, in a flood, behind
# what others may write into audit's records. Each is seen, or counted. Of every sensor that runs here.
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../lib/audit.sh"
need jq auditctl

audit_begin
audit_program reach
plain=$program
mkdir "$SCRATCH/bin"
cp "$BUILD/tests/reach" "$SCRATCH/bin/ps"
audit_rule -a "$SCRATCH/bin/ps"
audit_programs="$audit_programs $SCRATCH/bin/ps"
decoy

count() {
	jq -c "select($1) | 1" "$SCRATCH/out" | wc -l
}

last() {
	jq -c "select(.type == \"status\") | $1" "$SCRATCH/out" | tail -n 1
}

for sensor in audit bpf fanotify; do
	case $sensor in audit) scope= ;; *) scope="--scope-pid $$" ;; esac
	: >"$SCRATCH/out"
	# shellcheck disable=SC2086
	"$PROCTOR" watch --sensor $sensor $scope --json --accesses >"$SCRATCH/out" 2>"$SCRATCH/err" 9>&- &
	watch=$!
	if ! until_line '"why":"started"'; then
		skip "$sensor" "$(head -c 200 "$SCRATCH/err" | tr -c '[:print:]' ' ')"
		wait "$watch" || true
		watch=''
		continue
	fi
	# The name of a tool that may, by prctl; its name as a file.
	REACH_STAYS=1 "$plain" renamed "$decoy" >"$SCRATCH/reached"
	REACH_STAYS=1 "$SCRATCH/bin/ps" environ "$decoy" >"$SCRATCH/reached"
	# Gone before it can be looked at; while the watch sleeps.
	"$plain" brief "$decoy" >"$SCRATCH/reached"
	kill -STOP "$watch"
	"$plain" smaps_rollup "$decoy" >"$SCRATCH/reached"
	kill -CONT "$watch"
	# One of a thousand.
	"$plain" crowd "$decoy" >"$SCRATCH/reached"
	until_line '"smaps"' && ok "$sensor: in a crowd" || not_ok "$sensor: in a crowd" "not told" "$SCRATCH/err"
	if [ $sensor = audit ]; then
		# Takes CAP_AUDIT_WRITE: what follows in its text is no record of the kernel's.
		is "$sensor: a message of a program" 1 "$("$BUILD/tests/live_forge" --user "$decoy")"
		auditctl -m "op=x exe=/forged name=/proc/$decoy/mem syscall=257" >/dev/null
	fi
	# A flood by somebody else, and one open in it.
	REACH_TIMES=20000 "$plain" flood "$decoy" >"$SCRATCH/flood" &
	flood=$!
	"$plain" task "$decoy" >"$SCRATCH/reached"
	wait "$flood"
	sleep 0.5
	stopped

	is "$sensor: a name that it gave itself" "\"$plain\"" \
		"$(jq -c 'select(.actor.comm == "needrestart" and .entry == "mem" and .suppressed == null and .risk == "HighRisk") | .actor.exe' "$SCRATCH/out")"
	is "$sensor: a file of another's name" "[\"$SCRATCH/bin/ps\",null]" \
		"$(jq -c 'select(.entry == "environ" and .actor.exe == "'"$SCRATCH/bin/ps"'") | [.actor.exe, .suppressed]' "$SCRATCH/out")"
	named=$(count ".entry == \"auxv\" and .actor.exe == \"$plain\"")
	told=$(count ".entry == \"auxv\" and .target.pid == $decoy")
	# fanotify tells who by a look at the process: one that is gone is told without a name, or counted as lost.
	if [ "$named" = 50 ] || { [ $sensor = fanotify ] && [ $((told + $(last .lost))) -ge 50 ] && [ "$named" -ge 25 ]; }; then
		ok "$sensor: fifty that end at once"
	else
		not_ok "$sensor: fifty that end at once" "$told told, $named of them by name"
	fi
	is "$sensor: while the watch sleeps" 1 "$(count ".entry == \"smaps_rollup\" and .target.pid == $decoy")"
	is "$sensor: in a flood, seen or counted" true \
		"$([ "$(count ".path == \"/proc/$decoy/task/$decoy/mem\"")" -ge 1 ] || [ "$(last .lost)" -gt 0 ] && echo true)"
	# Text that looks like records is told for what it is: anybody could have written it, so it is worth a look at most.
	is "$sensor: what is forged is not believed" 0 \
		"$(count '.actor.exe == "/forged" and (.trust == "kernel" or .risk == "HighRisk")')"
done

audit_end
is "auditing is as it was before the test" "$audit_before" "$(audit_now)"
