#!/bin/sh
# proctor rules test: hit and miss logs, rules that share them, correlations, filters, and parts that nothing tests.
. "$(dirname "$0")/../lib/tap.sh"
export PROCTOR_RULES="" XDG_CONFIG_HOME="$SCRATCH/none"
rules=$SCRATCH/rules
mkdir -p "$rules/mem/hit" "$rules/mem/miss" "$rules/tuning/hit" "$rules/tuning/miss"

# open SERIAL SECOND EXE PID PATH: one audit event
open() {
	printf 'type=SYSCALL msg=audit(1795430%s.000:%s): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffe a2=0 a3=0 items=1 ppid=1 pid=%s auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="x" exe="%s" key="p"\n' \
		"$2" "$1" "$4" "$3"
	printf 'type=CWD msg=audit(1795430%s.000:%s): cwd="/root"\n' "$2" "$1"
	printf 'type=PATH msg=audit(1795430%s.000:%s): item=0 name="%s" inode=9 dev=00:15 mode=0100400 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n' \
		"$2" "$1" "$5"
	printf 'type=PROCTITLE msg=audit(1795430%s.000:%s): proctitle="x"\n' "$2" "$1"
}

cat >"$rules/mem.yml" <<'END'
title: Memory opened by x
id: mem-by-x
logsource: {product: linux, category: process_access}
detection:
    selection:
        ProcEntry: mem
        SourceImage|endswith: /x
    condition: selection
END
open 10 100 /opt/x 500 /proc/12/mem >"$rules/mem/hit/x.log"
open 10 100 /opt/y 500 /proc/12/mem >"$rules/mem/miss/y.log"
cat >"$rules/tuning.yml" <<'END'
title: x of root
id: tuned
logsource: {product: linux, category: process_access}
filter:
    rules: [mem-by-x]
    selection: {SourceImage: /usr/bin/x}
    condition: selection
END
open 10 100 /usr/bin/x 500 /proc/12/mem >"$rules/tuning/hit/x.log"
open 10 100 /opt/x 500 /proc/12/mem >"$rules/tuning/miss/x.log"

exits 'all good' 0 "$PROCTOR" rules test -v "$rules"
has 'a rule' 'mem.yml:1: Memory opened by x: 1 to hit, 1 to miss' "$SCRATCH/out"
has 'a filter' 'tuning.yml:1: x of root: 1 to hit, 1 to miss' "$SCRATCH/out"
has 'counted' '2 rules tried on 4 logs: 0 failed' "$SCRATCH/out"
exits 'quietly' 0 "$PROCTOR" rules test "$rules"
is 'quietly, only the count' '2 rules tried on 4 logs: 0 failed' "$(cat "$SCRATCH/out")"

exits 'a part that nothing tests' 1 "$PROCTOR" rules test --mutate "$rules"
is 'which one' "survivor $rules/mem.yml:6: Memory opened by x: no log tells it from the rule without the test of 'ProcEntry'
2 rules tried on 4 logs: 0 failed; 4 parts taken away, 1 of them without notice" "$(cat "$SCRATCH/out")"
open 10 100 /opt/x 500 /proc/12/maps >"$rules/mem/miss/maps.log"
exits 'a log for it' 0 "$PROCTOR" rules test --mutate "$rules"
has 'all parts are tested' '4 parts taken away, 0 of them without notice' "$SCRATCH/out"

