#!/bin/bash
# Speed of searches: a full aggregate beside two Python loops, and a selective keyword beside ripgrep.
#
#   SRC BUILD PROCTOR   as for bench.sh
#   BENCH_SIZE          size of the log (256M)
#   BENCH_ROUNDS        how often each runs, in turn (5)
#
# The rows of both are compared first; then processor times are, of the same round.
set -eu -o pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$root/build}
PROCTOR=${PROCTOR:-$BUILD/proctor}
rounds=${BENCH_ROUNDS:-5}
floor_speed=200 # MB/s a core
floor_ratio=10  # times the Python loop
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

log=$work/audit.log
"$BUILD/tests/auditgen" -s "${BENCH_SIZE:-256M}" -o "$log" 2>/dev/null
cat "$log" >/dev/null
aggregate='* | parse regex "exe=\"(?<exe>[^\"]+)\"" | count by exe'
keyword='proc | where _raw matches "*/proc/1234*" | count'

# run NAME COMMAND…: a line "NAME cpu" in results.
run() {
	local name=$1 cost
	shift
	"$BUILD/tests/measure" "$work/cost" "$@" >"$work/$name.out" 2>"$work/$name.err"
	read -r -a cost <"$work/cost"
	if [ "${cost[3]}" -gt 1 ]; then
		echo "bench: $name ended with status ${cost[3]}:" >&2
		head -n 5 "$work/$name.err" >&2
		exit 2
	fi
	echo "$name ${cost[1]} ${cost[2]}" >>"$work/results"
}

for ((round = 1; round <= rounds; round++)); do
	run aggregate "$PROCTOR" query --json -q "$aggregate" "$log"
	run python python3 "$root/tests/bench/count_by.py" text "$log"
	run bytes python3 "$root/tests/bench/count_by.py" bytes "$log"
	run keyword "$PROCTOR" query --json -q "$keyword" "$log"
	! command -v rg >/dev/null || run ripgrep rg --no-config --mmap -c -e /proc/1234 "$log"
done
if ! cmp -s <(sort "$work/aggregate.out") <(sort "$work/python.out"); then
	echo "rows         other than the Python loop's" >&2
	diff <(sort "$work/aggregate.out") <(sort "$work/python.out") | head -n 5 >&2
	exit 1
fi

awk -v bytes="$(stat -c %s "$log")" -v floor_speed="$floor_speed" -v floor_ratio="$floor_ratio" '
	{ cpu[$1, ++count[$1]] = $2; if ($3 > memory[$1]) memory[$1] = $3 }
	function median(list, n,    i, j, swap) {
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
				swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap
			}
		return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
	}
	function ratio(a, b,    i, list) {
		for (i = 1; i <= count[a]; i++)
			list[i] = cpu[b, i] / cpu[a, i]
		return median(list, count[a])
	}
	function speed(name,    i, list) {
		for (i = 1; i <= count[name]; i++)
			list[i] = bytes / cpu[name, i]
		return median(list, count[name])
	}
	END {
		fast = speed("aggregate"); times = ratio("aggregate", "python")
		printf "%-13s%.0f MB/s a core, %.1f times as fast as the Python loop (%.0f MB/s), RssAnon %.1f MB\n", "aggregate",
			fast, times, speed("python"), memory["aggregate"] * 1024 / 1e6
		printf "%-13s%.1f times as fast as the fastest Python loop, over bytes (%.0f MB/s)\n", "", ratio("aggregate", "bytes"),
			speed("bytes")
		if (count["ripgrep"])
			printf "%-13s%.0f MB/s a core, %.2f of ripgrep'"'"'s speed (%.0f MB/s)\n", "keyword", speed("keyword"),
				ratio("keyword", "ripgrep"), speed("ripgrep")
		printf "%-13s%s: at least %d MB/s a core and %d times the Python loop\n", "floor",
			(fast >= floor_speed && times >= floor_ratio ? "met" : "missed"), floor_speed, floor_ratio
	}' "$work/results"
