#!/bin/bash
# The eBPF sensor on this kernel: each way to reach for a decoy's memory (tests/programs/reach.c) must give an access
# that names the decoy, the entry and the actor. Nothing is shown but what descends from this script.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/live.sh"

sensor_start bpf "pid=$$"
decoy_start

# WAY VERB ENTRY [MORE…]: the access that this way must give; MORE are further words of its line.
while read -r way verb entry more; do
	reach "$way"
	note "$way" "verb=$verb entry=$entry" "$more"
done <<-'WAYS'
	open open mem syscall=open outcome=success certain=1 write=0
	openat open mem syscall=openat
	openat2 open mem syscall=openat2
	creat open mem syscall=creat write=1
	int80 open mem syscall=open
	slashes open mem
	dots open mem
	task open mem
	self_root open mem
	maps open maps
	environ open environ
	smaps_rollup open smaps_rollup
	cwd open mem path=mem
	dirfd open mem path=mem
	dirfd_proc open mem
	link open mem
	opath open mem path_only=0
	bind open mem
	bind_file open mem path=/mnt/harmless
	chroot open mem trusted=0
	second_procfs open mem
	fsmount open mem
	open_tree open mem
	thread open mem
	fork open mem
	renamed open mem actor.comm=needrestart
	readv process_vm_readv - syscall=process_vm_readv
	writev process_vm_writev - write=1
	attach ptrace - outcome=success
	seize ptrace - outcome=success
	getfd pidfd_getfd - outcome=success
	gotfd open mem syscall=pidfd_getfd
	uring open mem certain=1
	uring_openat2 open mem syscall=openat2
	uring_fixed open mem certain=1
	uring_thread open mem certain=1
	uring_async open mem certain=1
	uring_silent open mem certain=0
	denied open mem outcome=EACCES certain=0 actor.uid=65534
	denied_cwd open mem outcome=EACCES
	denied_dirfd open mem outcome=EACCES
	denied_task open mem outcome=EACCES
	denied_readv process_vm_readv - outcome=EPERM
	denied_seize ptrace - outcome=EPERM
	denied_uring open mem outcome=EACCES
WAYS
reach pid_namespace
reach self
reach stack
reach event

# Scripts: the kernel's word for what an interpreter runs; env only hands over; a child without execve inherits.
printf '#!/bin/sh\nread -r line </proc/%s/environ\n' "$DECOY" >"$SCRATCH/plain"
printf '#!/usr/bin/env -S sh -e\n(read -r line </proc/%s/maps) || :\n' "$DECOY" >"$SCRATCH/by_env"
cat=$(realpath "$(command -v cat)")
printf '#!/bin/sh\n%s /proc/%s/auxv >/dev/null\n' "$cat" "$DECOY" >"$SCRATCH/by_other"
chmod 755 "$SCRATCH/plain" "$SCRATCH/by_env" "$SCRATCH/by_other"
"$SCRATCH/plain" 7>&-
"$SCRATCH/by_env" 7>&-
"$SCRATCH/by_other" 7>&-

# A container is what the cgroup says.
id=$(printf '%064d' 7)
unified=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
group=$unified/docker-$id.scope
if [ -n "$unified" ] && mkdir "$group" 2>/dev/null; then
	(echo "$BASHPID" >"$group/cgroup.procs" && reach smaps_rollup)
	for _ in 1 2 3 4 5; do
		rmdir "$group" 2>/dev/null && break
		sleep 0.2
	done
	contained=1
else
	skip "the container" "no cgroup can be made here"
fi

sensor_stop
check_notes
# What the hook of the kernel's security modules tells beside the rest, where it runs: only what nothing else tells.
hook=$(sed -n 's/^ready with=\([^ ]*\) .*/\1/p' "$SCRATCH/seen")
told() {
	grep -a '^access ' "$SCRATCH/seen" | grep -acF "actor.cmdline=$BUILD/tests/reach_$1_$DECOY "
}
if [ -n "$hook" ]; then
	check_line "an event of fanotify, by $hook" "verb=open entry=mem" "by=check" "target.pid=$DECOY " \
		"actor.comm=reach " "reach_event_"
	is "an event of fanotify: who opened, and who was handed it" 2 "$(told event)"
else
	skip "an event of fanotify" "this kernel runs no programs at the hook"
	is "an event of fanotify: who opened" 1 "$(told event)"
fi
for way in open openat creat maps thread fork link readv writev attach seize getfd uring uring_thread uring_async stack; do
	grep -q '^cannot' "$SCRATCH/reached.$way" || is "$way is told once" 1 "$(told $way)"
done
check_line "a decoy in another pid namespace" "verb=open entry=mem" "target.comm=inner_decoy" "reach_pid_namespace"
[ -z "${contained:-}" ] || check_line "the container" "actor.container=$id " "reach_smaps_rollup_"
check_line "a script" "entry=environ" "actor.script=$SCRATCH/plain " "script_uid=0"
check_line "a script of env, in a child" "entry=maps" "actor.script=$SCRATCH/by_env "
check_line "a program that a script starts" "entry=auxv" "actor.exe=$cat " "actor.script= "
if grep -q "reach_self_$DECOY" "$SCRATCH/seen"; then
	not_ok "its own entries" "are told" "$SCRATCH/seen"
else
	ok "its own entries"
fi

# A flood through a small ring: what was made is seen or counted, to the last one.
export REACH_TIMES=${REACH_TIMES:-50000}
sensor_start bpf "pid=$$" 4096
reach flood
sensor_stop
count() {
	sed -n "s/^counts.* $1=\([0-9]*\).*/\1/p" "$SCRATCH/seen"
}
made=$(sed -n 's/^made //p' "$SCRATCH/reached.flood")
is "a flood is seen or counted" "$made" "$(($(count read) + $(count dropped)))"
is "what was read was told" "$(count read)" "$(grep -ac '^access ' "$SCRATCH/seen")"
if [ "$(count dropped)" -gt 0 ]; then
	ok "a small ring drops some of it"
else
	not_ok "a small ring drops some of it" "nothing was dropped, so nothing was tried" "$SCRATCH/seen"
fi
