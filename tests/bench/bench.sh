#!/bin/bash
# Speed and memory of proctor beside other tools, on generated logs. `make bench` runs it, and it writes what it
# measured into docs/benchmarks.md and the pictures beside it.
#
#   SRC BUILD PROCTOR   where the project, its build and the program are; found out when absent
#   BENCH_SIZE          size of each log (1G)
#   BENCH_ROUNDS        how often each row of rows.txt runs (5)
#   BENCH_SERIES        sizes for the series that shows cost against size ("64M 256M 1G 4G"; empty: none)
#   BENCH_SLICE         what ausearch gets of the log (8M): it is slow
#   BENCH_DOCS          where the pages are written (SRC/docs)
#   TMPDIR              where the logs are made: six times BENCH_SIZE, later the sum of BENCH_SERIES
#
# Correctness first: a log that is not judged as its truth table says, or not alike by every way there is to read it,
# ends the benchmark with status 1, and nothing is written. No time does: figures of one machine say nothing of another.
#
# Tools take turns, round after round, so that what else the machine does hits all of them alike; ratios are those of
# runs in the same round. Processor time is judged rather than the wall clock, but for two threads.
set -eu -o pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
SRC=${SRC:-$(cd "$here/../.." && pwd)}
BUILD=${BUILD:-$SRC/build}
PROCTOR=${PROCTOR:-$BUILD/proctor}
export SRC BUILD PROCTOR
PATH=$PATH:/usr/sbin:/sbin:$SRC/build/oracle/auditd/sbin
size=${BENCH_SIZE:-1G}
rounds=${BENCH_ROUNDS:-5}
series=${BENCH_SERIES-64M 256M 1G 4G}
docs=${BENCH_DOCS:-$SRC/docs}
last_log=''
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
: >"$work/facts"
: >"$work/results"

# shellcheck source=tests/bench/logs.sh
. "$here/logs.sh"

step() {
	printf '%-12s' "$1"
	shift
	echo "$@"
}

# fact NAME TEXT…: for the report.
fact() {
	printf '%s\t%s\n' "$1" "${*:2}" >>"$work/facts"
}

# Told here and in the report: nothing that is missing is missing silently.
leave_out() {
	step "left out" "$1: $2"
	fact left "$1: $2"
}

# ---- what there is ----

# Two drivers, or the one that reads every event.
full=''
! "$PROCTOR" scan --help | grep -q -- --full || full=--full

can() {
	case $1 in
	-)	return 0 ;;
	sieve)	[ -n "$full" ] || { echo "this proctor has no second driver"; return 1; } ;;
	*)	command -v "$1" >/dev/null || { echo "$1 is not installed"; return 1; } ;;
	esac
}

# Sets log_name, name, needs and command for each row that can run, and calls "$@".
each_row() {
	while IFS='|' read -r log_name name _ needs _ _ command; do
		case $log_name in ''|'#'*) continue ;; esac
		read -r log_name name needs <<<"$log_name $name $needs"
		"$@"
	done <"$here/rows.txt"
}

tell_row() {
	local why
	why=$(can "$needs") || leave_out "$log_name/$name" "$why"
}

# Processor time of this machine so far, and of it what went to others: busy and stolen, in hundredths of a second.
processor_time() {
	awk '/^cpu / { print $2 + $3 + $4 + $7 + $8, $9, $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9 }' /proc/stat
}

# This shell's and its children's, in hundredths of a second. Not through a pipe: that would ask another shell.
own_time() {
	times >"$work/times"
	awk '{ for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); sum += t[1] * 60 + t[2] } }
		END { printf "%.0f", sum * 100 }' "$work/times"
}

# A build that failed leaves an older program behind; its figures are not those of the commit.
is_stale() {
	[ -z "$(find "$SRC/src" "$SRC/meson.build" -type f -newer "$PROCTOR" -print -quit)" ] ||
		printf ', but the program is older than its sources'
	[ -z "$(git -C "$SRC" status --porcelain src meson.build 2>/dev/null)" ] || printf ', with changes not committed'
}

describe_machine() {
	fact machine "$(awk -F ': *' '/^(model name|Model|cpu model)/ { print $2; exit }' /proc/cpuinfo), $(nproc) cores"
	fact simd "$(grep -m 1 '^flags' /proc/cpuinfo | grep -ow -e avx2 -e avx512bw -e avx512_vbmi | paste -s -d ' ')"
	fact kernel "$(uname -sr), $(awk '/^MemTotal/ { printf "%.0f GB", $2 * 1024 / 1e9 }' /proc/meminfo) of memory"
	fact disk "$(df --output=fstype "$work" | tail -n 1)"
	fact date "$(date -u +%Y-%m-%d)"
	fact proctor "$("$PROCTOR" --version | head -n 1)$(git -C "$SRC" log -1 --format=', commit %h' 2>/dev/null ||
		:)$(is_stale)"
	fact tools "$(for tool in rg grep ausearch; do $tool --version 2>/dev/null | head -n 1; done | paste -s -d ';' |
		sed 's/;/; /g')"
	fact load "$(cut -d ' ' -f 1 /proc/loadavg)"
	fact rounds "$rounds"
	own_time >"$work/own"
	before="$(processor_time) $(cat "$work/own")"
}

