#!/bin/sh
# The shapes of other people's products are what their schemas ask for, hostile strings and all.
. "$(dirname "$0")/../lib/tap.sh"
cd "$SRC" || exit 2

scan() {
	case $1 in ecs | ocsf) set -- --raw --format "$@" ;; *) set -- --format "$@" ;; esac
	"$PROCTOR" scan -q "$@" >"$SCRATCH/out" 2>"$SCRATCH/err"
}

for shape in ecs ocsf cef cse-record cse-signal cse-insight; do
	scan $shape tests/captures
	python3 tests/lib/shapes.py $shape "$SCRATCH/out"
done

# The same insights, whatever the order of the files.
scan cse-insight tests/captures/*.log.xz tests/captures/*/*.log
cp "$SCRATCH/out" "$SCRATCH/forwards"
# shellcheck disable=SC2046 # names of captures have no blanks
scan cse-insight $(printf '%s\n' tests/captures/*.log.xz tests/captures/*/*.log | sort -r)
same "insights do not depend on the order of files" "$SCRATCH/forwards" "$SCRATCH/out"

exits "insights cannot be sorted" 2 "$PROCTOR" scan --format cse-insight --sort risk tests/captures
has "and are said to be" "not for insights" "$SCRATCH/err"

# One event whose every text is hostile: a pipe, an equals sign, a quote, an escape, bytes of no character.
hex() { printf '%b' "$1" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F; }
evil=$(hex '/tmp/a|b=c"\\\n\r\033[2J\377\303\250</script>')
# Twice, for an insight: mem, and process_vm_readv of another.
{
	echo "node=a|b=c type=SYSCALL msg=audit(1795430914.650:7): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=0 a3=0 items=1 ppid=1 pid=7 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=$evil exe=$evil key=(null)"
	echo "node=a|b=c type=CWD msg=audit(1795430914.650:7): cwd=$evil"
	echo 'node=a|b=c type=PATH msg=audit(1795430914.650:7): item=0 name="/proc/12/mem" inode=1 dev=00:15 mode=0100600 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL'
	echo "node=a|b=c type=PROCTITLE msg=audit(1795430914.650:7): proctitle=$evil"
	echo 'node=a|b=c type=EOE msg=audit(1795430914.650:7): '
	echo "node=a|b=c type=SYSCALL msg=audit(1795430914.651:8): arch=c000003e syscall=310 success=yes exit=9 a0=c a1=0 a2=0 a3=0 items=0 ppid=1 pid=7 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=$evil exe=$evil key=(null)"
	echo 'node=a|b=c type=EOE msg=audit(1795430914.651:8): '
} >"$SCRATCH/evil.log"
for shape in ecs ocsf cef cse-record cse-signal cse-insight; do
	scan $shape "$SCRATCH/evil.log"
	python3 tests/lib/shapes.py $shape "$SCRATCH/out" | sed 's/^ok /ok hostile /'
done