# ---- failures ----
fails() { # NAME TEXT
	exits "$1" 1 "$PROCTOR" rules test "$rules"
	has "$1, told" "$2" "$SCRATCH/out"
}
mv "$rules/mem/hit/x.log" "$rules/mem/miss/x.log"
fails 'no hit log' "failed   $rules/mem.yml:1: Memory opened by x: $rules/mem/hit: there is no log that it must hit"
fails 'a miss log that hits' "$rules/mem/miss/x.log: must miss, but hits"
mv "$rules/mem/miss/x.log" "$rules/mem/hit/x.log"
mv "$rules/mem/miss" "$rules/mem/later"
fails 'no miss log' "$rules/mem/miss: there is no log that it must miss"
mkdir "$rules/mem/miss"
echo 'nothing at all' >"$rules/mem/miss/empty.log"
fails 'a miss log that says nothing' "$rules/mem/miss/empty.log: must miss, but has no event that the rule is asked about"
rm -r "$rules/mem/miss"
mv "$rules/mem/later" "$rules/mem/miss"
cp "$rules/mem/miss/y.log" "$rules/mem/hit/y.log"
fails 'a hit log that misses' "$rules/mem/hit/y.log: must hit, but does not"
rm "$rules/mem/hit/y.log"
cp "$rules/tuning/hit/x.log" "$rules/mem/hit/tuned.log"
fails 'a hit log that tuning takes' "$rules/mem/hit/tuned.log: must hit, but does not"
rm "$rules/mem/hit/tuned.log"
cp "$rules/mem/miss/y.log" "$rules/tuning/miss/y.log"
fails "a filter's miss log without a match" "$rules/tuning/miss/y.log: must miss, but has no event that the rule is asked about"
rm "$rules/tuning/miss/y.log"
printf 'title: [\n' >"$rules/bad.yml"
exits 'a broken rule' 3 "$PROCTOR" rules test "$rules"
has 'a broken rule, the others are tried' '2 rules tried on 5 logs: 0 failed' "$SCRATCH/out"
has 'a broken rule, told' 'bad.yml:' "$SCRATCH/err"
rm "$rules/bad.yml"

# ---- several rules in a file, and a correlation ----
cat >"$rules/both.yml" <<'END'
action: global
title: Both
id: both
logsource: {product: linux, category: process_access}
---
detection: {s: {ProcEntry: environ}, condition: s}
---
detection: {s: {ProcEntry: auxv}, condition: s}
END
mkdir -p "$rules/both/hit" "$rules/both/miss"
open 10 100 /opt/x 500 /proc/12/environ >"$rules/both/hit/environ.log"
open 10 100 /opt/x 500 /proc/12/maps >"$rules/both/miss/maps.log"
fails 'one of two never fires' "both.yml:8: Both: $rules/both/hit: no log there makes it fire"
open 10 100 /opt/x 500 /proc/12/auxv >"$rules/both/hit/2-auxv.log"
exits 'both fire' 0 "$PROCTOR" rules test "$rules"
mv "$rules/both/hit/2-auxv.log" "$rules/both/hit/1+2-auxv.log"
fails 'numbers in names count' 'both.yml:6: Both: '"$rules/both/hit/1+2-auxv.log: must hit, but does not"
mv "$rules/both/hit/1+2-auxv.log" "$rules/both/hit/1-auxv.log"
fails 'numbers that are not there count, too' "1-auxv.log: must not hit, by the log's name, but does"
mkdir -p "$rules/both/2/hit" "$rules/both/2/miss"
mv "$rules/both/hit/1-auxv.log" "$rules/both/2/hit/auxv.log"
cp "$rules/both/hit/environ.log" "$rules/both/2/miss/"
exits 'a folder by number' 0 "$PROCTOR" rules test "$rules"

cat >"$rules/then.yml" <<'END'
title: Maps, then mem
id: then
correlation: {type: temporal_ordered, rules: [maps, memory], group-by: [TargetProcessId], timespan: 1m}
---
title: m
id: maps
logsource: {product: linux, category: process_access}
detection: {s: {ProcEntry: maps}, condition: s}
---
title: n
id: memory
logsource: {product: linux, category: process_access}
detection: {s: {ProcEntry: mem}, condition: s}
END
mkdir -p "$rules/then/hit" "$rules/then/miss"
{ open 10 100 /a 500 /proc/12/maps && open 11 101 /a 500 /proc/12/mem; } >"$rules/then/hit/one.log"
{ open 10 100 /a 500 /proc/12/mem && open 11 101 /a 500 /proc/12/maps; } >"$rules/then/miss/turned.log"
exits 'a correlation' 1 "$PROCTOR" rules test --mutate "$rules"
has 'what only it asks for is tried with it' '5 rules tried on 11 logs: 0 failed' "$SCRATCH/out"
is 'its parts' "without grouping by 'TargetProcessId'" "$(grep -a 'survivor.*then.yml' "$SCRATCH/out" | sed 's/.*the rule //')"
{ open 10 100 /a 500 /proc/12/maps && open 11 101 /a 500 /proc/13/mem; } >"$rules/then/miss/other.log"
exits 'a log for it, too' 0 "$PROCTOR" rules test --mutate "$rules"
