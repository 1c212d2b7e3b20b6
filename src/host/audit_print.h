/* audit_print: audit rules as a file for `auditctl -R` or /etc/audit/rules.d, with what a reader must know. */
#ifndef HOST_AUDIT_PRINT_H
#define HOST_AUDIT_PRINT_H

#include "host/audit_rules.h"

struct audit_print {
	const struct audit_rules *rules;
	const struct audit_wish *wish; /* of which they were built */
	uint32_t backlog_limit;	       /* the host's; the file never lowers it. 0: not known */
	bool enable;		       /* turn auditing on, too */
	size_t targets_left_out;
};

/*
 * Names from this host stand in comments, what is no printable ASCII as '?', so that no name adds a rule. Lines of
 * rules hold the scope's exe as it is.
 */
void audit_print_write(const struct audit_print *print, struct buffer *to);

#endif
