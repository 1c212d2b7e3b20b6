#!/bin/sh
# proctor rules: which rules it reads, list, show, navigator, and what is refused.
. "$(dirname "$0")/../lib/tap.sh"
export PROCTOR_RULES="$SCRATCH/pack" XDG_CONFIG_HOME="$SCRATCH/config" COLUMNS=
mkdir -p "$SCRATCH/pack/memory" "$SCRATCH/pack/lists" "$SCRATCH/config/proctor/rules.d" "$SCRATCH/more/mem/hit"

cat >"$SCRATCH/pack/memory/mem.yml" <<'END'
title: Interpreter reads memory
id: 6f0f3b1e-0000-4000-8000-000000000001
name: interpreter
description: |
    An interpreter opens another process's memory.
    Nothing but a tool does that.
logsource: {product: linux, category: process_access}
detection:
    selection:
        ProcEntry: mem
        SourceImage|re: '/(python[0-9.]*|perl|ruby)$'
        TargetName|expand: '%holders%'
    filter_self:
        SourceProcessId|fieldref: TargetProcessId
    condition: selection and not filter_self
level: high
proctor: {risk: HighRisk, score: 80, reason: it reads a password}
tags: [attack.credential-access, attack.t1003.007]
---
title: Sweep
id: sweep
correlation:
    type: value_count
    rules: [interpreter]
    group-by: [Computer, SourceProcessId]
    timespan: 1m
    condition: {field: TargetProcessId, gte: 3}
generate: true
tags: [attack.discovery, attack.t1057]
---
title: Windows only
id: windows
logsource: {product: windows, category: process_creation}
detection: {selection: {Image|endswith: '\cmd.exe'}, condition: selection}
---
title: The backup
id: backup
logsource: {product: linux, category: process_access}
filter:
    rules: [interpreter]
    selection: {SourceScript: /opt/backup/run.py}
    condition: selection
END
printf 'name: holders\nvalues: [sshd, su]\n' >"$SCRATCH/pack/lists/holders.yml"
printf 'name: holders\nvalues: [vaultd]\n' >"$SCRATCH/more.list"

# ---- the command line ----
exits 'rules --help' 0 "$PROCTOR" rules --help
for command in list check show test suggest navigator; do
	has "rules --help lists $command" "  $command" "$SCRATCH/out"
done
for command in list check show test suggest navigator; do
	"$PROCTOR" rules "$command" --help >"$SCRATCH/help" 2>&1
	has "$command --help tells the exit status" 'Exit status: 0' "$SCRATCH/help"
	for option in $(grep -oE -- '--[a-z-]+' "$SCRATCH/help" | sort -u); do
		case $option in --usage | --help) continue ;; esac
		has "the manual has $command $option" "*$option*" "$SRC/docs/man/proctor-rules.1.scd"
	done
	has "the manual has $command" "## $command" "$SRC/docs/man/proctor-rules.1.scd"
done

refused() { # NAME TEXT ARGUMENT…
	refused_name=$1 text=$2
	shift 2
	exits "$refused_name" 2 "$PROCTOR" rules "$@"
	has "$refused_name, why" "$text" "$SCRATCH/err"
	is "$refused_name, nothing on stdout" '' "$(cat "$SCRATCH/out")"
}
refused 'no command' 'Commands:'
refused 'an unknown command' "no command 'rules frobnicate'" frobnicate
refused 'an unknown option' '--frobnicate' list --frobnicate
refused 'a folder that is not there' 'No such file' list --rules "$SCRATCH/nowhere"
refused 'a path that is not there' 'No such file' check "$SCRATCH/nowhere"
refused 'a device' 'neither a file nor a folder' check /dev/null
refused 'only what is not named' '--only' list --only
refused 'no rule to show' 'which rule' show
refused 'two rules to show' 'one rule at a time' show a b
refused 'a rule that is not there' "no rule 'nothing'" show nothing
printf 'x\033[2Jy' >"$SCRATCH/name"
refused 'an unknown command with escapes' '\x1b[2J' "$(cat "$SCRATCH/name")"
refused 'an unknown rule with escapes' '\x1b[2J' show "$(cat "$SCRATCH/name")"

