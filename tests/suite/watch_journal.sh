#!/bin/sh
# A journal that grows while it is followed, a file that is new in its directory included. No journald takes part:
# systemd-journal-remote writes what it is told.
. "$(dirname "$0")/../lib/tap.sh"
need jq
for writer in /lib/systemd/systemd-journal-remote \
	"$SRC/build/oracle/systemd-journal-remote/lib/systemd/systemd-journal-remote"; do
	[ ! -x "$writer" ] || break
done
if ! "$writer" --version >/dev/null 2>&1; then
	skip watch_journal "systemd-journal-remote is not there, or does not run"
	exit 0
fi
cd "$SCRATCH" || exit 1
mkdir journal
mkfifo first second

# entry FD TRANSPORT PROGRAM MESSAGE
entry() {
	printf '__REALTIME_TIMESTAMP=%s\n__MONOTONIC_TIMESTAMP=1000\n_BOOT_ID=0123456789abcdef0123456789abcdef\n' \
		"$(date +%s%6N)" >&"$1"
	printf '_TRANSPORT=%s\nSYSLOG_IDENTIFIER=%s\n_UID=0\n_PID=77\n_HOSTNAME=web1\nPRIORITY=6\nMESSAGE=%s\n\n' \
		"$2" "$3" "$4" >&"$1"
}

until_line() {
	for _ in $(seq 200); do
		! grep -aqF -e "$1" out || return 0
		sleep 0.05
	done
	return 1
}

"$writer" -o journal/first.journal - <first 2>/dev/null &
writers=$!
exec 7>first
entry 7 syslog sudo "root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/tmp/mimipenguin-before.sh"
for _ in $(seq 100); do [ -s journal/first.journal ] && break; sleep 0.05; done
sleep 0.3
"$PROCTOR" watch --sensor journal --journal journal --json --heartbeat 0 >out 2>err 7>&- &
watch=$!
until_line '"why":"started"' || not_ok "it starts" "it does not say so" err

entry 7 syslog sudo "root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/tmp/mimipenguin.sh"
until_line 'COMMAND=/tmp/mimipenguin.sh' && ok "an entry that is new" || not_ok "an entry that is new" "not told" err
lacks "what was there before" "mimipenguin-before" out
is "its host, its sensor" '["web1",["journal"]]' "$(jq -c 'select(.verb == "log") | [.host, .sensors]' out)"

"$writer" -o journal/second.journal - <second 2>/dev/null 7>&- &
writers="$writers $!"
exec 8>second
entry 8 syslog sudo "root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/tmp/mimipenguin-rotated.sh"
until_line 'mimipenguin-rotated' && ok "a file that is new" || not_ok "a file that is new" "not told" err
"$BUILD/tests/guard_probe" --is-sanitized ||
	is "confined" 2 "$(awk '$1 == "Seccomp:" { print $2 }' "/proc/$watch/status")"

kill "$watch"
wait "$watch"
is "the status" 1 $?
exec 7>&- 8>&-
# shellcheck disable=SC2086
kill $writers 2>/dev/null
exits "no journal there" 2 "$PROCTOR" watch --sensor journal --journal "$SCRATCH/nowhere"
