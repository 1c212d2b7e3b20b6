/* explain_when: the circumstances of a finding that advice depends on. Private to src/sink. */
#ifndef SINK_EXPLAIN_WHEN_H
#define SINK_EXPLAIN_WHEN_H

#include "model/finding.h"

enum explain_when {
	WHEN_ANY,
	WHEN_ACCESS,	     /* audit recorded it: it is an event, not a line of text */
	WHEN_LINE,	     /* a line of a log, or a crash */
	WHEN_CRASH,	     /* a process died */
	WHEN_EXECUTED,	     /* only a command line says so */
	WHEN_MEMORY,	     /* memory itself, by whatever door */
	WHEN_READABLE,	     /* mem or its like is open */
	WHEN_COPIED,	     /* process_vm_readv, process_vm_writev, and it worked */
	WHEN_ATTACHED,	     /* ptrace, and it worked */
	WHEN_MAPPED,	     /* addresses */
	WHEN_ENVIRON,	     /* environ */
	WHEN_HOST,	     /* kcore, /dev/mem */
	WHEN_REFUSED,	     /* an attempt */
	WHEN_PATH_ONLY,	     /* O_PATH */
	WHEN_UNKNOWN_TARGET, /* of another process, but nobody knows which */
	WHEN_UNCERTAIN,	     /* the target is known, but not proven */
	WHEN_INCOMPLETE,     /* records of the event are missing */
	WHEN_ANY_USER,	     /* anybody could have written the record */
	WHEN_BELIEVED,	     /* not anybody could */
	WHEN_NO_EXE,
	WHEN_PERSON,	 /* somebody logged in is behind it, not root */
	WHEN_NO_PERSON,	 /* nobody is */
	WHEN_SCRIPTLESS, /* an interpreter without a script */
	WHEN_FILELESS,
	WHEN_PACKAGE_TOOL, /* by class of the program */
	WHEN_CRASH_HANDLER,
	WHEN_CI,
	WHEN_COUNT
};

/* Bit 1 << enum explain_when. */
uint32_t explain_circumstances(const struct finding *finding);

#endif
