#include "engine/rule_log.h"

#include <errno.h>

#include "engine/scan.h"

static void keep(void *context, const struct sigma_event *event, const struct sigma_match *matches, size_t count,
		 bool told)
{
	trial_log_add(context, event, matches, count, told);
}

int rule_log_read(struct trial_log *log, const struct pack *pack, const char *path, struct err *err)
{
	struct summary summary = { 0 };
	const struct assessor_watch watch = { keep, log };
	const struct scan_options options = {
		.paths = &path,
		.path_count = 1,
		.pack = pack,
		.watch = &watch,
		.filter = { .since_ms = TIME_UNKNOWN, .until_ms = TIME_UNKNOWN },
	};
	int status = scan_run(&options, NULL, &summary, err);

	if (status == 0 && log->failed)
		status = err_set(err, -E2BIG, "the log is too large to try rules on it");
	return status;
}
