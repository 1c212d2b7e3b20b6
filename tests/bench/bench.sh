#!/bin/bash
# Speed and memory of proctor beside other tools, on a generated log. `make bench` runs it.
#
#   SRC BUILD PROCTOR   where the project, its build and the program are; found out when absent
#   BENCH_SIZE          size of the log (256M)
#   BENCH_ROUNDS        how often each tool runs (5)
#   BENCH_LONG=1        also a log of four times the size
#   BENCH_SLICE         what ausearch gets of it (8M): it is slow
#   TMPDIR              where the logs are made: twice BENCH_SIZE, with BENCH_LONG six times
#
# Correctness first: a log that is not judged as its truth table says ends the benchmark with status 1.
# No time does: figures of one machine say nothing of another, so they are printed, not tested.
#
# Tools take turns, round after round, so that what else the machine does hits all of them alike; the
# ratios are those of runs in the same round. Processor time is judged rather than the wall clock. The
# counts of instructions are the same at each run.
set -eu -o pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
SRC=${SRC:-$root}
BUILD=${BUILD:-$SRC/build}
PROCTOR=${PROCTOR:-$BUILD/proctor}
PATH=$PATH:/usr/sbin:/sbin:$SRC/build/oracle/auditd/sbin
size=${BENCH_SIZE:-256M}
rounds=${BENCH_ROUNDS:-5}
slice_size=${BENCH_SLICE:-8M}
floor_speed=400 # MB/s a core
floor_memory=64 # MB, RssAnon
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

step() {
	printf '%-13s' "$1"
	shift
	echo "$@"
}

bytes_of() {
	stat -c %s "$1"
}

# A size as the generator takes it, times $2 / $3, in bytes.
scaled() {
	awk -v size="$1" -v up="$2" -v down="$3" 'BEGIN {
		unit = index("KMG", substr(size, length(size)))
		printf "%.0f", int(size * 1024 ^ unit * up / down)
	}'
}

megabytes() {
	awk -v bytes="$1" 'BEGIN { printf "%.*f MB", bytes < 1e7, bytes / 1e6 }'
}

# The beginning of the log, at least so many bytes, in whole lines.
cut_log() {
	awk -v max="$1" '{ print; if ((used += length($0) + 1) >= max) exit }' "$log" >"$2"
}

# run NAME BYTES COMMAND…: a line "NAME BYTES wall cpu memory" in results. 1 means "found" or "none" to most tools.
run() {
	local name=$1 bytes=$2 cost
	shift 2
	"$BUILD/tests/measure" "$work/cost" "$@" >"$work/out" 2>"$work/err"
	read -r -a cost <"$work/cost"
	if [ "${cost[3]}" -gt 1 ]; then
		echo "bench: $name ended with status ${cost[3]}:" >&2
		head -n 5 "$work/err" >&2
		exit 2
	fi
	echo "$name $bytes ${cost[*]:0:3}" >>"$work/results"
}

# ---- what there is ----

have() {
	command -v "$1" >/dev/null || { step "$1" "not installed: left out"; return 1; }
}

for program in auditgen floor auparse_loop measure; do
	[ -x "$BUILD/tests/$program" ] && continue
	(cd "$SRC" && tools/build "$BUILD" tests)
	break
done
tools='rg grep ausearch valgrind'
for tool in $tools; do
	have "$tool" || tools=${tools/$tool/}
done

cpu=$(awk -F ': *' '/^(model name|Model|cpu model)/ { print $2; exit }' /proc/cpuinfo)
step machine "${cpu:-processor unknown}, $(nproc) cores, $(uname -sr), load $(cut -d ' ' -f 1 /proc/loadavg)"

log=$work/audit.log
made=$("$BUILD/tests/auditgen" -s "$size" -o "$log" -t "$work/truth.tsv" 2>&1 | sed 's/^auditgen: //')
bytes=$(bytes_of "$log")
cat "$log" >"$work/out" # in the page cache from here on
rm "$work/out"
step log "$made; in the page cache as written"

