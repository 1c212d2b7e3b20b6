#!/bin/sh
# proctor query: the command line, exit statuses, inputs, outputs, and hostile lines through all of them.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"
need jq gzip tar script

cd "$SCRATCH" || exit 1
# The programs by relative names: what is said of them is not what is tested.
query() {
	"$PROCTOR" query "$@"
}

many_accesses 3 >audit.log
cat >auth.log <<'END'
Nov 23 10:00:00 web-01 sshd[812]: Failed password for root from 10.0.0.1 port 22
Nov 23 10:00:01 web-01 sudo: alice : COMMAND=/usr/bin/id
Nov 23 10:00:02 db-01 cron[9]: pam_unix(cron:session): session opened
END
cat >app.log <<'END'
2026-11-23T10:00:00Z web-01 nginx[77]: GET / 200
2026-11-23T10:00:01Z web-01 nginx[77]: GET /x 404
END

# ---- help and the manual ----
exits "query --help" 0 query --help
cp out help
has "it tells the exit status" "Exit status: 0 no rows, 1 rows" help
for option in $(grep -oE -- '--[a-z-]+' help | sort -u); do
	case $option in --usage) continue ;; esac
	has "the manual has $option" "*$option*" "$SRC/docs/man/proctor-query.1.scd"
done
for option in $(sed -n '/^# OPTIONS/,/^# NAMES/p' "$SRC/docs/man/proctor-query.1.scd" | grep -oE -- '\*--[a-z-]+\*' |
	tr -d '*' | sort -u); do
	[ "$option" = --color ] || has "--help has $option" "$option" help
done

# ---- usage ----
# refused NAME TEXT ARGUMENT…: status 2, the text on stderr, nothing on stdout
refused() {
	refused_name=$1 text=$2
	shift 2
	exits "$refused_name" 2 timeout 20 "$PROCTOR" query "$@"
	has "$refused_name, why" "$text" err
	has "$refused_name, who" "proctor" err
	is "$refused_name, nothing on stdout" "" "$(cat out)"
}
refused "no search" "no search: give one in quotes"
refused "an unknown option" "--frobnicate" --frobnicate '*'
refused "a missing argument" "requires an argument" '*' --limit
refused "a bad format" "none of table, json, csv" --format xml '*'
refused "a bad limit" "no number from 1 on" --limit 0 '*'
refused "a limit that is none" "no number from 1 on" --limit 5x '*'
refused "a bad time" "is no time" --since teatime '*'
refused "since later than until" "later than" --since 2026-11-24 --until 2026-11-23 '*'
refused "a bad source" "journal-export" --source xml '*'
refused "a bad colour" "auto, always, never" --color sometimes '*'
refused "two units" "the one or the other" --assemble --accesses '*'
refused "two outputs" "goes with no --format" --plot --json '*'
refused "two outputs, the other way round" "goes with no --format" --format csv --plot '*'
refused "lint and check" "--lint parses, too" --lint --check '*'
refused "a category without a name" "is no GLOB=NAME" --category audit '*'
refused "no file of categories" "cannot read the source categories in missing" --categories missing '*'
refused "no file of a search" "the search cannot be read from missing" -f missing
refused "a directory for a search" "the search cannot be read from ." -f .
refused "stdin twice" "either the search (-f -) or a log (-)" -f - -
refused "a missing log" "No such file" '*' missing.log
printf 'GLOB=NAME\nno category\n' >categories
refused "a bad line of categories" "categories, line 2" --categories categories '*'
evil=$(printf 'x\033[2Jy\n')
refused "a hostile option" '\x1b[2Jy' --category "$evil" '*'
refused "a hostile file" '\x1b[2Jy' -f "$evil"

