#!/bin/sh
# proctor rules check: what is wrong is told with its place, stops nothing else, and takes bounded time and memory.
. "$(dirname "$0")/../lib/tap.sh"
export PROCTOR_RULES="" XDG_CONFIG_HOME="$SCRATCH/none"
rules=$SCRATCH/rules
mkdir -p "$rules"
cat >"$rules/a.yml" <<'END'
title: Good
id: good
logsource: {product: linux, category: process_access}
detection: {s: {ProcEntry: mem}, condition: s}
END
exits 'good rules' 0 "$PROCTOR" rules check "$rules"
is 'good rules, nothing to tell' 'detection, product linux, category process_access: 1 of 1 can be evaluated
1 rule, of which 1 can be evaluated; 0 errors, 0 warnings' "$(cat "$SCRATCH/out")"
exits 'no rules at all' 0 "$PROCTOR" rules check
exits 'strict' 0 "$PROCTOR" rules check --strict "$rules"

# Memory is bounded, too, unless the sanitizer needs it all.
memory=2000000
! grep -q __asan_init "$PROCTOR" || memory=unlimited

# bad NAME TEXT WHERE-AND-WHAT: an error; the good rule is still there
bad() {
	printf '%s\n' "$2" >"$rules/bad.yml"
	exits "$1" 1 sh -c 'ulimit -v "$1"; shift; exec timeout 20 "$@"' sh "$memory" "$PROCTOR" rules check "$rules"
	has "$1, told" "$rules/bad.yml:$3" "$SCRATCH/out"
	exits "$1, the rest is there" 3 timeout 20 "$PROCTOR" rules list "$rules"
	has "$1, the good one" 'Good' "$SCRATCH/out"
	has "$1, told on the way" "$rules/bad.yml:" "$SCRATCH/err"
}
# remark NAME TEXT WHERE-AND-WHAT: a warning
remark() {
	printf '%s\n' "$2" >"$rules/bad.yml"
	exits "$1" 0 timeout 20 "$PROCTOR" rules check "$rules"
	has "$1, told" "$rules/bad.yml:$3" "$SCRATCH/out"
	exits "$1, strictly" 1 timeout 20 "$PROCTOR" rules check --strict "$rules"
}
access='title: t
logsource: {product: linux, category: process_access}
detection:'
bad 'a typing error' 'title: [' '2:1: error: it is no YAML'
bad 'a YAML bomb' 'a: &a [x, x]
b: &b [*a, *a]' '1:7: error: anchors'
bad 'an unknown modifier' "$access
    s: {SourceImage|endwith: /cat}
    condition: s" "4:21: error: there is no modifier 'endwith'; did you mean 'endswith'?"
bad 'an unknown selection' "$access
    s: {SourceImage: /cat}
    condition: s and x" "5:22: error: there is no selection 'x'"
bad 'an id that is there already' "id: good
$access
    s: {SourceImage: a}
    condition: s" "1:1: error: the id or name 'good' was already given in $rules/a.yml:1"
bad 'a circle' 'title: a
id: one
correlation: {type: temporal, rules: [two], timespan: 1m}
---
title: b
id: two
correlation: {type: temporal, rules: [one], timespan: 1m}' "7:39: error: the rule 'one' leads back to this correlation: a circle"
bad 'deep nesting' "$(head -c 100000 /dev/zero | tr '\0' '[')" '1:25: error: the document is nested deeper than 24'
bad 'ten megabytes' "$access
    s: [$(head -c 10000000 /dev/zero | tr '\0' 'x')]
    condition: s" '4:9: error: the document is larger than 1048576 bytes'
bad 'a placeholder without a list' "$access
    s: {SourceImage|expand: '%nobody%'}
    condition: s" "4:30: error: a placeholder in '%nobody%' has no values here"
remark 'an unknown field' "$access
    s: {SourceImag: a, ProcEntry: mem}
    t: {ProcEntry: maps}
    condition: s or t" "4:9: warning: events of process_access have no field 'SourceImag'; did you mean 'SourceImage'?"
remark 'a condition that never holds' "$access
    s: {ProcEntry: mem}
    f: {ProcEntry: [maps, mem]}
    condition: s and not f" "1:1: warning: the condition can never hold: what lines 4 and 5 say of 'ProcEntry' excludes each other"
