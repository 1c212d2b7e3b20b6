#!/bin/bash
# Makes one capture: a real auditd, the audit rules that proctor gives out, one
# workload, and the log of what that workload did.
#
#   capture.sh [-r ROOT] [-f raw|enriched] [-l LINES] [-t SECONDS] [-o DIR] WORKLOAD...
#
#   -r ROOT      run inside this Debian tree (a debootstrap), so that no tool has to be
#                installed on the host; the kernel is the host's either way
#   -f FORMAT    auditd's log_format (default raw)
#   -l LINES     keep whole events up to about this many lines (default 4000)
#   -t SECONDS   stop a workload after this long (default 60)
#   -o DIR       where NAME.log.xz goes (default ../captures)
#   WORKLOAD     a name in workloads/, without .sh
#
# Other people's processes live on the same kernel, so:
#  - every rule names one login uid, which only the workload carries;
#  - rules, the enabled flag, the backlog limit and auditd itself are put back on any
#    exit, rules one by one;
#  - records of other login uids are dropped before anything is stored;
#  - only decoys (decoy.c) are ever attached to or have their memory read.
set -u
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin

here=$(cd "$(dirname "$0")" && pwd)
root="" format=raw lines=4000 seconds=60 out=$here/../captures
lab=/srv/lab1            # neutral: these paths are in the captures for good
login=61235              # the login uid that the rules are scoped to
user=60011               # who runs what needs no root
while getopts r:f:l:t:o: option; do
	case $option in
	r) root=$OPTARG ;; f) format=$OPTARG ;; l) lines=$OPTARG ;;
	t) seconds=$OPTARG ;; o) out=$OPTARG ;; *) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 2; }
