#include "source/place.h"

#include "source/rotation.h"

static bool matches(struct span base, const struct span *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct span rest = span_skip(base, names[i].len);
		bool ends = rest.len == 0 || rest.data[0] == '.' || rest.data[0] == '-' || rest.data[0] == '_';
		if (span_starts(base, names[i]) && ends)
			return true;
	}
	return false;
}

enum trust place_trust(struct span place)
{
	static const struct span syslogs[] = {
		SPAN("auth.log"), SPAN("secure"),   SPAN("syslog"),	SPAN("messages"),
		SPAN("kern.log"), SPAN("user.log"), SPAN("daemon.log"), SPAN("debug"),
		SPAN("authpriv"), SPAN("auth"),	    SPAN("journalctl"),
	};

	return matches(span_basename(place), syslogs, sizeof(syslogs) / sizeof(*syslogs)) ? TRUST_DAEMON : TRUST_KERNEL;
}

bool place_is_host_log(struct span place)
{
	static const struct span logs[] = {
		SPAN("audit.log"), SPAN("auth.log"), SPAN("secure"), SPAN("syslog"), SPAN("messages"), SPAN("kern.log"),
	};

	return matches(span_basename(place), logs, sizeof(logs) / sizeof(*logs));
}

struct place_shown place_shown(const char *name)
{
	struct place_shown shown;
	size_t len = strlen(name), most = sizeof(shown.text) - 1;

	if (len <= most) {
		memcpy(shown.text, name, len + 1);
		return shown;
	}
	memcpy(shown.text, "...", 3);
	memcpy(shown.text + 3, name + len - (most - 3), most - 3 + 1);
	return shown;
}
