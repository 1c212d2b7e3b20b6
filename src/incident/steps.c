/*
 * steps: findings and doings of one lineage as one row of steps, in the order
 * of time.
 *
 * Around the findings everything counts that an intruder does. Before them
 * only what leads there (download, blinding, reconnaissance), and behind them
 * only what follows (a dump, hashes read, what is sent, cleaned or blinded),
 * both no further away than INCIDENT_WINDOW_MS: the rest of a long session is
 * somebody's day.
 */
#include "incident/tale.h"

#define TEXT_MAX 512
#define SWEEP_LEAST 5

static struct span keep_text(struct tale *tale, struct span text)
{
	return text.data ? arena_copy(&tale->arena, span_first(text, TEXT_MAX)) : (struct span){ 0 };
}

/* Findings of a row say the same of other targets; a connection or a file beside them is worth its own line. */
static bool is_more_of(const struct incident_step *step, const struct incident_step *next)
{
	if ((!next->finding[0] || next->wrote) && !span_equal(step->what, next->what))
		return false;
	return step->kind == next->kind && step->failed == next->failed && span_equal(step->program, next->program) &&
	       !step->finding[0] == !next->finding[0];
}

static void add_to(struct incident_step *step, const struct incident_step *next)
{
	step->count += next->count;
	step->last_ms = next->last_ms > step->last_ms ? next->last_ms : step->last_ms;
	if (step->pid != next->pid)
		step->pid = UNKNOWN_ID;
	if (step->target_pid != next->target_pid) {
		step->target_pid = UNKNOWN_ID;
		step->target = (struct span){ 0 };
	}
}

/* Only what starts a row of steps is copied: it may borrow from anywhere until then. */
static void put(struct tale *tale, const struct incident_step *next)
{
	struct incident *incident = &tale->incident;
	size_t count = incident->step_count;

	tale->kinds |= 1u << next->kind;
	tale->done |= next->failed ? 0 : 1u << next->kind;
	if (count && is_more_of(&tale->steps[count - 1], next)) {
		add_to(&tale->steps[count - 1], next);
		return;
	}
	if (count == INCIDENT_STEPS_MAX) {
		incident->steps_left++;
		return;
	}
	struct incident_step *step = &tale->steps[incident->step_count++];
	*step = *next;
	step->program = keep_text(tale, next->program);
	step->what = keep_text(tale, next->what);
	step->target = keep_text(tale, next->target);
}

/* ---- findings ---- */

static enum step_kind kind_of_entry(enum entry entry)
{
	if (entry == ENTRY_ENVIRON)
		return STEP_ENVIRON;
	return entry_tier(entry) == ENTRY_TIER_MEMORY || entry_tier(entry) == ENTRY_TIER_SYSTEM ? STEP_MEMORY
												: STEP_MAP;
}

/* What a rule about something else than an access found, by what it calls it. */
static enum step_kind kind_of_technique(const struct finding *finding)
{
	static const struct {
		struct span technique;
		enum step_kind kind;
	} kinds[] = {
		{ SPAN("T1003.008"), STEP_SHADOW }, { SPAN("T1562"), STEP_BLINDING }, { SPAN("T1070"), STEP_CLEANUP },
		{ SPAN("T1105"), STEP_DOWNLOAD },   { SPAN("T1057"), STEP_RECON },    { SPAN("T1041"), STEP_UPLOAD },
		{ SPAN("T1048"), STEP_UPLOAD },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_starts(finding->technique, kinds[i].technique))
			return kinds[i].kind;
	return STEP_TOOL;
}

static enum step_kind kind_of(const struct finding *finding)
{
	const struct access *access = &finding->access;
	bool crashed = access->sighting == SIGHTING_LINE && access->target.comm.len;

	if (access->sighting == SIGHTING_CRASH || crashed)
		return STEP_CRASH;
	if (access->entry != ENTRY_NONE)
		return kind_of_entry(access->entry);
	switch (access->verb) {
	case VERB_PTRACE:
	case VERB_PIDFD_GETFD:
		return STEP_ATTACH;
	case VERB_OPEN:
	case VERB_PROCESS_VM_READV:
	case VERB_PROCESS_VM_WRITEV:
		return STEP_MEMORY;
	case VERB_EXEC:
	case VERB_LOG:
	case VERB_WRITE:
		break;
	}
	return kind_of_technique(finding);
}

static struct span what_of(const struct access *access)
{
	struct span said = access->verb == VERB_LOG ? access->message : access->actor.cmdline;