die() { echo "capture: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || die "needs root"

# With -r: copy ourselves into the tree and go on there, in a private mount namespace.
if [ -n "$root" ]; then
	rm -rf "$root$lab/capture"
	mkdir -p "$root$lab/out" && cp -r "$here" "$root$lab/capture" || exit 1
	# pivot_root rather than chroot: a chroot may not make namespaces, and shows through in exe=.
	unshare -m --propagation private sh -c '
		mount --bind "$0" "$0" && cd "$0" &&
		mount --bind /proc proc && mount --rbind /dev dev && mount --rbind /sys sys &&
		mount -t tmpfs tmpfs run && mkdir -p run/lock && mount -t tmpfs tmpfs tmp && chmod 1777 tmp &&
		pivot_root . . && umount -l . && cd / &&
		exec /usr/bin/env -i PATH="$PATH" LC_ALL=C HOME=/root "$@"' \
		"$root" "$lab/capture/capture.sh" -f "$format" -l "$lines" -t "$seconds" -o "$lab/out" "$@"
	status=$?
	mkdir -p "$out"
	for name; do
		suffix=; [ "$format" = enriched ] && suffix=.enriched
		[ -f "$root$lab/out/$name$suffix.log.xz" ] && mv "$root$lab/out/$name$suffix.log.xz" "$out/"
	done
	exit $status
fi

for tool in auditd auditctl xz gcc python3; do
	command -v $tool >/dev/null || die "needs $tool: apt-get install auditd xz-utils gcc python3"
done

status_of() { auditctl -s | awk -v name="$1" '$1 == name { print $2 }'; }
enabled=$(status_of enabled) backlog=$(status_of backlog_limit)
[ "$(status_of pid)" = 0 ] || die "another audit daemon is running (pid $(status_of pid)): not touching it"
[ "$enabled" = 2 ] && die "the audit configuration is locked (enabled 2) until the next boot"

minor=$(stat -L -c %Hd:%Ld /proc); minor=${minor#*:}
work=$lab/au
rm -rf $work && mkdir -p $work/etc/plugins.d $work/log $lab/bin $lab/run $lab/state && chmod 755 $lab $lab/bin
chmod 1777 $lab/run

# proctor's own audit rules, each narrowed to our login uid, and those that a workload
# asks for on a line '# rule: -F arch=b64 -S pidfd_open -k proctor_xmem'.
rule_lines() {
	sed '/-k/!d; s/^/-a always,exit /; s/ -k / -F auid='$login' -k /' <<-RULES
		-F arch=b64 -S open,openat,openat2,creat -F devmajor=0 -F devminor=$minor -k proctor_procfs
		-F arch=b32 -S open,openat,openat2,creat -F devmajor=0 -F devminor=$minor -k proctor_procfs
		-F arch=b64 -S process_vm_readv,process_vm_writev,pidfd_getfd -k proctor_xmem
		-F arch=b64 -S ptrace -F a0=16 -k proctor_xmem
		-F arch=b64 -S ptrace -F a0=0x4206 -k proctor_xmem
		-F arch=b64 -S mount,chroot,fsopen,fsmount,open_tree,move_mount -k proctor_mnt
		-F arch=b64 -S io_uring_setup -k proctor_iouring
		-F arch=b64 -S execve,execveat -F success=1 -k proctor_exec
		$(sed -n 's/^# rule: //p' "$1")
	RULES
}
load_rules() {
	(umask 077; rule_lines "$1" > $work/audit.rules)
	# An unscoped rule would record the whole machine: refuse rather than trust the line above.
	grep -v -- "-F auid=$login " $work/audit.rules && die "a rule is not scoped to our login uid"
	mapfile -t rules < <(sed 's/^-a/-d/' $work/audit.rules)
	auditctl -R $work/audit.rules >/dev/null || die "auditctl refused a rule"
}

leftovers() { # processes that carry our login uid, and nobody else's
	local entry
	for entry in /proc/[0-9]*/loginuid; do
		[ "$(cat $entry 2>/dev/null)" = $login ] && entry=${entry#/proc/} && echo ${entry%/loginuid}
	done
}
teardown() {
	local pid i
	trap - EXIT INT TERM HUP
	echo 4294967295 > /proc/self/loginuid 2>/dev/null # what follows is no part of the capture
	for pid in $(leftovers); do kill -KILL $pid 2>/dev/null; done
	for pid in $decoys; do kill -KILL $pid && wait $pid; done 2>/dev/null
	for ((i = ${#rules[@]} - 1; i >= 0; i--)); do auditctl ${rules[i]} >/dev/null; done
	rules=()
	auditctl -e $enabled >/dev/null
	auditctl -b $backlog >/dev/null
	if [ -n "$auditd_pid" ]; then
		kill -TERM $auditd_pid 2>/dev/null
		wait $auditd_pid 2>/dev/null
	fi
	auditd_pid="" decoys=""
}

start_auditd() {
	mkdir -p $work/log
	cat > $work/etc/auditd.conf <<-CONF
		local_events = yes
		write_logs = yes
		log_file = $work/log/audit.log
		log_group = root
		log_format = ${format^^}
		flush = incremental_async
		freq = 50
		max_log_file = 64
		num_logs = 0
		max_log_file_action = ignore
		space_left = 75
		space_left_action = ignore
		admin_space_left = 50
		admin_space_left_action = ignore
		disk_full_action = ignore
		disk_error_action = ignore
		name_format = none
		q_depth = 65536
		plugin_dir = $work/etc/plugins.d
	CONF
	chmod -R go-rwx $work
	auditd -n -c $work/etc 2>$work/auditd.err &
	auditd_pid=$!
	for _ in $(seq 100); do
		grep -q DAEMON_START $work/log/audit.log 2>/dev/null && return 0
		sleep 0.05
	done
	die "auditd did not start: $(cat $work/auditd.err)"
}

build() {
	local name
	gcc -O1 -w -pthread -o $lab/bin/decoy $here/decoy.c || die "decoy.c does not compile"
	gcc -O1 -w -static -pthread -o $lab/bin/acc $here/acc.c || die "acc.c does not compile"
	gcc -O1 -w -m32 -static -pthread -o $lab/bin/acc32 $here/acc.c 2>/dev/null || rm -f $lab/bin/acc32
	for name in gnome-keyring-daemon sshd ssh-agent; do cp -f $lab/bin/decoy $lab/bin/$name; done
	rm -rf $lab/run/* && cp -f $here/files/* $lab/run/
}
decoy() { # decoy LABEL NAME UID: its numbers go to $lab/state/LABEL
	rm -f $lab/state/$1
	install -d -m 1777 $lab/state
	(cd / && exec setpriv --reuid $3 --regid $3 --clear-groups env -i PATH=/usr/bin:/bin HOME=/nonexistent \
		$lab/bin/$2 -n $2 -o $lab/state/$1 -t $((seconds + 30))) &
	decoys="$decoys $!"
	for _ in $(seq 100); do [ -s $lab/state/$1 ] && return 0; sleep 0.02; done
	die "decoy $1 did not start"
}
numbers_of() { # exports LABEL_PID LABEL_TID LABEL_ADDRESS LABEL_LENGTH LABEL_FD
	read -r pid tid address length fd < $lab/state/$1
	export ${1}_PID=$pid ${1}_TID=$tid ${1}_ADDRESS=$address ${1}_LENGTH=$length ${1}_FD=$fd
}

keep_ours() { # whole events with our login uid or of our own auditd; kernel name made neutral
	python3 - "$1" "$2" $login $3 $4 <<-'PY'
		import re, sys
		source, target, login, daemon, limit = sys.argv[1:]
		ours, size, order, lines = set(), {}, [], []
		stamp = re.compile(r"msg=audit\((\d+\.\d+:\d+)\)")
		mark = re.compile(r"(?<!old-)\bauid=%s\b" % login)
		own = re.compile(r"type=SYSCALL .*\bpid=%s\b.*comm=\"auditd\"" % daemon)
		for line in open(source, errors="surrogateescape"):
		    found = stamp.search(line)
		    if not found:
		        continue
		    line = re.sub(r"(kernel=\d+\.\d+(\.\d+)?)\S*", r"\1-lab", line)
		    key = found.group(1)
		    if key not in size:
		        size[key] = 0
		        order.append(key)
		    size[key] += 1
		    lines.append((key, line))
		    if mark.search(line) or own.search(line) or line.startswith("type=DAEMON_"):
		        ours.add(key)
		# Lines stay in the order auditd wrote them; a cut falls between events.
		kept, count, cut = set(), 0, 0
		for key in order:
		    if key not in ours:
		        continue
		    if count >= int(limit):
		        cut += 1
		        continue
		    kept.add(key); count += size[key]
		with open(target, "w", errors="surrogateescape") as out:
		    out.writelines(line for key, line in lines if key in kept or "type=DAEMON_" in line[:16])
		print("%d events, %d lines, %d events beyond the limit, %d foreign dropped"
		      % (len(kept), count, cut, len(order) - len(ours)))
	PY
}

run() {
	local name=$1 script=$here/workloads/$1.sh before wanted suffix=
	[ "$format" = enriched ] && suffix=.enriched
	[ -f "$script" ] || die "no workload $name in $here/workloads"
	trap teardown EXIT
	trap 'exit 130' INT TERM HUP
	rules=() decoys="" auditd_pid=""
	decoy KEYRING gnome-keyring-daemon $user
	decoy SSHD sshd 0
	numbers_of KEYRING; numbers_of SSHD
	start_auditd
	export SSHD_PID KEYRING_PID LAB=$lab LABUSER=$user
	cp "$script" $lab/run/
	wanted=$(sed -n 's/^# lines: //p' "$script") # a workload that is told better at length
	# The rules are loaded by a process with our login uid, so that CONFIG_CHANGE says so.
	before=$(status_of lost)
	echo $login > /proc/self/loginuid || die "the login uid cannot be set"
	auditctl -b 16384 >/dev/null
	auditctl -e 1 >/dev/null
	load_rules "$script"
	(cd $lab/run && exec timeout -k 5 $seconds bash $lab/run/$name.sh >$work/stdout 2>$work/stderr </dev/null) &
	wait $!
	local status=$?
	echo 4294967295 > /proc/self/loginuid 2>/dev/null # what follows is no part of the capture
	sleep 0.5
	echo "$name: exit status $status, audit lost $(($(status_of lost) - before)), KEYRING_PID=$KEYRING_PID KEYRING_TID=$KEYRING_TID SSHD_PID=$SSHD_PID SSHD_TID=$SSHD_TID"
	[ $status = 0 ] || tail -n 3 $work/stderr
	local daemon=$auditd_pid
	teardown
	keep_ours $work/log/audit.log $out/$name$suffix.log $daemon ${wanted:-$lines}
	rm -rf $work/log
	xz -9 -f $out/$name$suffix.log
	stat -c '%s bytes %n' $out/$name$suffix.log.xz
}

mkdir -p "$out" && out=$(cd "$out" && pwd)
build
for name; do
	# Each in a process of its own: a login uid can be set only once in some kernels.
	(run "$name")
done
