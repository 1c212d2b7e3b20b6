#!/bin/sh
# The rules that proctor ships: nothing to say against them, and logs that test every part of each. A broken rule beside
# them stops nothing else.
. "$(dirname "$0")/../lib/tap.sh"
export XDG_CONFIG_HOME="$SCRATCH/none"

exits 'the pack is clean' 0 "$PROCTOR" rules check --strict --only "$SRC/rules"
grep -a warning: "$SCRATCH/out" | tap_show
exits 'the pack hits and misses' 0 "$PROCTOR" rules test --only "$SRC/rules"
grep -a '^failed' "$SCRATCH/out" | tap_show
exits 'every part of it is tested' 0 "$PROCTOR" rules test --mutate --only "$SRC/rules"
grep -a '^survivor' "$SCRATCH/out" | tap_show
exits 'the pack is found from here' 0 "$PROCTOR" rules list --json
is 'all of it' "$("$PROCTOR" rules list --json --only "$SRC/rules" | wc -l)" "$(grep -c '"from":"pack"' "$SCRATCH/out")"

# A broken file stops nothing else.
mkdir "$SCRATCH/mine"
printf 'title: x\nlogsource: {product: linux, category: process_access}\ndetection:\n  a: {ProcEntry: mem}\n  condition: a and\n' \
	>"$SCRATCH/mine/broken.yml"
exits 'a broken rule beside the pack' 3 "$PROCTOR" scan --rules "$SCRATCH/mine" "$SRC/tests/captures/shared/dirfd_pid.raw.log"
has 'the others find' 'HighRisk' "$SCRATCH/out"
has 'the error, with its place' 'broken.yml:5:' "$SCRATCH/err"
