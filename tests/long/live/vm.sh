#!/bin/bash
# Debian's own kernel, 6.1, in a virtual machine (qemu without KVM and without a network): proctor's drill with each
# sensor, and the tests of the sensors themselves, by tests/vm/init. What a sensor should see there is seen, what is
# normal raises nothing. The results come over the second serial line, one JSON object a variant.
#
#   VM_PARTS	what is tried, by commas
#   VM_KERNEL	this kernel instead (a vmlinuz)
#   VM_SECONDS	the machine is ended after so long (2400): it takes three minutes on an idle machine, ten on a busy one
. "$(dirname "$0")/../../lib/tap.sh"

parts=${VM_PARTS:-bpf,audit,fanotify,chosen,sensor_bpf,sensor_fanotify}
need jq meson timeout
status=0
kernel=$("$SRC/tests/vm/parts.sh" "$BUILD" 2>"$SCRATCH/err") || status=$?
if [ $status != 0 ]; then
	case $kernel in
	"skip "*)	echo "$kernel" ;;
	*)		not_ok "the parts of the virtual machine" "exit status $status" "$SCRATCH/err" ;;
	esac
	exit 0
fi

if ! timeout 120 "$SRC/tests/vm/image.sh" "$BUILD" "$SCRATCH/image" >"$SCRATCH/err" 2>&1; then
	not_ok "the image of the virtual machine" "it cannot be made" "$SCRATCH/err"
	exit 0
fi
timeout "${VM_SECONDS:-2400}" qemu-system-x86_64 -M q35 -accel tcg -cpu max -m 2048 -smp 2 -nic none -no-reboot \
	-display none -monitor none -serial "file:$SCRATCH/console" -serial "file:$SCRATCH/serial" -kernel "$kernel" \
	-initrd "$SCRATCH/image" -append "console=ttyS0 quiet panic=-1 vm=$parts" >"$SCRATCH/err" 2>&1 </dev/null
is "the machine turns itself off" 0 $?
tr -d '\r' <"$SCRATCH/serial" >"$SCRATCH/result"
tail -n 20 "$SCRATCH/console" >>"$SCRATCH/err"
if ! grep -q '^== kernel ' "$SCRATCH/result"; then
	not_ok "the machine starts" "nothing came from it" "$SCRATCH/err"
	exit 0
fi
release=$(sed -n 's/^== kernel //p' "$SCRATCH/result")
case $release in
6.1.*)	ok "kernel $release" ;;
*)	[ -n "${VM_KERNEL:-}" ] && ok "kernel $release" || not_ok "kernel 6.1" "it is $release" ;;
esac
has "the machine came to its end" "== end" "$SCRATCH/result"
lacks "no kernel trouble" "Call Trace" "$SCRATCH/console"
has "auditing is as it was" "== audit same" "$SCRATCH/result"

# part KIND NAME: what came of it, in $SCRATCH/part
part() {
	awk -v from="== $1 $2" -v end="== status $2 " 'index($0, end) == 1 { on = 0 } on { print } $0 == from { on = 1 }' \
		"$SCRATCH/result" >"$SCRATCH/part"
}

# of_drill FILTER
of_drill() {
	grep '^{' "$SCRATCH/part" | jq -r "select($1)"
}

count() {
	of_drill ".result == \"$1\"" | jq -s length
}

variants=$("$PROCTOR" drill --list | tail -n +2 | wc -l)
check_drill() {
	part drill "$1"
	is "$1, every variant has its line" "$variants" "$(grep -c '^{' "$SCRATCH/part")"
	of_drill '.result == "missed" or .result == "raised"' | jq -r '"\(.variant): \(.why)"' | tap_show
	is "$1, what it should see is seen, what is normal is quiet" "== status $1 0" "$(grep "^== status $1 " "$SCRATCH/result")"
	is "$1, what could not be carried out is not installed" "" \
		"$(of_drill '.result == "not-run"' | jq -r '"\(.variant): \(.why)"' | grep -v 'not installed')"
	ok "$1 on $release, $(count seen) seen, $(count expected-miss) expected misses, $(count quiet) quiet, $(count not-run) not run"
	[ "$(count seen)" -ge 60 ] && ok "$1, at least 60 variants are seen" || not_ok "$1, at least 60 variants are seen" "$(count seen)"
}

check_script() {
	part script "$1"
	grep -aE '^(ok|not ok|skip|#) ' "$SCRATCH/part" | sed "s/^\(ok\|not ok\|skip\) /&$1 in the machine, /"
	is "$1 in the machine, its status" "== status $1 0" "$(grep "^== status $1 " "$SCRATCH/result")"
	grep -q '^ok ' "$SCRATCH/part" || not_ok "$1 in the machine" "nothing was tried" "$SCRATCH/part"
}

for name in $(echo "$parts" | tr , ' '); do
	case $name in
	sensor_*)	check_script "$name" ;;
	*)		check_drill "$name" ;;
	esac
done
