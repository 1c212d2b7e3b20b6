#!/bin/bash
# fanotify on this kernel: as sensor_bpf.sh, for what fanotify can see. What it cannot see must be told, not guessed.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/live.sh"

sensor_start fanotify "pid=$$"
decoy_start

# Each access of these words is of PROGRAM; there are COUNT of them.
all_are() {
	local name=$1 words=$2 program=$3 count=$4
	grep -aF -e "$words" "$SCRATCH/seen" >"$SCRATCH/of_these"
	if [ "$(grep -acF "actor.exe=$program " "$SCRATCH/of_these")" = "$count" ] &&
		[ "$(wc -l <"$SCRATCH/of_these")" = "$count" ]; then
		ok "$name"
	else
		not_ok "$name" "not $count of $program" "$SCRATCH/of_these"
	fi
}

# Children that end at once are what their parent was, and whose children they are is known.
reach brief
# As late as can be: the reader comes to its events when all is over.
reader=$(pgrep -P "$SENSOR")
kill -STOP "$reader"
reach smaps_rollup
"$BUILD/tests/reach" then_sleep "$DECOY" >/dev/null 7>&- &
late=$!
sleep 0.1
kill -CONT "$reader"
wait "$late"

# WAY ENTRY [MORE…]. An actor that ends at once is named only when the reader was quick: reach waits for it here.
export REACH_STAYS=1
while read -r way entry more; do
	reach "$way"
	note "$way" "verb=open entry=$entry" "$more"
done <<-'WAYS'
	open mem outcome=success certain=1 syscall=open
	openat mem
	openat2 mem
	creat mem
	int80 mem
	slashes mem
	dots mem
	task mem
	self_root mem
	maps maps
	environ environ
	smaps_rollup smaps_rollup
	cwd mem
	dirfd mem
	dirfd_proc mem
	link mem
	bind mem
	bind_file mem
	chroot mem trusted=0
	open_tree mem
	thread mem
	renamed mem actor.comm=needrestart
	uring mem
	uring_openat2 mem
	uring_fixed mem
	uring_thread mem
	uring_async mem
	uring_silent mem
	inherit environ syscall=read
	self maps
WAYS
sensor_stop
grep -v '^self	' "$SCRATCH/notes" >"$SCRATCH/others"
mv "$SCRATCH/others" "$SCRATCH/notes"
check_notes
if grep -q "reach_self_$DECOY" "$SCRATCH/seen"; then
	not_ok "its own entries" "are told" "$SCRATCH/seen"
else
	ok "its own entries"
fi

all_are "children that end at once" "entry=auxv" "$BUILD/tests/reach" 50
lacks "they have a parent" "actor.ppid=-1" "$SCRATCH/of_these"
grep -a 'entry=smaps_rollup .*actor.exe= ' "$SCRATCH/seen" >"$SCRATCH/nameless"
is "who is gone before he is looked at is told without a name" 1 "$(wc -l <"$SCRATCH/nameless")"
lacks "but not without a parent" "actor.ppid=-1" "$SCRATCH/nameless"
has "and is counted" "unnamed=1" "$SCRATCH/seen"
late=$(grep -a 'entry=maps .*actor.exe=/usr/bin/sleep ' "$SCRATCH/seen")
check_line "who executes something else behind an open" "entry=maps" "actor.exe=/usr/bin/sleep " "trusted=0"
case $late in *trusted=1*) not_ok "it is not believed" "$late" ;; *) ok "it is not believed" ;; esac

# The reader ends with the sensor.
if pgrep -P "$SENSOR" >/dev/null; then
	not_ok "the reader ends" "it is there still"
else
	ok "the reader ends"
fi
