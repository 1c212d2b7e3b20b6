#!/bin/bash
# fanotify on this kernel: as sensor_bpf.sh, for what fanotify can see. What it cannot see must be told, not guessed.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/live.sh"

sensor_start fanotify "pid=$$"
decoy_start

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

# The reader ends with the sensor.
if pgrep -P "$SENSOR" >/dev/null; then
	not_ok "the reader ends" "it is there still"
else
	ok "the reader ends"
fi