# ---- list ----
exits 'list' 0 "$PROCTOR" rules list
cp "$SCRATCH/out" "$SCRATCH/list"
has 'list, a rule' 'high   HighRisk  Interpreter reads memory  6f0f3b1e-0000-4000-8000-000000000001  process_access' "$SCRATCH/list"
has 'list, its file' 'ready          pack memory/mem.yml' "$SCRATCH/list"
has 'list, a correlation' 'Sweep                     sweep                                 correlation' "$SCRATCH/list"
has 'list, a filter' 'filter of process_access' "$SCRATCH/list"
has 'list, another system' 'no log source' "$SCRATCH/list"
has 'list, counted' '4 rules: 3 ready, 1 no log source' "$SCRATCH/list"
has 'list, ATT&CK' 'ATT&CK T1003.007  credential-access (1)' "$SCRATCH/list"
has 'list, more of ATT&CK' '       T1057      discovery (1)' "$SCRATCH/list"
has 'list, places' "pack   $SCRATCH/pack (4)" "$SCRATCH/list"
has 'list, lists' 'lists  %holders% (2)' "$SCRATCH/list"
"$PROCTOR" rules list --json >"$SCRATCH/json"
is 'list as JSON' 'detection/high/HighRisk/80/pack/1' "$(jq -r 'select(.name == "interpreter") |
	[.kind, .level, .risk, .score, .from, .line] | join("/")' "$SCRATCH/json" 2>&1 | sed 's,//*,/,g')"
is 'all of them as JSON' 4 "$(jq -s length "$SCRATCH/json")"

# ---- places ----
printf 'title: Mine\nid: windows\nlogsource: {product: linux, service: auditd}\ndetection: {s: {exe: a}, condition: s}\n' \
	>"$SCRATCH/config/proctor/rules.d/mine.yml"
cp "$SCRATCH/list" "$SCRATCH/before"
exits "a user's rule" 0 "$PROCTOR" rules list
has "a user's rule is there" 'user mine.yml' "$SCRATCH/out"
lacks 'the one that it replaces is not' 'Windows only' "$SCRATCH/out"
exits 'that is a remark' 0 "$PROCTOR" rules check
has 'which says what was replaced' "mine.yml:1:1: warning: it takes the place of the rule of the same id in $SCRATCH/pack/memory/mem.yml:31" "$SCRATCH/out"
printf 'title: Named\nid: windows\nlogsource: {product: linux, service: auditd}\ndetection: {s: {exe: b}, condition: s}\n' \
	>"$SCRATCH/more/mem.yml"
exits 'a named place wins' 0 "$PROCTOR" rules list --rules "$SCRATCH/more"
has 'it is there' 'named mem.yml' "$SCRATCH/out"
lacks "the user's is not" 'Mine' "$SCRATCH/out"
exits 'only a file' 0 "$PROCTOR" rules list --only --rules "$SCRATCH/more/mem.yml"
has 'only a file, counted' '1 rule: 1 ready' "$SCRATCH/out"
exits 'a path asks for what is in it' 0 "$PROCTOR" rules list "$SCRATCH/more"
has 'a path, counted' '1 rule: 1 ready' "$SCRATCH/out"
mkdir "$SCRATCH/more/lists"
cp "$SCRATCH/more.list" "$SCRATCH/more/lists/holders.yml"
exits 'a list grows' 0 "$PROCTOR" rules list --rules "$SCRATCH/more"
has 'by its values' '%holders% (3)' "$SCRATCH/out"
ln -s . "$SCRATCH/more/loop"
ln -s nowhere "$SCRATCH/more/broken.yml"
exits 'links' 3 timeout 20 "$PROCTOR" rules list --rules "$SCRATCH/more"
has 'a link to nowhere is told' 'broken.yml: error: cannot read it' "$SCRATCH/err"
has 'a circle of links is not followed' 'named mem.yml' "$SCRATCH/out"
rm "$SCRATCH/more/broken.yml"

