#!/bin/sh
# Where the output goes, and what becomes of it when it cannot: whole lines, colours, closed pipes, full disks.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"
need jq script

cd "$SCRATCH" || exit 1
many_accesses 3 >few.log
many_accesses 3000 >many.log

# json and csv alone on stdout
exits "json" 1 "$PROCTOR" scan --json few.log
is "json, findings only" 3 "$(jq -c . out | wc -l)"
has "json, the summary is on stderr" "3 findings" err
exits "csv" 1 "$PROCTOR" scan --csv few.log
is "csv, findings only" 4 "$(wc -l <out)"
has "csv, the first columns" "_messageTime,hostname,exe,uid,pid,target_pid,proc_entry,accessed_file,syscall,risk" out
has "csv, the summary is on stderr" "3 findings" err
exits "table" 1 "$PROCTOR" scan few.log
has "table, the summary is under it" "3 findings" out
is "table, nothing on stderr" "" "$(cat err)"
exits "accesses" 1 "$PROCTOR" scan --accesses --json few.log
is "accesses in the order of the log" "2000001 2000002 2000003" "$(jq .target.pid out | paste -sd ' ')"
"$PROCTOR" scan --json --raw -q few.log >raw.json
is "raw records" 4 "$(head -n 1 raw.json | jq '.raw | length')"

# -o
exits "into a file" 1 "$PROCTOR" scan --json -o file few.log
is "into a file, nothing on stdout" "" "$(cat out)"
is "into a file, the findings" 3 "$(wc -l <file)"
exits "a table into a file" 1 "$PROCTOR" scan -o file few.log
has "a table into a file, the summary is on stderr" "3 findings" err
lacks "a table into a file, no summary in it" "; lost:" file
exits "a dash is stdout" 1 "$PROCTOR" scan --json -o - few.log
is "a dash is stdout, the findings" 3 "$(wc -l <out)"

cp few.log kept
mkdir folder
cp few.log folder/audit.log
ln -s folder/audit.log link
for input in few.log "$PWD/few.log" folder; do
	target="few.log"
	[ "$input" != folder ] || target="link"
	exits "over the input $(basename "$input")" 2 "$PROCTOR" scan --json -o $target "$input"
	has "over the input $(basename "$input"), told" "is also an input" err
	same "over the input $(basename "$input"), it is unharmed" kept $target
done
exits "over stdin" 2 sh -c '"$1" scan --csv -o few.log - <few.log' sh "$PROCTOR"
same "over stdin, it is unharmed" kept few.log
echo before >old
exits "over a file, nothing to scan" 2 "$PROCTOR" scan --csv -o old missing.log
is "over a file, nothing to scan, it is unharmed" before "$(cat old)"
exits "into no directory" 2 "$PROCTOR" scan -o nowhere/file few.log
has "into no directory, named" "nowhere/file" err
has "into no directory, the remedy" "choose another place" err

# Full disks and limits
for format in table json csv; do
	flat=$([ $format = table ] && echo --flat)
	exits "$format to a full disk" 3 "$PROCTOR" scan --format $format -o /dev/full few.log
	has "$format to a full disk, named" "/dev/full" err
	has "$format to a full disk, the remedy" "make room" err
	exits "$format to a full stdout" 3 sh -c '"$1" scan --format "$2" few.log >/dev/full' sh "$PROCTOR" $format
	has "$format to a full stdout, named" "standard output" err
	# shellcheck disable=SC3045
	exits "$format to a file that may not grow" 3 \
		bash -c 'ulimit -f 100; "$1" scan -q --format "$2" $3 -o limited many.log' sh "$PROCTOR" $format "$flat"
	is "$format to a file that may not grow, whole lines" 0 "$(tail -c 1 limited | tr -d '\n' | wc -c)"
	[ "$(wc -c <limited)" -gt 50000 ] && ok "$format is there up to the limit" || not_ok "$format is there up to the limit" "it is not"
