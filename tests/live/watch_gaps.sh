#!/bin/sh
# What a watch says at its start of what auditing does not record: a line each, with what mends it.
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../lib/audit.sh"
need jq auditctl setpriv

audit_begin
no_such_user=64999

gaps() {
	started "$PROCTOR" watch --json --sensor "$1"
	stopped
	grep -a 'auditing does not record' "$SCRATCH/err" >"$SCRATCH/gaps" || true
}

auditctl -e 0 >/dev/null
auditctl -b 64 >/dev/null
gaps audit
has "auditing is off" "everything: the kernel says enabled 0 (auditctl -s); to mend it: auditctl -e 1" "$SCRATCH/gaps"
has "the backlog is small" "backlog_limit is 64; " "$SCRATCH/gaps"
has "what mends a small backlog" "to mend it: auditctl -b 8192" "$SCRATCH/gaps"
has "rules are missing" "no audit rule sees it (auditctl -l) (and " "$SCRATCH/gaps"
has "what mends missing rules" "to mend it: proctor rules audit --install" "$SCRATCH/gaps"
is "one line for all rules that are missing" 1 "$(grep -c 'rules audit --install' "$SCRATCH/gaps")"
lacks "it listens itself" "no socket reads" "$SCRATCH/err"
lacks "nothing switches tasks off" "never,task" "$SCRATCH/gaps"

auditctl -b 8192 >/dev/null
auditctl -e 1 >/dev/null
auditctl -a never,task -F uid=$no_such_user >/dev/null
gaps audit
auditctl -d never,task -F uid=$no_such_user >/dev/null
lacks "auditing is on" "enabled 0" "$SCRATCH/gaps"
lacks "the backlog is large enough" "backlog_limit" "$SCRATCH/gaps"
has "a rule that switches tasks off" "never,task" "$SCRATCH/gaps"

gaps fanotify
is "who does not live by audit hears nothing of it" 0 "$(wc -l <"$SCRATCH/gaps")"

chmod 711 "$SCRATCH"
started setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps +audit_read --ambient-caps +audit_read \
	--bounding-set -all,+audit_read "$PROCTOR" watch --json --sensor audit
stopped
has "without the right to look, that is told" "what auditing does not record cannot be told" "$SCRATCH/err"

audit_end
is "auditing is as it was before the test" "$audit_before" "$(audit_now)"
