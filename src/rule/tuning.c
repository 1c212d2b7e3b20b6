#include "rule/tuning.h"

#include <fnmatch.h>

#define E(id) (1u << ENTRY_##id)
#define ANY false
#define FAMILY true

static const struct tuning tunings[] = {
#define TUNING(name, exe, script, entries, relation, why) { name, exe, script, why, entries, relation },
#include "rule/tuning.def"
#undef TUNING
};

static bool matches(const char *pattern, struct span path)
{
	char text[512];

	if (path.len >= sizeof(text) || (path.len && memchr(path.data, 0, path.len)))
		return false;
	if (path.len)
		memcpy(text, path.data, path.len);
	text[path.len] = 0;
	return fnmatch(pattern, text, FNM_PATHNAME) == 0;
}

static bool is_family(const struct access *access)
{
	return access->target.pid != UNKNOWN_ID &&
	       (access->target.ppid == access->actor.pid || access->actor.ppid == access->target.pid);
}

static bool applies(const struct tuning *tuning, const struct access *access)
{
	if (!(tuning->entries & 1u << access->entry) || !matches(tuning->exe, access->actor.exe))
		return false;
	if (tuning->family && !is_family(access))
		return false;
	return !tuning->script || (access->actor.script_uid == 0 && matches(tuning->script, access->actor.script));
}

const struct tuning *tuning_for(const struct access *access)
{
	if (access->sighting != SIGHTING_ACCESS || access->verb != VERB_OPEN || access->write || !access->trusted_exe ||
	    access->trust == TRUST_ANY_USER)
		return NULL;
	for (size_t i = 0; i < sizeof(tunings) / sizeof(tunings[0]); i++)
		if (applies(&tunings[i], access))
			return &tunings[i];
	return NULL;
}
