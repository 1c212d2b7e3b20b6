#!/bin/sh
# The search language's parser and lint: published searches, the user's own search, and bad ones.
. "$(dirname "$0")/../lib/tap.sh"
check=$BUILD/tests/query_check

bad() { # NAME SEARCH: is refused with a caret, at once
	if printf '%s' "$2" | timeout 5 "$check" - >"$SCRATCH/out" 2>&1; then
		not_ok "$1" "was taken" "$SCRATCH/out"
	else
		has "$1" '^' "$SCRATCH/out"
	fi
}
bad 'an unclosed string' 'error | where a = "b'
bad 'an unknown operator' 'error | wheer a = 1'
bad 'an unclosed regex' 'error | where a matches /b'
bad 'deep nesting' "error | where $(head -c 10000 /dev/zero | tr '\0' '(')a"

printf '%s' 'x | parse regex "pid=(?<pid>\d+)" | parse regex "uid=(?<uid>\d+)" | eval r = if(pid = 1, "a", "b")' |
	"$check" - >"$SCRATCH/out" 2>&1
has 'eval is named' 'eval' "$SCRATCH/out"

need_shared
"$check" "$PROCTOR_SHARED/sumo/queries.jsonl" >"$SCRATCH/out" 2>&1
# shellcheck disable=SC2046
set -- $(sed -n 's/^parsed \([0-9]*\) of \([0-9]*\)$/\1 \2/p' "$SCRATCH/out")
if [ "${2:-0}" -gt 0 ] && [ $(($1 * 100)) -ge $(($2 * 97)) ]; then
	ok "$1 of $2 published searches parse"
else
	not_ok 'published searches parse' "${1:-none} of ${2:-none}" "$SCRATCH/out"
fi
sed -n '/^Sumo Detection Query/,/^\/\/ Union/p' "$PROCTOR_SHARED"/seed/*.txt | sed '1d;$d' >"$SCRATCH/seed"
"$check" - <"$SCRATCH/seed" >"$SCRATCH/out" 2>&1
has "the user's search parses, and lint names ppid" 'ppid' "$SCRATCH/out"
