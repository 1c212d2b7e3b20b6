#!/bin/sh
# Every fuzzer for a moment, from its seeds alone; `make fuzz` runs them longer.
. "$(dirname "$0")/lib/tap.sh"

if ! ls "$SRC"/tests/fuzz/fuzz_*.c >/dev/null 2>&1; then
	skip fuzz "there is no fuzzer"
elif [ ! -d "$SRC/build-fuzz/tests" ]; then
	skip fuzz "build-fuzz is not built; make test builds it"
else
	CORPUS=$SCRATCH/corpus "$SRC/tools/fuzz" "${FUZZ_SECONDS:-2}"
fi
