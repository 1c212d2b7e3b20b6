#!/bin/sh
# The shipped pair of searches: over accesses, the first finds what scan finds; the second finds tools in syslog.
. "$(dirname "$0")/../lib/tap.sh"
cd "$SRC" || exit 2

for search in queries/*.sumo; do
	exits "$search parses" 0 "$PROCTOR" query --strict --check -f "$search"
	exits "lint has nothing to say of $search" 0 "$PROCTOR" query --lint -f "$search"
done
logs=$(find tests/captures "${PROCTOR_SHARED:-tests/captures}/captures" -name '*.log' -o -name '*.log.xz' 2>/dev/null | sort)
# shellcheck disable=SC2086
python3 tests/lib/pair.py "$PROCTOR" queries/t1003.007-native.sumo $logs

# --assemble finds what a search can resolve: an absolute name, one below the working directory, an argument.
found() {
	"$PROCTOR" query --assemble --json -q -f queries/t1003.007-native.sumo "$1" |
		jq -r '[.exe, .pid, .target_pid, .proc_entry, .risk] | @tsv' | sort -u >"$SCRATCH/out"
}
found tests/captures/shared/story_atomic_sh.log.xz
has "assembled: mem by its name" "$(printf '/usr/bin/dd\t27276\t27264\tmem\tHighRisk')" "$SCRATCH/out"
has "assembled: maps by its name" "$(printf '/usr/bin/grep\t27271\t27264\tmaps\tReview')" "$SCRATCH/out"
found tests/captures/shared/process_vm_readv.raw.log
has "assembled: process_vm_readv" "$(printf '12538\tmem\tHighRisk')" "$SCRATCH/out"

cat >"$SCRATCH/auth.log" <<'LINES'
Nov 23 10:48:34 web1 sudo:   eve : TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/usr/bin/python3 /tmp/LaZagne/laZagne.py memory
Nov 23 10:48:35 web1 pacemaker-controld[712]: notice: State transition S_IDLE -> S_POLICY_ENGINE
Nov 23 10:48:36 web1 sudo: hacluster : PWD=/ ; USER=root ; COMMAND=/usr/sbin/pacemakerd -f
Nov 23 10:48:37 web1 bash[4711]: eve: ./mimipenguin.sh
Nov 23 10:48:38 web1 sshd[4712]: Accepted publickey for eve
LINES
"$PROCTOR" query --json -q -f queries/t1003.007-tools.sumo "$SCRATCH/auth.log" |
	jq -r '[.process, .pid, .tool] | @tsv' >"$SCRATCH/out"
printf 'bash\t4711\tmimipenguin\nsudo\t\tLaZagne\n' >"$SCRATCH/expected"
same "tools in auth.log, and no cluster manager" "$SCRATCH/expected" "$SCRATCH/out"
