#!/bin/sh
# `proctor rules audit` as far as it changes nothing: what it prints, whom it refuses. The kernel's part is
# tests/live/rules_audit.sh.
. "$(dirname "$0")/../lib/tap.sh"

exits "rules are printed" 0 "$PROCTOR" rules audit
minor=$(awk '$5 == "/proc" { split($3, device, ":"); print device[2]; exit }' /proc/self/mountinfo)
has "with the device of /proc" "-F devmajor=0 -F devminor=$minor -k proctor_procfs" "$SCRATCH/out"
lacks "no line turns auditing on unasked" "-e 1" "$SCRATCH/out"
lacks "no line deletes" "-D" "$SCRATCH/out"
is "every line is a rule, a setting or a comment" "" "$(grep -v '^#\|^-a always,exit -F arch=b[36][24] \|^-b [0-9]*$\|^$' "$SCRATCH/out")"
exits "printed with --enable" 0 "$PROCTOR" rules audit --enable
is "the last line turns auditing on" "-e 1" "$(tail -n 1 "$SCRATCH/out")"

"$PROCTOR" rules audit --exe /opt/a --uid 0 --auid 1000 --pid 7 >"$SCRATCH/out"
is "a scope is in every rule" "$(grep -c '^#*-a ' "$SCRATCH/out")" \
	"$(grep -c '^#*-a .* -F pid=7 -F uid=0 -F auid=1000 -F exe=/opt/a -k ' "$SCRATCH/out")"
has "and the file says so" "SCOPED" "$SCRATCH/out"

# A process that holds credentials, by its name and by its file's.
cp "$(command -v sleep)" "$SCRATCH/ssh-agent"
"$SCRATCH/ssh-agent" 60 &
holder=$!
sleep 60 &
other=$!
sleep 0.3
exits "the targeted profile is printed" 0 "$PROCTOR" rules audit --profile targeted
has "whom it watches is named" "#   $holder  ssh-agent" "$SCRATCH/out"
has "and is watched" "-F path=/proc/$holder/mem -k proctor_procfs" "$SCRATCH/out"
lacks "others are not" "/proc/$other/" "$SCRATCH/out"
has "it says that it must be renewed" "not watched: print or" "$SCRATCH/out"
kill "$holder" "$other"

exits "a relative path is refused" 2 "$PROCTOR" rules audit --exe bin/x
exits "a path with a blank is refused" 2 "$PROCTOR" rules audit --exe "/a b"
exits "a word is no number" 2 "$PROCTOR" rules audit --uid root
exits "the user that means none is none" 2 "$PROCTOR" rules audit --uid 4294967295
exits "there is no process 0" 2 "$PROCTOR" rules audit --pid 0
exits "an unknown profile is refused" 2 "$PROCTOR" rules audit --profile loud
exits "two actions are refused" 2 "$PROCTOR" rules audit --install --remove
exits "--json without check is refused" 2 "$PROCTOR" rules audit --json
exits "--enable with check is refused" 2 "$PROCTOR" rules audit check --enable
exits "an unknown word is refused" 2 "$PROCTOR" rules audit "$(printf 'x\033[2J')"
is "and is escaped" 0 "$(grep -c "$(printf '\033')" "$SCRATCH/err")"

if setpriv --bounding-set=-all --inh-caps=-all true 2>/dev/null; then
	without() { setpriv --bounding-set=-all --inh-caps=-all "$@"; }
	exits "without the capability rules are printed" 0 without "$PROCTOR" rules audit
	has "with the same room for bursts" "-b 8192" "$SCRATCH/out"
	exits "without it nobody looks" 2 without "$PROCTOR" rules audit check
	has "and is told why" "CAP_AUDIT_CONTROL" "$SCRATCH/err"
	is "nothing is said of gaps then" "" "$(cat "$SCRATCH/out")"
	exits "without it nothing is installed" 2 without "$PROCTOR" rules audit --install
	exits "nor removed" 2 without "$PROCTOR" rules audit --remove
else
	skip "without the capability" "setpriv is refused here"
fi
