# shellcheck shell=bash
# For tests of live sensors, behind tap.sh: a sensor that shows only what descends from this script, and a decoy.
#	sensor_start NAME SCOPE [RING]	runs build/tests/sensor_print; ends the script with a skip where it cannot run
#	sensor_stop			what it saw is left in $SCRATCH/seen
#	decoy_start			$DECOY is the pid of a process that may be reached for
#	reach WAY			runs build/tests/reach; what it says is left in $SCRATCH/reached.WAY
#	note WAY WORDS MORE		the access that WAY must have given, to be looked for by check_notes
#	check_line NAME WORDS…		some access has all these words
live_pids=()

live_end() {
	[ ${#live_pids[@]} = 0 ] || kill "${live_pids[@]}" 2>/dev/null
	rm -rf "$SCRATCH"
}
trap live_end EXIT

sensor_start() {
	rm -f "$SCRATCH/stop"
	mkfifo "$SCRATCH/stop"
	exec 7<>"$SCRATCH/stop"
	"$BUILD/tests/sensor_print" "$@" <"$SCRATCH/stop" >"$SCRATCH/seen" 2>&1 7>&- &
	SENSOR=$!
	live_pids+=("$SENSOR")
	for _ in $(seq 300); do
		! grep -q '^unavailable' "$SCRATCH/seen" || break
		! grep -q '^ready' "$SCRATCH/seen" || return 0
		sleep 0.1
	done
	if grep -q '^unavailable' "$SCRATCH/seen"; then
		skip "$1" "$(sed 's/^unavailable: //' "$SCRATCH/seen")"
		exit 0
	fi
	not_ok "$1 starts" "it said nothing for half a minute" "$SCRATCH/seen"
	exit 1
}

sensor_stop() {
	sleep 0.3
	echo stop >&7
	wait "$SENSOR"
}

# A program with a name of its own, so that nothing else is meant.
decoy_start() {
	cp "$BUILD/tests/reach" "$SCRATCH/decoy"
	"$SCRATCH/decoy" stay 600 7>&- &
	DECOY=$!
	live_pids+=("$DECOY")
	sleep 0.1
}

reach() {
	# A sanitizer looks for leaks by tracing its own process, which the sensors see.
	ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" timeout 20 "$BUILD/tests/reach" "$1" "$DECOY" >"$SCRATCH/reached.$1" 2>&1 7>&-
}

note() {
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$SCRATCH/notes"
}

check_line() {
	local name=$1 lines
	shift
	lines=$(grep -a '^access ' "$SCRATCH/seen")
	for word in "$@"; do
		lines=$(grep -aF -e "$word" <<<"$lines")
	done
	if [ -n "$lines" ]; then
		ok "$name"
	else
		grep -aF -e "${!#}" "$SCRATCH/seen" >"$SCRATCH/wrong"
		not_ok "$name" "no access with: $*" "$SCRATCH/wrong"
	fi
}

check_notes() {
	local way words more
	while IFS=$'\t' read -r way words more; do
		if grep -q '^cannot' "$SCRATCH/reached.$way"; then
			skip "$way" "$(sed -n 's/^cannot: //p' "$SCRATCH/reached.$way")"
			continue
		fi
		# shellcheck disable=SC2086
		check_line "$way" "$words" $more "actor.exe=$BUILD/tests/reach" "target.pid=$DECOY " \
			"target.exe=$SCRATCH/decoy" "actor.cmdline=$BUILD/tests/reach_${way}_$DECOY "
	done <"$SCRATCH/notes"
}