# ---- searches that cannot be ----
refused "an unclosed string" "is not closed" 'x | where a = "b' auth.log
refused "an unknown operator" "there is no operator wheer, expected where?" 'x | wheer a' auth.log
refused "an unknown function" "there is no function frobnicate" 'x | where frobnicate(a)' auth.log
refused "a limit of another type" "has to be a number" 'x | limit "many"' auth.log
refused "a regex that is none" "missing closing parenthesis" 'x | where a matches /(b/' auth.log
refused "a parameter" "a parameter has no value here" 'x | where a = {{b}}' auth.log
refused "a parameter for a number" "a parameter has no value here" 'x | limit {{n}}' auth.log
refused "a parameter for an operator" "a parameter has no value here" 'x | where a {{filter}}' auth.log
refused "a subquery" "proctor parses subqueries, but does not run them" 'x | where [subquery: a | compose b]' auth.log
refused "what is not run" "take this stage out" 'x | join (a) as b, (c) as d on b.e = d.e' auth.log
refused "a hostile search" '\x1b[2Jy' "$evil | wheer" auth.log
head -c 2000000 /dev/zero | tr '\0' 'a' >large
refused "a search of two megabytes" "longer than 1048576 bytes" -f large auth.log
head -c 100000 /dev/zero | tr '\0' '(' >deep
refused "a hundred thousand parentheses" "nested deeper than 500" -f deep auth.log
printf '\177ELF\002\001\001\000 | where a\004' >binary
refused "binary for a search" "the byte 0x04 means nothing here" -f binary auth.log
(printf 'x'; for i in $(seq 1001); do printf ' | where a%s' "$i"; done) >stages
refused "a thousand and one stages" "more than 1000 operators" -f stages auth.log
(printf 'x | fields a0'; for i in $(seq 5000); do printf ',a%s' "$i"; done) >names
refused "five thousand fields" "more than 4096 fields" -f names auth.log
: >empty
# shellcheck disable=SC2016 # not ours to expand
exits "an empty search is everything" 1 query --json -f empty auth.log
is "an empty search, all lines" 3 "$(wc -l <out)"

# ---- check, lint, strict ----
exits "check" 0 query --check 'x | where a'
is "check, no word" "" "$(cat out err)"
exits "check of what does not parse" 2 query --check 'x | wheer'
has "check, the caret" "^~~~~" err
exits "check of a file" 0 query --check -f empty
exits "check reads no log" 0 query --check 'x' missing.log
lint='_sourceCategory=linux/audit | parse regex "pid=(?<pid>\d+)" | where pid > 1'
exits "lint" 1 query --lint "$lint"
has "lint, the place" "line 1, column " out
has "lint, why" "ppid" out
has "lint, a rewrite" "  write: " out
has "lint, the caret" "^" out
exits "lint with nothing to say" 0 query --lint 'x'
is "lint with nothing to say, silence" "" "$(cat out err)"
exits "lint as JSON" 1 query --lint --json "$lint"
is "lint as JSON, its fields" '["code","line","column","message","rewrite"]' "$(head -n 1 out | jq -c keys_unsorted)"
is "lint as JSON, the line" 1 "$(jq -s '.[0].line' out)"
exits "lint of what does not parse" 2 query --lint 'x | wheer'
printf '%s' 'x | parse regex "ppid=(?<a>\d+)\033]0;b" | parse regex "pid=(?<pid>\d+)"' >hostile
printf '\033[2J' >>hostile
exits "lint of a hostile search" 2 query --lint -f hostile
is "lint of a hostile search, escaped" "" "$(LC_ALL=C tr -d '\11\12\40-\176' <err)"
exits "eval" 1 query -q 'Failed | eval a = 1' auth.log
refused "eval, strictly" "eval" --strict 'Failed | eval a = 1' auth.log

# ---- where the search comes from ----
printf 'Failed // comment\n| fields _raw\n' >search.sumo
exits "a search in a file" 1 query --json -q -f search.sumo auth.log
is "a search in a file, its row" 1 "$(jq -c . out | wc -l)"
exits "a search on stdin" 1 sh -c '"$1" query --json -q -f - auth.log <search.sumo' sh "$PROCTOR"
is "a search on stdin, its row" 1 "$(jq -c . out | wc -l)"
exits "an option behind the paths" 1 query 'Failed' auth.log --json -q
exits "a search that begins with a dash" 0 query -- '-port' auth.log
has "a search that begins with a dash, its rows" "3 messages, 0 rows" out

