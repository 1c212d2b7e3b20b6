#!/bin/sh
# What is decompressed in a thread of its own gives what it gives without: findings, notes, status, at any end.
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

started scan --json --threads 1 -
sleep 0.5
is "--threads 1 runs one" 1 "$(threads 1)"
exec 8>&-
wait $pid
is "and reads to the end" 4000 "$(wc -l <out)"

started scan --json --threads 2 -
is "--threads 2 runs two" 2 "$(threads 2)"
unsafe=$(awk '/^(NoNewPrivs|CapEff|Seccomp|Uid):/ { print $1, $2, $3 }' /proc/"$pid"/task/*/status | sort -u | wc -l)
[ "$(awk '$1 == "Seccomp:" { print $2 }' /proc/$pid/status)" = 0 ] || is "both are confined alike" 4 "$unsafe"
open=$(awk '$1 == "SigBlk:" { print $2 }' /proc/"$pid"/task/*/status | sort -u | wc -l)
is "the second one takes no signals" 2 "$open"
sleep 0.3
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
