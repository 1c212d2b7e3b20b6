#!/bin/sh
# Compressed logs that are cut, and several compressed streams in one file.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"
need python3 zstd

many_accesses 3000 >"$SCRATCH/audit.log"
python3 "$SRC/tests/lib/cut.py" "$PROCTOR" "$SCRATCH/audit.log" "$SCRATCH" || not_ok cut "cut.py failed"
