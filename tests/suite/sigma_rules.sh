#!/bin/sh
# Sigma rules from files: what matches, what is listed, and files that are wrong; with SIGMA_RULES set to the folder of
# SigmaHQ's repository, that all of its rules/linux load.
. "$(dirname "$0")/../lib/tap.sh"
eval=$BUILD/tests/sigma_eval
rules=$SCRATCH/rules
mkdir -p "$rules"

cat >"$rules/access.yml" <<'END'
title: Interpreter reads memory
id: mem-by-interpreter
logsource:
    product: linux
    category: process_access
detection:
    selection:
        ProcEntry: mem
        SourceImage|re: '/(python[0-9.]*|perl|ruby)$'
    filter_self:
        SourceProcessId|fieldref: TargetProcessId
    condition: selection and not filter_self
level: high
---
title: Sweep over many targets
id: sweep
correlation:
    type: value_count
    rules: [mem-by-interpreter]
    group-by: [Computer, SourceProcessId]
    timespan: 1m
    condition: {field: TargetProcessId, gte: 3}
---
title: The backup reads its own workers
id: backup
logsource: {product: linux, category: process_access}
filter:
    rules: [mem-by-interpreter]
    selection: {SourceScript: /opt/backup/run.py}
    condition: selection
END
cat >"$rules/windows.yml" <<'END'
title: Not for us
id: windows
logsource: {product: windows, category: process_creation}
detection: {selection: {Image|endswith: '\cmd.exe'}, condition: selection}
END

access() { # TIME SOURCE-PID TARGET-PID [SCRIPT]
	printf '{"source":"process_access","time":%s000,"fields":{"Computer":"web1","ProcEntry":"mem",' "$1"
	printf '"SourceImage":"/usr/bin/python3.11","SourceProcessId":"%s","TargetProcessId":"%s"' "$2" "$3"
	[ -z "${4:-}" ] || printf ',"SourceScript":"%s"' "$4"
	printf '}}\n'
}

{
	access 0 10 100
	access 1 10 10
	access 2 10 101 /opt/backup/run.py
	access 3 10 101
	access 4 10 102
	access 5 11 102
} | "$eval" run "$rules" >"$SCRATCH/out" 2>&1
cat >"$SCRATCH/expected" <<'END'
1: mem-by-interpreter (silent)
3: mem-by-interpreter (suppressed by backup) (silent)
4: mem-by-interpreter (silent)
5: mem-by-interpreter (silent)
5: sweep (correlated: web1 10)
6: mem-by-interpreter (silent)
END
same 'rules, a filter and a correlation' "$SCRATCH/expected" "$SCRATCH/out"

exits 'rules of other systems are no error' 0 "$eval" list "$rules"
has 'they are listed as what they are' 'no log source	none	windows	Not for us' "$SCRATCH/out"

# ---- what is wrong, is told with its place, and stops nothing else ----

bad() { # NAME TEXT WHERE-AND-WHAT
	printf '%s\n' "$2" >"$rules/bad.yml"
	access 0 10 100 | timeout 20 "$eval" run "$rules" >"$SCRATCH/ran" 2>&1
	status=$?
	has "$1, the others run" '1: mem-by-interpreter' "$SCRATCH/ran"
	is "$1, exit status" 3 "$status"
	timeout 20 "$eval" check "$rules" >"$SCRATCH/out" 2>&1
	has "$1" "$rules/bad.yml:$3" "$SCRATCH/out"
}
rule='title: t
logsource: {product: linux, service: auditd}
detection:'
bad 'a typing error' 'title: [' '2:1: error: it is no YAML'
bad 'a YAML bomb' 'a: &a [x, x]
b: &b [*a, *a]' '1:7: error: anchors'
bad 'an unknown modifier' "$rule
    s: {exe|endwith: /cat}
    condition: s" "4:13: error: there is no modifier 'endwith'; did you mean 'endswith'?"
bad 'an unknown selection' "$rule
    s: {exe: /cat}
    condition: s and x" "5:22: error: there is no selection 'x'"
bad 'a regex that does not end' "$rule
    s: {exe|re: '(a'}
    condition: s" '4:18: error: the regex is not right'
bad 'an id that is there already' "id: sweep
$rule
    s: {exe: a}
    condition: s" "1:1: error: the id or name 'sweep' was already given in $rules/access.yml:15"
bad 'a circle' 'title: a
id: one
correlation: {type: temporal, rules: [two], timespan: 1m}
---
title: b
id: two
correlation: {type: temporal, rules: [one], timespan: 1m}' "7:39: error: the rule 'one' leads back to this correlation: a circle"
bad 'deep nesting' "$(head -c 100000 /dev/zero | tr '\0' '[')" '1:25: error: the document is nested deeper than 24'
bad 'no text' "$(printf 'title: \377')" '1:8: error: the file is no UTF-8 here'
bad 'ten megabytes' "$rule
    s: [$(head -c 10000000 /dev/zero | tr '\0' 'x')]
    condition: s" '4:9: error: the document is larger than 1048576 bytes'
bad 'counting of old' "$rule
    s: {exe: /cat}
    condition: s | count() > 5" '5:18: error: counting in a condition is no longer part of Sigma'

cat >"$rules/bad.yml" <<'END'
title: Suppresses everything
logsource: {product: linux, category: process_access}
filter:
    rules: any
    selection: ['*']
    condition: selection
END
"$eval" check "$rules" >"$SCRATCH/out" 2>&1
has 'a filter that suppresses everything' "1:1: warning: the filter 'Suppresses everything' suppresses everything" "$SCRATCH/out"

# ---- SigmaHQ ----

if [ ! -d "${SIGMA_RULES:-}/rules/linux" ]; then
	skip "SigmaHQ's rules/linux" 'SIGMA_RULES is not set'
	exit 0
fi
exits "SigmaHQ's rules/linux all load" 0 "$eval" check "$SIGMA_RULES/rules/linux"
grep 'can be evaluated' "$SCRATCH/out" | sed 's/^/# /'
lacks 'without an error' ': error: ' "$SCRATCH/out"
