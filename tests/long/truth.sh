#!/bin/sh
# The generator's truth table over five seeds of 256 MB, and memory that does not grow with the input.
. "$(dirname "$0")/../lib/tap.sh"
need python3

for seed in 11 12 13 14 15; do
	"$BUILD/tests/auditgen" -o "$SCRATCH/a.log" -t "$SCRATCH/a.tsv" -s 256M -S "$seed" -H 400 2>/dev/null
	python3 "$SRC/tests/lib/truth.py" "$PROCTOR" "$SCRATCH/a.log" "$SCRATCH/a.tsv" "seed $seed"
done

"$BUILD/tests/auditgen" -o "$SCRATCH/a.log" -s 4G -S 16 2>/dev/null
"$BUILD/tests/measure" "$SCRATCH/cost" "$PROCTOR" scan --json "$SCRATCH/a.log" >/dev/null 2>"$SCRATCH/err"
read -r _ _ rss status <"$SCRATCH/cost"
if [ "$status" = 1 ] && [ "$rss" -le 65536 ]; then
	ok "4 GB in $rss KiB of anonymous memory"
else
	not_ok "4 GB in 64 MiB of anonymous memory" "exit status $status, $rss KiB" "$SCRATCH/err"
fi
