#!/bin/bash
# What is decompressed in threads beside the scan gives what it gives without: findings, notes, status, at any end.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"
need xz zstd lz4 bzip2 zip jq

cd "$SCRATCH" || exit 1
mkdir logs
many_accesses 4000 >logs/audit.log
many_accesses 4000 4001 >more.log

# with N ARGUMENT…: leaves out.N, err.N (but for how long it took) and status.N
with() {
	n=$1
	shift
	"$PROCTOR" scan --json --threads "$n" "$@" >"out.$n" 2>err
	echo $? >"status.$n"
	sed 's/; [0-9.]* s$//' err >"err.$n"
}

# pair NAME STATUS ARGUMENT…
pair() {
	name=$1 status=$2
	shift 2
	with 1 "$@"
	with 2 "$@"
	same "$name" out.1 out.2
	same "$name, what is told" err.1 err.2
	is "$name, the status" "$status $status" "$(cat status.1) $(cat status.2)"
	[ -s out.1 ] || not_ok "$name, that there are findings" "none" err.1
}

# Blocks of lz4 are of 4 MiB otherwise, and of a cut one nothing comes.
pack() {
	case $1 in
	lz4)	lz4 -q -B5 -c ;;
	*)	"$1" -q -c ;;
	esac
}

for tool in gzip xz zstd bzip2 lz4; do
	pack $tool <logs/audit.log >"audit.$tool"
	pair "$tool" 1 "audit.$tool"
	len=$(wc -c <"audit.$tool")
	pack $tool <more.log | cat "audit.$tool" - >"two.$tool"
	pair "$tool, two streams in a file" 1 "two.$tool"
	head -c $((len - 100)) "audit.$tool" >"cut.$tool"
	pair "$tool, cut" 3 "cut.$tool"
	{ head -c $((len / 2)) "two.$tool"; printf 'broken here'; tail -c +$((len / 2 + 12)) "two.$tool"; } >"broken.$tool"
	pair "$tool, broken inside" 3 "broken.$tool"
done
gzip -c logs/audit.log >logs/audit.log.1.gz
xz -c more.log >logs/audit.log.2.xz
pair "a directory" 1 logs
tar cf x.tar logs && pair "compressed members of a tar" 1 x.tar
gzip -c x.tar >x.tgz && pair "a compressed tar" 1 x.tgz
zip -qr x.zip logs && pair "a zip" 1 x.zip
head -c $(($(wc -c <x.tgz) / 2)) x.tgz >cut.tgz && pair "a compressed tar, cut" 3 cut.tgz
head -c $(($(wc -c <x.zip) / 2)) x.zip >cut.zip && pair "a zip, cut" 3 cut.zip

# ---- several inputs, opened ahead ----

# any NAME STATUS ARGUMENT…: as pair, with several numbers of threads
any() {
	name=$1 status=$2
	shift 2
	with 1 "$@"
	for n in 2 3 8; do
		with $n "$@"
		same "$name, $n threads" out.1 out.$n
		same "$name, $n threads, what is told" err.1 err.$n
		is "$name, $n threads, the status" "$status $status" "$(cat status.1) $(cat status.$n)"
	done
	[ -s out.1 ] || not_ok "$name, that there are findings" "none" err.1
}

# mixed FOLDER: rotations of each kind, and what goes wrong with some
mixed() {
	mkdir "$1"
	for i in $(seq 24); do
		many_accesses 600 $((i * 600)) >"part.$i"
	done
	for i in $(seq 24); do
		to=$1/audit.log.$((25 - i))
		case $((i % 6)) in
		0) cp "part.$i" "$to" ;;
		1 | 2) gzip -c "part.$i" >"$to.gz" ;;
		3) xz -c "part.$i" >"$to.xz" ;;
		4) zstd -q -c "part.$i" >"$to.zst" ;;
		5) bzip2 -c "part.$i" >"$to.bz2" ;;
		esac
	done
}
mixed good
any "rotations of several kinds" 1 good

# A line that is cut by the end of a file goes on in the next.
mkdir continued
many_accesses 6000 >whole.log
split -a 1 -n 12 whole.log continued/part.
n=12
for part in continued/part.*; do
	gzip -c "$part" >"continued/audit.log.$n.gz"
	rm "$part"
	n=$((n - 1))
done
any "rotations that are cut anywhere" 1 continued
"$PROCTOR" scan --json --threads 3 whole.log 2>/dev/null | jq -c 'del(.origin)' >out.whole
jq -c 'del(.origin)' out.3 >out.parts
same "rotations that are cut anywhere, as the whole" out.whole out.parts

(ulimit -n 20 && with 8 good)
with 1 good
same "few descriptors" out.1 out.8
same "few descriptors, what is told" err.1 err.8

