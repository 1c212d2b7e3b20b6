#include "sink/explain_when.h"

#include "sink/explain_class.h"

#define AUID_UNSET 4294967295u

struct facts {
	uint32_t bits;
};

static void set(struct facts *facts, enum explain_when when, bool holds)
{
	if (holds)
		facts->bits |= UINT32_C(1) << when;
}

/* Findings that were read back do not tell how they were sighted; of audit events, only a crash is a line. */
static bool is_crash(const struct access *access)
{
	struct span said = access->message;

	if (access->sighting == SIGHTING_CRASH)
		return true;
	if (access->verb != VERB_LOG)
		return false;
	return access->serial != 0 || span_find(said, SPAN("segfault")) < said.len ||
	       span_find(said, SPAN("general protection")) < said.len || span_find(said, SPAN("trap ")) < said.len;
}

static bool is_person(const struct process *actor)
{
	return actor->auid < AUID_UNSET;
}

static void of_entry(struct facts *facts, const struct access *access, bool worked)
{
	bool opened = access->verb == VERB_OPEN && access->entry != ENTRY_NONE;
	enum entry_tier tier = opened ? entry_tier(access->entry) : ENTRY_TIER_ADDRESS;

	set(facts, WHEN_ENVIRON, opened && access->entry == ENTRY_ENVIRON);
	set(facts, WHEN_HOST, opened && tier == ENTRY_TIER_SYSTEM);
	set(facts, WHEN_MAPPED,
	    opened && (access->entry == ENTRY_MAPS || tier == ENTRY_TIER_ADDRESS) && worked && !access->path_only);
	set(facts, WHEN_READABLE,
	    opened && (tier == ENTRY_TIER_MEMORY || tier == ENTRY_TIER_SYSTEM) && worked && !access->path_only);
	set(facts, WHEN_MEMORY,
	    (opened && (tier == ENTRY_TIER_MEMORY || tier == ENTRY_TIER_SYSTEM)) || access->verb == VERB_PTRACE ||
		    access->verb == VERB_PROCESS_VM_READV || access->verb == VERB_PROCESS_VM_WRITEV);
	set(facts, WHEN_PATH_ONLY, access->path_only);
}

static void of_target(struct facts *facts, const struct access *access)
{
	bool other = access->verb < VERB_LOG && (access->verb != VERB_EXEC || access->entry != ENTRY_NONE) &&
		     !access->self && !(facts->bits & UINT32_C(1) << WHEN_HOST);

	set(facts, WHEN_UNKNOWN_TARGET, other && access->target.pid == UNKNOWN_ID);
	set(facts, WHEN_UNCERTAIN, other && access->target.pid != UNKNOWN_ID && !access->certain);
}

static void of_actor(struct facts *facts, const struct process *actor)
{
	const char *note;
	enum program_class class = program_class_of(actor, &note);

	set(facts, WHEN_NO_EXE, !actor->exe.len);
	set(facts, WHEN_PERSON, is_person(actor) && actor->auid != 0);
	set(facts, WHEN_NO_PERSON, !is_person(actor));
	set(facts, WHEN_SCRIPTLESS, class == CLASS_INTERPRETER && !actor->script.len);
	set(facts, WHEN_FILELESS, class == CLASS_FILELESS);
	set(facts, WHEN_PACKAGE_TOOL, class == CLASS_PACKAGE_TOOL);
	set(facts, WHEN_CRASH_HANDLER, class == CLASS_CRASH_HANDLER);
	set(facts, WHEN_CI, class == CLASS_CI);
}

uint32_t explain_circumstances(const struct finding *finding)
{
	const struct access *access = &finding->access;
	bool line = access->verb == VERB_LOG, worked = access->outcome == 0;
	const unsigned of_audit = SEEN_BY_AUDIT | SEEN_BY_AUDISP | SEEN_BY_JOURNAL;
	struct facts facts = { 0 };

	set(&facts, WHEN_ANY, true);
	set(&facts, WHEN_ACCESS, access->serial && (!access->seen_by || access->seen_by & of_audit));
	set(&facts, WHEN_LINE, line);
	set(&facts, WHEN_CRASH, is_crash(access));
	set(&facts, WHEN_EXECUTED, access->verb == VERB_EXEC);
	set(&facts, WHEN_COPIED,
	    worked && (access->verb == VERB_PROCESS_VM_READV || access->verb == VERB_PROCESS_VM_WRITEV));
	set(&facts, WHEN_ATTACHED, worked && access->verb == VERB_PTRACE);
	set(&facts, WHEN_REFUSED, !worked && !line);
	set(&facts, WHEN_INCOMPLETE, access->incomplete);
	set(&facts, WHEN_ANY_USER, access->trust == TRUST_ANY_USER);
	set(&facts, WHEN_BELIEVED, access->trust != TRUST_ANY_USER);
	of_entry(&facts, access, worked);
	of_target(&facts, access);
	of_actor(&facts, &access->actor);
	return facts.bits;
}
