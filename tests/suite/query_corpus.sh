#!/bin/sh
# Published searches, as far as their operators run, over lines of the corpus: no internal error, the same rows every
# time, in bounded time.
. "$(dirname "$0")/../lib/tap.sh"
need_shared
need timeout

find "$PROCTOR_SHARED/corpus" "$PROCTOR_SHARED/captures" -type f \( -name '*.log' -o -name '*.json*' -o -name '*.txt' \
	-o -name 'syslog*' \) | LC_ALL=C sort | awk 'NR % 3 == 0' >"$SCRATCH/logs"
exits "published searches run" 0 sh -c 'tr "\n" "\0" <"$1" | timeout 500 xargs -0 "$2" "$3"' sh "$SCRATCH/logs" \
	"$BUILD/tests/query_corpus" "$PROCTOR_SHARED/sumo/queries.jsonl"
sed -n 's/^\(refused\|slowest\)/# \1/p' "$SCRATCH/out" | head -n 12
lacks "none fails" "failed: " "$SCRATCH/out"

# parsed P, ran R of N; …
# shellcheck disable=SC2046
set -- $(sed -n 's/^parsed \([0-9]*\), ran \([0-9]*\) of \([0-9]*\); rows \([0-9]*\);.*/\1 \2 \3 \4/p' "$SCRATCH/out")
# count PATTERN: searches that were refused for such a reason
count() {
	grep -E "^refused [0-9]+: $1" "$SCRATCH/out" | awk '{ sum += $2 } END { print sum + 0 }'
}
is "what parses runs, or is refused with a reason" "${1:-0}" "$((${2:-0} + $(count .)))"
ours=$((${1:-0} - $(count '(.* is part of the language|a parameter has no value|proctor parses subqueries|there is no table)')))
if [ "${2:-0}" -gt 500 ] && [ $((${2:-0} * 100)) -ge $((ours * 97)) ]; then
	ok "$2 of $3 run, of which $ours use nothing that proctor says it does not run; ${4:-0} rows"
else
	not_ok "most searches run" "${2:-none} of ${3:-none}, of which $ours should" "$SCRATCH/out"
fi