# ---- statuses ----
exits "no rows" 0 query 'nowhere' auth.log
has "no rows, the summary" "3 messages, 0 rows" out
exits "rows" 1 query 'Failed' auth.log
has "rows, the summary" "3 messages, 1 row; lost: none" out
exits "rows, and a missing log" 2 query 'Failed' auth.log missing.log
has "rows, and a missing log, the rows" "Failed password" out
many_accesses 2000 | gzip | head -c 9000 >cut.gz
exits "rows, and a gz that is cut" 3 query --json '*' cut.gz auth.log
has "rows, and a gz that is cut, told" "cut.gz is broken or cut short" err
(head -c 300 /dev/zero | tr '\0' 'a'; echo b) >slow.log
for i in $(seq 5); do cat slow.log auth.log; done >mixed.log
exits "a regex beyond its limits" 3 query --json '* | where _raw matches /(a+)+$|Failed/' mixed.log
has "a regex beyond its limits, told" "5 rows were left out: a regular expression" err
is "a regex beyond its limits, the other rows" 5 "$(wc -l <out)"
exits "a regex beyond its limits, explained" 3 query --explain '* | where _raw matches /(a+)+$|Failed/' mixed.log
has "a regex beyond its limits, the row" "a regular expression takes too long on this row" err
exits "quiet" 1 query -q 'Failed' auth.log
is "quiet, no summary" "" "$(cat err; grep messages out)"

# ---- explain ----
exits "explain" 1 query --json --explain 'root or COMMAND | where _raw matches "*sudo*"' auth.log
has "explain, the scope" "3            2            1" err
has "explain, the scope's text" "root or COMMAND" err
has "explain, where" 'where _raw matches "*sudo*"' err
has "explain, the reason of the scope" "first dropped: none of what the scope asks for holds" err
has "explain, its row" "session opened" err
has "explain, the reason of where" "first dropped: the condition is not true" err
has "explain, its row, too" "Failed password for root" err
is "explain, the rows are on stdout" 1 "$(jq -c . out | wc -l)"
printf 'Nov 23 10:00:00 h p[1]: \033[2J\033]0;owned\007 \233 \377 \342\200\256 x\r\nNov 23 10:00:01 h p[1]: y\n' >hostile.log
exits "explain a hostile row" 1 query --json --explain '* | where _raw matches "*y"' hostile.log
has "explain a hostile row, escaped" '\x1b[2J\x1b]0;owned\x07 \x9b \xff \xe2\x80\xae x' err
exits "explain, limit" 1 query --explain --json '* | limit 1' auth.log
is "explain, limit, one row" 1 "$(wc -l <out)"

# ---- limits, formats, names ----
exits "limit" 1 query --json --limit 2 '*' auth.log
is "limit, so many rows" 2 "$(wc -l <out)"
is "no limit, all rows" 3 "$(query --json -q '*' auth.log | wc -l)"
exits "json" 1 query --json 'Failed | fields _raw, _sourceHost, nothing, _messageTime | 1 / 4 as n' auth.log
is "json, the order and kinds" '["string","string","null","number","number"]' \
	"$(jq -c '[._raw, ._sourceHost, .nothing, ._messageTime, .n] | map(type)' out)"
is "json, the host" web-01 "$(jq -r ._sourceHost out)"
is "json, the path" auth.log "$(query --json -q Failed auth.log | jq -r ._sourceName)"
exits "csv" 1 query --csv 'sudo | fields _raw' auth.log
is "csv, a header and a row" 2 "$(wc -l <out)"
exits "table" 1 query 'Failed | fields _sourceHost' auth.log
has "table, a heading" "_sourceHost" out
exits "plot" 1 query --plot '* | _size as n | fields n' auth.log
has "plot, bars" "█" out
exits "plot of nothing to draw" 1 query --plot 'Failed | "x" as n | fields n' auth.log
has "plot of nothing to draw, told" "there is nothing to draw" out
exits "fields without any" 1 query --json '* | fields -_raw,_messageTime,_sourceHost,_sourceName,_sourceCategory' auth.log
is "fields without any, empty rows" "{}" "$(sort -u out)"
exits "fields without any, as a table" 1 query '* | fields -_raw,_messageTime,_sourceHost,_sourceName,_sourceCategory' auth.log
exits "names that a search makes up" 1 query --csv -q 'Failed | 1 as %"=cmd()" | fields %"=cmd()"' auth.log
is "names that a search makes up are no formulas" "'=cmd()" "$(head -n 1 out | cut -d , -f 1)"

