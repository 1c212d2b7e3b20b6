#!/bin/bash
# The hot loops cost what tests/bench/hot_counts.tsv says: instructions for each 1,000 bytes of a generated log,
# counted by callgrind, at most 5 % more. With HOT_BLESS=1 the file is written anew; say why in the commit.
# Those behind a slash read the same log in LAUREL's dress. A start has a ceiling of its own: rules may be added.
. "$(dirname "$0")/../lib/tap.sh"
need valgrind

loops='marks_find_plain marks_find_avx2 find_plain find_avx2 count_plain count_avx2 sift_plain sift_avx2
	line_ends_plain line_ends walker decode assemble resolve
	laurel/json_next laurel/json_skip laurel/decode laurel/resolve'
start_max=50000000
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
# One object a record; all values are texts, which LAUREL's are not.
awk '{
	id = substr($2, 11, length($2) - 12)
	text = "{\"ID\":\"" id "\",\"" substr($1, 6) "\":{"
	for (i = 3; i <= NF; i++) {
		at = index($i, "=")
		value = substr($i, at + 1)
		gsub(/["\\[:cntrl:]]/, "", value)
		if (at)
			text = text "\"" substr($i, 1, at - 1) "\":\"" value "\","
	}
	sub(/,$/, "", text)
	print text "}}"
}' "$log" >"$SCRATCH/laurel.log"

# instructions COMMAND…
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 |
		sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

for loop in $loops; do
	file=$log
	[ "$loop" = "${loop#laurel/}" ] || file=$SCRATCH/laurel.log
	nothing=$(instructions "$BUILD/tests/hot" nothing "$file")
	all=$(instructions "$BUILD/tests/hot" "${loop#laurel/}" "$file")
	printf '%s\t%d\n' "$loop" $(((all - nothing) * 1000 / $(stat -c %s "$file")))
done >"$SCRATCH/now.tsv"

: >"$SCRATCH/empty.log"
start=$(instructions "$PROCTOR" scan -q --no-confine "$SCRATCH/empty.log")
if [ -n "$start" ] && [ "$start" -le $start_max ]; then
	ok "a start: $((start / 1000000)) million"
else
	not_ok "a start" "${start:-no} instructions are more than $start_max"
fi

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
