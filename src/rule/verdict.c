#include "rule/verdict.h"

#include <stdio.h>

#include "rule/crash.h"
#include "rule/names.h"
#include "rule/tuning.h"

#define SCORE_HIGH 80
#define SCORE_TOOL 70
#define SCORE_REVIEW 40
#define SCORE_DEBUGGER 30
#define SCORE_FORGEABLE_MAX 20 /* what any user could have written into a log never outranks the kernel */

void verdict_reason(struct verdict *verdict, const char *reason)
{
	for (size_t i = 0; i < verdict->reason_count; i++)
		if (strcmp(verdict->reasons[i], reason) == 0)
			return;
	if (verdict->reason_count < FINDING_REASONS_MAX)
		verdict->reasons[verdict->reason_count++] = reason;
}

unsigned severity_of(unsigned score)
{
	unsigned severity = (score + 9) / 10;

	return severity < 1 ? 1 : severity > 10 ? 10 : severity;
}

static const char *say(struct arena *arena, const char *before, const char *what)
{
	size_t len = strlen(before) + strlen(what) + 1;
	char *text = arena_alloc(arena, len);

	if (text)
		snprintf(text, len, "%s%s", before, what);
	return text ? text : "";
}

static void set(struct verdict *verdict, enum risk risk, unsigned score, const char *rule, const char *reason)
{
	verdict->risk = risk;
	verdict->score = score;
	verdict->rule = rule;
	verdict_reason(verdict, reason);
}

static bool is_holder(const struct access *access)
{
	return is_credential_holder(access->target.comm, access->target.exe);
}

static void judge_open(struct verdict *verdict, const struct access *access)
{
	if (access->path_only || access->entry == ENTRY_NONE)
		return;
	switch (entry_tier(access->entry)) {
	case ENTRY_TIER_MEMORY:
		set(verdict, RISK_HIGH, SCORE_HIGH, "memory-open",
		    access->write ? "memory of another process opened for writing"
				  : "memory of another process opened for reading");
		break;
	case ENTRY_TIER_SECRET:
		set(verdict, RISK_REVIEW, SCORE_REVIEW, access->entry == ENTRY_MAPS ? "maps-open" : "environ-open",
		    access->entry == ENTRY_MAPS ? "memory map of another process opened"
						: "environment of another process opened");
		break;
	case ENTRY_TIER_ADDRESS:
		if (is_holder(access))
			set(verdict, RISK_REVIEW, SCORE_REVIEW - 10, "layout-open",
			    "memory layout of a process that holds credentials opened");
		break;
	case ENTRY_TIER_SYSTEM:
		if (access->entry == ENTRY_KCORE)
			set(verdict, RISK_HIGH, SCORE_HIGH, "kcore-open", "memory of the whole host opened");
		else if (access->certain)
			set(verdict, RISK_REVIEW, SCORE_REVIEW, "devmem-open", "physical memory device opened");
		break;
	}
}

static void judge_access(struct verdict *verdict, const struct access *access)
{
	switch (access->verb) {
	case VERB_OPEN:
		judge_open(verdict, access);
		break;
	case VERB_PROCESS_VM_READV:
		set(verdict, RISK_HIGH, SCORE_HIGH, "process-vm-readv",
		    "memory of another process read by process_vm_readv");
		break;
	case VERB_PROCESS_VM_WRITEV:
		set(verdict, RISK_HIGH, SCORE_HIGH, "process-vm-writev",
		    "memory of another process written by process_vm_writev");
		break;
	case VERB_PTRACE:
		set(verdict, RISK_HIGH, SCORE_HIGH - 5, "ptrace-attach", "attached to another process by ptrace");
		break;
	case VERB_PIDFD_GETFD:
		set(verdict, RISK_HIGH, SCORE_HIGH - 5, "pidfd-getfd", "took a file descriptor out of another process");
		break;
	case VERB_EXEC:
		set(verdict, RISK_REVIEW, SCORE_REVIEW - 10, "command-line",
		    "the command line names another process's memory entry; this process was not seen to open it");
		break;
	case VERB_LOG:
		break;
	}
}

