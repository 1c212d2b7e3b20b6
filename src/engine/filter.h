/* filter: what is printed of what was found. */
#ifndef ENGINE_FILTER_H
#define ENGINE_FILTER_H

#include "model/finding.h"

/* Times in ms since the epoch; TIME_UNKNOWN: no bound. */
struct scan_filter {
	int64_t since_ms, until_ms;
	enum risk risk_min; /* RISK_NONE: all */
	const char *host;   /* fnmatch pattern, or NULL */
	const char *target; /* a pid, or an fnmatch pattern of the target's comm or exe's basename; or NULL */
	bool show_suppressed;
};

bool filter_passes(const struct scan_filter *filter, const struct finding *finding);

#endif
