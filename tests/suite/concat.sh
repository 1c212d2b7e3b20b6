#!/bin/sh
# Two captures scanned together: that may make an unknown target known, never change what was known. A few pairs, the
# same ones each time; tests/long/concat.sh takes many more.
. "$(dirname "$0")/../lib/tap.sh"
need python3

pairs() {
	python3 "$SRC/tests/lib/concat.py" "$PROCTOR" "${PAIRS:-80}" "$@" || not_ok concat "concat.py failed"
}

pairs "$SRC"/tests/captures/*.log.xz "$SRC"/tests/captures/shared/*.log "$SRC"/tests/captures/shared/*.log.xz
if [ -d "${PROCTOR_SHARED:-}" ]; then
	pairs "$PROCTOR_SHARED"/captures/*.log "$PROCTOR_SHARED"/captures/workloads/*.log.xz
else
	skip "all pairs" "PROCTOR_SHARED is not set; pairs of the project's captures stand for them"
fi
