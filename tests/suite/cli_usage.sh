#!/bin/sh
# The command line: help, version, and what is refused.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"

many_accesses 3 >"$SCRATCH/audit.log"

exits "no command" 2 "$PROCTOR"
has "no command shows the commands" "scan " "$SCRATCH/err"
for help in --help -h help; do
	exits "proctor $help" 0 "$PROCTOR" $help
	has "proctor $help lists scan" "  scan " "$SCRATCH/out"
done
for version in --version -V version; do
	exits "proctor $version" 0 "$PROCTOR" $version
	has "proctor $version says so" "proctor 0." "$SCRATCH/out"
done
exits "scan --help" 0 "$PROCTOR" scan --help
cp "$SCRATCH/out" "$SCRATCH/help"
has "scan --help tells the exit status" "Exit status: 0 nothing found" "$SCRATCH/help"
exits "help scan" 0 "$PROCTOR" help scan
same "help scan is scan --help" "$SCRATCH/help" "$SCRATCH/out"
exits "help into a full disk" 2 sh -c '"$1" --help >/dev/full' sh "$PROCTOR"
has "help into a full disk is told" "No space left" "$SCRATCH/err"

# Every long option is in the manual.
for option in $(grep -oE -- '--[a-z-]+' "$SCRATCH/help" | sort -u); do
	case $option in --usage) continue ;; esac
	has "the manual has $option" "*$option*" "$SRC/docs/man/proctor-scan.1.scd"
done

# refused NAME TEXT ARGUMENT…: status 2, the text on stderr, nothing on stdout
refused() {
	refused_name=$1 text=$2
	shift 2
	exits "$refused_name" 2 "$PROCTOR" "$@"
	has "$refused_name, why" "$text" "$SCRATCH/err"
	has "$refused_name, who" "proctor" "$SCRATCH/err"
	is "$refused_name, nothing on stdout" "" "$(cat "$SCRATCH/out")"
}
refused "an unknown command" "no command 'frobnicate'" frobnicate
refused "help of an unknown command" "no command 'frobnicate'" help frobnicate
refused "an unknown option" "--frobnicate" scan --frobnicate
refused "a missing argument" "requires an argument" scan --since
refused "a bad format" "none of table, json, csv" scan --format xml
refused "a bad time" "is no time" scan --since teatime
refused "a bad time, the remedy" "2026-11-23" scan --until 2026-11-31
refused "since later than until" "later than" scan --since 2026-11-24 --until 2026-11-23
refused "a bad tier" "Review, KnownTool, HighRisk" scan --risk High
refused "a bad order" "time, risk, score, count" scan --sort name
refused "a bad limit" "no number" scan --limit 0
refused "a negative limit" "no number" scan --limit -1
refused "a bad number of threads" "no number" scan --threads many
refused "a bad source" "journal-export" scan --source xml
refused "a bad colour" "auto, always, never" scan --color sometimes
refused "raw without json" "needs --json" scan --raw
refused "raw with csv" "needs --json" scan --raw --csv
refused "accesses in an order" "order of the log" scan --accesses --sort risk
refused "so many accesses" "order of the log" scan --accesses --limit 3
printf 'x\033[2Jy' >"$SCRATCH/name"
refused "an unknown command with escapes" '\x1b[2J' "$(cat "$SCRATCH/name")"

# count NAME EXPECTED ARGUMENT…: lines of JSON for the three findings of 10:33:20.001 to .003
count() {
	count_name=$1 expected=$2
	shift 2
	"$PROCTOR" scan --json -q "$@" "$SCRATCH/audit.log" >"$SCRATCH/out" 2>"$SCRATCH/err"
	is "$count_name" "$expected" "$(wc -l <"$SCRATCH/out")"
}
count "all" 3
count "since a day" 3 --since 2026-11-23
count "since the next day" 0 --since 2026-11-24
count "until a day" 3 --until 2026-11-23
count "until the day before" 0 --until 2026-11-22
count "since a moment" 2 --since 2026-11-23T10:33:20.002Z
count "until a moment" 2 --until 2026-11-23T10:33:20.002
count "in another zone" 2 --since 2026-11-23T12:33:20.002+02:00
count "in seconds since the epoch" 1 --since 1795430000.002 --until 1795430000.002
count "long ago" 0 --until 500000h
count "limit" 2 --limit 2
count "limit beyond" 3 --limit 99
count "target by pid" 1 --target 2000002
count "target by another pid" 0 --target 2
count "target by name" 0 --target sshd
count "host that no line tells" 0 --host 'web*'
count "high risk" 3 --risk highrisk
count "any number of threads" 3 --threads 8
count "a forced format" 3 --source audit
count "another forced format" 0 --source json
"$PROCTOR" scan --json -q --sort time "$SCRATCH/audit.log" >"$SCRATCH/by_time"
is "the newest first" "2000003 2000002 2000001" "$(grep -oE '"target":\{"pid":[0-9]+' "$SCRATCH/by_time" |
	grep -oE '[0-9]+$' | tr '\n' ' ' | sed 's/ $//')"
exits "limit is told" 1 "$PROCTOR" scan --flat --limit 1 "$SCRATCH/audit.log"
has "what limit left out" "--limit left all but 1 findings out" "$SCRATCH/out"
has "the summary counts all" "3 findings" "$SCRATCH/out"
exits "a limit of incidents" 1 "$PROCTOR" scan --limit 1 "$SCRATCH/audit.log"
lacks "all three are one incident" "--limit left" "$SCRATCH/out"
has "the summary counts incidents" "3 findings in 1 incident;" "$SCRATCH/out"
count "incidents whole" 1 --incidents
count "the filter chooses among incidents" 1 --incidents --target 2000002
count "no incident passes" 0 --incidents --target 2
refused "incidents as CSV" "no place for incidents" scan --csv --incidents
refused "incidents, flat" "contradicts --flat" scan --json --incidents --flat
refused "incidents of accesses" "contradicts --accesses" scan --json --incidents --accesses
refused "incidents of what is suppressed" "part of no incident" scan --json --incidents --show-suppressed
