#!/bin/sh
# What a confined scan could still do if a hostile log took it over: read its input, and nothing else.
. "$(dirname "$0")/../lib/tap.sh"

PROBE=$BUILD/tests/guard_probe
if [ ! -x "$PROBE" ]; then
	skip guard_breakout "guard_probe is not built"
	exit 0
fi

# check WHO COMMAND…: as that user; every attempt that works without confinement must fail with it.
# By relative names: what lies above the folder may be closed to nobody.
check() {
	who=$1
	shift
	cd "$SCRATCH/$who" || exit 1
	"$@" ./guard_probe --free input neighbour >"$SCRATCH/free" 2>/dev/null
	"$@" ./guard_probe input neighbour >"$SCRATCH/confined" 2>"$SCRATCH/err"
	is "$who, the decoy lives to the end" "$(cut -f 1 "$SCRATCH/free")" "$(cut -f 1 "$SCRATCH/confined")"
	paste "$SCRATCH/free" "$SCRATCH/confined" >"$SCRATCH/both"
	while IFS='	' read -r attempt free _ confined; do
		case "$attempt/$confined" in
		*" the input/succeeded")
			case $attempt in
			read*|look*)	ok "$who can $attempt" ;;
			*)		not_ok "$who cannot $attempt" "it succeeded" ;;
			esac ;;
		"start a thread/succeeded")
			ok "$who can $attempt" ;;
		"start a thread/"*)
			not_ok "$who can $attempt" "$confined" "$SCRATCH/err" ;;
		"read the input"/*|"look at the input"/*)
			not_ok "$who can $attempt" "$confined" "$SCRATCH/err" ;;
		*/succeeded)
			not_ok "$who cannot $attempt" "it succeeded" "$SCRATCH/err" ;;
		*"not confined")
			not_ok "$who cannot $attempt" "the confinement itself failed" "$SCRATCH/err" ;;
		*)
			# What fails unconfined, too, proves nothing.
			[ "$free" != succeeded ] || ok "$who cannot $attempt" ;;
		esac
	done <"$SCRATCH/both"
}

make_home() {
	mkdir "$SCRATCH/$1"
	cp "$PROBE" "$SCRATCH/$1/guard_probe"
	echo "type=EOE msg=audit(1.000:1): " >"$SCRATCH/$1/input"
	echo secret >"$SCRATCH/$1/neighbour"
	chmod 600 "$SCRATCH/$1/input" "$SCRATCH/$1/neighbour"
}

"$PROBE" --is-sanitized && {
	skip guard_breakout "LeakSanitizer needs fork and ptrace at the end: sanitized builds are not confined"
	exit 0
}
if [ "$(id -u)" = 0 ]; then
	make_home root
	check root env
	lacks "root's confinement is complete" "note:" "$SCRATCH/err"
	need setpriv
	make_home nobody
	chown -R 65534:65534 "$SCRATCH/nobody"
	check nobody setpriv --reuid 65534 --regid 65534 --clear-groups
else
	make_home user
	check user env
fi
lacks "a user's confinement is complete" "note:" "$SCRATCH/err"
