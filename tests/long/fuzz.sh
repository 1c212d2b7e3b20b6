#!/bin/sh
# Ten minutes of fuzzing in all, shared out among the fuzzers, from the seeds alone.
. "$(dirname "$0")/../lib/tap.sh"

count=$(find "$SRC/tests/fuzz" -name 'fuzz_*.c' | wc -l)
if [ ! -d "$SRC/build-fuzz/tests" ] || [ "$count" = 0 ]; then
	skip fuzz "build-fuzz is not built; make test-long builds it"
else
	CORPUS=$SCRATCH/corpus "$SRC/tools/fuzz" $((${FUZZ_TOTAL:-600} / count + 1))
fi