done
"$PROCTOR" scan --json -q many.log >all
head -c 50000 all >limited_by_hand
bash -c 'ulimit -f 100; "$1" scan -q --json -o limited many.log' sh "$PROCTOR" 2>err
is "every line is JSON" "$(wc -l <limited)" "$(jq -c . limited 2>jq | wc -l)"
is "the lines are the first ones" "" "$(head -n "$(wc -l <limited)" all | diff - limited)"
bash -c 'ulimit -f 100; "$1" scan -q --accesses --json -o limited many.log' sh "$PROCTOR" 2>err
is "accesses end with a whole line, too" "$(wc -l <limited)" "$(jq -c . limited 2>jq | wc -l)"

# A reader that goes away
# piped NAME READER ARGUMENT…: status 1, no word of it
piped() {
	name=$1 reader=$2
	shift 2
	{ "$PROCTOR" scan "$@" 2>err; echo $? >status; } | $reader >out
	is "$name" 1 "$(cat status)"
	lacks "$name, quietly" "proctor:" err
}
piped "a table for head" "head -n 1" many.log
is "a table for head, no summary" "" "$(cat err)"
piped "json for head" "head -n 1" --json many.log
piped "csv for head" "head -n 1" --csv many.log
piped "accesses for head" "head -n 1" --accesses --json many.log
piped "nobody reads" true --json many.log

# Colours: on a terminal only. \033 is what makes one.
escapes() {
	LC_ALL=C grep -c "$(printf '\033')" "$1"
}
# on_terminal COMMAND: on one of 200 columns; its output in $SCRATCH/typed
on_terminal() {
	script -qec "stty cols 200; $1" /dev/null </dev/null >typed 2>&1
}
run="'$PROCTOR' scan few.log"
"$PROCTOR" scan few.log >out
is "no colours in a pipe" 0 "$(escapes out)"
on_terminal "TERM=xterm $run"
[ "$(escapes typed)" != 0 ] && ok "colours on a terminal" || not_ok "colours on a terminal" "there are none" typed
on_terminal "NO_COLOR=1 TERM=xterm $run"
is "NO_COLOR" 0 "$(escapes typed)"
on_terminal "NO_COLOR= TERM=xterm $run"
[ "$(escapes typed)" != 0 ] && ok "NO_COLOR is empty" || not_ok "NO_COLOR is empty" "no colours" typed
on_terminal "TERM=dumb $run"
is "a dumb terminal" 0 "$(escapes typed)"
on_terminal "TERM=xterm $run --color never"
is "--color never" 0 "$(escapes typed)"
on_terminal "NO_COLOR=1 TERM=xterm $run --colour always"
[ "$(escapes typed)" != 0 ] && ok "--colour always, though NO_COLOR" || not_ok "--colour always, though NO_COLOR" "no colours" typed
on_terminal "TERM=xterm $run -o file"
is "a file is no terminal" 0 "$(escapes file)"
"$PROCTOR" scan --color always few.log >out
[ "$(escapes out)" != 0 ] && ok "--color always in a pipe" || not_ok "--color always in a pipe" "no colours" out
for format in json csv; do
	"$PROCTOR" scan --color always --format $format -q few.log >out
	is "no colours in $format" 0 "$(escapes out)"
done

# The width: of the terminal, or as told
COLUMNS=120 "$PROCTOR" scan -q few.log >out
is "no line is wider than told" "" "$(grep -E '^.{121}' out)"
script -qec "stty cols 130; $run --color never" /dev/null </dev/null | tr -d '\r' >typed
is "no line is wider than the terminal" "" "$(grep -v findings typed | grep -E '^.{131}')"
COLUMNS=nonsense "$PROCTOR" scan -q few.log >out
is "a width that is none" 5 "$(wc -l <out)"

# Progress: on a terminal, and only there
"$PROCTOR" scan --progress --json many.log >out 2>err
is "findings are whole beside progress" 3000 "$(jq -c . out | wc -l)"
"$PROCTOR" scan --json many.log >out 2>err
is "no progress in a file" 0 "$(tr -cd '\r' <err | wc -c)"
(many_accesses 3; sleep 0.7; many_accesses 3 100; sleep 0.2) | "$PROCTOR" scan --progress --json - >out 2>err
is "progress when it is asked for" yes "$(tr '\r' '\n' <err | grep -q 'kB' && echo yes)"
(many_accesses 3; sleep 0.7; many_accesses 3 100; sleep 0.2) | "$PROCTOR" scan --no-progress --json - >out 2>err
is "none when it is not" 0 "$(tr -cd '\r' <err | wc -c)"
