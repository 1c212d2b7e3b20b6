#!/bin/sh
# Every file of the shared corpus decodes to as many audit records as its MANIFEST.tsv counts, with no line
# left over, or to what tests/corpus-differences.md says, with the reason.
. "$(dirname "$0")/../lib/tap.sh"
need_shared

corpus=$PROCTOR_SHARED/corpus
count=$BUILD/tests/decode_count
if [ ! -f "$corpus/MANIFEST.tsv" ]; then
	skip corpus "there is no corpus in PROCTOR_SHARED"
	exit 0
fi
if [ ! -x "$count" ]; then
	skip corpus "decode_count is not built (libauparse is not installed)"
	exit 0
fi

# | `file` | records | undecoded | why |, where file may end in * and undecoded be "all"
sed -n 's/^| *`\([^`]*\)` *| *\([0-9]*\) *| *\([0-9]*\|all\) *|.*/\1\t\2\t\3/p' "$SRC/tests/corpus-differences.md" \
	>"$SCRATCH/differences"
tail -n +2 "$corpus/MANIFEST.tsv" | cut -f 1,7,8 >"$SCRATCH/manifest"
cut -f 1 "$SCRATCH/manifest" | sed "s|^|$corpus/|" | tr '\n' '\0' | xargs -0 "$count" >"$SCRATCH/counts"
awk -F '\t' -v corpus="$corpus/" '
	function row_of(file,   row) {
		for (row in records)
			if (row == file || (row ~ /\*$/ && index(file, substr(row, 1, length(row) - 1)) == 1))
				return row
		return ""
	}
	FILENAME ~ /differences$/ { records[$1] = $2; undecoded[$1] = $3; next }
	FILENAME ~ /manifest$/ { lines[$1] = $2; counted[$1] = $3; next }
	{
		file = substr($2, length(corpus) + 1)
		split($1, count, " ")
		row = row_of(file)
		used[row] = 1
		want = (row == "" ? counted[file] : records[row]) " records, " \
			(row == "" ? 0 : undecoded[row] == "all" ? lines[file] : undecoded[row]) \
			" undecoded lines of " lines[file]
		got = count[1] " records, " count[4] " undecoded lines of " count[5]
		print got == want ? "ok " file : "not ok " file ": " got ", not " want
	}
	END {
		for (row in records)
			if (!(row in used))
				print "not ok " row ": corpus-differences.md tells of a file that is not there"
	}' "$SCRATCH/differences" "$SCRATCH/manifest" "$SCRATCH/counts"
