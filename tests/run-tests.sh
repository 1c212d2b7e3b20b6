#!/bin/sh
# The runner counts what it must: a runner that loses a failure makes every other test worthless.
. "$(dirname "$0")/lib/tap.sh"

tree=$SCRATCH/tree
mkdir -p "$tree/build/tests" "$tree/src/base" "$tree/tests/unit" "$tree/tests/live" "$tree/tests/long"
cp -r "$SRC/tools" "$tree/"
cp -r "$SRC/tests/lib" "$tree/tests/"
echo '0 base' >"$tree/FLOORS"
printf '#!/bin/sh\necho "found $1"\nexit 1\n' >"$tree/build/proctor"
chmod +x "$tree/build/proctor"

# script NAME TEXT
script() {
	printf '#!/bin/sh\n%s\n' "$2" >"$tree/tests/$1"
	chmod +x "$tree/tests/$1"
}

# A cmocka program is known by what it prints.
unit() {
	touch "$tree/tests/unit/test_$1.c"
	printf '#!/bin/sh\n%s\n' "$2" >"$tree/build/tests/test_$1"
	chmod +x "$tree/build/tests/test_$1"
}

# closes NAME STATUS LINE ARGUMENT…
closes() {
	name=$1 status=$2 line=$3
	shift 3
	exits "$name" "$status" "$tree/tools/run-tests" "$@"
	is "the closing line of $name" "$line" "$(tail -n 1 "$SCRATCH/out")"
}

script good.sh 'echo "ok a"; echo "ok b"; echo noise'
unit good 'echo 1..2; echo "ok 1 - a"; echo "ok 2 - b"'
closes "a sound run" 0 "5 passed, 0 failed" "$tree/build"
closes "no test at all" 1 "0 passed, 0 failed" "$tree/build" no-such-test

script live/live.sh 'echo "skip live: not here"'
closes "a skip" 0 "5 passed, 0 failed, 1 skipped" "$tree/build"
has "a skip is said aloud" "skip live: not here" "$SCRATCH/out"
closes "only skips" 1 "0 passed, 0 failed, 1 skipped" "$tree/build" live

script bad.sh 'echo "ok a"; echo "not ok b: because"; echo "# shown"'
closes "a failure" 1 "1 passed, 1 failed" "$tree/build" bad.sh
has "its reason is shown" "not ok b: because" "$SCRATCH/out"
has "its details are shown" "# shown" "$SCRATCH/out"
script bad.sh 'echo "ok a"; echo complaint >&2; exit 3'
closes "an exit status without a failure" 1 "1 passed, 1 failed" "$tree/build" bad.sh
has "stderr is shown" complaint "$SCRATCH/out"
script bad.sh 'echo nothing'
closes "a script without a result" 1 "0 passed, 1 failed" "$tree/build" bad.sh
script bad.sh 'echo "ok a"; sleep 9'
TEST_TIMEOUT=1 closes "a script that hangs" 1 "1 passed, 1 failed" "$tree/build" bad.sh
chmod -x "$tree/tests/bad.sh"
closes "a script that is not executable" 1 "0 passed, 1 failed" "$tree/build" bad.sh
rm "$tree/tests/bad.sh"

unit bad 'echo 1..3; echo "ok 1 - a"; echo "not ok 2 - b"; echo "# why"; echo "not ok 3 # SKIP c"; exit 1'
closes "a unit test that fails" 1 "1 passed, 1 failed, 1 skipped" "$tree/build" unit/test_bad
has "its reason" "not ok b: why" "$SCRATCH/out"
unit bad 'echo 1..3; echo "ok 1 - a"; kill -SEGV $$'
closes "a unit test that crashes" 1 "1 passed, 1 failed" "$tree/build" unit/test_bad
rm "$tree/tests/unit/test_bad.c"
touch "$tree/tests/unit/test_absent.c"
closes "a unit test that was not built" 1 "0 passed, 1 failed" "$tree/build" unit/test_absent
rm "$tree/tests/unit/test_absent.c"

case=$tree/tests/golden/case
mkdir -p "$case"
echo '"$PROCTOR" scan; status=$?; cat input >&2; exit $status' >"$case/cmd"
echo hello >"$case/input"
closes "a golden case that was not blessed" 1 "0 passed, 1 failed" "$tree/build" golden
exits "blessing" 0 "$tree/tools/run-tests" --bless "$tree/build" case
is "the blessed output" "found scan" "$(cat "$case/expected")"
is "the blessed status" 1 "$(cat "$case/status")"
closes "a golden case" 0 "1 passed, 0 failed" "$tree/build" golden
echo other >"$case/expected"
closes "a golden case whose output differs" 1 "0 passed, 1 failed" "$tree/build" golden
has "the diff is shown" "-other" "$SCRATCH/out"
echo "found scan" >"$case/expected"
rm "$case/status"
closes "a golden case whose status differs" 1 "0 passed, 1 failed" "$tree/build" golden
echo 1 >"$case/status"
echo bye >"$case/expected_err"
closes "a golden case whose stderr differs" 1 "0 passed, 1 failed" "$tree/build" golden

script long/long.sh 'echo "ok long"'
mkdir "$tree/tests/long/live"
script long/live/alone.sh 'echo "ok alone"'
closes "the long tests" 0 "2 passed, 0 failed" --long "$tree/build"
is "those that are live come last" "pass       long/live/alone.sh (1)" "$(tail -n 2 "$SCRATCH/out" | head -n 1)"

script shared.sh 'echo "ok ${PROCTOR_SHARED-unset} $SRC $BUILD $PROCTOR"'
cd "$SCRATCH" && mkdir logs
env -u PROCTOR_SHARED "$tree/tools/run-tests" -v "$tree/build" shared.sh >"$SCRATCH/out"
has "paths are absolute" "ok unset $tree $tree/build $tree/build/proctor" "$SCRATCH/out"
PROCTOR_SHARED=$SCRATCH/logs "$tree/tools/run-tests" -v "$tree/build" shared.sh >"$SCRATCH/out"
has "PROCTOR_SHARED is passed on" "ok $SCRATCH/logs " "$SCRATCH/out"
PROCTOR_SHARED=$SCRATCH/none "$tree/tools/run-tests" -v "$tree/build" shared.sh >"$SCRATCH/out"
has "PROCTOR_SHARED that is no folder is unset" "ok unset " "$SCRATCH/out"
