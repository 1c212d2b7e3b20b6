#!/bin/sh
# `proctor rules audit` and the lease on audit rules, on the real kernel. Every rule is scoped to a copy of cat that
# nobody else runs; the lock keeps other tests of auditing away for as long as there are rules.
. "$(dirname "$0")/../lib/tap.sh"

need auditctl python3
probe=$BUILD/tests/lease_probe
exe=$SCRATCH/reader
folder=$SCRATCH/lease

setting() { auditctl -s | awk -v name="$1" '$1 == name { print $2 }'; }

# The rules and the settings that a lease may change.
snapshot() {
	auditctl -l
	auditctl -s | grep -E '^(enabled|failure|backlog_limit) '
}

# auditctl 3.0.9 has no name for the list of io_uring, and takes its operations for system calls.
ours() { auditctl -l | grep -F "exe=$exe" | sed 's/always,(null) -S [^ ]*/always,io_uring/' | sort; }

give_back() {
	[ -z "${holder:-}" ] || kill "$holder" ${child:+"$child"} 2>/dev/null
	"$PROCTOR" rules audit --remove --exe "$exe" >/dev/null 2>&1
	"$probe" --recover "$folder" >/dev/null 2>&1
	auditctl -d "always,exit" -F arch=b64 -S chmod -F exe="$exe" -k site >/dev/null 2>&1
	auditctl -d "always,exit" -F arch=b64 -S chmod -F exe="$exe" -k proctor_mnt -k site >/dev/null 2>&1
	auditctl -e "$enabled" >/dev/null 2>&1
	auditctl -b "$backlog" >/dev/null 2>&1
	rm -rf "$SCRATCH"
}

"$PROCTOR" rules audit check >"$SCRATCH/out" 2>"$SCRATCH/err"
if [ $? = 2 ]; then
	skip rules_audit "auditing cannot be asked here ($(head -c 200 "$SCRATCH/err"))"
	exit 0
fi
if [ "$(setting enabled)" = 2 ]; then
	skip rules_audit "the audit rules of this host are locked"
	exit 0
fi

exec 9>/run/lock/proctor-audit.test
if ! flock -w 300 9; then
	skip rules_audit "another test has the audit rules"
	exit 0
fi
enabled=$(setting enabled) backlog=$(setting backlog_limit)
trap give_back EXIT
cp "$(command -v cat)" "$exe"
mkdir -m 700 "$folder"
snapshot >"$SCRATCH/before"

# ---- what is printed is what is installed ----

auditctl -a always,exit -F arch=b64 -S chmod -F exe="$exe" -k site 2>/dev/null
auditctl -a always,exit -F arch=b64 -S chmod -F exe="$exe" -k proctor_mnt -k site 2>/dev/null
auditctl -l | sort >"$SCRATCH/foreign"

exits "install" 0 "$PROCTOR" rules audit --install --exe "$exe"
ours >"$SCRATCH/installed"
"$PROCTOR" rules audit --exe "$exe" >"$SCRATCH/printed"
wanted=$(grep -c '^#*-a' "$SCRATCH/printed")
is "install adds each rule that is printed" $((wanted + 2)) "$(wc -l <"$SCRATCH/installed")"
has "install tells how many" "audit rules: $wanted added, 0 renewed, 0 kept, 0 removed" "$SCRATCH/out"
[ "$enabled" != 0 ] || has "install tells that auditing is off" "auditing is off" "$SCRATCH/err"
is "install leaves auditing as it is" "$enabled" "$(setting enabled)"
exits "install twice" 0 "$PROCTOR" rules audit --install --exe "$exe"
has "the second time nothing is added" "audit rules: 0 added, 0 renewed, $wanted kept, 0 removed" "$SCRATCH/out"
ours >"$SCRATCH/again"
same "the second time the rules are the same" "$SCRATCH/installed" "$SCRATCH/again"

"$PROCTOR" rules audit check --exe "$exe" >"$SCRATCH/out"
lacks "check finds the rules" "rule-missing" "$SCRATCH/out"
"$PROCTOR" rules audit check --exe "$exe" --json >"$SCRATCH/out"
if python3 -c 'import json, sys; [json.loads(line)["mend"] for line in sys.stdin]' <"$SCRATCH/out"; then
	ok "check --json is JSON"
else
	not_ok "check --json is JSON" "it cannot be read" "$SCRATCH/out"
fi
"$PROCTOR" rules audit check --uid 4294967294 >"$SCRATCH/out"
has "rules of another scope are not enough" "GAP   rule-partial" "$SCRATCH/out"

# A rule that is missing, each of its own, is found, and the command that is told mends it.
line=$(sed -n 's/^-a \(.*proctor_xmem\)$/\1/p' "$SCRATCH/printed" | head -n 1)
# shellcheck disable=SC2086
auditctl -d $line
"$PROCTOR" rules audit check --exe "$exe" >"$SCRATCH/out"
is "check names the one rule that is missing" "      mend      auditctl -a $line" \
	"$(grep -A 3 'rule-missing' "$SCRATCH/out" | grep ' mend ')"
