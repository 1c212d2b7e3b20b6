#!/bin/sh
# Generated logs with a truth table, five seeds: every planted access is found with its target, no decoy is reported.
# The second run of each seed is denser: hits, and events mixed with their neighbours.
. "$(dirname "$0")/../lib/tap.sh"
need python3

# truth NAME OPTION…
truth() {
	name=$1
	shift
	if ! "$BUILD/tests/auditgen" -s 32M -o "$SCRATCH/audit.log" -t "$SCRATCH/truth.tsv" "$@" 2>"$SCRATCH/err"; then
		not_ok "$name" "auditgen failed" "$SCRATCH/err"
		return
	fi
	python3 "$SRC/tests/lib/truth.py" "$PROCTOR" "$SCRATCH/audit.log" "$SCRATCH/truth.tsv" "$name" ||
		not_ok "$name" "truth.py failed"
}

truth "seed 1 enriched" -S 1
truth "seed 2 raw" -S 2 -r
truth "seed 3 node" -S 3 -N web1
truth "seed 4 raw node" -S 4 -r -N web1.example.org
truth "seed 5 unconfined" -S 5 -u
truth "seed 1 dense raw" -S 1 -H 20000 -I 300000 -r
truth "seed 2 dense" -S 2 -H 20000 -I 300000
truth "seed 3 dense raw node" -S 3 -H 20000 -I 300000 -r -N web1
truth "seed 4 dense node" -S 4 -H 20000 -I 300000 -N web1
truth "seed 5 dense unconfined" -S 5 -H 20000 -I 300000 -u
# Children whose parents have files of procfs open under any number.
truth "seed 12345 busy procfs" -S 12345 -H 50000 -P 200000 -I 500000
