# shellcheck shell=sh
# For live tests of the kernel's auditing, after tap.sh: . "$(dirname "$0")/../lib/audit.sh"
#
# Auditing is the whole machine's, so: one test at a time (a lock), rules only for programs of the
# test's own, and at the end the state that was before. Gives:
#	audit_begin		takes the lock, remembers the state, turns auditing on; skips the script where
#				that is not possible; what was, as audit_now prints it, is in $audit_before
#	audit_program FILE	a copy of build/tests/FILE in $SCRATCH, whose opens are audited; its path in $program
#	audit_end		takes the rules away, restores the state, gives the lock back; the exit does it, too
#	decoy			starts a process with nothing to lose; its pid in $decoy
#	started COMMAND…	a watch in the background, once it says that it has started; its pid in $watch, what it
#				prints in $SCRATCH/out and $SCRATCH/err
#	until_line TEXT		waits until $SCRATCH/out has TEXT, 10 s at most; false when it does not come
#	stopped			ends the watch; its status in $status
audit_lock=/run/lock/proctor-audit.test
audit_programs='' audit_before=''
decoy='' watch='' status=''
export audit_before status # for those who look at them

audit_state() {
	auditctl -s | awk -v name="$1" '$1 == name { print $2 }'
}

# Without what only counts.
audit_now() {
	auditctl -s | grep -vE '^(backlog|lost|backlog_wait_time_actual) '
	auditctl -l
}

audit_begin() {
	if [ "$(id -u)" != 0 ] || ! auditctl -s >/dev/null 2>&1; then
		skip "$(basename "$0" .sh)" "auditing takes root and a kernel that has it"
		exit 0
	fi
	exec 9>"$audit_lock"
	flock 9
	audit_before=$(audit_now)
	audit_enabled=$(audit_state enabled) audit_backlog=$(audit_state backlog_limit)
	if [ "$audit_enabled" = 2 ]; then
		skip "$(basename "$0" .sh)" "the audit rules are locked until the next boot"
		exit 0
	fi
	trap 'audit_clean; rm -rf "$SCRATCH"' EXIT
	auditctl -b 8192 >/dev/null
	auditctl -e 1 >/dev/null
}

audit_rule() {
	auditctl "$1" always,exit -F arch=b64 -S open,openat,openat2 -F exe="$2" -k proctor_test >/dev/null 2>&1
}

audit_program() {
	program=$SCRATCH/$1
	cp "$BUILD/tests/$1" "$program"
	audit_rule -a "$program"
	audit_programs="$audit_programs $program"
}

audit_end() {
	for program in $audit_programs; do
		audit_rule -d "$program"
	done
	audit_programs=''
	auditctl -e "$audit_enabled" >/dev/null
	auditctl -b "$audit_backlog" >/dev/null
	flock -u 9
}

audit_clean() {
	[ -z "$watch" ] || kill "$watch" 2>/dev/null
	[ -z "$decoy" ] || kill "$decoy" 2>/dev/null
	audit_end
}

decoy() {
	sleep 600 9>&- &
	decoy=$!
}

started() {
	: >"$SCRATCH/out" # or what the watch before it wrote is taken for this one's, until the child has come so far
	"$@" >"$SCRATCH/out" 2>"$SCRATCH/err" 9>&- &
	watch=$!
	until_line '"why":"started"' || not_ok "the watch starts" "it does not say so" "$SCRATCH/err"
}

until_line() {
	for _ in $(seq 200); do
		! grep -aqF -e "$1" "$SCRATCH/out" || return 0
		sleep 0.05
	done
	return 1
}

stopped() {
	kill "$watch"
	status=0
	wait "$watch" || status=$?
	watch=''
}
