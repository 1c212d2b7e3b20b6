# shellcheck shell=bash disable=SC2154,SC2034 # $last_log, $work, $size, $series and $here are bench.sh's
# The logs of bench.sh, which sources this: each in $work, each whole in the page cache.
#
# How a log came into the page cache decides how fast it can be mapped. L: dropped from it and read again, so that
# it lies in large folios. S: written 4 KiB at a time, as a daemon does, so that it lies in single pages.

bytes_of() {
	stat -c %s "$1"
}

# A size such as 64M, in bytes.
in_bytes() {
	awk -v size="$1" 'BEGIN { printf "%.0f", int(size) * 1024 ^ index("KMG", substr(size, length(size))) }'
}

# log_of LOG ROW: its path.
log_of() {
	case $1/$2 in
	*/ausearch)	echo "$work/slice.log" ;;
	S/*)		echo "$work/small.log" ;;
	gz/*|zst/*|xz/*) echo "$work/sparse.log.$1" ;;
	*)		echo "$work/$1.log" ;;
	esac
}

# Of a compressed log, what is in it.
unpacked_bytes() {
	case $1 in
	gz|zst|xz)	bytes_of "$work/sparse.log" ;;
	*)		bytes_of "$2" ;;
	esac
}

# L, where the file system can drop pages.
read_anew() {
	dd of="$1" oflag=nocache conv=notrunc,fdatasync count=0 status=none || :
	cat "$1" >/dev/null
}

# generate NAME SIZE OPTION…
generate() {
	"$BUILD/tests/auditgen" -o "$work/$1.log" -t "$work/$1.tsv" -s "$2" "${@:3}" 2>"$work/made"
	read_anew "$work/$1.log"
}

room() {
	df --output=avail -B 1 "$work" | tail -n 1
}

describe_log() {
	fact log "$1: $2; $(awk -v planted=$(($(wc -l <"$work/$1.tsv") - 1)) '{
		printf "%.0f MB, %.2f million records, %.2f million events, %d accesses planted", $2 / 1e6, $4 / 1e6,
			$6 / 1e6, planted
	}' "$work/made")"
}

make_logs() {
	if [ "$(room)" -lt $(($(in_bytes "$size") * 6)) ]; then
		echo "bench: logs of $size need six times that in $(dirname "$work"); set TMPDIR or BENCH_SIZE" >&2
		exit 2
	fi
	step logs "of $size each, in $(dirname "$work")"
	generate sparse "$size" -S 1
	describe_log sparse "one event in 10,000 an access, one in 100 below /proc"
	generate dense "$size" -S 4 -H 100000
	describe_log dense "every tenth event an access"
	generate noise "$size" -S 3 -P 1000000
	describe_log noise "every event below /proc"
	load_again "$work/small.log"
	gzip -k "$work/sparse.log"
	! command -v zstd >/dev/null || zstd -qk "$work/sparse.log"
	! command -v xz >/dev/null || xz -T 0 -k "$work/sparse.log"
	python3 -B "$SRC/tests/lib/laurel.py" <"$work/sparse.log" >"$work/json.log"
	read_anew "$work/json.log"
	awk -v max="$(in_bytes "${BENCH_SLICE:-8M}")" '{ print; if ((used += length($0) + 1) >= max) exit }' \
		"$work/sparse.log" >"$work/slice.log"
	head -n 4 "$work/sparse.log" >"$work/start.log"
	fact folios "$(python3 -B "$here/folios.py" L "$work/sparse.log" S "$work/small.log")"
}

is_whole() {
	local resident bytes
	read -r resident bytes <<<"$(fincore -b -n -o RES,SIZE "$1")"
	[ "$resident" -ge "$bytes" ]
}

# Kernels may take pages away that nobody used for a while, though memory is free (DAMON).
load_again() {
	case $1 in
	*/small.log)	dd if="$work/sparse.log" of="$1" bs=4096 status=none ;;
	*)		read_anew "$1" ;;
	esac
}

drop_logs() {
	rm -f "$work"/*.log "$work"/sparse.log.*
	last_log=''
}

# Those sizes that the disk and the page cache have room for, all at once: they take turns.
make_series() {
	local one memory used=0
	memory=$(awk '/^MemAvailable/ { printf "%.0f", $2 * 1024 * 0.8 }' /proc/meminfo)
	for one in $series; do
		if [ $((used + $(in_bytes "$one"))) -gt "$memory" ] || [ "$(in_bytes "$one")" -gt "$(room)" ]; then
			leave_out "series of $one" "no room on disk or in memory"
			continue
		fi
		used=$((used + $(in_bytes "$one")))
		generate "$one" "$one" -S 1
	done
}