# ---- categories ----
# category NAME EXPECTED SEARCH_ARGUMENT…: the categories of all lines
category() {
	category_name=$1 expected=$2
	shift 2
	is "$category_name" "$expected" "$(query --json -q '*' "$@" | jq -r ._sourceCategory | sort | uniq -c |
		awk '{ print $1 " " $2 }' | paste -sd ' ')"
}
category "of audit.log" "12 linux/audit" audit.log
category "of auth.log" "3 linux/secure" auth.log
cp auth.log any.txt
cp audit.log what.txt
echo "no log line at all" >>any.txt
category "by content" "3 linux/secure 1 os/linux" any.txt
category "by content, audit" "12 linux/audit" what.txt
category "told" "3 prod/x" --category '*auth*=prod/x' auth.log
category "the first that matches" "3 first" --category 'auth.*=first' --category '*=second' auth.log
mkdir -p tree/deep/down
cp auth.log tree/deep/down
category "a star goes over slashes" "3 deep" --category 'tree/*.log=deep' tree
printf '# all of them\n\n  *down* = prod/down \n' >categories
category "from a file" "3 prod/down" --categories categories tree
exits "a scope by category" 1 query --json -q '_sourceCategory=PROD/* Failed' --category '*=prod/web' auth.log
is "a scope by category, its row" 1 "$(wc -l <out)"
exits "a scope by another category" 0 query -q '_sourceCategory=prod/db' --category '*=prod/web' auth.log

# ---- times ----
count() {
	count_name=$1 expected=$2
	shift 2
	is "$count_name" "$expected" "$(query --json -q '*' "$@" | wc -l)"
}
count "since a moment" 1 --since 2026-11-23T10:00:01Z app.log
count "until a moment" 1 --until 2026-11-23T10:00:00Z app.log
count "since the next day" 0 --since 2026-11-24 app.log
(echo "no time in this"; cat app.log) >some.log
count "lines without a time are left out" 2 --since 2026-11-01 some.log
count "lines without a time" 3 some.log
count "events in time" 1 --assemble --until 2026-11-23T10:33:20.001Z audit.log
is "the time of audit text is its stamp" 1795430000001 "$(query --json -q '*' audit.log | head -n 1 | jq ._messageTime)"

# ---- messages ----
is "lines" 12 "$(query --json -q '*' audit.log | wc -l)"
is "events" 3 "$(query --json -q --assemble '*' audit.log | wc -l)"
is "events, joined by newlines" 4 "$(query --json -q --assemble '*' audit.log | head -n 1 | jq -r ._raw | wc -l)"
is "accesses" 3 "$(query --json -q --accesses '*' audit.log | wc -l)"
query --json -q --accesses '*' audit.log | head -n 1 | jq -r ._raw >access
has "accesses, their words" 'target_pid="2000001"' access
has "accesses, judged" 'risk="HighRisk"' access
is "lines of other logs among events" 6 "$(cat audit.log auth.log | query --json -q --assemble '*' - | wc -l)"
exits "a note of single records" 1 query 'audit | where exe = "x" or _raw matches "*audit*"' audit.log

# ---- inputs ----
is "stdin" 3 "$(query --json -q '*' - <auth.log | wc -l)"
gzip -k auth.log
is "gz" 3 "$(query --json -q '*' auth.log.gz | wc -l)"
tar -czf logs.tgz auth.log app.log
is "tar.gz" 5 "$(query --json -q '*' logs.tgz | wc -l)"
is "tar.gz, the names" "app.log auth.log" "$(query --json -q '*' logs.tgz | jq -r ._sourceName | sed 's|.*/||' | sort -u |
	paste -sd ' ')"
