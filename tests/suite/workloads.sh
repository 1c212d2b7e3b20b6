#!/bin/sh
# Whole runs of administrative tools, debuggers and attack-like stories: quiet, suppressed or shown as their labels say,
# in every shape that a log can take.
. "$(dirname "$0")/../lib/tap.sh"
need python3 xz

labels() {
	folder=$1 table=$2
	shift 2
	python3 "$SRC/tests/lib/labels.py" "$PROCTOR" "$folder" "$folder/$table" "$@" ||
		not_ok "$folder/$table" "labels.py failed"
}

all="plain gzip tar pipe parts bytes shuffle crlf"
# shellcheck disable=SC2086
labels "$SRC/tests/captures" LABELS.tsv $all
if [ -d "${PROCTOR_SHARED:-}" ]; then
	# shellcheck disable=SC2086
	labels "$PROCTOR_SHARED/captures/workloads" LABELS.tsv $all
	all=plain
else
	skip "all workloads" "PROCTOR_SHARED is not set; the project's copies stand for them"
fi
# shellcheck disable=SC2086
labels "$SRC/tests/captures/shared" WORKLOADS.tsv $all
