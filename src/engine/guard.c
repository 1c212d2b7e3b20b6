/*
 * The order matters: Landlock's rules need files that only root may open;
 * changing the user needs system calls that seccomp takes away.
 */
#include "engine/guard_parts.h"

#include <string.h>
#include <sys/prctl.h>
#include <time.h>

/*
 * LeakSanitizer forks, and attaches to us by ptrace at the end: nothing of this can work under it. ThreadSanitizer asks
 * for more than a filter leaves.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

int guard_refused(struct err *err, int number, const char *attempt)
{
	number = number < 0 ? -number : number;
	return err_set(err, -number, "cannot confine the scan: %s: %s; --no-confine scans without that protection",
		       attempt, strerror(number));
}

bool guard_works(void)
{
	return !SANITIZED;
}

int guard_confine(const struct guard *guard, struct summary *summary, struct err *err)
{
	int result;

	if (!guard_works())
		return 0;
	tzset(); /* reads /etc/localtime once: later, that is refused, and the kernel's audit tells of it */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return guard_refused(err, errno, "no_new_privs");
	result = guard_files(guard, summary, err);
	if (result == 0)
		result = guard_user(guard, summary, err);
	return result ? result : guard_calls(guard, summary, err);
}