mkdir logs
cp audit.log auth.log logs
is "a directory" 15 "$(query --json -q '*' logs | wc -l)"
is "several" 18 "$(query --json -q '*' logs auth.log | wc -l)"
exits "an empty log" 2 query '*' empty
printf 'no newline at the end' >cut.log
is "a line that is not ended" 'no newline at the end' "$(query --json -q '*' cut.log | jq -r ._raw)"
head -c 9000000 /dev/zero | tr '\0' 'x' >wide.log
exits "a line of nine megabytes" 3 query --json '* | _size as n | fields n' wide.log
has "a line of nine megabytes, told" "longer than 8" err

# ---- -o ----
exits "into a file" 1 query --json -o file '*' auth.log
is "into a file, nothing on stdout" "" "$(cat out)"
is "into a file, the rows" 3 "$(wc -l <file)"
has "into a file, the summary is on stderr" "3 rows" err
is "into a file, for its owner" 600 "$(stat -c %a file)"
exits "into no directory" 2 query -o nowhere/file '*' auth.log
has "into no directory, named" "nowhere/file" err
cp auth.log kept
ln -s auth.log link
for target in auth.log link ./auth.log; do
	exits "over the input by $target" 2 query --json -o $target '*' auth.log
	has "over the input by $target, told" "is also an input" err
	same "over the input by $target, it is unharmed" kept auth.log
done
cp auth.log logs/auth.log
exits "over an input in a directory" 2 query --json -o logs/auth.log '*' logs
same "over an input in a directory, it is unharmed" kept logs/auth.log
exits "over stdin" 2 sh -c '"$1" query --csv -o auth.log "*" - <auth.log' sh "$PROCTOR"
same "over stdin, it is unharmed" kept auth.log
echo before >old
exits "over a file, a search that does not parse" 2 query -o old 'x | wheer' auth.log
is "over a file, a search that does not parse, it is unharmed" before "$(cat old)"
exits "over a file, a search that does not run" 2 query -o old 'x | where frobnicate(a)' auth.log
is "over a file, a search that does not run, it is unharmed" before "$(cat old)"

many_accesses 1000 >many.log
for format in table json csv; do
	exits "$format to a full disk" 3 query --format $format -o /dev/full '*' many.log
	has "$format to a full disk, named" "/dev/full" err
	exits "$format to a full stdout" 3 sh -c '"$1" query --format "$2" "*" many.log >/dev/full' sh "$PROCTOR" $format
	# shellcheck disable=SC3045
	exits "$format to a file that may not grow" 3 \
		bash -c 'ulimit -f 100; "$1" query -q --format "$2" -o limited "*" many.log' sh "$PROCTOR" $format
	is "$format to a file that may not grow, whole lines" 0 "$(tail -c 1 limited | tr -d '\n' | wc -c)"
done
query --json -q '*' many.log >all
bash -c 'ulimit -f 100; "$1" query -q --json -o limited "*" many.log' sh "$PROCTOR" 2>err
is "the lines are the first ones" "" "$(head -n "$(wc -l <limited)" all | diff - limited)"
for format in table json csv; do
	{ query --format $format '*' many.log 2>err; echo $? >status; } | head -n 1 >out
	is "$format for head" 1 "$(cat status)"
	lacks "$format for head, quietly" "proctor:" err
done
exits "stdout closed" 3 sh -c '"$1" query --json "*" auth.log >&-' sh "$PROCTOR"
exits "all closed" 1 sh -c '"$1" query --json -q -o written "*" auth.log <&- >&- 2>&-' sh "$PROCTOR"
is "all closed, the file is whole" 3 "$(wc -l <written)"

# ---- hostile lines ----
printf 'type=SYSCALL msg=audit(1795430000.001:1): a=\033[2J\033]0;owned\007 \233 \377 \342\200\256 =cmd() "q", ;\n' >>hostile.log
printf '=cmd|calc,"\n\000nul\000\n+1\n\tx\n' >>hostile.log
for format in table json csv; do
	exits "hostile lines as $format" 1 query -q --format $format '*' hostile.log
	is "hostile lines as $format, escaped" "" "$(LC_ALL=C tr -d '\12\15\40-\176' <out)"
	LC_ALL=C query -q --format $format '*' hostile.log >out 2>err
	is "hostile lines as $format, without UTF-8" "" "$(LC_ALL=C tr -d '\12\15\40-\176' <out)"