# ---- correctness first ----

python3 "$SRC/tests/lib/truth.py" "$PROCTOR" "$log" "$work/truth.tsv" truth | tee "$work/truth.out" | sed 's/: /  /; s/^ok truth  /truth        /'
! grep -aq '^not ok' "$work/truth.out" || exit 1

# ---- in turn ----

path='/proc/+[0-9]+/+(task/+[0-9]+/+)?(mem|maps|environ)'
names=$(sed -n 's/^TOOL("\([^"]*\)".*/\1/p' "$SRC/src/rule/names.def" | paste -s -d '|')
slice=$work/slice.log
cut_log "$(scaled "$slice_size" 1 1)" "$slice"
slice_bytes=$(bytes_of "$slice")

one_round() {
	run floor "$bytes" "$BUILD/tests/floor" "$log"
	run file "$bytes" "$PROCTOR" scan --json "$log"
	cat "$log" | run pipe "$bytes" "$PROCTOR" scan --json -
	case $tools in *rg*)
		run rg-path "$bytes" rg --no-config --mmap -c -e "$path" "$log"
		run rg-all "$bytes" rg --no-config --mmap -c -i -e "$path|$names" "$log" ;;
	esac
	case $tools in *grep*)
		run grep "$bytes" grep -acE "$path" "$log" ;;
	esac
	run auparse "$bytes" "$BUILD/tests/auparse_loop" "$log"
	case $tools in *ausearch*)
		run ausearch "$slice_bytes" ausearch -if "$slice" --raw -f /proc/ ;;
	esac
}

: >"$work/results"
for ((round = 1; round <= rounds; round++)); do
	[ ! -t 2 ] || printf '\rround %d of %d ' "$round" "$rounds" >&2
	one_round
done
[ ! -t 2 ] || printf '\r%20s\r' '' >&2

median='
	function median(list, n,    i, j, swap) {
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
				swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap
			}
		return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
	}'

echo
awk -v rounds="$rounds" -v whole="$bytes" "$median"'
	BEGIN {
		split("floor file pipe rg-path rg-all grep auparse ausearch", order)
		what["floor"] = "mmap and sum|nothing: the limit"
		what["file"] = "proctor, file|events, processes, files, findings"
		what["pipe"] = "proctor, pipe|the same"
		what["rg-path"] = "ripgrep, path regex|lines"
		what["rg-all"] = "ripgrep, path and tools|lines"
		what["grep"] = "grep -cE, path regex|lines"
		what["auparse"] = "auparse, PATH names|events, names"
		what["ausearch"] = "ausearch -f /proc/|events"
	}
	{
		n = ++count[$1]
		wall[$1, n] = $3 / $2		# microseconds a byte
		cpu[$1, n] = $4 / $2
		bytes[$1] = $2
		if ($5 > memory[$1])
			memory[$1] = $5
	}
	function of(kind, name,    list, i) {
		for (i = 1; i <= count[name]; i++)
			list[i] = kind == "wall" ? wall[name, i] : kind == "cpu" ? cpu[name, i] : cpu[name, i] / cpu["file", i]
		return median(list, count[name])
	}
	END {
		printf "Medians of %d rounds. MB/s: by the clock, and a second of processor time. times: processor time, in\n", rounds
		printf "proctor'"'"'s for the file in the same round. RssAnon: the most anonymous memory, MB.\n\n"
		printf "%-25s %8s %8s %8s %7s %8s  %s\n", "", "seconds", "MB/s", "MB/s/cpu", "times", "RssAnon", "assembles"
		for (i = 1; i in order; i++) {
			name = order[i]
			if (!count[name])
				continue
			split(what[name], text, "|")
			printf "%-25s %8.3f %8.0f %8.0f %7.2f %8.1f  %s%s\n", text[1], of("wall", name) * whole / 1e6,
				1 / of("wall", name), 1 / of("cpu", name), of("ratio", name), memory[name] * 1024 / 1e6, text[2],
				bytes[name] == whole ? "" : sprintf(" (of %.0f MB, scaled)", bytes[name] / 1e6)
		}
	}' "$work/results"

