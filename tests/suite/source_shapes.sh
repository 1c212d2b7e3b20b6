#!/bin/sh
# The same log in every shape that a source can have gives the same findings.
. "$(dirname "$0")/../lib/tap.sh"
need xz zstd lz4 bzip2 zip jq

cd "$SCRATCH" || exit 1
mkdir logs
cp "$SRC/tests/captures/shared/open_abs.raw.log" logs/audit.log
lines=$(wc -l <logs/audit.log)

# shape NAME ARGUMENT…: what it gives is what the plain file gives, but for where it lies.
shape() {
	name=$1
	shift
	"$PROCTOR" scan --json "$@" 2>err | jq -c 'del(.origin)' >out
	same "$name" expected out
}

"$PROCTOR" scan --json logs/audit.log 2>/dev/null | jq -c 'del(.origin)' >expected
if [ -s expected ]; then ok "the plain log has findings"; else not_ok "the plain log has findings" "none"; fi

for tool in gzip xz zstd bzip2 lz4; do
	$tool -q -c <logs/audit.log >"audit.log.$tool"
	shape "$tool" "audit.log.$tool"
done
tar cf x.tar logs && shape "tar" x.tar
tar czf x.tar.gz logs && shape "tar.gz" x.tar.gz
zip -qr x.zip logs && shape "zip" x.zip
shape "a directory" logs
"$PROCTOR" scan --json - <logs/audit.log 2>/dev/null | jq -c 'del(.origin)' >out
same "standard input" expected out
gzip -c logs/audit.log | "$PROCTOR" scan --json - 2>/dev/null | jq -c 'del(.origin)' >out
same "a compressed pipe" expected out

mkdir rotated parts
head -n $((lines / 3)) logs/audit.log | gzip >rotated/audit.log.10.gz
tail -n +$((lines / 3 + 1)) logs/audit.log | head -n $((lines / 3)) >rotated/audit.log.2
tail -n +$((lines / 3 * 2 + 1)) logs/audit.log >rotated/audit.log
shape "rotations" rotated
tar cf rotated.tar rotated/audit.log rotated/audit.log.10.gz rotated/audit.log.2
shape "rotations in a tar, out of order" rotated.tar
split -b 777 logs/audit.log parts/
shape "parts cut anywhere" parts/*
