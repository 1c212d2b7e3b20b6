# shellcheck shell=sh
# For test scripts: . "$(dirname "$0")/lib/tap.sh" (from tests/suite and its like: ../lib/tap.sh).
#
# Gives: SRC, BUILD, PROCTOR and a scratch folder $SCRATCH that goes away at the end, also when the
# script is run by hand, and:
#	ok NAME				a test that passed
#	not_ok NAME WHY [FILE]		one that did not; FILE's beginning is shown
#	skip NAME REASON		one that could not run here
#	is NAME EXPECTED ACTUAL		two strings are equal
#	same NAME EXPECTED ACTUAL	two files are equal; the diff is shown
#	has NAME TEXT FILE		the file has a line with this text (not a pattern)
#	lacks NAME TEXT FILE		it has none
#	exits NAME STATUS COMMAND…	the command's exit status; its output is left in $SCRATCH/out and $SCRATCH/err
#	need_shared			ends the script with a skip when PROCTOR_SHARED is not set
#	need NAME…			ends the script with a skip when a program is not there
# Names hold no ": "; that begins the reason.

tap_root=$(cd "$(dirname "$0")" && while [ ! -f FLOORS ] && [ "$PWD" != / ]; do cd ..; done && pwd)
SRC=${SRC:-$tap_root}
BUILD=${BUILD:-$SRC/build}
PROCTOR=${PROCTOR:-$BUILD/proctor}
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
trap 'exit 130' INT TERM

# What a test shows may come from a hostile log: nothing but text reaches the terminal.
tap_show() {
	head -c 4000 | LC_ALL=C tr -c '\11\12\40-\176\200-\377' '?' | sed 's/^/# /'
}

ok() {
	printf 'ok %s\n' "$1"
}

not_ok() {
	printf 'not ok %s: %s\n' "$1" "$2"
	[ -z "${3:-}" ] || tap_show <"$3"
}

skip() {
	printf 'skip %s: %s\n' "$1" "$2"
}

is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "not what was expected"
		printf 'expected: %s\nactual:   %s\n' "$2" "$3" | tap_show
	fi
}

same() {
	if cmp -s "$2" "$3"; then
		ok "$1"
	else
		not_ok "$1" "the files differ"
		diff -au --label expected --label actual "$2" "$3" | head -n 40 | tap_show
	fi
}

has() {
	if grep -aqF -e "$2" -- "$3"; then
		ok "$1"
	else
		not_ok "$1" "no line has: $2" "$3"
	fi
}

lacks() {
	if grep -aqF -e "$2" -- "$3"; then
		not_ok "$1" "a line has: $2"
		grep -anF -e "$2" -- "$3" | head -n 10 | tap_show
	else
		ok "$1"
	fi
}

exits() {
	tap_name=$1 tap_expected=$2
	shift 2
	tap_status=0
	"$@" >"$SCRATCH/out" 2>"$SCRATCH/err" || tap_status=$?
	if [ "$tap_status" = "$tap_expected" ]; then
		ok "$tap_name"
	else
		not_ok "$tap_name" "exit status $tap_status, not $tap_expected" "$SCRATCH/err"
	fi
}

need_shared() {
	if [ ! -d "${PROCTOR_SHARED:-}" ]; then
		skip "$(basename "$0" .sh)" "PROCTOR_SHARED is not set"
		exit 0
	fi
}

need() {
	for tap_program; do
		if ! command -v "$tap_program" >/dev/null; then
			skip "$(basename "$0" .sh)" "$tap_program is not installed"
			exit 0
		fi
	done
}
