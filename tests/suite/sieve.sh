#!/bin/bash
# The sieve tells what the stream tells: over every capture, generated logs, several files, and logs that are cut.
# Only the counts of records and events, and of what is missing among them, are the stream's alone.
. "$(dirname "$0")/../lib/tap.sh"
need xz python3
cd "$SCRATCH" || exit 1

# The summary without what only the stream counts, and without the time.
plain_summary() {
	sed -E -e 's/(, )([0-9,]+ records?|records not counted)(, )([0-9,]+ events?|events not counted)/\1/' \
		-e 's/(, )[0-9,]+ log lines?//' -e 's/; lost: [^;]*//' -e 's/; records (come late|read twice): [^;]*//' \
		-e 's/; [0-9.]+ m?s$//' -e '/: plan: /d' "$1"
}

# scans DRIVER ARGUMENT…: leaves what it tells in out.DRIVER, err.DRIVER and status.DRIVER
scans() {
	local driver=$1
	shift
	"$PROCTOR" scan "--$driver" --explain-plan "$@" >"raw.$driver" 2>"plan.$driver"
	echo $? >"status.$driver"
	plain_summary "raw.$driver" >"out.$driver"
	plain_summary "plan.$driver" >"err.$driver"
}

# differs ARGUMENT…: whether both drivers tell something else; says so in $SCRATCH/differing
differs() {
	local file
	scans sieve "$@"
	scans full "$@"
	for file in out err status; do
		if ! cmp -s $file.full $file.sieve; then
			echo "proctor scan $*: $file"
			diff -a $file.full $file.sieve | head -n 6
			return 0
		fi
	done >>differing
	false
}

# equal NAME FILES…: each of them, and as many files as its words name, in the two ways that tell all of it
equal() {
	local name=$1 file
	shift
	: >differing
	for file; do
		differs --json --show-suppressed --raw $file
		differs $file
	done
	if [ -s differing ]; then
		not_ok "$name" "the drivers differ" differing
	else
		ok "$name"
	fi
}

# sieved NAME FILES…: and it was the sieve that read the last of them
sieved() {
	equal "$@"
	has "$1, by the sieve" "plan: sieve" plan.sieve
}

# falls NAME WHY FILE…: the sieve hands over to the stream, and says why
falls() {
	local name=$1 why=$2
	shift 2
	equal "$name" "$*"
	has "$name, and why" "$why" plan.sieve
}

# ---- captures ----

unpack() {
	for file; do
		case $file in
		*.xz)	xz -dc "$file" >"captures/$(basename "$file" .xz)" ;;
		*)	cp "$file" captures/ ;;
		esac
	done
}