describe_others() {
	own_time >"$work/own"
	fact others "$(echo "$before $(processor_time) $(cat "$work/own")" | awk '{
		busy = $5 - $1 - ($8 - $4); total = $7 - $3
		printf "%.0f %% of the processors'"'"' time went to other work, %.0f %% was stolen by the host",
			(busy > 0 && total) ? 100 * busy / total : 0, total ? 100 * ($6 - $2) / total : 0
	}')"
}

# ---- one run ----

# run LOG NAME BYTES COMMAND…: a line "LOG NAME bytes wall cpu memory" in results. Status 1 is "found" or "none".
run() {
	local log_name=$1 name=$2 bytes=$3 cost
	shift 3
	"$BUILD/tests/measure" "$work/cost" "$@" >"$work/out" 2>"$work/err"
	read -r -a cost <"$work/cost"
	if [ "${cost[3]}" -gt 1 ]; then
		echo "bench: $log_name/$name ended with status ${cost[3]}:" >&2
		head -n 5 "$work/err" >&2
		exit 2
	fi
	echo "$log_name $name $bytes ${cost[*]:0:3}" >>"$work/results"
}

# Who reads a log first in a round pays for what others of the round have pushed out of the processor's caches (page
# tables of a gigabyte): a run that is not counted does.
turn_to() {
	[ -z "$last_log" ] || is_whole "$last_log" || fact evicted "$(basename "$last_log" .log)"
	is_whole "$1" || load_again "$1"
	"$BUILD/tests/floor" "$1" >/dev/null
	last_log=$1
}

# `log` and what rows.txt names stand in the row's command.
run_row() {
	local log bytes
	can "$needs" >/dev/null || return 0
	log=$(log_of "$log_name" "$name")
	[ "$log" = "$last_log" ] || turn_to "$log"
	bytes=$(unpacked_bytes "$log_name" "$log")
	case $command in
	*'<'*)	cat "$log" | eval "run $log_name $name $bytes ${command#*<}" ;;
	*)	eval "run $log_name $name $bytes $command" ;;
	esac
}

# shellcheck disable=SC2034 # the commands of rows.txt use them
{
	path='/proc/+[0-9]+/+(task/+[0-9]+/+)?(mem|maps|environ)'
	names=$(sed -n 's/.*ProcessName|contains: *//p' "$SRC"/rules/tool/*.yml | sort -u | paste -s -d '|')
}

all_rounds() {
	local round
	for ((round = 1; round <= rounds; round++)); do
		[ ! -t 2 ] || printf '\r%s, round %d of %d ' "$1" "$round" "$rounds" >&2
		"${@:2}"
	done
	[ ! -t 2 ] || printf '\r%40s\r' '' >&2
}

run_series() {
	local one
	for one in $series; do
		[ -e "$work/$one.log" ] || continue
		turn_to "$work/$one.log"
		[ -z "$full" ] || run "$one" sieve "$(bytes_of "$work/$one.log")" "$PROCTOR" scan --json --threads 1 "$work/$one.log"
		# shellcheck disable=SC2086 # none or one word
		run "$one" stream "$(bytes_of "$work/$one.log")" "$PROCTOR" scan --json $full --threads 1 "$work/$one.log"
	done
}

# What another bench prints, for the terminal and for the report. Its own goals do not end this one.
also() {
	"$here/$1" | tee "$work/also" || :
	sed "s/^/also\t/" "$work/also" >>"$work/facts"
}

for program in auditgen floor auparse_loop measure sigma_cost; do
	[ -x "$BUILD/tests/$program" ] && continue
	(cd "$SRC" && tools/build "$BUILD" tests)
	break
done
describe_machine
each_row tell_row
make_logs
"$here/correct.sh" "$work" | tee "$work/correct"
! grep -q '^not ok' "$work/correct" || exit 1
all_rounds rows each_row run_row
drop_logs
make_series
all_rounds series run_series
describe_others
also query.sh
also rules.sh
python3 -B "$here/report/main.py" "$here/rows.txt" "$work" "$SRC/docs/benchmarks.md" "$docs"
