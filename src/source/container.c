#include "source/witness.h"

#define ID_LEN 64

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* The 64 hex digits that stand alone in a component, as in docker-<id>.scope; the last of such components counts. */
static struct span find_id(struct span cgroup)
{
	struct span found = { 0 };

	for (size_t i = 0, run = 0; i <= cgroup.len; i++) {
		if (i < cgroup.len && is_hex(cgroup.data[i])) {
			run++;
			continue;
		}
		if (run == ID_LEN)
			found = (struct span){ cgroup.data + i - ID_LEN, ID_LEN };
		run = 0;
	}
	return found;
}

/* What lies between `before` and the end of its component, without ".scope". */
static struct span find_name(struct span cgroup, struct span before)
{
	size_t at = span_find(cgroup, before);
	struct span name = span_skip(cgroup, at + before.len);

	if (at == cgroup.len)
		return (struct span){ 0 };
	name = span_first(name, span_index(name, '/'));
	if (span_ends(name, SPAN(".scope")))
		name.len -= SPAN(".scope").len;
	return name.len ? name : (struct span){ 0 };
}

struct span witness_container(struct span cgroup)
{
	struct span found = find_id(cgroup);

	if (!found.data)
		found = find_name(cgroup, SPAN("/lxc.payload."));
	if (!found.data)
		found = find_name(cgroup, SPAN("/machine.slice/machine-"));
	return found;
}
