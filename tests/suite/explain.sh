#!/bin/sh
# proctor explain: hostile names in commands that are pasted, findings read back, ids, what the commands are for.
. "$(dirname "$0")/../lib/tap.sh"
need python3 jq
cd "$SRC" || exit 2
captures=tests/captures
story=$captures/shared/story_atomic_sh.log.xz

python3 tests/lib/paste.py "$PROCTOR" "$SCRATCH" || not_ok paste "paste.py failed"

# ---- findings that scan wrote, read back ----

# What a finding says of itself, without what its JSON does not hold.
told='.sections | del(.limits) | .who |= map(select(.label != "started" and .label != "its owner")) |
	.what |= map(select(.label != "it started"))'

for capture in "$captures"/story_*.log.xz $captures/gdb_attach.log.xz $captures/gcore.log.xz $story; do
	"$PROCTOR" scan -q --incidents --json --raw "$capture" >"$SCRATCH/incidents.json" 2>/dev/null
	for id in $(jq -r '.id, .findings[0].id' "$SCRATCH/incidents.json" | head -n 2); do
		"$PROCTOR" explain --json "$id" "$capture" 2>/dev/null | jq -S "$told" >>"$SCRATCH/expected"
		"$PROCTOR" explain --json "$id" --from "$SCRATCH/incidents.json" 2>"$SCRATCH/err" | jq -S "$told" >>"$SCRATCH/actual"
	done
done
if [ "$(wc -l <"$SCRATCH/expected")" -gt 5000 ]; then
	same "incidents read back tell the same" "$SCRATCH/expected" "$SCRATCH/actual"
else
	not_ok "incidents read back tell the same" "they tell little" "$SCRATCH/expected"
fi

"$PROCTOR" scan -q --flat --json "$story" >"$SCRATCH/findings.json"
exits "a finding without raw records" 1 "$PROCTOR" explain cea7 --from "$SCRATCH/findings.json"
has "it says that there are none" "They were not kept" "$SCRATCH/out"
has "and that the log was not read" "the log itself was not read" "$SCRATCH/out"
gzip -k "$SCRATCH/findings.json"
exits "a compressed file of findings" 1 "$PROCTOR" explain cea7 --from "$SCRATCH/findings.json.gz"
exits "findings from standard input" 1 sh -c '"$1" explain cea7 --from - <"$2"' sh "$PROCTOR" "$SCRATCH/findings.json"

# What a watch tells: of itself, and a finding twice, the second time grown.
live='"id":"00000000000000ab","risk":"HighRisk","verb":"open","entry":"mem","outcome":"success","trust":"kernel"'
live="$live,\"sensors\":[\"bpf\"],\"actor\":{\"pid\":77,\"start\":\"2026-11-23T11:33:40.000Z\",\"container\":\"c0ffee\"}"
printf '{"type":"status","watching":true}\n{%s,"count":1}\n{%s,"count":5,"update":true}\n' "$live" "$live" >"$SCRATCH/live.json"
exits "a finding of a watch" 1 "$PROCTOR" explain 0000 --from "$SCRATCH/live.json"
has "as it was told last" "times         5" "$SCRATCH/out"
has "its start" "started       2026-11-23T11:33:40.000Z" "$SCRATCH/out"
has "its container" "container     c0ffee" "$SCRATCH/out"
has "no records are missed" "writes no records" "$SCRATCH/out"

# ---- what is no findings ----

{ cat "$SCRATCH/findings.json"; echo 'no JSON'; echo '{"verb":"open"}'; } >"$SCRATCH/some.json"
exits "lines that are no findings are a loss" 3 "$PROCTOR" explain cea7 --from "$SCRATCH/some.json"
has "they are counted" "2 lines of" "$SCRATCH/err"
exits "a log is no file of findings" 2 "$PROCTOR" explain cea7 --from "$story"
has "it says what is wanted" "--from takes what" "$SCRATCH/err"
exits "a file that is not there" 2 "$PROCTOR" explain cea7 --from "$SCRATCH/none"
exits "an empty file" 2 "$PROCTOR" explain cea7 --from /dev/null

id='"id":"00000000000000ab"'
{
	printf '{%s,"verb":"open","score":-1,"severity":99999999999999999999,"risk":"Gone","entry":[1],"count":"x",' "$id"
	printf '"first":"9999","actor":{"pid":18446744073709551614,"exe":{"a":[[[]]]}},"target":[],"raw":{"a":1},'
	printf '"reasons":"no","outcome":"E\\u0000","origin":7,"trust":null,"message":"\\u001b[2J\\ud800\\udc00"}\n'
} >"$SCRATCH/odd.json"
exits "members of the wrong kinds" 1 timeout 20 "$PROCTOR" explain 00000000000000ab --from "$SCRATCH/odd.json"
lacks "no pid that is none" "18446744073709551614/" "$SCRATCH/out"
if LC_ALL=C grep -q '[[:cntrl:]]' "$SCRATCH/out"; then
	not_ok "no control bytes" "there are some" "$SCRATCH/out"
else
	ok "no control bytes"
fi
for pid in 0 4194305 18446744073709551615; do
	printf '{%s,"verb":"open","entry":"mem","actor":{"pid":%s,"ppid":%s,"ses":4294967295},"target":{"pid":%s}}\n' \
		"$id" $pid $pid $pid >"$SCRATCH/pid.json"
	"$PROCTOR" explain 0000 --from "$SCRATCH/pid.json" >"$SCRATCH/out"
	lacks "nothing is to be sent a signal as pid $pid" "kill -STOP" "$SCRATCH/out"
	lacks "no command takes $pid for a process" " -p $pid" "$SCRATCH/out"
