#!/bin/bash
# correct.sh WORK: what bench.sh measures is right, or this ends with status 1. WORK holds its logs and truth tables.
#
# Against the truth table: each plain log, and the JSON. Against the plain log's findings, byte by byte but for the
# file's name: each number of threads, each driver, a pipe, each compression.
set -eu -o pipefail
work=$1
full=''
! "$PROCTOR" scan --help | grep -q -- --full || full=--full

truth() {
	python3 -B "$SRC/tests/lib/truth.py" "$PROCTOR" "$work/$1.log" "$work/$2.tsv" "${@:3}"
}

findings() {
	{ "$PROCTOR" scan -q --json "$@" || [ $? = 1 ]; } | sed 's/"file":"[^"]*"//' | sha256sum
}

# alike NAME OPTION…: of the log whose findings are in $expected
alike() {
	if [ "$(findings "${@:2}")" = "$expected" ]; then
		echo "ok $1 the same findings"
	else
		echo "not ok $1: other findings than those of one thread"
	fi
}

each_way() {
	local log=$work/$1.log
	expected=$(findings --threads 1 "$log")
	alike "$1, 2 threads" --threads 2 "$log"
	alike "$1, pipe" - <"$log"
	[ -z "$full" ] || alike "$1, stream" $full --threads 1 "$log"
	[ -z "$full" ] || alike "$1, stream, 2 threads" $full --threads 2 "$log"
}

for log in sparse dense noise; do
	truth $log $log $log
	[ -z "$full" ] || truth $log $log "$log, stream" $full
	each_way $log
done
expected=$(findings --threads 1 "$work/sparse.log")
alike "sparse, small folios" "$work/small.log"
for packed in "$work"/sparse.log.*; do
	alike "sparse, ${packed##*.}" "$packed"
done
truth json sparse json
