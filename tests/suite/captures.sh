#!/bin/sh
# Every labelled capture of one access or one story gives what its label says, in every shape that a log can take.
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
labels "$SRC/tests/captures" STORIES.tsv $all
if [ -d "${PROCTOR_SHARED:-}" ]; then
	# shellcheck disable=SC2086
	labels "$PROCTOR_SHARED/captures" LABELS.tsv $all
	all=plain # the project's copies of them
else
	skip "all captures" "PROCTOR_SHARED is not set; the project's copies stand for them"
fi
# shellcheck disable=SC2086
labels "$SRC/tests/captures/shared" LABELS.tsv $all
