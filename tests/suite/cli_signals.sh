#!/bin/sh
# Ctrl-C and kill: what was found until then is printed, and the status tells.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"
need jq

cd "$SCRATCH" || exit 1
mkfifo pipe

# started ARGUMENT…: a scan of a pipe that stays open on descriptor 8; $pid is its
# A shell's background job ignores SIGINT, hence env.
started() {
	env --default-signal=INT,TERM "$PROCTOR" scan "$@" - <pipe >out 2>err &
	pid=$!
	exec 8>pipe
}

# until_idle: the scan has read what it was given, and waits
until_idle() {
	for _ in $(seq 200); do
		state=$(awk '$1 == "State:" { print $2 }' "/proc/$pid/status" 2>/dev/null)
		[ "$state" != S ] || [ "$(awk '$1 == "Seccomp:" { print $2 }' "/proc/$pid/status")" = 0 ] || break
		sleep 0.02
	done
	sleep 0.2
}

for signal in INT TERM; do
	expected=130
	[ $signal = INT ] || expected=143
	started --json
	many_accesses 3000 >&8
	until_idle
	kill -$signal $pid
	wait $pid
	is "SIG$signal while waiting, the status" $expected $?
	is "SIG$signal while waiting, what was found" 3000 "$(jq -c . out | wc -l)"
	has "SIG$signal while waiting, told" "stopped" err
	has "SIG$signal while waiting, the summary" "3,000 findings" err
	exec 8>&-
done

started --json
(while many_accesses 5000; do :; done) >&8 2>/dev/null &
feeder=$!
exec 8>&-
sleep 0.5
kill -INT $pid
wait $pid
is "in the middle of the work, the status" 130 $?
is "in the middle of the work, every line is whole" "$(wc -l <out)" "$(jq -c . out | wc -l)"
has "in the middle of the work, told" "stopped before the end" err
kill $feeder 2>/dev/null
wait $feeder 2>/dev/null

# The second one kills, though nobody reads what is printed.
mkfifo full
many_accesses 3000 >many.log
env --default-signal=INT "$PROCTOR" scan --json -q many.log >full 2>err &
pid=$!
exec 8<full
for _ in $(seq 200); do
	grep -q pipe_write "/proc/$pid/wchan" && break
	[ "$(awk '$1 == "State:" { print $2 }' "/proc/$pid/status")" = S ] && break
	sleep 0.02
done
sleep 0.5
kill -INT $pid
sleep 0.2
kill -0 $pid && ok "the first one waits for the reader" || not_ok "the first one waits for the reader" "it is gone"
kill -INT $pid
wait $pid
is "the second one kills" 130 $?
exec 8<&-

# nohup: a signal that was ignored stays so
(trap '' INT; exec "$PROCTOR" scan --json - <pipe >out 2>err) &
pid=$!
exec 8>pipe
many_accesses 3 >&8
sleep 0.5
kill -INT $pid
many_accesses 3 100 >&8
exec 8>&-
wait $pid
is "an ignored signal stays ignored" 1 $?
is "and all is read" 6 "$(wc -l <out)"
