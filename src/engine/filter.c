#include "engine/filter.h"

#include <fnmatch.h>
#include <stdlib.h>

static bool matches(const char *pattern, struct span text)
{
	char room[512];

	if (!text.len || text.len >= sizeof(room) || memchr(text.data, 0, text.len))
		return false;
	memcpy(room, text.data, text.len);
	room[text.len] = 0;
	return fnmatch(pattern, room, 0) == 0;
}

static bool is_target(const char *wanted, const struct process *target)
{
	char *end;
	unsigned long long pid = strtoull(wanted, &end, 10);

	if (end != wanted && !*end)
		return target->pid == pid;
	return matches(wanted, target->comm) || matches(wanted, span_basename(target->exe));
}

bool filter_passes(const struct scan_filter *filter, const struct finding *finding)
{
	const struct access *access = &finding->access;
	bool hidden = access->self || finding->suppressed_by.data;

	if (filter->since_ms != TIME_UNKNOWN && finding->last_ms < filter->since_ms)
		return false;
	if (filter->until_ms != TIME_UNKNOWN && finding->first_ms > filter->until_ms)
		return false;
	if (finding->risk < filter->risk_min && !(hidden && filter->show_suppressed))
		return false;
	if (filter->host && !matches(filter->host, access->host))
		return false;
	return !filter->target || is_target(filter->target, &access->target);
}