mixed bad
head -c 5000 bad/audit.log.23.gz >x && mv x bad/audit.log.23.gz
head -c 3 good/audit.log.22.xz >bad/audit.log.22.xz
printf '\037\213nothing of the kind' >bad/audit.log.18.gz
: >bad/audit.log.17.gz
gzip -c </dev/null >bad/audit.log.16.gz
head -c 3000000 /dev/zero | tr '\0' '\1' | gzip -c >bad/core.gz
yes 'some prose, which is no log' | head -c 3000000 | xz -c >bad/notes.xz
yes 'some prose, which is no log' | head -c 100000 | zstd -q -c >bad/short.zst
tar czf bad/old.tar.gz logs
zip -qr bad/old.zip logs
any "rotations of which some are broken" 3 bad
any "named one by one" 2 bad/*.gz bad/*.xz bad/core.gz bad/*.zst

# What waits decompressed is bounded, and so is what is opened ahead: more logs of auditd's default size than fit in.
# within NAME KIB FOLDER
within() {
	"$BUILD/tests/measure" cost "$PROCTOR" scan --json -q --threads 8 "$3" >out 2>err
	read -r _ _ rss status <cost
	if [ "$status" = 1 ] && [ "$rss" -gt 0 ] && [ "$rss" -le "$2" ]; then
		ok "$1 in $((rss / 1024)) MiB"
	else
		not_ok "$1" "$rss KiB, exit status $status" err
	fi
}

if [ ! -x "$BUILD/tests/measure" ]; then
	skip "many large logs in bounded memory" "measure is not built (libauparse is not installed)"
elif grep -aq -e __asan_init -e __tsan_init "$PROCTOR"; then
	skip "many large logs in bounded memory" "a sanitizer needs more memory"
else
	mkdir large.gz large.xz
	for i in $(seq 10); do
		many_accesses 15000 $((i * 15000)) >part
		gzip -1 -c part >"large.gz/audit.log.$((11 - i)).gz"
		xz --lzma2=preset=0,dict=64MiB -c part >"large.xz/audit.log.$((11 - i)).xz"
	done
	within "ten large logs of gzip" 65536 large.gz
	within "ten large logs of xz -9, with windows" 131072 large.xz
fi

for n in 1 2; do
	"$PROCTOR" query --json --threads $n '"/mem" | count' audit.gzip >"out.$n" 2>/dev/null
	id=$("$PROCTOR" scan --json -q audit.gzip | head -n 1 | jq -r .id)
	"$PROCTOR" explain --json --threads $n "$id" audit.gzip >"explained.$n" 2>/dev/null
done
same "a search" out.1 out.2
[ -s out.1 ] || not_ok "a search, that there are rows" "none"
same "an explanation" explained.1 explained.2
[ -s explained.1 ] || not_ok "an explanation, that there is one" "none"

# ---- pipes that stay open ----

# Some of it out of a pipe, behind which nothing comes; $pid is the scan, descriptor 8 the pipe.
mkfifo pipe
started() {
	env --default-signal=INT "$PROCTOR" "$@" <pipe >out 2>err &
	pid=$!
	exec 8>pipe
	cat audit.gzip >&8
}

# threads N: waits until the process has so many
threads() {
	for _ in $(seq 250); do
		seen=$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)
		[ "$seen" != "$1" ] || break
		sleep 0.02
	done
	echo "$seen"
}

# until_idle: it has used no processor for a while, so it waits for the pipe
until_idle() {
	before=
	for _ in $(seq 100); do
		used=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
		[ "$used" != "$before" ] || break
		before=$used
		sleep 0.5
	done
}

started scan --json --threads 1 -
sleep 0.5
is "--threads 1 runs one" 1 "$(threads 1)"
exec 8>&-
wait $pid
is "and reads to the end" 4000 "$(wc -l <out)"

started scan --json --threads 2 -
seen=$(threads 2)
[ "$seen" -lt 2 ] || seen=several # ThreadSanitizer has one of its own
is "--threads 2 runs a second one" several "$seen"
unsafe=$(awk '/^(NoNewPrivs|CapEff|Seccomp|Uid):/ { print $1, $2, $3 }' /proc/"$pid"/task/*/status | sort -u | wc -l)
[ "$(awk '$1 == "Seccomp:" { print $2 }' /proc/$pid/status)" = 0 ] || is "both are confined alike" 4 "$unsafe"
open=$(awk '$1 == "SigBlk:" { print $2 }' /proc/"$pid"/task/*/status | sort -u | wc -l)
is "the second one takes no signals" 2 "$open"
until_idle
kill -INT $pid
wait $pid
is "Ctrl-C ends it though the pipe is open" 130 $?
is "with what was found until then" 4000 "$(wc -l <out)"
exec 8>&-

started query --json --limit 1 '"/mem"' -
for _ in $(seq 250); do
	kill -0 $pid 2>/dev/null || break
	sleep 0.02
done
kill -0 $pid 2>/dev/null
is "a search that has what it wants ends though the pipe is open" 1 $?
exec 8>&-
wait $pid
is "with that" 1 "$(wc -l <out)"
