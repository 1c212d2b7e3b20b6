/* lease_keeper: the process that makes a lease's changes, outlives its owner, and undoes them. */
#ifndef HOST_LEASE_KEEPER_H
#define HOST_LEASE_KEEPER_H

#include "host/audit_lease.h"

struct lease_order {
	const struct audit_rules *rules;
	const struct audit_lease_options *options;
	int owner; /* pidfd of who takes the lease */
};

/* Sent once when the changes are made, or could not be, and once when they are undone. */
struct lease_answer {
	int result;
	pid_t pid;
	size_t added, refused;
	char text[512];
};

/* In a process of its own. Waits on the socket for a word of release, and for the owner's death. */
_Noreturn void lease_keep(const struct lease_order *order, int socket);

#endif