# ---- show ----
for name in 6f0f3b1e-0000-4000-8000-000000000001 6f0f interpreter 'interpreter reads memory'; do
	exits "show '$name'" 0 "$PROCTOR" rules show "$name"
	has "show '$name', the rule" 'Interpreter reads memory' "$SCRATCH/out"
done
for text in 'effect        a finding of tier HighRisk, score 80' 'reason        it reads a password' \
	'log source    product linux, category process_access (a process reached into another one' \
	"description   An interpreter opens another process's memory." \
	'    selection and not filter_self' '        ProcEntry is mem' \
	'        SourceImage matches the regex //(python[0-9.]*|perl|ruby)$/' \
	'        SourceProcessId is the value of TargetProcessId' '    sweep  Sweep (generate)' '    backup  The backup'; do
	has "show, $text" "$text" "$SCRATCH/out"
done
exits 'show a correlation' 0 "$PROCTOR" rules show sweep
has 'show a correlation, in words' 'at least 3 different values of TargetProcessId within 60 seconds, all of the same Computer, SourceProcessId' "$SCRATCH/out"
exits 'show a filter' 0 "$PROCTOR" rules show backup
has 'show a filter, in words' 'SourceScript is /opt/backup/run.py' "$SCRATCH/out"
has 'show a filter, for whom' '    6f0f3b1e-0000-4000-8000-000000000001  Interpreter reads memory' "$SCRATCH/out"
mkdir -p "$SCRATCH/pack/memory/mem/interpreter/hit" "$SCRATCH/pack/memory/mem/miss"
: >"$SCRATCH/pack/memory/mem/interpreter/hit/one.log"
: >"$SCRATCH/pack/memory/mem/miss/one.log"
exits 'show logs' 0 "$PROCTOR" rules show interpreter
has 'logs of its own' "must hit      1 in $SCRATCH/pack/memory/mem/interpreter/hit" "$SCRATCH/out"
has "logs of its file" "must miss     1 in $SCRATCH/pack/memory/mem/miss" "$SCRATCH/out"

# ---- navigator ----
exits 'navigator' 0 "$PROCTOR" rules navigator
is 'navigator, the layer' 'enterprise-attack 4.5' "$(jq -r '[.domain, .versions.layer] | join(" ")' "$SCRATCH/out")"
is 'navigator, techniques' 'T1003.007 credential-access 1,T1057 discovery 1' "$(jq -r '[.techniques[] |
	[.techniqueID, .tactic, (.score | tostring)] | join(" ")] | join(",")' "$SCRATCH/out")"
is 'navigator, its keys are those of format 4.5' '' "$(jq -r '(keys - ["name", "versions", "domain", "description",
	"filters", "sorting", "layout", "hideDisabled", "techniques", "gradient"])[],
	(.techniques[] | keys - ["techniqueID", "tactic", "score", "comment", "enabled"])[]' "$SCRATCH/out")"
exits 'navigator of nothing' 0 "$PROCTOR" rules navigator --only --rules "$SCRATCH/more/mem.yml"
is 'navigator of nothing, no techniques' 0 "$(jq '.techniques | length' "$SCRATCH/out")"

# ---- names that a terminal would obey ----
printf 'title: "x\\e[2J\\u202ey"\nid: "a\\nb"\ndescription: "one\\e]0;t\\atwo"\nlogsource: {product: linux, service: auditd}\ndetection: {"s\\e[1m": {exe: "\\e[31m"}, condition: "1 of s*"}\ntags: ["attack.t1003\\e"]\n' \
	>"$SCRATCH/hostile.yml"
for command in list check 'list --json' 'check --json' navigator "show x"; do
	# shellcheck disable=SC2086
	"$PROCTOR" rules $command --only --rules "$SCRATCH/hostile.yml" >"$SCRATCH/out" 2>"$SCRATCH/err"
	is "hostile names, $command" 0 "$(cat "$SCRATCH/out" "$SCRATCH/err" | LC_ALL=C tr -d '\n' |
		LC_ALL=C grep -cP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80\xae')"
done
"$PROCTOR" rules show 'a
b' --only --rules "$SCRATCH/hostile.yml" >"$SCRATCH/out"
has 'hostile names are shown' 'exe is "\x1b[31m"' "$SCRATCH/out"