static void judge_tool(struct verdict *verdict, const struct access *access, struct arena *arena)
{
	struct tool tool = access->sighting == SIGHTING_LINE ? tool_of_text(access->actor.comm, access->message)
							     : tool_of_process(&access->actor);

	if (tool.match == TOOL_NONE)
		return;
	const char *reason =
		say(arena, tool.match == TOOL_IS_PROGRAM ? "known tool: " : "names a known tool: ", tool.what);
	if (verdict->risk == RISK_HIGH) {
		verdict->score += 5;
		verdict_reason(verdict, reason);
		return;
	}
	unsigned score = tool.match == TOOL_IS_PROGRAM ? SCORE_TOOL : SCORE_TOOL - 25;
	set(verdict, RISK_KNOWN_TOOL, score, "known-tool", reason);
	struct span arguments = access->sighting == SIGHTING_LINE ? access->message : access->actor.cmdline;
	if (tool.match == TOOL_IS_PROGRAM && has_memory_argument(arguments)) {
		verdict->score += 10;
		verdict_reason(verdict, "its arguments ask for memory");
	}
}

/* A credential holder that dies: dumping by force leaves such traces. */
static void judge_crash(struct verdict *verdict, const struct access *access)
{
	struct span comm;
	uint64_t pid;

	if (crash_of(access, &comm, &pid) && is_credential_holder(comm, (struct span){ 0 }))
		set(verdict, RISK_REVIEW, SCORE_REVIEW - 10, "holder-crash",
		    "a process that holds credentials crashed");
}

static void weigh_debugger(struct verdict *verdict, const struct access *access)
{
	if (access->path_only || !access->trusted_exe || !is_debugger(access->actor.exe))
		return;
	if (verdict->risk == RISK_NONE)
		verdict_reason(verdict, "memory layout of another process opened");
	verdict->debugger = true;
	verdict->risk = RISK_REVIEW;
	verdict->score = SCORE_DEBUGGER;
	verdict->rule = "debugger";
	verdict_reason(verdict, "debugger");
}

static void weigh_circumstances(struct verdict *verdict, const struct access *access)
{
	if (access->sighting == SIGHTING_ACCESS && is_holder(access)) {
		verdict->score += verdict->debugger ? 20 : 10;
		verdict_reason(verdict, "the target holds credentials");
	}
	if (verdict->debugger)
		return;
	if (is_fileless(access->actor.exe)) {
		verdict->score += 10;
		verdict_reason(verdict, "the actor runs from no file on disk");
	} else if (is_temporary(access->actor.exe) || is_temporary(access->actor.script)) {
		verdict->score += 5;
		verdict_reason(verdict, "the actor runs from a directory that anyone can write");
	}
	if (access->sighting == SIGHTING_ACCESS && is_interpreter(access->actor.exe)) {
		verdict->score += 3;
		verdict_reason(verdict, "by an interpreter");
	}
}

static void weigh_doubt(struct verdict *verdict, const struct access *access)
{
	if (access->outcome) {
		verdict->score = verdict->score > 25 ? verdict->score - 25 : 1;
		verdict_reason(verdict, "an attempt: it was refused");
	}
	if (access->sighting == SIGHTING_ACCESS && access->target.pid == UNKNOWN_ID &&
	    (access->entry == ENTRY_NONE || entry_tier(access->entry) != ENTRY_TIER_SYSTEM))
		verdict_reason(verdict, "the log does not tell whose");
	if (verdict->score > 100)
		verdict->score = 100;
	if (access->trust == TRUST_ANY_USER) {
		if (access->sighting != SIGHTING_LINE && verdict->risk > RISK_REVIEW)
			verdict->risk = RISK_REVIEW;
		if (verdict->score > SCORE_FORGEABLE_MAX)
			verdict->score = SCORE_FORGEABLE_MAX;
		verdict_reason(verdict, "any user could have written this record");
	}
}

struct verdict verdict_of(const struct access *access, struct arena *arena)
{
	struct verdict verdict = { 0 };

	if (access->self)
		return verdict;
	if (access->sighting == SIGHTING_ACCESS)
		judge_access(&verdict, access);
	else if (access->sighting != SIGHTING_EXECUTION)
		judge_crash(&verdict, access);
	if (access->sighting != SIGHTING_ACCESS || verdict.risk != RISK_NONE)
		judge_tool(&verdict, access, arena);
	if (access->sighting == SIGHTING_ACCESS)
		weigh_debugger(&verdict, access);
	if (verdict.risk == RISK_NONE)
		return verdict;
	weigh_circumstances(&verdict, access);
	weigh_doubt(&verdict, access);
	const struct tuning *tuning = verdict.risk == RISK_REVIEW && !verdict.debugger ? tuning_for(access) : NULL;
	if (tuning) {
		verdict.suppressed_by = tuning->name;
		verdict.suppressed_why = tuning->why;
	}
	return verdict;
}