done
{
	printf '{%s,"verb":"open","reasons":[' "$id"
	yes '"x",' | head -n 1500000 | tr -d '\n'
	echo '""]}'
} >"$SCRATCH/wide.json"
exits "a million reasons" 1 timeout 60 "$PROCTOR" explain 0000 --from "$SCRATCH/wide.json"
{
	printf '{%s,"steps":[' "$id"
	yes '{"kind":"map","what":"x"},' | head -n 200000 | tr -d '\n'
	echo '{}],"findings":[{"id":"00000000000000cd","verb":"open"}]}'
} >"$SCRATCH/steps.json"
exits "more steps than there is room for" 1 timeout 60 "$PROCTOR" explain 00000000000000ab --from "$SCRATCH/steps.json"
printf '{%s,"verb":"open","a":%s}\n' "$id" "$(yes '[' | head -n 200 | tr -d '\n')" >"$SCRATCH/deep.json"
exits "deeper than anything is" 2 timeout 20 "$PROCTOR" explain 0000 --from "$SCRATCH/deep.json"

# ---- ids ----

exits "an id that nothing has" 2 "$PROCTOR" explain 0123456789abcdef "$story"
has "near ones are listed" cea7e526849d648f "$SCRATCH/err"
exits "three digits are too few" 2 "$PROCTOR" explain cea "$story"
exits "letters are no digits" 2 "$PROCTOR" explain "$(printf 'ce\033[31m')" "$story"
exits "capital letters will do" 1 "$PROCTOR" explain CEA7E526849D648F "$story"
sed 's/"id":"cea7e526849d648f"/"id":"cea7000000000000"/' "$SCRATCH/findings.json" | cat - "$SCRATCH/findings.json" >"$SCRATCH/two.json"
exits "two ids that begin so" 2 "$PROCTOR" explain cea7 --from "$SCRATCH/two.json"
has "both are listed" cea7000000000000 "$SCRATCH/err"
exits "more of the id decides" 1 "$PROCTOR" explain cea70 --from "$SCRATCH/two.json"
exits "no id" 2 "$PROCTOR" explain
exits "a log and findings" 2 "$PROCTOR" explain cea7 --from "$SCRATCH/two.json" "$story"
exits "a log that is not there, beside one that is" 2 "$PROCTOR" explain cea7 "$SCRATCH/none" "$story"
has "what was found is explained all the same" "WHAT HAPPENED" "$SCRATCH/out"
id=$("$PROCTOR" scan -q --flat --json --show-suppressed $captures/ps_aux.log.xz | jq -r 'select(.suppressed).id' | head -n 1)
exits "what tuning took" 1 "$PROCTOR" explain "$id" $captures/ps_aux.log.xz
has "it is told so" "Tuning takes this for normal" "$SCRATCH/out"

# ---- every program that rules take for one with credentials has its advice ----

for holder in $(sed -n 's/^    - //p' rules/lists/credential_holders.yml); do
	printf '{%s,"verb":"open","entry":"mem","outcome":"success","target":{"pid":5,"comm":"%s"}}\n' \
		'"id":"00000000000000ab"' "$holder" >"$SCRATCH/holder.json"
	"$PROCTOR" explain --json 0000 --from "$SCRATCH/holder.json" |
		jq -e '.sections.secrets | any(.label == "change")' >/dev/null || echo "$holder"
done >"$SCRATCH/without"
is "what to change is known of every credential holder" "" "$(cat "$SCRATCH/without")"

# ---- the page ----

COLUMNS=60 "$PROCTOR" explain cea7 "$story" >"$SCRATCH/narrow"
wide=$(sed -e '/^RECORDS/,/^$/d' -e '/^CHECK/,/^SECRETS/{/^  #/!d}' "$SCRATCH/narrow" | awk 'length > 60' | wc -l)
is "prose keeps to the width" 0 "$wide"
lacks "no colour for a file" "$(printf '\033')" "$SCRATCH/narrow"
"$PROCTOR" explain --color always cea7 "$story" >"$SCRATCH/out"
has "colour when it is asked for" "$(printf '\033[1;31mHighRisk\033[0m')" "$SCRATCH/out"
is "colour changes nothing else" "$("$PROCTOR" explain cea7 "$story")" "$(sed 's/\x1b\[[0-9;]*m//g' "$SCRATCH/out")"

# ---- the commands ----

if command -v ausearch >/dev/null; then
	xz -dc "$story" >"$SCRATCH/audit.log"
	"$PROCTOR" explain --json cea7 "$story" | jq -r '.sections.check[].command | select(. != null and contains("ausearch"))' >"$SCRATCH/commands"
	while IFS= read -r command; do
		sh -c "$command -if '$SCRATCH/audit.log'" >>"$SCRATCH/searched" 2>>"$SCRATCH/refused"
	done <"$SCRATCH/commands"
	grep -vE '^(<no matches>$|Config file .* skipping$)' "$SCRATCH/refused" >"$SCRATCH/err"
	is "ausearch takes all of its commands" 0 "$(wc -l <"$SCRATCH/err")"
	has "and finds the event" "name=/proc/27264/mem" "$SCRATCH/searched"
else
	skip "ausearch takes all of its commands" "ausearch is not installed"
fi
"$PROCTOR" explain --json cea7 "$story" | jq -r '.sections.check[].command | select(. != null and startswith("find "))' |
	sed 's,^find .* -xdev,find /dev/null,' >"$SCRATCH/commands"
exits "find takes its times" 0 sh "$SCRATCH/commands"
