#!/bin/sh
# The benchmark itself, on logs so small that its figures mean nothing: every row is in a table or left out aloud, the
# pictures parse, and a proctor that finds something else gets no figures. The project's own page is not touched.
. "$(dirname "$0")/../lib/tap.sh"
need python3 gzip fincore

if [ ! -x "$BUILD/tests/auparse_loop" ]; then
	skip "the benchmark" "the programs of tests/bench are not built (libauparse is not installed)"
	exit 0
fi
if grep -aq __asan_init "$PROCTOR"; then
	skip "the benchmark" "a sanitizer takes its own time"
	exit 0
fi

cat "$SRC"/docs/benchmarks* >"$SCRATCH/before"
export BENCH_SIZE=2M BENCH_ROUNDS=1 BENCH_SERIES='1M 2M' BENCH_SLICE=1M BENCH_DOCS="$SCRATCH/docs"
exits "the benchmark ends well" 0 "$SRC/tests/bench/bench.sh"
if [ -f "$SCRATCH/docs/benchmarks.md" ]; then
	python3 -B "$SRC/tests/lib/bench_page.py" "$SRC/tests/bench/rows.txt" "$SCRATCH/docs"
fi

# One that finds nothing on a certain process.
cat >"$SCRATCH/blind" <<END
#!/bin/sh
[ "\$1" != scan ] || set -- "\$@" --target 4294967295
exec "$PROCTOR" "\$@"
END
chmod +x "$SCRATCH/blind"
rm -rf "$SCRATCH/docs"
PROCTOR=$SCRATCH/blind exits "what is not right is not timed" 1 "$SRC/tests/bench/bench.sh"
has "and is told" "missed" "$SCRATCH/out"
is "and nothing is written" "" "$(ls "$SCRATCH/docs" 2>/dev/null)"

cat "$SRC"/docs/benchmarks* >"$SCRATCH/after"
same "the project's page is as it was" "$SCRATCH/before" "$SCRATCH/after"
