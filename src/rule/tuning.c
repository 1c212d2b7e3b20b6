#include "rule/tuning.h"

#include "rule/names.h"
#include "rule/pattern.h"

#define E(id) (1u << ENTRY_##id)
#define ANY RELATION_ANY
#define INIT RELATION_INIT
#define CHILD RELATION_CHILD

static const struct tuning tunings[] = {
#define TUNING(name, exe, script, entries, relation, why) { name, exe, script, why, entries, relation },
#include "rule/tuning.def"
#undef TUNING
};

static bool is_own_child(const struct access *access)
{
	const struct process *actor = &access->actor, *target = &access->target;

	return access->certain && target->pid != UNKNOWN_ID && target->ppid == actor->pid &&
	       target->start_ms != TIME_UNKNOWN && target->uid == actor->uid && target->euid == actor->euid &&
	       !is_credential_holder(target->comm, target->exe);
}

static bool is_related(enum relation relation, const struct access *access)
{
	switch (relation) {
	case RELATION_ANY:
		return true;
	case RELATION_INIT:
		return access->target.pid == 1;
	case RELATION_CHILD:
		return is_own_child(access);
	}
	return false;
}

static bool applies(const struct tuning *tuning, const struct access *access)
{
	if (!(tuning->entries & 1u << access->entry) || !pattern_matches(tuning->exe, access->actor.exe))
		return false;
	if (!is_related(tuning->relation, access))
		return false;
	return !tuning->script ||
	       (access->actor.script_uid == 0 && pattern_matches(tuning->script, access->actor.script));
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