sh -c "$(sed -n 's/^      mend      \(auditctl -a always,exit.*\)$/\1/p' "$SCRATCH/out")"
ours >"$SCRATCH/again"
same "the command mends it" "$SCRATCH/installed" "$SCRATCH/again"

# A rule in front that keeps them out of the log.
auditctl -A never,exit -F arch=b64 -S execve,execveat -F exe="$exe" -k proctor_exec 2>/dev/null
"$PROCTOR" rules audit check --exe "$exe" >"$SCRATCH/out"
has "check finds what is shadowed" "GAP   rule-shadowed" "$SCRATCH/out"
sh -c "$(sed -n 's/^      mend      \(auditctl -d always,exit.* && .*\)$/\1/p' "$SCRATCH/out")"
"$PROCTOR" rules audit check --exe "$exe" >"$SCRATCH/out"
lacks "the command mends that, too" "rule-shadowed" "$SCRATCH/out"
"$PROCTOR" rules audit --install --exe "$exe" >"$SCRATCH/out" 2>/dev/null
has "install removes what is superfluous" " $wanted kept, 1 removed" "$SCRATCH/out"

exits "remove" 0 "$PROCTOR" rules audit --remove --exe "$exe"
has "remove tells of the rule that is not ours alone" "left alone" "$SCRATCH/err"
auditctl -l | sort >"$SCRATCH/again"
same "remove leaves the rules of others" "$SCRATCH/foreign" "$SCRATCH/again"

auditctl -R "$SCRATCH/printed" >"$SCRATCH/out" 2>"$SCRATCH/err"
lacks "auditctl takes each line of what is printed" "There was an error" "$SCRATCH/err"
ours | grep -v 'always,io_uring' >"$SCRATCH/loaded"
grep -v 'always,io_uring' "$SCRATCH/installed" >"$SCRATCH/expected"
same "auditctl makes the same rules of it" "$SCRATCH/expected" "$SCRATCH/loaded"
exits "install completes what auditctl loaded" 0 "$PROCTOR" rules audit --install --exe "$exe"
has "only the rule for io_uring was left to add" "audit rules: 1 added, 0 renewed, $((wanted - 1)) kept" "$SCRATCH/out"

# ---- a second procfs ----

unshare --mount --pid --fork --kill-child --mount-proc sh -c "touch '$SCRATCH/mounted'; exec sleep 20" 9>&- 2>/dev/null &
holder=$!
for _ in $(seq 50); do
	[ -e "$SCRATCH/mounted" ] && break
	sleep 0.2
done
if [ -e "$SCRATCH/mounted" ]; then
	"$PROCTOR" rules audit --exe "$exe" >"$SCRATCH/out"
	second=$(sed -n 's/^#   \([0-9]*\)  \/proc in the mounts of process [0-9]*$/\1/p' "$SCRATCH/out" | tail -n 1)
	has "another mount namespace's procfs gets a rule" "-F devminor=${second:-none} -F exe" "$SCRATCH/out"
	"$PROCTOR" rules audit check --exe "$exe" >"$SCRATCH/out"
	has "check misses it" "GAP   second-procfs" "$SCRATCH/out"
else
	skip "another mount namespace's procfs gets a rule" "unshare is refused here"
fi
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null
holder=

# ---- the rules record ----

: >"$SCRATCH/records"
"$SRC"/tests/lib/audit_listen.py 4 >"$SCRATCH/records" 2>/dev/null &
listener=$!
for _ in $(seq 50); do
	grep -q ready "$SCRATCH/records" && break
	sleep 0.2
done
exits "install --enable" 0 "$PROCTOR" rules audit --install --enable --exe "$exe"
is "it turns auditing on" 1 "$(setting enabled)"
sleep 30 &
decoy=$!
"$exe" "/proc/$decoy/maps" >/dev/null
cat "/proc/$decoy/environ" >/dev/null
wait "$listener"
kill "$decoy"
auditctl -e "$enabled" >/dev/null
grep 'type=1300 .*key="proctor_procfs"' "$SCRATCH/records" >"$SCRATCH/seen"
has "the open by the program in scope is recorded" "exe=\"$exe\"" "$SCRATCH/seen"
has "and what was opened" "name=\"/proc/$decoy/maps\"" "$SCRATCH/records"
lacks "an open by another program is not" "/proc/$decoy/environ" "$SCRATCH/records"

# ---- rules for single processes ----

cp "$(command -v sleep)" "$SCRATCH/sshd"
"$SCRATCH/sshd" 30 &
holder=$!
"$PROCTOR" rules audit --install --exe "$exe" --profile targeted >"$SCRATCH/out" 2>"$SCRATCH/err"
ours >"$SCRATCH/targeted"
has "the process that holds credentials is watched" "-F path=/proc/$holder/mem " "$SCRATCH/targeted"
has "and its threads" "-F dir=/proc/$holder/task " "$SCRATCH/targeted"
lacks "the rules of the other profile are gone" "devminor" "$SCRATCH/targeted"
"$PROCTOR" rules audit --install --exe "$exe" --profile targeted >"$SCRATCH/out" 2>"$SCRATCH/err"
has "rules on files of processes are renewed" " 0 removed" "$SCRATCH/out"
lacks "and are" " 0 renewed" "$SCRATCH/out"
kill "$holder"
wait "$holder" 2>/dev/null
gone=$holder holder=
"$PROCTOR" rules audit --install --exe "$exe" --profile targeted >"$SCRATCH/out" 2>"$SCRATCH/err"
ours >"$SCRATCH/targeted"
lacks "rules of a process that ended go" "/proc/$gone/" "$SCRATCH/targeted"