# ---- cost against size ----

echo
factors='1/4 1/1'
[ "${BENCH_LONG:-0}" != 1 ] || factors="$factors 4/1"
for factor in $factors; do
	sized=$log
	if [ "$factor" != 1/1 ]; then
		sized=$work/sized.log
		"$BUILD/tests/auditgen" -s "$(scaled "$size" "${factor%/*}" "${factor#*/}")" -o "$sized" 2>"$work/err"
	fi
	for ((round = 1; round <= rounds; round++)); do
		run "size-${factor%/*}/${factor#*/}" "$(bytes_of "$sized")" "$PROCTOR" scan --json "$sized"
	done
done
awk "$median"'
	/^size-/ {
		if (!($1 in count))
			order[++kinds] = $1
		n = ++count[$1]
		cpu[$1, n] = $4 / $2 * 1e3
		bytes[$1] = $2
		if ($5 > memory[$1])
			memory[$1] = $5
	}
	END {
		for (k = 1; k <= kinds; k++) {
			name = order[k]
			for (i = 1; i <= count[name]; i++)
				list[i] = cpu[name, i]
			printf "%-13s%.0f MB: %.2f ns of processor time a byte, RssAnon %.1f MB\n", k == 1 ? "size" : "", bytes[name] / 1e6,
				median(list, count[name]), memory[name] * 1024 / 1e6
		}
	}' "$work/results"

# ---- instructions ----

# Of a scan of the first $1 bytes; sets `instructions` and `counted_bytes`.
count_instructions() {
	cut_log "$1" "$work/counted.log"
	counted_bytes=$(bytes_of "$work/counted.log")
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$PROCTOR" scan --json --no-confine "$work/counted.log" \
		>"$work/out" 2>"$work/err" || [ $? = 1 ]
	instructions=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/err")
}

case $tools in *valgrind*)
	count_instructions $((4 << 20))
	small=$instructions small_bytes=$counted_bytes
	count_instructions $((16 << 20))
	if [ -n "$small" ] && [ -n "$instructions" ]; then
		step instructions "$(awk -v n="$instructions" -v bytes="$counted_bytes" -v n0="$small" -v bytes0="$small_bytes" '
			BEGIN {
				printf "%.2f a byte over %.0f MB", n / bytes, bytes / 1e6
				if (bytes > bytes0)
					printf "; %.2f behind the first %.0f MB", (n - n0) / (bytes - bytes0), bytes0 / 1e6
			}')"
	else
		step instructions "not counted: $(head -n 1 "$work/err")"
	fi ;;
esac

# ---- the floor ----

awk -v floor_speed="$floor_speed" -v floor_memory="$floor_memory" "$median"'
	$1 == "file" || $1 == "pipe" || /^size-/ {
		kind = $1 == "pipe" ? "pipe" : "file"
		if (!/^size-/)
			list[kind, ++count[kind]] = $2 / $4
		if ($5 > memory)
			memory = $5
	}
	function speed(kind,    own, i) {
		for (i = 1; i <= count[kind]; i++)
			own[i] = list[kind, i]
		return median(own, count[kind])
	}
	END {
		memory *= 1024 / 1e6
		slow = speed("file") < speed("pipe") ? speed("file") : speed("pipe")
		printf "%-13s%s: at least %d MB/s a core (file %.0f, pipe %.0f)\n", "floor", (slow >= floor_speed ? "met" : "missed"),
			floor_speed, speed("file"), speed("pipe")
		printf "%-13s%s: at most %d MB of RssAnon (%.1f)\n", "floor", (memory <= floor_memory ? "met" : "missed"), floor_memory, memory
	}' "$work/results"
