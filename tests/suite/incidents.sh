#!/bin/sh
# Every story gives one incident: whose, on whom, and in which steps; in every shape of its log and beside other logs.
. "$(dirname "$0")/../lib/tap.sh"
need python3 xz

labels() {
	python3 "$SRC/tests/lib/incidents.py" "$PROCTOR" "$1" "$2" || not_ok "$2" "incidents.py failed"
}

labels "$SRC/tests/captures" "$SRC/tests/captures/INCIDENTS.tsv"
labels "$SRC/tests/captures/shared" "$SRC/tests/captures/shared/INCIDENTS.tsv"
if [ -d "${PROCTOR_SHARED:-}" ]; then
	labels "$PROCTOR_SHARED/captures/workloads" "$SRC/tests/captures/shared/INCIDENTS.tsv"
else
	skip "shared stories" "PROCTOR_SHARED is not set; the project's copies stand for them"
fi