mkdir captures
unpack "$SRC"/tests/captures/*.log.xz "$SRC"/tests/captures/shared/*.log*
if [ -d "${PROCTOR_SHARED:-}" ]; then
	unpack "$PROCTOR_SHARED"/captures/*.log "$PROCTOR_SHARED"/captures/workloads/*.log.xz
else
	skip "all captures" "PROCTOR_SHARED is not set; the project's captures stand for them"
fi
equal "every capture" captures/*
[ ! -d "${PROCTOR_SHARED:-}/corpus" ] || equal "the corpus" "$PROCTOR_SHARED/corpus"

# ---- generated logs ----

generate() {
	"$BUILD/tests/auditgen" -s 4M "$@" 2>/dev/null
}

if [ ! -x "$BUILD/tests/auditgen" ]; then
	skip "generated logs" "auditgen is not built (libauparse is not installed)"
	exit 0
fi
seed=20
for options in "-H 100" "-H 1000" "-H 20000" "-H 100000 -P 100000" "-H 1000 -N web1" "-H 1000 -r" "-H 1000 -I 300000" \
	"-H 1000 -u"; do
	for _ in 1 2; do
		seed=$((seed + 1))
		# shellcheck disable=SC2086
		generate -o "g$seed.log" -S $seed $options
		equal "auditgen $options, seed $seed" "g$seed.log"
	done
	case $options in
	*"-P 100000"*)	;;
	*)		has "auditgen $options, by the sieve" "plan: sieve" plan.sieve ;;
	esac
done
generate -o dense.log -S 39 -H 900000 -s 8M
falls "a log full of findings" "events matter" dense.log
"$PROCTOR" scan --sieve --format html -o 1.html g23.log 2>/dev/null
"$PROCTOR" scan --full --format html -o 2.html g23.log 2>/dev/null
sed -i 's/not counted/N/g; s/[0-9,]* \(records\|events\)/N \1/g' 1.html 2.html
same "the report in HTML" 2.html 1.html
for threads in 1 2; do
	"$PROCTOR" scan --sieve --json --threads $threads g25.log >"out.$threads" 2>/dev/null
done
same "two threads" out.1 out.2
[ -s out.1 ] || not_ok "two threads, that there are findings" "none"

# ---- several files ----

# A log in files of so many lines, as auditd numbers them: the highest is the oldest.
rotate() {
	mkdir "$2"
	split -l "$3" -d -a 3 "$1" "$2/x"
	count=$(find "$2" -name 'x*' | wc -l)
	for part in "$2"/x*; do
		count=$((count - 1))
		mv "$part" "$2/audit.log$([ $count = 0 ] || echo .$count)"
	done
}

generate -o long.log -S 40 -H 3000 -I 100000
rotate long.log rotated 3000
sieved "rotations" rotated
"$PROCTOR" scan --full --json long.log 2>/dev/null | sed 's/"origin":{[^}]*}//g' >whole
"$PROCTOR" scan --sieve --json rotated 2>/dev/null | sed 's/"origin":{[^}]*}//g' >parts
same "rotations tell what the log in one does" whole parts
generate -o other.log -S 41 -H 3000
equal "two logs of one host, and in the wrong order" "g21.log other.log" "other.log g21.log" "g21.log g21.log"

# ---- logs that are cut ----

head -n 1400 long.log >short.log
size=$(wc -c <short.log)
for cut in $(seq $((size - 1000)) 37 "$size"); do
	head -c "$cut" short.log >"cut$cut.log"
done
equal "a log that ends anywhere" cut*.log
rm cut*.log
for cut in $(seq 1 41 1000); do
	tail -c +"$cut" short.log >"cut$cut.log"
done
equal "a log that begins anywhere" cut*.log
rm cut*.log

# A file that ends in the middle of a line, which goes on in the next: auditd does not, but copies and crashes do.
goes_on() {
	mkdir "on$1"
	head -c "$1" short.log >"on$1/audit.log.1"
	tail -c +"$(($1 + 1))" short.log >"on$1/audit.log"
}

line_end=$(head -n 700 short.log | wc -c)
for cut in $((line_end - 2)) $((line_end - 1)) $((line_end + 1)) $((line_end + 24)); do
	goes_on "$cut"
	falls "a line that goes on in the next file, byte $cut" "a line is no audit record as auditd writes it" "on$cut"
done
goes_on "$line_end"
sieved "a file that ends with a line" "on$line_end"

# cut_while_read MOMENT SIZE: the log gets so short, so many seconds after it was mapped
cut_while_read() {
	local tries=0 scan status
	cp big.log cut.log
	"$PROCTOR" scan --sieve --json cut.log >told 2>err &
	scan=$!
	until grep -q cut.log /proc/$scan/maps 2>/dev/null || [ $tries = 500 ]; do
		tries=$((tries + 1))
	done
	sleep "$1"
	truncate -s "$2" cut.log
	wait $scan
	status=$?
	"$PROCTOR" scan --full --json cut.log 2>/dev/null >left
	case $status in
	3)	has "cut to $2 bytes after $1 s" "cut.log shrank while it was read" err
		same "… and what is left is told" left told
		cuts=$((cuts + 1)) ;;
	1)	same "cut to $2 bytes after $1 s, when it had been read" whole told ;;
	*)	not_ok "cut to $2 bytes after $1 s" "exit status $status" err ;;
	esac
}

generate -o big.log -s 64M -S 42 -H 300
"$PROCTOR" scan --full --json big.log 2>/dev/null | sed 's/big\.log/cut.log/g' >whole
cuts=0
cut_while_read 0 0
cut_while_read 0 1000000
cut_while_read 0.005 1000000
cut_while_read 0.01 60000001
cut_while_read 0.02 1000000
cut_while_read 0.04 40960
[ $cuts != 0 ] || not_ok "logs that are cut while they are read" "each had been read before"
rm big.log cut.log

# ---- the order of lines ----

python3 "$SRC/tests/lib/mix_lines.py" short.log mixed
equal "lines out of their order" mixed/*

# ---- why the stream ----

line='type=SYSCALL msg=audit(1795430914.650:7388): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f00 a2=0 a3=0 items=1 ppid=1 pid=42 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="x" exe="/x" key=(null)'
{ cat short.log; echo "Nov 23 10:48:34 host sshd[1]: Accepted password for root"; } >1.log
falls "a line of another kind" "a line is no audit record as auditd writes it (byte $size of 1.log)" 1.log
{ head -n 1000 short.log; printf '%s' "$line"; tail -n +1001 short.log; } >1.log
falls "two lines glued" "a line is no audit record as auditd writes it" 1.log
{ tail -c 2500000 long.log | tail -n +2; tail -c 2500000 long.log | sed -n 9,12p; } >1.log
falls "records far too late" "more disorder than auditd writes them" 1.log
{ sed 's/^/node=a /' short.log; sed 's/^/node=b /' short.log; } >1.log
falls "two nodes" "of more than one node" 1.log
{ head -n 999 short.log; echo 'type=CONFIG_CHANGE msg=audit(1795430914.650:7388): auid=1 ses=1 op=add_rule key="pm" list=4 res=1'; echo 'type=PROCTITLE msg=audit(1795430914.650:7389): proctitle="auditctl -a exit,always -F devminor=21"'; } >1.log
falls "rules for procfs" "audit rules for procfs are loaded" 1.log
{ cat short.log; echo "${line/type=SYSCALL/type=1300}" | sed 's/syscall=257/syscall=101/'; } >1.log
falls "a type by its number" "a line is no audit record as auditd writes it" 1.log
{ cat short.log; echo "${line/pid=42/pid=5000000}"; } >1.log
falls "a pid that has no room" "no room in the index" 1.log
gzip -c short.log >1.log.gz
falls "what is compressed" "no plain text of audit records" 1.log.gz
: >empty.log
equal "an empty file" "empty.log short.log"
scans sieve --accesses --json short.log
has "accesses one by one" "--accesses tells of them in the order of the log" plan.sieve
scans full short.log
has "the stream when asked for" "--full asks for it" plan.full
"$PROCTOR" scan --explain-plan short.log >/dev/null 2>plan
has "a small log" "the log is small" plan
"$PROCTOR" scan --sieve --explain-plan - <short.log >/dev/null 2>plan
has "a pipe" "the input is a pipe" plan

# ---- rules ----

# Many rules of the kind that SigmaHQ has for Linux; some of what they want is in the logs, as it is and in hex.
mkdir many
awk 'BEGIN {
	split("/os-release --porcelain =auto postgres: worker check_load .tar.gz a.out app.wsgi", words, " ")
	split("curl python3 node perl ld", programs, " ")
	for (i = 0; i < 400; i++) {
		printf "---\ntitle: rule %d\nid: 5b1f3c1e-6d52-4f0e-9a55-%012d\n", i, i
		printf "logsource: { product: linux, category: process_creation }\nlevel: medium\ndetection:\n"
		if (i == 7) {
			print "    image: { Image|endswith: [ /nc, /ld ] }\n    condition: image"
			continue
		}
		printf "    image:\n        Image|endswith: [ /tool%d, /%s ]\n", i, programs[i % 5 + 1]
		printf "    line:\n        CommandLine|contains:\n            - --exfil-%d\n            - hidden-%d\n", i, i
		if (i % 40 == 0)
			printf "            - \"%s\"\n", words[i / 40 % 9 + 1]
		printf "    condition: %s\n", i % 40 ? "all of them" : "line"
	}
}' >many/many.yml
sieved "many rules" "--rules many g23.log" "--rules many g25.log" "--rules many g33.log" "--rules many rotated"
has "many rules, that they find something" "rule 80" out.sieve
has "many rules, a program with a short name" "rule 7; rule 280" out.sieve
"$PROCTOR" scan --explain-plan --rules many long.log >/dev/null 2>plan
has "many rules and a log that is small for them" "the log is small" plan

mkdir rules
cat >rules/any.yml <<'END'
title: Whatever root does at night
id: 5b1f3c1e-6d52-4f0e-9a55-0d6a1b0c7d11
logsource: { product: linux, category: process_creation }
detection: { selection: { User: root }, condition: selection }
level: high
END
scans sieve --rules rules short.log
has "a rule without a text that a log must hold" "Whatever root does at night" plan.sieve
