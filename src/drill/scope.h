/*
 * scope: the kernel's audit rules for as long as a drill runs, for the
 * drill's own processes and no others. They are told by a login uid that
 * nobody has: it passes on to children, whatever they execute and whoever
 * they become.
 */
#ifndef DRILL_SCOPE_H
#define DRILL_SCOPE_H

#include "base/err.h"

struct audit_lease;

#define SCOPE_LOGIN 1003007 /* a login uid, named for the technique */

/* NULL with err: no rights, rules are locked, somebody else has the lease. Forks: before there are threads. */
struct audit_lease *scope_take(struct err *err);

/* From now on we and our children to come are in the scope. 0 or a negative errno with err. */
int scope_enter(struct err *err);

/* Puts everything back. NULL is allowed. Negative errno with err if something could not be undone. */
int scope_release(struct audit_lease *lease, struct err *err);

#endif
