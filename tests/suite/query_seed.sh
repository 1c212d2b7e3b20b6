#!/bin/sh
# The searches that the user runs today, verbatim from their page: nothing on native audit logs, and why; the right
# risk on lines of the shape that they assume.
. "$(dirname "$0")/../lib/tap.sh"
need_shared
need jq

seed=$SCRATCH/seed.sumo second=$SCRATCH/second.sumo
sed -n '/^Sumo Detection Query/,/^\/\/ Union/p' "$PROCTOR_SHARED"/seed/*.txt | sed '1d;$d' >"$seed"
# Behind the last field stands the page's own prose.
sed -n '/^\/\/ Run separately/,$p' "$PROCTOR_SHARED"/seed/*.txt | sed -n '1d;s|^// ||p' |
	sed '/, _raw/{s/_raw .*/_raw/;q}' >"$second"
is "the first search is whole" "(_sourceCategory= | sort by _messageTime desc" \
	"$(head -n 1 "$seed" | cut -c 1-17) $(tail -n 1 "$seed")"
is "the second search is whole" '(_sourceCategory= | fields _messageTime, _sourceHost, process, pid, _raw' \
	"$(head -n 1 "$second" | cut -c 1-17) $(tail -n 1 "$second")"
exits "the first search parses" 0 "$PROCTOR" query --check -f "$seed"
exits "the second search parses" 0 "$PROCTOR" query --check -f "$second"