done
exits "hostile lines drawn" 1 query -q --plot '* | _size as n | fields _raw, n' hostile.log
lacks "hostile lines drawn, escaped" "$(printf '\033')" out
query --json -q '*' hostile.log >out
is "hostile lines are JSON" "$(wc -l <out)" "$(jq -c . out | wc -l)"
query --csv -q '* | fields _raw' hostile.log >out
is "no cell is a formula" "" "$(grep -aE '^"?[=+@-]' out)"

# Names of fields out of the log, and as many as somebody likes to write
# shellcheck disable=SC2016
printf '%s\n' '{"\u001b[2J\u0007":"x","=cmd()":"=1","a\nb":{"c\"":[1,"\u202e"]},"_raw":"no","":"e"}' >names.json
awk 'BEGIN { for (row = 0; row < 4; row++) { printf "{"; for (i = 0; i < 3000; i++)
	printf "%s\"f%d\":%d", i ? "," : "", row * 3000 + i, i; print "}" } }' >many.json
for format in table json csv; do
	exits "names of the log as $format" 1 query -q --format $format '* | json auto' names.json
	is "names of the log as $format, escaped" "" "$(LC_ALL=C tr -d '\12\15\40-\176' <out)"
	exits "twelve thousand names as $format" 1 timeout 60 "$PROCTOR" query -q --format $format '* | json auto' many.json
done
query --json -q '* | json auto' many.json >out
is "twelve thousand names are JSON" 4 "$(jq -c . out | wc -l)"

# ---- charts of aggregates ----
cat audit.log auth.log >both.log
exits "a chart of counts" 1 query --plot -q '* | parse regex "type=(?<type>\w+)" | count by type | sort by type asc' both.log
is "a chart of counts, its labels and figures" "CWD 3,PATH 3,PROCTITLE 3,SYSCALL 3" \
	"$(awk '{ print $1 " " $NF }' out | paste -sd ,)"
exits "a chart over time" 1 query --plot -q '* | timeslice 1h | count by _timeslice' audit.log
has "a chart over time, its hour" "2026-11-23T10:00  " out

# ---- ceilings, and rows that cannot be ----
awk 'BEGIN { for (i = 0; i < 400000; i++) print "user" i " did " i * 7 }' >users.log
exits "groups within memory" 1 query --json -q '* | parse "user* did *" as a, b | count by a | limit 3' users.log
is "groups within memory, rows" 3 "$(wc -l <out)"
exits "a sort beyond memory" 3 sh -c 'awk "BEGIN { for (i = 0; i < 400000; i++) printf \"%d %900s\\n\", i, i }" |
	"$1" query --json -q "* | sort by _raw" -' sh "$PROCTOR"
has "a sort beyond memory, told" "the search holds more than 256 MiB: 'sort' in line 1" err
exits "a regex beyond its limits in a parse" 3 query --json '* | parse regex "(?<b>(a+)+)$"' mixed.log
has "a regex beyond its limits in a parse, told" "rows were left out" err

# ---- colours and width ----
escapes() {
	LC_ALL=C grep -c "$(printf '\033')" "$1"
}
on_terminal() {
	script -qec "stty cols 100; $1" /dev/null </dev/null >typed 2>&1
}
run="'$PROCTOR' query '* | \"HighRisk\" as risk | fields risk, _raw' auth.log"
query '* | "HighRisk" as risk' auth.log >out
is "no colours in a pipe" 0 "$(escapes out)"
on_terminal "TERM=xterm $run"
[ "$(escapes typed)" != 0 ] && ok "colours on a terminal" || not_ok "colours on a terminal" "there are none" typed
on_terminal "NO_COLOR=1 TERM=xterm $run"
is "NO_COLOR" 0 "$(escapes typed)"
on_terminal "TERM=xterm $run --color never"
is "no line is wider than the terminal" "" "$(tr -d '\r' <typed | grep -v messages | grep -E '^.{101}')"
query --color always -q '* | "HighRisk" as risk' auth.log >out
[ "$(escapes out)" != 0 ] && ok "--color always in a pipe" || not_ok "--color always in a pipe" "no colours" out
query --plot -q --color always '* | _size as n | fields n' auth.log >out
[ "$(escapes out)" != 0 ] && ok "a chart in colours" || not_ok "a chart in colours" "no colours" out
query --json -q --color always '* | "HighRisk" as risk' auth.log >out
is "no colours in json" 0 "$(escapes out)"

