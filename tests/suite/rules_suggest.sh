#!/bin/sh
# proctor rules suggest: a filter for a finding, which takes that finding and little else; and what gets none.
. "$(dirname "$0")/../lib/tap.sh"
export XDG_CONFIG_HOME="$SCRATCH/none"
log=$SCRATCH/audit.log
mkdir -p "$SCRATCH/rules"

# record SERIAL CALL PID EXE COMM; path SERIAL NAME MODE [OWNER]
record() {
	printf 'type=SYSCALL msg=audit(1795430000.000:%s): arch=c000003e syscall=%s success=yes exit=3 a0=ffffff9c a1=7ffe a2=0 a3=0 items=1 ppid=1 pid=%s auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="%s" exe="%s" key="p"\n' \
		"$1" "$2" "$3" "$5" "$4"
}
path() {
	printf 'type=CWD msg=audit(1795430000.000:%s): cwd="/root"\n' "$1"
	printf 'type=PATH msg=audit(1795430000.000:%s): item=0 name="%s" inode=9 dev=%s mode=%s ouid=%s ogid=0 rdev=00:00 nametype=NORMAL\n' \
		"$1" "$2" "$4" "$3" "${5:-0}"
	printf 'type=PROCTITLE msg=audit(1795430000.000:%s): proctitle="x"\n' "$1"
}
start() { # SERIAL PID EXE COMM [SCRIPT OWNER]
	record "$1" 59 "$2" "$3" "$4"
	if [ -n "${5:-}" ]; then
		printf 'type=EXECVE msg=audit(1795430000.000:%s): argc=2 a0="%s" a1="%s"\n' "$1" "$3" "$5"
	else
		printf 'type=EXECVE msg=audit(1795430000.000:%s): argc=1 a0="%s"\n' "$1" "$3"
	fi
	path "$1" "${5:-$3}" 0100755 08:01 "${6:-0}"
}
reads() { # SERIAL PID EXE COMM TARGET ENTRY MODE
	record "$1" 257 "$2" "$3" "$4"
	path "$1" "/proc/$5/$6" "$7" 00:15
}

# suggests NAME: the status and output of a filter for the only finding of the log
suggests() {
	id=$("$PROCTOR" scan --json -q "$log" | jq -r 'select(.entry == "maps" or .entry == "environ" or .entry == "mem") | .id' | head -n 1)
	exits "$1" 0 "$PROCTOR" rules suggest "$id" "$log"
	cp "$SCRATCH/out" "$SCRATCH/rules/filter.yml"
}
refuses() { # NAME TEXT
	id=$("$PROCTOR" scan --json -q "$log" | jq -r '.id' | head -n 1)
	exits "$1" 1 "$PROCTOR" rules suggest "$id" "$log"
	has "$1, why" "$2" "$SCRATCH/err"
	is "$1, no filter" '' "$(cat "$SCRATCH/out")"
}
findings() { # NAME COUNT
	is "$1" "$2" "$("$PROCTOR" scan --json -q --rules "$SCRATCH/rules" "$log" | wc -l)"
}

{
	start 1 12 "/usr/sbin/it's[*]d" "vaultd"
	reads 2 500 /usr/local/bin/agent agent 12 maps 0100444
} >"$log"
suggests 'a filter'
for text in "SourceImage|cased: '/usr/local/bin/agent'" "TargetImage|cased: '/usr/sbin/it''s[\\*]d'" \
	"TargetName|cased: 'vaultd'" "ProcEntry: 'maps'" "SourceTrusted: 'true'"; do
	has "it says $text" "$text" "$SCRATCH/rules/filter.yml"
done
has 'it is for one rule' "$("$PROCTOR" rules list --json | jq -r 'select(.name == "maps-open").id')" "$SCRATCH/rules/filter.yml"
exits 'it is a good filter' 0 "$PROCTOR" rules check --strict "$SCRATCH/rules"
findings 'it takes the finding' 0
exits 'the beginning of an id will do' 0 "$PROCTOR" rules suggest "$(echo "$id" | cut -c 1-6)" "$log"
reads 3 501 /usr/local/bin/agent agent 13 maps 0100444 >>"$log"
reads 4 502 /usr/local/bin/agent agent 12 environ 0100400 >>"$log"
reads 5 503 /usr/local/bin/other other 12 maps 0100444 >>"$log"
findings 'it takes no other target, entry or program' 3

reads 2 500 /usr/local/bin/agent agent 12 maps 0100444 >"$log"
suggests 'a target that is not known'
findings 'it takes that' 0
{
	start 1 12 /usr/sbin/sshd sshd
	reads 2 500 /usr/local/bin/agent agent 12 maps 0100444
} >"$log"
findings 'but none that is' 1

{
	start 1 500 /usr/bin/python3.11 python3 /usr/sbin/report
	reads 2 500 /usr/bin/python3.11 python3 12 maps 0100444
} >"$log"
suggests 'a script'
has 'it names the script' "SourceScript|cased: '/usr/sbin/report'" "$SCRATCH/rules/filter.yml"
findings 'it takes that script' 0
{
	start 1 500 /usr/bin/python3.11 python3 /usr/sbin/other
	reads 2 500 /usr/bin/python3.11 python3 12 maps 0100444
} >"$log"
findings 'and no other' 1
{
	start 1 500 /usr/bin/python3.11 python3 /usr/sbin/report 1000
	reads 2 500 /usr/bin/python3.11 python3 12 maps 0100444
} >"$log"
refuses "a user's script" 'others than root could have written'

reads 2 500 /usr/local/bin/agent agent 12 mem 0100600 >"$log"
refuses 'memory' 'it reaches the memory itself'
reads 2 500 /usr/bin/python3.11 python3 12 maps 0100444 >"$log"
refuses 'an interpreter alone' 'the program is an interpreter'
reads 2 500 /usr/bin/cat cat 12 maps 0100444 >"$log"
refuses 'a program for anything' 'does what it is told'
reads 2 500 /tmp/agent agent 12 maps 0100444 >"$log"
refuses 'a temporary directory' 'a directory that anyone can write'
reads 2 500 '/usr/bin/agent (deleted)' agent 12 maps 0100444 >"$log"
sed -i 's,exe="/usr/bin/agent (deleted)",exe=2F7573722F62696E2F6167656E74202864656C6574656429,' "$log"
refuses 'a file that is gone' 'no file at a place that is known'
reads 2 500 /x agent 12 maps 0100444 | sed 's,exe="/x",exe=2F611B5B326D,' >"$log"
refuses 'a name that does not show' 'characters that do not show'

exits 'no such finding' 2 "$PROCTOR" rules suggest 0123456789abcdef "$log"
has 'no such finding, told' "no finding '0123456789abcdef'" "$SCRATCH/err"
exits 'no finding named' 2 "$PROCTOR" rules suggest
exits 'no such log' 2 "$PROCTOR" rules suggest 0123456789abcdef "$SCRATCH/nowhere"
