#!/bin/sh
# Bad input: each is told with its name and a remedy, and the rest is scanned.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"
need gzip xz zip

good=$SCRATCH/good.log
many_accesses 3 >"$good"
cd "$SCRATCH" || exit 1

# bad NAME STATUS FILE TEXT REMEDY: FILE alone, and beside a good log
bad() {
	name=$1 status=$2 file=$3 text=$4 remedy=$5
	exits "$name" "$status" "$PROCTOR" scan --json "$file"
	has "$name, named" "$(basename "$file")" err
	has "$name, why" "$text" err
	has "$name, the remedy" "$remedy" err
	is "$name, nothing found" "" "$(cat out)"
	grep -q '^proctor: ' err && ok "$name, as an error" || not_ok "$name, as an error" "no such line" err
	exits "$name with a good log" "$status" "$PROCTOR" scan --json "$file" "$good"
	is "$name, the rest is scanned" 3 "$(wc -l <out)"
}
bad "a missing file" 2 "$SCRATCH/missing.log" "No such file" "check the path"
bad "a directory that is none" 2 "$good/x.log" "Not a directory" "check the path"
head -c 100000 /dev/zero >zero.bin
bad "a binary file" 2 "$SCRATCH/zero.bin" "binary" "name a log"
mkdir nothing
bad "an empty directory" 2 "$SCRATCH/nothing" "no logs" "name a"
mkdir texts
echo "hello, this is no log" >texts/readme.txt
bad "a directory without logs" 2 "$SCRATCH/texts" "no logs" "name a"

: >empty.log
exits "an empty file alone" 2 "$PROCTOR" scan --json empty.log
has "an empty file, named" "empty.log is empty" err
exits "an empty file with a good log" 1 "$PROCTOR" scan --json empty.log "$good"
exits "nothing on stdin" 2 sh -c '"$1" scan --json - </dev/null' sh "$PROCTOR"

many_accesses 2000 | gzip | head -c 9000 >cut.gz
exits "a gz that is cut" 3 "$PROCTOR" scan --json cut.gz "$good"
has "a gz that is cut, told" "cut.gz is broken or cut short" err
has "a gz that is cut, the remedy" "get a whole copy" err
[ "$(wc -l <out)" -gt 3 ] && ok "what came before the cut is scanned" || not_ok "what came before the cut is scanned" "it is not" err
many_accesses 2000 >whole.log
tar -cf cut.tar whole.log
head -c 500000 cut.tar >cut2.tar
exits "a tar that is cut" 3 "$PROCTOR" scan --json cut2.tar
has "a tar that is cut, told" "cut2.tar" err
xz -c whole.log >flipped.xz
printf 'XXXX' | dd of=flipped.xz bs=1 seek=3000 conv=notrunc 2>dd.err
exits "an xz that is broken" 3 "$PROCTOR" scan --json flipped.xz "$good"
has "an xz that is broken, told" "flipped.xz" err
# flip FILE NEW OFFSET: other bytes there
flip() {
	cp "$1" "$2"
	printf '\377' | dd of="$2" bs=1 seek="$3" conv=notrunc 2>dd.err
}
gzip -k whole.log
flip whole.log.gz flipped.gz $(($(wc -c <whole.log.gz) - 6)) # the checksum
zip -q -0 whole.zip whole.log
flip whole.zip flipped.zip 5000
for file in flipped.gz flipped.zip; do
	exits "$file, damaged under its checksum" 3 "$PROCTOR" scan --json "$file"
	has "$file, told" "is broken or cut short" err
	is "$file, what it holds is scanned" 2000 "$(wc -l <out)"
done
head -n 9000 whole.log | gzip >members.gz
tail -n +9001 whole.log | gzip >>members.gz
dd if=/dev/zero bs=1000 count=1 2>dd.err >>members.gz
exits "a gz of two members, and zeros" 1 "$PROCTOR" scan --json members.gz
is "a gz of two members, both are read" 2000 "$(wc -l <out)"
printf 'no gzip' >>members.gz
exits "a gz and something else behind it" 3 "$PROCTOR" scan --json members.gz
is "a gz and something else, it is read" 2000 "$(wc -l <out)"

exits "a log that says what was lost" 3 "$PROCTOR" scan --json -q - <<'END'
type=SYSCALL msg=audit(1795430911.590:7370): arch=c000003e syscall=59 success=yes exit=0 pid=1
audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=64
END

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	cp "$good" secret.log
	cp -r "$SRC/rules" .
	chmod -R a+rX rules
	chmod 600 secret.log
	chmod 711 .
	cp "$PROCTOR" proctor
	chmod 755 proctor
	exits "an unreadable file" 2 env PROCTOR_RULES=rules setpriv --reuid 65534 --regid 65534 --clear-groups ./proctor scan --json secret.log
	has "an unreadable file, named" "secret.log" err
	has "an unreadable file, the remedy" "run as root" err
elif [ "$(id -u)" != 0 ]; then
	cp "$good" secret.log
	chmod 000 secret.log
	bad "an unreadable file" 2 "$SCRATCH/secret.log" "Permission denied" "run as root"
fi

# An error goes to stderr whatever stdout shows, and is not said twice in one place.
exits "an error beside a table" 2 "$PROCTOR" scan missing.log "$good"
has "it is on stderr" "proctor: cannot open missing.log" err
has "the table is on stdout" "3 findings" out
"$PROCTOR" scan missing.log "$good" >both 2>&1
is "once where both go" 1 "$(grep -c 'cannot open missing.log' both)"
"$PROCTOR" scan -q missing.log "$good" >out 2>err
is "quiet, stdout holds findings only" 5 "$(wc -l <out)"
is "quiet, errors are told" 1 "$(grep -c '^proctor: cannot open missing.log' err)"

# Names of files are text from strangers, too.
evil=$(printf 'a\033]0;owned\007\nproctor: all is well')
exits "a file name with escapes" 2 "$PROCTOR" scan "$evil"
is "it stays in its line" "" "$(grep -a '^proctor: all is well' err)"
is "the terminal obeys nothing in it" "" "$(LC_ALL=C tr -d '\11\12\40-\176' <err)"

# Standard descriptors that are closed are no place for a log.
exits "stdin closed" 2 sh -c '"$1" scan --json - <&-' sh "$PROCTOR"
exits "stdin closed, not needed" 1 sh -c '"$1" scan --json "$2" <&-' sh "$PROCTOR" "$good"
exits "stdout closed" 3 sh -c '"$1" scan --json "$2" >&-' sh "$PROCTOR" "$good"
exits "all closed" 1 sh -c '"$1" scan --json -q -o "$3" "$2" <&- >&- 2>&-' sh "$PROCTOR" "$good" "$SCRATCH/written"
is "all closed, the file is whole" 3 "$(wc -l <written)"
