/* The texts of /proc/<pid>: a process gives itself its name. The first two bytes say where one ends and the next begins. */
#include "source/process_look.h"

#include <stdlib.h>

static uint16_t take(struct span *rest, size_t len, char *to, size_t room)
{
	struct span text = span_first(*rest, len < room ? len : room);

	if (text.len)
		memcpy(to, text.data, text.len);
	*rest = span_skip(*rest, text.len);
	return (uint16_t)text.len;
}

static void check_inside(struct span inner, const char *outer, size_t len)
{
	if (inner.data && (inner.data < outer || inner.data + inner.len > outer + len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct process_look look;
	struct process process;

	if (size < 2)
		return 0;
	struct span rest = { (const char *)data + 2, size - 2 };
	look.stat_len = take(&rest, data[0] * 4, look.stat, sizeof(look.stat));
	look.status_len = take(&rest, data[1] * 4, look.status, sizeof(look.status));
	look.cgroup_len = take(&rest, rest.len, look.cgroup, sizeof(look.cgroup));
	look.exe_len = 0;
	if (!process_told(&look, 1795000000000, &process))
		return 0;
	check_inside(process.comm, look.stat, look.stat_len);
	check_inside(process.container, look.cgroup, look.cgroup_len);
	return 0;
}