# ---- native audit logs ----
# ended FILE: the stage at which no row was left, by what --explain says
ended() {
	awk '/first dropped: / { next } $5 == "s" && $1 > 0 && $2 == 0 { $1 = $2 = $3 = $4 = $5 = ""; print; exit }' "$1" |
		sed 's/^ *//'
}
: >"$SCRATCH/lines"
: >"$SCRATCH/events"
: >"$SCRATCH/rows"
captures=0
for capture in "$PROCTOR_SHARED"/captures/*.log; do
	captures=$((captures + 1))
	"$PROCTOR" query --json -q --explain -f "$seed" "$capture" >>"$SCRATCH/rows" 2>"$SCRATCH/explained"
	ended "$SCRATCH/explained" >>"$SCRATCH/lines"
	"$PROCTOR" query --json -q --explain --assemble -f "$seed" "$capture" >>"$SCRATCH/rows" 2>"$SCRATCH/explained"
	printf '%s: %s\n' "$(basename "$capture")" "$(ended "$SCRATCH/explained")" >>"$SCRATCH/events"
done
[ "$captures" -gt 50 ] && ok "there are captures" || not_ok "there are captures" "only $captures"
is "no row on any capture, line by line or assembled" 0 "$(wc -l <"$SCRATCH/rows")"
is "a stage is named for every capture" "$captures $captures" \
	"$(grep -c . "$SCRATCH/lines") $(grep -c ': .' "$SCRATCH/events")"
is "line by line it is one of the parses, or the second condition" "" \
	"$(grep -v -e '^| *parse regex field=_raw' -e '^parse regex field=_raw' -e '^where _raw matches' "$SCRATCH/lines")"
has "line by line, exe or name" 'parse regex field=_raw "' "$SCRATCH/lines"
# Relative names and system calls without any name are not what the second condition asks for.
is "assembled, it is the host, or the second condition" "" \
	"$(grep -v -e 'hostname=' -e ': where _raw matches' -e '"exe=' "$SCRATCH/events")"
is "assembled, exe is missed where it is hex, or the kernel thread's" "iouring_openat_sqpoll x_hex_comm" \
	"$(grep '"exe=' "$SCRATCH/events" | cut -d . -f 1 | sort -u | paste -sd ' ')"
has "assembled, the host" 'parse regex field=_raw "hostname=(?<hostname>' "$SCRATCH/events"
exits "assembled, explained" 0 "$PROCTOR" query --assemble --explain -f "$seed" \
	"$PROCTOR_SHARED/captures/openat_abs.raw.log"
has "assembled, the reason" "first dropped: the pattern does not match" "$SCRATCH/err"
exits "lint has something to say" 1 "$PROCTOR" query --lint --json -f "$seed"
for code in hostname-never pid-in-ppid uid-in-auid basename-exclusion hex-missed proc-spellings; do
	has "lint, $code" "\"code\":\"$code\"" "$SCRATCH/out"
done
exits "lint of the second" 1 "$PROCTOR" query --lint --json -f "$second"
has "lint of the second, doubled-backslash" '"code":"doubled-backslash"' "$SCRATCH/out"
exits "line by line, a note" 0 "$PROCTOR" query -f "$seed" "$PROCTOR_SHARED/captures/openat_abs.raw.log"
has "line by line, a note of --assemble" "--assemble makes one message of each event" "$SCRATCH/out"

# ---- lines of the shape that the search assumes ----
mkdir "$SCRATCH/logs"
cat >"$SCRATCH/logs/audit.log" <<'END'
type=SYSCALL msg=audit(1795430001.000:1): syscall=257 pid=501 uid=1001 exe="/usr/bin/python3.11" name="/proc/812/mem" hostname=web-01
type=SYSCALL msg=audit(1795430002.000:2): syscall=257 pid=502 uid=1002 exe="/usr/bin/bash" name="/proc/813/mem" hostname=web-02
type=SYSCALL msg=audit(1795430003.000:3): syscall=257 pid=503 uid=1003 exe="/tmp/LaZagne" name="/proc/814/environ" hostname=web-03
type=SYSCALL msg=audit(1795430004.000:4): syscall=2 pid=504 uid=1004 exe="/usr/bin/head" name="/proc/815/maps" hostname=web-04
type=SYSCALL msg=audit(1795430005.000:5): syscall=257 pid=505 uid=1005 exe="/usr/bin/python3.11" name="/proc/816/maps" hostname=web-05
type=SYSCALL msg=audit(1795430006.000:6): syscall=257 pid=506 uid=1006 exe="/usr/bin/gdb" name="/proc/817/mem" hostname=web-06
type=SYSCALL msg=audit(1795430007.000:7): syscall=257 pid=507 uid=1007 exe="/bin/cat" name="/proc/818/maps" hostname=web-07
type=SYSCALL msg=audit(1795430008.000:8): syscall=257 pid=508 uid=1008 exe="/usr/bin/python3.11" name="/proc/819/mem"
type=SYSCALL msg=audit(1795430009.000:9): syscall=257 pid=509 uid=1009 exe="/usr/bin/vi" name="/etc/mimipenguin.conf" hostname=web-09
type=SYSCALL msg=audit(1795430010.000:10): syscall=257 ppid=1 pid=510 auid=1000 uid=0 exe="/usr/bin/head" name="/proc/820/mem" hostname=web-10
type=SYSCALL msg=audit(1795430011.000:11): syscall=257 pid=511 uid=1011 exe="/usr/bin/python3.11" name="/proc/self/mem" hostname=web-11
END
# columns: hostname exe uid pid target_pid proc_entry accessed_file syscall risk, the newest first
cat >"$SCRATCH/expected" <<'END'
web-10 /usr/bin/head 1000 1 820 mem /proc/820/mem 257 Review
web-05 /usr/bin/python3.11 1005 505 816 maps /proc/816/maps 257 Review
web-04 /usr/bin/head 1004 504 815 maps /proc/815/maps 2 Review
web-03 /tmp/LaZagne 1003 503 814 environ /proc/814/environ 257 KnownTool
web-02 /usr/bin/bash 1002 502 813 mem /proc/813/mem 257 HighRisk
web-01 /usr/bin/python3.11 1001 501 812 mem /proc/812/mem 257 HighRisk
END
columns() {
	jq -r '[.hostname, .exe, .uid, .pid, .target_pid, .proc_entry, .accessed_file, .syscall, .risk] | join(" ")'
}
exits "single lines" 1 "$PROCTOR" query --json --explain -f "$seed" "$SCRATCH/logs/audit.log"
columns <"$SCRATCH/out" >"$SCRATCH/actual"
same "single lines, each with its risk" "$SCRATCH/expected" "$SCRATCH/actual"
is "single lines, the time" 1795430010000 "$(head -n 1 "$SCRATCH/out" | jq ._messageTime)"
is "single lines, the columns asked for" \
	"_messageTime hostname exe uid pid target_pid proc_entry accessed_file syscall risk" \
	"$(head -n 1 "$SCRATCH/out" | jq -r 'keys_unsorted | map(select(test("^_(source|raw)") | not)) | join(" ")')"
has "a line without a host is dropped, explained" 'exe="/usr/bin/python3.11" name="/proc/819/mem"' "$SCRATCH/err"
has "a debugger is dropped, explained" 'exe="/usr/bin/gdb"' "$SCRATCH/err"
"$PROCTOR" query -q -f "$seed" "$SCRATCH/logs/audit.log" >"$SCRATCH/table"
has "as a table" "KnownTool" "$SCRATCH/table"
"$PROCTOR" query -q --csv -f "$seed" "$SCRATCH/logs/audit.log" >"$SCRATCH/csv"
is "as CSV" 7 "$(wc -l <"$SCRATCH/csv")"

# The same as syslog by the file's name, by --category, and not in another category.
sed 's/^type=SYSCALL msg=audit(17954300\([0-9]*\)[^ ]* /Nov 23 10:00:\1 host audispd: /' "$SCRATCH/logs/audit.log" \
	>"$SCRATCH/logs/syslog"
"$PROCTOR" query --json -q -f "$seed" "$SCRATCH/logs/syslog" | columns >"$SCRATCH/actual"
same "in syslog" "$SCRATCH/expected" "$SCRATCH/actual"
cp "$SCRATCH/logs/syslog" "$SCRATCH/auth.log"
exits "in another category" 0 "$PROCTOR" query -q -f "$seed" "$SCRATCH/auth.log"
"$PROCTOR" query --json -q --category '*/auth.log=os/linux' -f "$seed" "$SCRATCH/auth.log" | columns >"$SCRATCH/actual"
same "by --category" "$SCRATCH/expected" "$SCRATCH/actual"
"$PROCTOR" query --json -q -f "$seed" "$SCRATCH/logs" | wc -l >"$SCRATCH/actual"
is "of a directory" 12 "$(cat "$SCRATCH/actual")"