remark 'a selection that is never reached' "$access
    s: {ProcEntry: mem}
    t: {ProcEntry: mem, SourceName: x}
    condition: s or t" "5:5: warning: 't' is never needed: where it holds, 's' holds, too"
remark 'a selection that nothing asks for' "$access
    s: {ProcEntry: mem}
    t: {ProcEntry: maps}
    condition: s" "5:5: warning: no condition asks for the selection 't'"
remark 'a filter that suppresses everything' 'title: f
logsource: {product: linux, category: process_access}
filter: {rules: any, s: {SourceImage: "*"}, condition: s}' "1:1: warning: the filter 'f' suppresses every event"
remark 'a filter of keywords that suppresses everything' 'title: f
logsource: {product: linux, category: process_access}
filter: {rules: any, s: ["*"], condition: s}' "1:1: warning: the filter 'f' suppresses every"
remark 'a filter for nobody' 'title: f
logsource: {product: linux, category: process_access}
filter: {rules: [gone], s: {ProcEntry: mem}, condition: s}' "1:1: warning: the filter is for 'gone', but there is no such rule"
remark 'a tag that is none' "tags: [attack.t103]
$access
    s: {ProcEntry: mem}
    condition: s" "1:1: warning: ATT&CK has nothing like the tag 'attack.t103'"

# ---- a path limits what is told, not what is known ----
printf 'title: [\n' >"$rules/bad.yml"
mkdir -p "$SCRATCH/other"
cat >"$SCRATCH/other/filter.yml" <<'END'
title: f
logsource: {product: linux, category: process_access}
filter: {rules: [good], s: {SourceImage: /usr/bin/x}, condition: s}
END
exits "others' errors" 0 "$PROCTOR" rules check --rules "$rules" "$SCRATCH/other"
is "others' errors are not told" 'filter, product linux, category process_access: 1 of 1 can be evaluated
1 rule, of which 1 can be evaluated; 0 errors, 0 warnings' "$(cat "$SCRATCH/out")"
exits 'their own are' 1 "$PROCTOR" rules check --json --rules "$SCRATCH/other" "$rules"
is 'their own as JSON' 'error 2 1' "$(jq -r '[.severity, .line, .column] | map(tostring) | join(" ")' "$SCRATCH/out")"
rm "$rules/bad.yml"

# ---- lists, and what cannot be read ----
mkdir "$rules/lists"
printf 'name: x\nvalues: maps\n' >"$rules/lists/bad.yml"
exits 'a list that is none' 1 "$PROCTOR" rules check "$rules"
has 'a list that is none, told' "$rules/lists/bad.yml:2:9: error: 'values' must be a list of texts" "$SCRATCH/out"
rm "$rules/lists/bad.yml"
mkfifo "$rules/pipe.yml"
exits 'a pipe' 1 timeout 20 "$PROCTOR" rules check "$rules"
has 'a pipe, told' 'pipe.yml: error: it is no file' "$SCRATCH/out"
rm "$rules/pipe.yml"
if [ "$(id -u)" -ne 0 ]; then
	mkdir -m 0 "$rules/closed"
	exits 'a closed folder' 1 "$PROCTOR" rules check "$rules"
	has 'a closed folder, told' 'closed: error: cannot read the directory' "$SCRATCH/out"
	rmdir "$rules/closed"
fi
deep=$rules
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do deep=$deep/d; done
mkdir -p "$deep"
exits 'nested folders' 1 timeout 20 "$PROCTOR" rules check "$rules"
has 'nested folders, told' 'directories are nested too deep' "$SCRATCH/out"
rm -r "$rules/d"

# ---- SigmaHQ ----
if [ ! -d "${SIGMA_RULES:-}/rules/linux" ]; then
	skip "SigmaHQ's rules/linux" 'SIGMA_RULES is not set'
	exit 0
fi
exits "SigmaHQ's rules/linux all load" 0 "$PROCTOR" rules check --only "$SIGMA_RULES/rules/linux"
has 'by category' 'category process_creation: ' "$SCRATCH/out"
grep 'can be evaluated' "$SCRATCH/out" | sed 's/^/# /'
