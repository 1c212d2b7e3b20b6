#!/bin/sh
# Ten minutes of fuzzing in all, shared out among the fuzzers, from the seeds alone; and ten of the sieve against the
# stream, where a difference is rare and counts most.
. "$(dirname "$0")/../lib/tap.sh"

total=${FUZZ_TOTAL:-600}
count=$(find "$SRC/tests/fuzz" -name 'fuzz_*.c' | wc -l)
if [ ! -d "$SRC/build-fuzz/tests" ] || [ "$count" = 0 ]; then
	skip fuzz "build-fuzz is not built; make test-long builds it"
	exit 0
fi
others=$(cd "$SRC/tests/fuzz" && find . -name 'fuzz_*.c' ! -name fuzz_sieve.c | sed 's/.*fuzz_//; s/\.c$//')
# shellcheck disable=SC2086 # a word each
CORPUS=$SCRATCH/corpus "$SRC/tools/fuzz" $((total / count + 1)) $others
CORPUS=$SCRATCH/corpus "$SRC/tools/fuzz" "${FUZZ_SIEVE:-$total}" sieve