# ---- the second search ----
cat >"$SCRATCH/auth.log" <<'END'
Nov 23 10:00:00 web-01 sudo[812]: alice : COMMAND=/opt/mimipenguin.sh
Nov 23 10:00:01 web-01 sshd[813]: Accepted password for root
Nov 23 10:00:02 web-01 sudo[814]: bob : COMMAND=/tmp/LaZagne all
Nov 23 10:00:03 web-01 sudo[815]: eve : COMMAND=./PACEMAKER
END
exits "tools in auth.log" 1 "$PROCTOR" query --json -f "$second" "$SCRATCH/auth.log"
is "tools in auth.log, their lines" "mimipenguin LaZagne PACEMAKER" \
	"$(jq -r ._raw "$SCRATCH/out" | grep -oE 'mimipenguin|LaZagne|PACEMAKER' | paste -sd ' ')"
is "tools in auth.log, the host" "web-01" "$(jq -r ._sourceHost "$SCRATCH/out" | sort -u)"
is "doubled backslashes take no process" "null null" "$(jq -r '"\(.process) \(.pid)"' "$SCRATCH/out" | sort -u)"
# shellcheck disable=SC1003
sed 's/\\\\/\\/g' "$second" >"$SCRATCH/single.sumo"
is "single ones do" "sudo 812,sudo 814,sudo 815" "$("$PROCTOR" query --json -q -f "$SCRATCH/single.sumo" \
	"$SCRATCH/auth.log" | jq -r '"\(.process) \(.pid)"' | paste -sd ,)"
