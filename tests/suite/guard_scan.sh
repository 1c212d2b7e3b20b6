#!/bin/sh
# A confined scan sees what an unconfined one sees, whatever it reads and writes; and it is confined.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/many.sh"
need bzip2 gzip lz4 setpriv xz zip zstd

logs=$SCRATCH/logs
mkdir "$logs" "$SCRATCH/folder"
many_accesses 20 >"$logs/audit.log"
many_accesses 20 100 >"$SCRATCH/folder/audit.log.1"
many_accesses 20 200 | xz >"$SCRATCH/folder/audit.log.2.xz"
for tool in gzip bzip2 xz zstd lz4; do
	$tool -c <"$logs/audit.log" >"$logs/$tool"
done
tar -C "$SCRATCH" -cf "$logs/tar" folder
tar -C "$SCRATCH" -cJf "$logs/tar.xz" folder
(cd "$SCRATCH" && zip -qr "$logs/zip" folder && mv "$logs/zip.zip" "$logs/zip")

# without_seconds FILE: the time a scan takes is never the same
without_seconds() {
	sed 's/; [0-9.]* s$//' "$1"
}

# compare NAME ARGUMENT…
compare() {
	name=$1
	shift
	"$PROCTOR" scan "$@" <"$logs/audit.log" >"$SCRATCH/confined" 2>"$SCRATCH/confined_err"
	confined=$?
	"$PROCTOR" scan --no-confine "$@" <"$logs/audit.log" >"$SCRATCH/free" 2>"$SCRATCH/free_err"
	is "$name, the same status" "$?" "$confined"
	is "$name, the same output" "$(without_seconds "$SCRATCH/free")" "$(without_seconds "$SCRATCH/confined")"
	is "$name, the same messages" "$(without_seconds "$SCRATCH/free_err")" "$(without_seconds "$SCRATCH/confined_err")"
}

for input in "$logs"/* "$SCRATCH/folder" -; do
	compare "$(basename "$input")" "$input"
done
compare "the whole folder as json" --json --raw "$SCRATCH/logs"
compare "the whole folder as csv" --csv "$SCRATCH/logs"
compare "accesses" --accesses --json "$SCRATCH/logs"
compare "colours" --color always "$SCRATCH/logs"
LC_ALL=C compare "another locale" "$SCRATCH/logs"
has "something was found" dumper "$SCRATCH/confined"

"$PROCTOR" scan --json -q --no-confine "$logs" >"$SCRATCH/expected"
exits "into a file" 1 "$PROCTOR" scan --json -q -o "$SCRATCH/written" "$logs"
same "what is in the file" "$SCRATCH/expected" "$SCRATCH/written"
is "only the owner can read it" 600 "$(stat -c %a "$SCRATCH/written")"

# More findings than memory takes: sorted runs in a temporary file that was opened before.
many_accesses 30000 >"$SCRATCH/large"
compare "a spill file" --json "$SCRATCH/large"
is "all of them came out" 30000 "$(wc -l <"$SCRATCH/confined")"

# Who may read what stays the same when root becomes nobody.
if [ "$(id -u)" = 0 ]; then
	mkdir -m 700 "$SCRATCH/private"
	cp "$logs/audit.log" "$logs/tar.xz" "$SCRATCH/private"
	chmod 600 "$SCRATCH/private"/*
	compare "files of root alone" "$SCRATCH/private"
	has "they were read" "60 findings" "$SCRATCH/confined"
	chown -R 12345 "$SCRATCH/private"
	compare "files of another user alone" "$SCRATCH/private"
	has "they were read, too" "60 findings" "$SCRATCH/confined"
	as_nobody() {
		PROCTOR_RULES=rules setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	}
	# By relative names: what lies above the folder may be closed to nobody.
	mkdir "$SCRATCH/open"
	cp -r "$logs/audit.log" "$PROCTOR" "$SRC/rules" "$SCRATCH/open"
	mv "$SCRATCH/private" "$SCRATCH/open"
	chmod -R a+rX "$SCRATCH/open"/rules
	chmod a+rX "$SCRATCH/open" "$SCRATCH/open"/*.log
	chmod 700 "$SCRATCH/open/private"
	cd "$SCRATCH/open" || exit 1
	exits "as nobody" 1 as_nobody ./proctor scan audit.log
	has "nobody sees them" "20 findings" "$SCRATCH/out"
	lacks "nobody gets no note of confinement" "note: " "$SCRATCH/out"
	exits "as nobody, what only root can read" 2 as_nobody ./proctor scan private
	has "and the remedy" "run as root" "$SCRATCH/err"
fi

# The process itself, while it waits for its input.
if "$BUILD/tests/guard_probe" --is-sanitized; then
	skip guard_scan "sanitized builds are not confined"
	exit 0
fi
# watched COMMAND…: leaves what the kernel says of a scan of $SCRATCH/pipe in $SCRATCH/status
watched() {
	mkfifo "$SCRATCH/pipe"
	"$@" scan - <"$SCRATCH/pipe" >"$SCRATCH/out" 2>"$SCRATCH/err" &
	pid=$!
	exec 8>"$SCRATCH/pipe"
	for _ in $(seq 100); do
		cat "/proc/$pid/status" >"$SCRATCH/status"
		! grep -q '^Seccomp:.*2' "$SCRATCH/status" || break
		sleep 0.05
	done
	cat "$logs/audit.log" >&8
	exec 8>&-
	wait "$pid"
	is "$1 still finds" 1 $?
	rm "$SCRATCH/pipe"
}
watched "$PROCTOR"
if unshare -r true 2>/dev/null; then
	exits "in a user namespace of one user" 1 unshare -r "$PROCTOR" scan --json "$logs/audit.log"
else
	skip "in a user namespace of one user" "this kernel lets nobody make one"
fi
field() {
	awk -v name="$1:" '$1 == name { $1 = ""; print substr($0, 2) }' "$SCRATCH/status"
}
is "no new privileges" 1 "$(field NoNewPrivs)"
is "system calls are filtered" 2 "$(field Seccomp)"
is "no capability is left where none is needed" 0000000000000000 "$(field CapPrm)"
is "none can come back" "0000000000000000 0000000000000000" "$(field CapBnd) $(field CapAmb)"
if [ "$(id -u)" = 0 ]; then
	is "root is nobody" "65534 65534 65534 65534" "$(field Uid)"
	is "in nobody's group" "65534 65534 65534 65534" "$(field Gid)"
	is "and in no other" "" "$(field Groups | tr -d ' ')"
	exits "root without capabilities" 1 setpriv --bounding-set -all "$PROCTOR" scan "$logs/audit.log"
	has "root without capabilities is told" "could not change its user" "$SCRATCH/out"
fi
