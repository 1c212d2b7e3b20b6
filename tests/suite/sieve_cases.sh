#!/bin/bash
# Logs that an intruder or a kernel can bring about, in which what matters looks like what does not: the sieve tells what
# the stream tells.
. "$(dirname "$0")/../lib/tap.sh"
need python3
cd "$SCRATCH" || exit 1

# So many rules that their words are not looked for as those of a few are (src/sieve/words.h).
mkdir many
for i in $(seq 100); do
	printf -- '---\ntitle: rule %d\nid: 5b1f3c1e-6d52-4f0e-9a55-%012d\n' "$i" "$i"
	printf 'logsource: { product: linux, category: process_creation }\nlevel: high\ndetection:\n'
	printf '    line: { CommandLine|contains: [ no-word-%d, lazagne, /dev/fd/5 ] }\n    condition: line\n' "$i"
done >many/many.yml

# told DRIVER LOG: what it tells in each way that tells something of its own
told() {
	for way in "--json --incidents" "--json --show-suppressed --raw" "" "--json --show-suppressed --rules many"; do
		# shellcheck disable=SC2086
		"$PROCTOR" scan "--$1" -q $way "$2"
	done 2>&1
}

mkdir cases
python3 -B "$SRC/tests/lib/sieve_cases.py" cases
for log in cases/*.log; do
	name=$(basename "$log" .log | tr _ ' ')
	told full "$log" >stream
	told sieve "$log" >sieve
	same "$name" stream sieve
	"$PROCTOR" scan --sieve --explain-plan -q "$log" >plan 2>&1
	case $name in
	"serial zero")	has "$name, by the stream" "plan: stream" plan ;;
	*)		has "$name, by the sieve" "plan: sieve" plan ;;
	esac
done
[ "$(find cases -name '*.log' | wc -l)" -gt 15 ] || not_ok "cases" "there are too few"
