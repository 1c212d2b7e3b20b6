/*
 * memory: the doors beside procfs: process_vm_readv, process_vm_writev,
 * ptrace attach and seize, pidfd_getfd. No PATH names the target; arguments
 * and OBJ_PID do.
 */
#include "resolve/resolver.h"

#define REQUEST_ATTACH 16     /* PTRACE_ATTACH, uapi/linux/ptrace.h */
#define REQUEST_SEIZE 0x4206u /* PTRACE_SEIZE */

static uint64_t pid_argument(const struct call *call, unsigned i)
{
	uint64_t value = call->a[i] & 0xffffffffu;

	return call->has_a[i] && value > 0 && value <= INT32_MAX ? value : UNKNOWN_ID;
}

/* OBJ_PID counts in the initial pid namespace, arguments in the caller's. */
static void target_by_argument(struct resolver *resolver, struct access *access, unsigned i)
{
	const struct call *call = &resolver->call;
	bool foreign = resolver->actor && resolver->actor->foreign_pids;
	uint64_t pid = pid_argument(call, i);

	access->resolved_by = RESOLVED_ARGUMENT;
	access->certain = true;
	if (call->object_pid != UNKNOWN_ID) {
		pid = call->object_pid;
	} else if (foreign) {
		access->certain = false;
		pid = UNKNOWN_ID;
	}
	if (pid == UNKNOWN_ID) {
		access->certain = false;
		access->resolved_by = RESOLVED_NONE;
	}
	resolver_target(resolver, access, pid);
	if (call->object_comm.data)
		access->target.comm = call->object_comm;
	if (call->object_uid != UNKNOWN_ID)
		access->target.uid = call->object_uid;
}

/*
 * A clone of the process that attaches to it: LeakSanitizer's tracer. The
 * child has executed nothing, so both run the same program.
 */
static bool is_own_tracer(struct resolver *resolver, const struct access *access)
{
	const struct known_process *actor = resolver->actor;

	/* That the parent's exec is in the log shows that execs are recorded at all. */
	return actor && !actor->executed && actor->ppid == access->target.pid &&
	       access->target.start_ms != TIME_UNKNOWN && access->target.exe.len &&
	       span_equal(access->target.exe, access->actor.exe);
}

static void by_pidfd(struct resolver *resolver, struct access *access)
{
	const struct call *call = &resolver->call;
	const struct known_fd *known = call->has_a[0]
					       ? history_fd(&resolver->history, resolver->event->boot, call->actor.pid,
							    call->a[0] & 0xffffffffu, &access->certain)
					       : NULL;

	if (!known || known->place.kind != PLACE_PIDFD) {
		access->certain = false;
		resolver_target(resolver, access, call->object_pid);
		return;
	}
	access->resolved_by = RESOLVED_FD;
	resolver_target(resolver, access, known->place.pid);
}

void resolve_memory(struct resolver *resolver)
{
	const struct call *call = &resolver->call;
	struct access *access;

	switch (call->id) {
	case CALL_process_vm_readv:
	case CALL_process_vm_writev:
		access = resolver_add(resolver, SIGHTING_ACCESS,
				      call->id == CALL_process_vm_readv ? VERB_PROCESS_VM_READV
									: VERB_PROCESS_VM_WRITEV);
		if (!access)
			return;
		access->write = call->id == CALL_process_vm_writev;
		target_by_argument(resolver, access, 0);
		break;
	case CALL_ptrace:
		if (!call->has_a[0] || (call->a[0] != REQUEST_ATTACH && call->a[0] != REQUEST_SEIZE))
			return;
		access = resolver_add(resolver, SIGHTING_ACCESS, VERB_PTRACE);
		if (!access)
			return;
		access->request = call->a[0];
		target_by_argument(resolver, access, 1);
		access->self |= is_own_tracer(resolver, access);
		break;
	case CALL_pidfd_getfd:
		access = resolver_add(resolver, SIGHTING_ACCESS, VERB_PIDFD_GETFD);
		if (!access)
			return;
		by_pidfd(resolver, access);
		break;
	default:
		return;
	}
	if (access->self)
		access->resolved_by = RESOLVED_SELF;
}
