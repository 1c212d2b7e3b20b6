#include "engine/outlet.h"

#define SYNC_MS 1000
#define RETRY_MS 60000 /* what could not be turned is tried again then */

static bool wants_sync(const struct outlet *outlet, int64_t now_ms)
{
	switch (outlet->policy) {
	case FSYNC_NEVER:
		break;
	case FSYNC_FINDING:
		return outlet->found;
	case FSYNC_INTERVAL:
		return outlet->written && now_ms - outlet->synced_ms >= SYNC_MS;
	}
	return false;
}

int outlet_flush(struct outlet *outlet, int64_t now_ms, struct err *err)
{
	int result = output_flush(outlet->output, err);

	if (result < 0 || !wants_sync(outlet, now_ms))
		return result;
	outlet->found = outlet->written = false;
	outlet->synced_ms = now_ms;
	return output_sync(outlet->output, err);
}

int outlet_reopen(struct outlet *outlet, bool turn, struct err *err)
{
	int fd = outlet->steward ? steward_open_output(outlet->steward, turn, err) : -ENOTSUP;

	if (fd < 0)
		return fd;
	if (outlet->policy != FSYNC_NEVER)
		output_sync(outlet->output, NULL);
	output_swap(outlet->output, fd);
	return 0;
}

bool outlet_is_full(const struct outlet *outlet, int64_t now_ms)
{
	return outlet->full_bytes && (!outlet->tried_ms || now_ms - outlet->tried_ms >= RETRY_MS) &&
	       output_size(outlet->output) >= outlet->full_bytes;
}
