#!/bin/bash
# The hot loops cost what tests/bench/hot_counts.tsv says: instructions for each 1,000 bytes of a generated log,
# counted by callgrind, at most 5 % more. With HOT_BLESS=1 the file is written anew; say why in the commit.
. "$(dirname "$0")/../lib/tap.sh"
need valgrind

loops='marks_find_plain marks_find_avx2 find_plain find_avx2 count_plain count_avx2 decode assemble resolve'
counts=$SRC/tests/bench/hot_counts.tsv
log=$SCRATCH/a.log

if [ ! -x "$BUILD/tests/hot" ] || [ ! -x "$BUILD/tests/auditgen" ]; then
	skip "instructions of hot loops" "the programs of tests/bench are not built (libauparse is not installed)"
	exit 0
fi
if grep -aq __asan_init "$BUILD/tests/hot"; then
	skip "instructions of hot loops" "a sanitizer adds its own"
	exit 0
fi
if ! grep -qw avx2 /proc/cpuinfo; then
	skip "instructions of hot loops" "the processor has no AVX2, and the counts are of one that has"
	exit 0
fi

# The generator ends behind the event that reaches the size, so its log is always the same.
"$BUILD/tests/auditgen" -s 2M -S 1 -o "$log" 2>/dev/null
bytes=$(stat -c %s "$log")

instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$BUILD/tests/hot" "$1" "$log" 2>&1 |
		sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

nothing=$(instructions nothing)
for loop in $loops; do
	all=$(instructions "$loop")
	printf '%s\t%d\n' "$loop" $(((all - nothing) * 1000 / bytes))
done >"$SCRATCH/now.tsv"

if [ "${HOT_BLESS:-}" ]; then
	{
		printf '# Instructions for each 1,000 bytes of a log (auditgen -s 2M -S 1), by callgrind.\n'
		printf '# Written by HOT_BLESS=1 tools/run-tests build hot_counts; the stages include those before them.\n'
		cat "$SCRATCH/now.tsv"
	} >"$counts"
fi

while read -r loop now; do
	was=$(awk -v loop="$loop" '$1 == loop { print $2 }' "$counts")
	if [ -n "$was" ] && [ "$now" -gt 0 ] && [ $((now * 100)) -le $((was * 105)) ]; then
		ok "$loop: $now for each 1,000 bytes"
	else
		not_ok "$loop" "$now instructions for each 1,000 bytes, not ${was:-told}: find out why, or bless it with the reason"
	fi
done <"$SCRATCH/now.tsv"