	if (access->verb == VERB_EXEC || access->verb == VERB_LOG)
		return said;
	return access->resolved_path.len ? access->resolved_path : access->path.len ? access->path : access->syscall;
}

static struct span program_of(const struct process *process)
{
	return process->script.len ? process->script : process->exe.len ? process->exe : process->comm;
}

void tale_step_of_finding(struct tale *tale, const struct finding *finding)
{
	const struct access *access = &finding->access;
	bool only_said = access->verb == VERB_EXEC && access->entry != ENTRY_NONE;
	struct incident_step step = {
		.kind = kind_of(finding),
		.first_ms = finding->first_ms,
		.last_ms = finding->last_ms,
		.count = finding->count,
		.pid = access->actor.pid,
		.program = program_of(&access->actor),
		.what = what_of(access),
		.target_pid = access->target.pid,
		.target = access->target.comm.len ? access->target.comm : span_basename(access->target.exe),
		.serial = access->serial,
		.origin = access->origin,
		.failed = access->outcome != 0 || only_said,
		.wrote = access->verb == VERB_WRITE,
	};

	memcpy(step.finding, finding->id, sizeof(step.finding));
	put(tale, &step);
	tale->reached |= step.kind != STEP_CRASH;
	tale->secrets |= step.kind == STEP_ENVIRON || step.kind == STEP_MEMORY || step.kind == STEP_ATTACH ||
			 step.kind == STEP_TOOL;
}

/* ---- doings ---- */

static bool leads_there(enum step_kind kind)
{
	return kind == STEP_DOWNLOAD || kind == STEP_BLINDING || kind == STEP_RECON;
}

static bool follows(enum step_kind kind)
{
	return kind == STEP_BLINDING || kind == STEP_DUMP || kind == STEP_SHADOW || kind == STEP_UPLOAD ||
	       kind == STEP_CLEANUP;
}

static enum step_kind kind_of_doing(const struct tale *tale, const struct doing *doing)
{
	return doing->connection && tale->secrets ? STEP_UPLOAD : doing->kind;
}

static bool counts(const struct tale *tale, const struct doing *doing, bool ended)
{
	enum step_kind kind = kind_of_doing(tale, doing);

	if (ended && !follows(kind))
		return false;
	if (doing->sweep && doing->count < SWEEP_LEAST && tale->small_sweeps < SWEEP_LEAST)
		return false;
	if (!tale->reached)
		return leads_there(kind) || kind == STEP_SHADOW;
	return true;
}

/* A lister was seen to start: that it then lists is no news; nor is what a finding of the same event said. */
static bool is_said(const struct tale *tale, const struct doing *doing)
{
	size_t count = tale->incident.step_count;

	if (!count || tale->steps[count - 1].pid != doing->pid)
		return false;
	return (doing->sweep && tale->steps[count - 1].kind == STEP_RECON) ||
	       (tale->steps[count - 1].kind == doing->kind && tale->steps[count - 1].serial == doing->serial);
}

static void put_doing(struct tale *tale, const struct doing *doing)
{
	struct incident_step step = {
		.kind = kind_of_doing(tale, doing),
		.first_ms = doing->first_ms,
		.last_ms = doing->last_ms,
		.count = doing->count,
		.pid = doing->pid,
		.program = doing->program,
		.what = doing->what,
		.target_pid = UNKNOWN_ID,
		.serial = doing->serial,
		.origin = doing->origin,
		.failed = doing->failed,
	};

	put(tale, &step);
}

static bool is_before(const struct doing *doing, const struct finding *finding)
{
	if (doing->first_ms != finding->first_ms)
		return doing->first_ms < finding->first_ms;
	return doing->serial <= finding->access.serial;
}

/* The process of that finding wrote it: a dump, which comes behind the memory that it is of. */
static bool waits_for(const struct doing *doing, const struct finding *finding)
{
	return doing->output && finding && doing->pid == finding->access.actor.pid;
}

void tale_steps_until(struct tale *tale, const struct finding *finding)
{
	int64_t last_ms = tale->incident.last_ms;

	while (tale->doings < tale->doings_end) {
		const struct doing *doing = tale->doings;
		if (finding && (!is_before(doing, finding) || waits_for(doing, finding)))
			return;
		if (!finding && !is_near_time(doing->first_ms, last_ms, INCIDENT_WINDOW_MS))
			return;
		tale->doings++;
		if (counts(tale, doing, !finding) && !is_said(tale, doing))
			put_doing(tale, doing);
	}
}