# ---- the lease ----

"$PROCTOR" rules audit --remove --exe "$exe" >/dev/null 2>&1
auditctl -e "$enabled" >/dev/null
auditctl -b "$backlog" >/dev/null
snapshot >"$SCRATCH/start"
mkfifo "$SCRATCH/hold"

# Leaves the lease taken; its holder is $holder, its keeper $keeper.
take() {
	"$probe" "$folder" "$exe" <"$SCRATCH/hold" >"$SCRATCH/probe" 9>&- &
	holder=$!
	exec 8>"$SCRATCH/hold"
	for _ in $(seq 100); do
		grep -q . "$SCRATCH/probe" && break
		sleep 0.1
	done
	keeper=$(awk '/^held/ { print $4 }' "$SCRATCH/probe")
	child=$(awk '/^held/ { print $5 }' "$SCRATCH/probe")
}

restored() {
	for _ in $(seq 100); do
		snapshot >"$SCRATCH/after"
		cmp -s "$SCRATCH/start" "$SCRATCH/after" && break
		sleep 0.1
	done
	same "$1" "$SCRATCH/start" "$SCRATCH/after"
}

take
is "a lease adds the rules" "held $wanted 0 $keeper $child" "$(head -n 1 "$SCRATCH/probe")"
is "and turns auditing on" 1 "$(setting enabled)"
"$probe" "$folder" "$exe" </dev/null >"$SCRATCH/second"
has "there is one lease at a time" "refused: another proctor" "$SCRATCH/second"
exec 8>&-
wait "$holder"
has "it can be released" "released 0" "$SCRATCH/probe"
restored "release restores everything"

take
kill -9 "$holder"
restored "SIGKILL restores everything, though a child holds all descriptors"
kill "$child"
exec 8>&-

take
kill -INT "$keeper"
kill -TERM "$keeper"
kill -HUP "$keeper"
sleep 0.2
if grep -q "^State:.[RSD]" "/proc/$keeper/status"; then
	ok "nobody ends the keeper by chance"
else
	not_ok "nobody ends the keeper by chance" "it is gone"
fi
kill -9 "$keeper"
exec 8>&-
wait "$holder"
has "without a keeper, release undoes it" "released 0" "$SCRATCH/probe"
restored "and restores everything"

take
kill -9 "$keeper" "$holder" "$child"
exec 8>&-
sleep 0.3
is "when both are killed, rules stay" "$wanted" "$(ours | grep -vc 'key=site')"
take
has "the next lease undoes what the last one left, first" "held $wanted 0" "$SCRATCH/probe"
exec 8>&-
wait "$holder"
restored "and then everything is as it was before both"

take
kill -9 "$keeper" "$holder" "$child"
exec 8>&-
sleep 0.3
has "recovering undoes it, too" "recovered 1" "$("$probe" --recover "$folder" >"$SCRATCH/out" && echo "$SCRATCH/out")"
restored "and restores everything as well"
holder=

"$PROCTOR" rules audit --install --exe "$exe" >/dev/null 2>&1
auditctl -b "$backlog" >/dev/null
snapshot >"$SCRATCH/start"
take
is "a lease adds no rule that is there" "held 0 0 $keeper $child" "$(head -n 1 "$SCRATCH/probe")"
exec 8>&-
wait "$holder"
holder=
restored "and removes none that was"
"$PROCTOR" rules audit --remove --exe "$exe" >/dev/null 2>&1
snapshot >"$SCRATCH/start"

"$probe" --broken "$folder" "$exe" >"$SCRATCH/out"
has "a rule that the kernel refuses is told" "install -2 0 the kernel refused to add the rule" "$SCRATCH/out"
has "a lease with it is refused" "lease refused the kernel refused to add the rule" "$SCRATCH/out"
restored "and the rules before it are taken back"

chmod 777 "$folder"
"$probe" "$folder" "$exe" </dev/null >"$SCRATCH/out"
has "a folder where others may write is refused" "nobody else may write" "$SCRATCH/out"
chmod 700 "$folder"

auditctl -d always,exit -F arch=b64 -S chmod -F exe="$exe" -k site
auditctl -d always,exit -F arch=b64 -S chmod -F exe="$exe" -k proctor_mnt -k site
auditctl -e "$enabled" >/dev/null
auditctl -b "$backlog" >/dev/null
snapshot >"$SCRATCH/after"
same "auditing is as it was before the test" "$SCRATCH/before" "$SCRATCH/after"
