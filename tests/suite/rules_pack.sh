#!/bin/sh
# The rules that proctor ships: nothing to say against them, and logs that test every part of each.
. "$(dirname "$0")/../lib/tap.sh"
export XDG_CONFIG_HOME="$SCRATCH/none"

exits 'the pack is clean' 0 "$PROCTOR" rules check --strict --only "$SRC/rules"
grep -a warning: "$SCRATCH/out" | tap_show
if ! find "$SRC/rules" -type d -name hit | grep -q .; then
	skip 'the pack has its logs' 'there are none'
	exit 0
fi
exits 'the pack hits and misses' 0 "$PROCTOR" rules test --only "$SRC/rules"
grep -a '^failed' "$SCRATCH/out" | tap_show
exits 'every part of it is tested' 0 "$PROCTOR" rules test --mutate --only "$SRC/rules"
grep -a '^survivor' "$SCRATCH/out" | tap_show
exits 'the pack is found from here' 0 "$PROCTOR" rules list --json
is 'all of it' "$("$PROCTOR" rules list --json --only "$SRC/rules" | wc -l)" "$(grep -c '"from":"pack"' "$SCRATCH/out")"