# ---- signals ----
mkfifo pipe
# started ARGUMENT…: a query of a pipe that stays open on descriptor 8; $pid is its
started() {
	env --default-signal=INT,TERM "$PROCTOR" query "$@" - <pipe >out 2>err &
	pid=$!
	exec 8>pipe
}
for signal in INT TERM; do
	expected=130
	[ $signal = INT ] || expected=143
	started --json '*'
	cat auth.log >&8
	sleep 0.7
	kill -$signal $pid
	wait $pid
	is "SIG$signal while waiting, the status" $expected $?
	is "SIG$signal while waiting, the rows" 3 "$(jq -c . out | wc -l)"
	has "SIG$signal while waiting, told" "stopped" err
	exec 8>&-
done
started --json --assemble '*'
many_accesses 40 >&8
sleep 0.7
kill -INT $pid
wait $pid
is "events that wait are rows, too" 40 "$(wc -l <out)"
exec 8>&-
# Each of these rows takes a regex a while; the first signal ends it between two of them.
for i in $(seq 3000); do head -c 3000 /dev/zero | tr '\0' 'a'; echo; done >slow.log
env --default-signal=INT "$PROCTOR" query --json '* | where _raw matches /(?:a|a|a){10}[^a]/' slow.log >out 2>err &
pid=$!
sleep 1
kill -INT $pid
timeout 60 tail --pid=$pid -s 0.1 -f /dev/null && ok "slow rows stop" || not_ok "slow rows stop" "it goes on" err
kill -KILL $pid 2>/dev/null
wait $pid
is "slow rows stop, the status" 130 $?

# ---- confinement ----
without_seconds() {
	sed 's/; [0-9.]* s$//' "$1"
}
# compare NAME ARGUMENT…: what a confined search prints is what another prints
compare() {
	name=$1
	shift
	query "$@" <auth.log >confined 2>confined_err
	confined=$?
	query --no-confine "$@" <auth.log >free 2>free_err
	is "$name, the same status" "$?" "$confined"
	is "$name, the same output" "$(without_seconds free)" "$(without_seconds confined)"
	is "$name, the same messages" "$(without_seconds free_err)" "$(without_seconds confined_err)"
}
compare "confined" '*' logs logs.tgz auth.log.gz
compare "confined, stdin" --json 'Failed' -
compare "confined, a regex" --csv '* | where _raw matches /[a-z]+\[\d+\]/' logs
compare "confined, a clock" --json '* | where _raw matches /(a+)+$/' wide.log
compare "confined, accesses" --json --accesses '*' logs
compare "confined, a chart" --plot '* | _size as n | fields n' logs
compare "confined, a missing log" '*' missing.log auth.log
if "$BUILD/tests/guard_probe" --is-sanitized; then
	skip "the process is confined" "sanitized builds are not confined"
	exit 0
fi
"$PROCTOR" query '*' - <pipe >out 2>err &
pid=$!
exec 8>pipe
for _ in $(seq 100); do
	cat "/proc/$pid/status" >status
	! grep -q '^Seccomp:.*2' status || break
	sleep 0.05
done
cat auth.log >&8
exec 8>&-
wait $pid
field() {
	awk -v name="$1:" '$1 == name { $1 = ""; print substr($0, 2) }' status
}
is "no new privileges" 1 "$(field NoNewPrivs)"
is "system calls are filtered" 2 "$(field Seccomp)"
is "no capability is left" 0000000000000000 "$(field CapPrm)"
[ "$(id -u)" != 0 ] || is "root is nobody" "65534 65534 65534 65534" "$(field Uid)"
