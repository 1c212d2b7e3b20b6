/*
 * coverage: what a host's audit rules can have seen, from the output of
 * `auditctl -l`. A log says nothing of what its rules do not cover.
 *
 *	-w /etc/passwd -p wa -k identity
 *	-a always,exit -F arch=b64 -S open,openat -F exit=-EACCES -F key=access
 *	-a never,filesystem -F fstype=0x9fa0
 */
#ifndef SOURCE_COVERAGE_H
#define SOURCE_COVERAGE_H

#include "base/span.h"
#include "model/summary.h"

enum coverage_level {
	COVERAGE_NONE,
	COVERAGE_FAILURES, /* only what was denied */
	COVERAGE_SOME,	   /* only of some users, programs or parts of procfs */
	COVERAGE_ALL,
};

struct coverage {
	size_t rules;
	enum coverage_level procfs; /* opens on procfs */
	enum coverage_level ptrace, process_vm, pidfd_getfd;
	bool listed;	       /* the text is a listing of rules at all, be it "No rules" */
	bool blind_filesystem; /* -a never,filesystem for procfs: its PATH records never come, and no rule sees it */
	bool blind_task;       /* -a never,task: nothing of any process that starts then */
	bool blind_exit;       /* -a never,exit on opens, before any rule that would take them */
	bool excludes_syscall, excludes_path; /* -a always,exclude -F msgtype=… */
};

struct coverage coverage_of_rules(struct span text);

/* Says it in notes: what is seen, what is not. `host` may be NULL. */
void coverage_note(const struct coverage *coverage, const char *host, struct summary *summary);

#endif
