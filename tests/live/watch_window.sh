#!/bin/sh
# A correlation whose condition is asked when its window closes fires while the watch runs, though nothing more happens.
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/audit.sh
. "$(dirname "$0")/../lib/audit.sh"
need jq auditctl

audit_begin
audit_program live_reader
decoy
mkdir "$SCRATCH/rules"
cat >"$SCRATCH/rules/few.yml" <<-'END'
	title: Few reads of memory
	id: 3d5c54a5-9d0c-4b1e-9b4c-2f3f6f0a7f11
	name: few-reads
	status: test
	description: at most two within a second
	author: test
	date: 2026-11-25
	level: medium
	correlation:
	    type: event_count
	    generate: true
	    rules:
	        - memory-open
	    group-by:
	        - TargetProcessId
	    timespan: 1s
	    condition:
	        lte: 2
	proctor:
	    risk: Review
	    score: 50
	    reason: few reads
END
started "$PROCTOR" watch --sensor audit --json --rules "$SCRATCH/rules"
"$program" "$decoy" mem 1 >"$SCRATCH/reader"
until_line '"HighRisk"' && ok "the open is told at once" || not_ok "the open is told at once" "not told" "$SCRATCH/err"
lacks "the window is open still" '"few-reads"' "$SCRATCH/out"
until_line '"few-reads"' && ok "the window closes by itself" || not_ok "the window closes by itself" "not told" "$SCRATCH/err"
stopped
is "it is told once" 1 "$(grep -c '"few-reads"' "$SCRATCH/out")"
audit_end
is "auditing is as it was before the test" "$audit_before" "$(audit_now)"
