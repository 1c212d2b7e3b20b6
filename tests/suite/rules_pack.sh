#!/bin/sh
# The rules that proctor ships: nothing is wrong with them, each has logs that it must hit and miss, and no part of any
# can be taken away unnoticed.
. "$(dirname "$0")/../lib/tap.sh"
export PROCTOR_RULES="$SRC/rules" XDG_CONFIG_HOME="$SCRATCH/none"

exits 'the pack is sound' 0 "$PROCTOR" rules check "$SRC/rules"
has 'without a warning' '0 errors, 0 warnings' "$SCRATCH/out"
exits 'its logs' 0 "$PROCTOR" rules test --mutate "$SRC/rules"
has 'none fails' ': 0 failed;' "$SCRATCH/out"
has 'no part is needless' ', 0 of them without notice' "$SCRATCH/out"
rules=$(grep -c '' "$SCRATCH/out")
is 'nothing else is told' 1 "$rules"

# A broken file stops nothing else.
mkdir "$SCRATCH/mine"
printf 'title: x\nlogsource: {product: linux, category: process_access}\ndetection:\n  a: {ProcEntry: mem}\n  condition: a and\n' \
	>"$SCRATCH/mine/broken.yml"
exits 'a broken rule beside the pack' 3 "$PROCTOR" scan --rules "$SCRATCH/mine" "$SRC/tests/captures/shared/dirfd_pid.raw.log"
has 'the others find' 'HighRisk' "$SCRATCH/out"
has 'the error, with its place' 'broken.yml:5:' "$SCRATCH/err"
