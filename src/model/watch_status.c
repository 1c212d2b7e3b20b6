#include "model/watch_status.h"

const char *status_why_name(enum status_why why)
{
	switch (why) {
	case STATUS_WHY_STARTED:
		return "started";
	case STATUS_WHY_HEARTBEAT:
		return "heartbeat";
	case STATUS_WHY_ASKED:
		return "asked";
	case STATUS_WHY_GAP:
		return "gap";
	case STATUS_WHY_ENDED:
		return "ended";
	}
	return "unknown";
}
