#!/bin/bash
# What a scan costs with one rule and with a thousand of the kind that SigmaHQ has for Linux, alternately, in processor
# time. `make bench` runs it. The last line is the ratio; the exit status is 1 when it is 2 or more.
#
#   SRC BUILD PROCTOR   where the project, its build and the program are; found out when absent
#   BENCH_SIZE          size of the log (64M here)
#   BENCH_ROUNDS        how often each runs (5)
set -eu -o pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
SRC=${SRC:-$root}
BUILD=${BUILD:-$SRC/build}
PROCTOR=${PROCTOR:-$BUILD/proctor}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

"$BUILD/tests/auditgen" -o "$work/audit.log" -s "${BENCH_SIZE:-64M}" 2>/dev/null
"$BUILD/tests/sigma_cost" --print 1 >"$work/one.yml"
"$BUILD/tests/sigma_cost" --print 1000 >"$work/thousand.yml"

# cpu RULES: user and system time of one scan, in seconds
cpu() {
	local TIMEFORMAT='%U %S'
	{ time "$PROCTOR" scan -q --only --rules "$1" "$work/audit.log" >/dev/null 2>&1 || [ $? -le 1 ]; } 2>&1 |
		awk 'END { print $1 + $2 }'
}

for ((round = 0; round < ${BENCH_ROUNDS:-5}; round++)); do
	printf '%s %s\n' "$(cpu "$work/one.yml")" "$(cpu "$work/thousand.yml")"
done | awk '
	{ if (NR == 1 || $1 < one) one = $1; if (NR == 1 || $2 < thousand) thousand = $2 }
	END {
		printf "rules         scan with 1 rule %.2f s, with 1,000 rules %.2f s of processor time\n", one, thousand
		printf "rules         ratio %.2f (below 2: %s)\n", thousand / one, thousand / one < 2 ? "kept" : "missed"
		exit thousand / one >= 2
	}'
