#!/bin/sh
# Binary journals: source_journal/web1.journal.xz holds an audit event of 4 records, a sudo line and 100 entries
# of two lines. It was made by systemd-journal-remote from journal export text.
. "$(dirname "$0")/../lib/tap.sh"
need xz

journal=$SCRATCH/var/log/journal/0123/system.journal
mkdir -p "$(dirname "$journal")"
xz -dc "$SRC/tests/suite/source_journal/web1.journal.xz" >"$journal"

exits "a journal" 1 "$PROCTOR" scan --json "$journal"
has "the access in it" '"path":"/proc/500/mem"' "$SCRATCH/out"
has "its host" '"host":"web1"' "$SCRATCH/out"
has "the sudo line in it" 'COMMAND=/tmp/mimipenguin.sh' "$SCRATCH/out"
cp "$SCRATCH/out" "$SCRATCH/expected"

exits "a directory of journals" 1 "$PROCTOR" scan --json "$SCRATCH/var/log/journal"
same "finds the same" "$SCRATCH/expected" "$SCRATCH/out"

if command -v journalctl >/dev/null; then
	journalctl --file "$journal" -o export >"$SCRATCH/export"
	"$PROCTOR" scan --json "$SCRATCH/export" 2>/dev/null | sed 's/"origin":{[^}]*}//' >"$SCRATCH/exported"
	sed 's/"origin":{[^}]*}//' "$SCRATCH/expected" >"$SCRATCH/direct"
	same "what journalctl -o export gives" "$SCRATCH/exported" "$SCRATCH/direct"
else
	skip "what journalctl -o export gives" "journalctl is not installed"
fi

head -c 100000 "$journal" >"$SCRATCH/cut.journal"
exits "a journal that is cut short" 3 "$PROCTOR" scan "$SCRATCH/cut.journal"
has "is told" "damaged or cut short" "$SCRATCH/err"
