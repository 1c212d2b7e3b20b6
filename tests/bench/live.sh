#!/bin/bash
# Live sensors on this kernel: latency from the call to the line, cost at rest, memory, opens a second without loss, and
# by build/tests/live_open nanoseconds an open, with the sensor and without it by turns. Prints; no figure fails.
#
#   SENSORS        which ("audit bpf fanotify")
#   LIVE_OPENS     opens of a decoy's mem for the latency (400, at 50 a second)
#   LIVE_REST      seconds at rest (20)
#   LIVE_ROUNDS    with and without, for the cost of an open (5)
set -eu -o pipefail
PATH=$PATH:/usr/sbin:/sbin:${BUILD:-build}/oracle/auditd/sbin
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../lib/audit.sh"
need python3 auditctl jq

opens=${LIVE_OPENS:-400} rest=${LIVE_REST:-20}

# A watch and the processes that it started.
family() {
	echo "$1"
	pgrep -P "$1" || true
}

cpu_of() {
	local pid
	for pid in $(family "$1"); do
		awk '{ print $14 + $15 }' "/proc/$pid/stat"
	done | awk '{ sum += $1 } END { print sum }'
}

memory_of() {
	local pid
	for pid in $(family "$1"); do
		awk '/^RssAnon:/ { print $2 }' "/proc/$pid/status"
	done | awk '{ sum += $1 } END { print sum }'
}

audit_begin
audit_program live_reader
decoy
printf '%-10s %6s %8s %8s %8s %10s %10s\n' sensor opens p50/ms p99/ms max/ms rest/% memory/KiB
for sensor in ${SENSORS:-audit bpf fanotify}; do
	mkfifo "$SCRATCH/lines"
	python3 "$SRC/tests/bench/live_latency.py" "$decoy" <"$SCRATCH/lines" >"$SCRATCH/latency" &
	reader=$!
	"$PROCTOR" watch --sensor "$sensor" --accesses --json --heartbeat 0 >"$SCRATCH/lines" 2>"$SCRATCH/err" &
	watch=$!
	for _ in $(seq 200); do # until it has started, or ended
		! grep -q "watching by" "$SCRATCH/err" || break
		kill -0 "$watch" 2>/dev/null || break
		sleep 0.05
	done
	if kill -0 "$watch" 2>/dev/null; then
		"$program" "$decoy" mem 1 >"$SCRATCH/made" # the first of all waits for what may have come before it
		sleep 0.5
		for _ in $(seq "$opens"); do
			"$program" "$decoy" mem 1
			sleep 0.02
		done >"$SCRATCH/made"
		sleep 0.5
		before=$(cpu_of "$watch")
		sleep "$rest"
		after=$(cpu_of "$watch")
		memory=$(memory_of "$watch")
		kill "$watch"
		wait "$watch" || true
		watch=''
		wait "$reader"
		read -r count p50 p99 longest <"$SCRATCH/latency"
		printf '%-10s %6s %8s %8s %8s %10s %10s\n' "$sensor" "$count" "$p50" "$p99" "$longest" \
			"$(awk -v ticks=$((after - before)) -v s="$rest" 'BEGIN { printf "%.2f", ticks / s }')" "$memory"
	else
		watch=''
		wait "$reader"
		printf '%-10s %s\n' "$sensor" "does not work here: $(head -n 1 "$SCRATCH/err")"
	fi
	rm "$SCRATCH/lines"
done

# rate SENSOR: the first of these rates, in opens a second, at which nothing is lost in four seconds; 0: as fast as one
# process opens.
rate() {
	local goal made lost begin end reader=$BUILD/tests/live_reader # that nobody audits
	[ "$1" != audit ] || reader=$program
	for goal in 0 100000 50000 20000 10000 5000 2000; do
		"$PROCTOR" watch --sensor "$1" --json --heartbeat 0 --update 1h >"$SCRATCH/out" 2>"$SCRATCH/err" 9>&- &
		watch=$!
		until_line '"why":"started"' || return 0
		begin=$(date +%s%N)
		"$reader" "$decoy" mem 100000000 "$goal" 4 >"$SCRATCH/made"
		end=$(date +%s%N)
		sleep 1
		stopped
		made=$(cut -d ' ' -f 2 "$SCRATCH/made")
		lost=$(jq -s '.[-1].lost' "$SCRATCH/out")
		printf '%-10s %10d opens a second for 4 s: %s made, %s seen, %s lost\n' "$1" \
			$((made * 1000000000 / (end - begin))) "$made" "$(jq -s '.[-1].accesses' "$SCRATCH/out")" "$lost"
		[ "$lost" != 0 ] || break
	done
}

echo
for sensor in ${SENSORS:-audit bpf fanotify}; do
	rate "$sensor"
done

# The worker's opens alone are audited, by a rule as proctor-rules-audit(8) makes them: it matches what is on procfs.
worker=$SCRATCH/live_open
cp "$BUILD/tests/live_open" "$worker"
minor=$(awk '$5 == "/proc" { sub(/.*:/, "", $3); print $3; exit }' /proc/self/mountinfo)
rule="always,exit -F arch=b64 -S open,openat,openat2 -F devmajor=0 -F devminor=$minor -F exe=$worker -k proctor_test"
export LIVE_ON="auditctl -a $rule >/dev/null" LIVE_OFF="auditctl -d $rule >/dev/null"
echo
for sensor in ${SENSORS:-audit bpf fanotify}; do
	"$worker" "$sensor" "${LIVE_ROUNDS:-5}" || [ $? -eq 77 ]
done
audit_end
