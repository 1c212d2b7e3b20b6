/*
 * Numbers of initial namespaces: include/uapi/linux/nsfs.h, in the kernel's
 * proc_ns.h before. That of the network's is fixed since 6.18; before, it came
 * from a counter, and only init's can be compared with.
 */
#include "source/namespace.h"

#include <sys/stat.h>

#define PID_INITIAL 0xEFFFFFFCu
#define NET_INITIAL 0xEFFFFFF9u

static ino_t number_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_ino : 0;
}

enum is_initial namespace_net_is_initial(void)
{
	ino_t own = number_of("/proc/self/ns/net");

	if (own == NET_INITIAL)
		return INITIAL_YES;
	/* In a pid namespace of its own, 1 is not the host's init. */
	ino_t of_init = number_of("/proc/self/ns/pid") == PID_INITIAL ? number_of("/proc/1/ns/net") : 0;
	if (!own || !of_init)
		return INITIAL_UNKNOWN;
	return own == of_init ? INITIAL_YES : INITIAL_NO;
}
