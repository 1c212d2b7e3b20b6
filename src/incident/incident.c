#include "incident/incident.h"

#include <stdlib.h>

#include "base/digits.h"
#include "incident/purpose.h"
#include "incident/standings.h"
#include "incident/tale.h"

/* Two stories: the one that is handed out lives while the next one begins. */
struct incidents {
	struct summary *summary;
	struct purposes purposes;
	struct lineages lineages;
	struct doings doings;
	struct standings standings;
	struct tale tales[2];
	unsigned at;
	bool settled;
};

struct incidents *incidents_create(struct summary *summary)
{
	struct incidents *incidents = calloc(1, sizeof(*incidents));

	if (!incidents)
		return NULL;
	incidents->summary = summary;
	purposes_init(&incidents->purposes);
	if (lineages_init(&incidents->lineages) == 0 && doings_init(&incidents->doings) == 0)
		return incidents;
	incidents_destroy(incidents);
	return NULL;
}

void incidents_destroy(struct incidents *incidents)
{
	if (!incidents)
		return;
	lineages_finish(&incidents->lineages);
	doings_finish(&incidents->doings);
	standings_finish(&incidents->standings);
	for (size_t i = 0; i < 2; i++)
		tale_finish(&incidents->tales[i]);
	free(incidents);
}

/* ---- while the log is read ---- */

static struct span program_of(const struct process *process)
{
	return process->script.len ? process->script : process->exe.len ? process->exe : process->comm;
}

static uint64_t lineage_of(struct incidents *incidents, const struct access *access, bool starter)
{
	return lineages_of(&incidents->lineages, access->host, access->boot, access->trust, &access->actor,
			   access->time_ms, starter);
}

/* A program was started: for a step, or not. */
static void take_command(struct incidents *incidents, const struct access *access, const struct purpose *purpose)
{
	struct doing doing = {
		.lineage = access->lineage,
		.kind = purpose->kind,
		.connection = purpose->sends,
		.output = purpose->output,
		.failed = access->outcome != 0,
		.first_ms = access->time_ms,
		.last_ms = access->time_ms,
		.count = 1,
		.pid = access->actor.pid,
		.serial = access->serial,
		.origin = access->origin,
		.program = program_of(&access->actor),
		.what = access->actor.cmdline,
	};

	doings_take(&incidents->doings, &doing);
}

/* Executions are many: one in a session that is no step is placed when it becomes a finding, if it ever does. */
static void place_process(struct incidents *incidents, struct access *access)
{
	struct purpose purpose = purpose_of(&incidents->purposes, &access->actor);
	bool is_step = access->verb == VERB_EXEC && !access->again && purpose.kind != STEP_KINDS;

	if (!is_step && access->sighting == SIGHTING_EXECUTION && has_session(&access->actor))
		return;
	access->lineage = lineage_of(incidents, access, purpose.starter);
	if (is_step)
		take_command(incidents, access, &purpose);
}

/* Network rows of Defender come as lines: "connection to github.com:443" by a process with its number. */
static void take_connection(struct incidents *incidents, const struct access *line)
{
	struct span before = SPAN("connection to ");

	if (line->actor.pid == UNKNOWN_ID || !span_starts(line->message, before))
		return;
	struct deed deed = {
		.kind = DEED_CONNECT,
		.time_ms = line->time_ms,
		.host = line->host,
		.boot = lineages_boot(&incidents->lineages, line->host),
		.origin = line->origin,
		.trust = line->trust,
		.count = 1,
		.actor = line->actor,
		.object = span_skip(line->message, before.len),
	};
	incidents_take_deed(incidents, &deed);
}

void incidents_place(struct incidents *incidents, struct access *access)
{
	switch (access->sighting) {
	case SIGHTING_ACCESS:
	case SIGHTING_EXECUTION:
	case SIGHTING_EVENT:
	case SIGHTING_FILE:
		if (!access->self)
			place_process(incidents, access);
		break;
	case SIGHTING_LINE:
		take_connection(incidents, access);
		break;
	case SIGHTING_CRASH:
		break;
	}
}

/* These read password hashes by trade. */
static bool checks_passwords(struct span exe)
{
	static const struct span names[] = {
		SPAN("sshd"),
		SPAN("sudo"),
		SPAN("su"),
		SPAN("login"),
		SPAN("unix_chkpwd"),
		SPAN("passwd"),
		SPAN("chage"),
		SPAN("cron"),
		SPAN("crond"),
		SPAN("atd"),
		SPAN("systemd"),
		SPAN("useradd"),
		SPAN("usermod"),
		SPAN("userdel"),
		SPAN("chpasswd"),
		SPAN("pwck"),
		SPAN("polkit-agent-helper-1"),
		SPAN("sssd"),
		SPAN("vsftpd"),
		SPAN("systemd-sysusers"),
	};
	struct span name = span_basename(exe);

	if (!span_starts(exe, SPAN("/usr/")) && !span_starts(exe, SPAN("/sbin/")) && !span_starts(exe, SPAN("/bin/")) &&
	    !span_starts(exe, SPAN("/lib/")))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal(name, names[i]))
			return true;
	return false;
}

static bool is_step(const struct deed *deed, struct doing *doing)
{
	switch (deed->kind) {
	case DEED_EXEC:
		return false; /* sightings tell them */
	case DEED_CONNECT:
		doing->kind = STEP_DOWNLOAD;
		doing->connection = true;
		return true;
	case DEED_WRITE:
		doing->kind = STEP_DUMP;
		return true;
	case DEED_SHADOW:
		doing->kind = STEP_SHADOW;
		return !checks_passwords(deed->actor.exe);
	case DEED_SWEEP:
		doing->kind = STEP_RECON;
		doing->sweep = true;
		doing->what = SPAN("names or states of processes under /proc");
		return true;
	case DEED_REMOVE:
		doing->kind = STEP_CLEANUP;
		return true;
	case DEED_BLIND:
		doing->kind = STEP_BLINDING;
		return true;
	}
	return false;
}

void incidents_take_deed(struct incidents *incidents, const struct deed *deed)
{
	struct doing doing = {
		.failed = deed->failed,
		.first_ms = deed->time_ms,
		.last_ms = deed->time_ms,
		.count = deed->count,
		.pid = deed->actor.pid,
		.serial = deed->serial,
		.origin = deed->origin,
		.program = program_of(&deed->actor),
		.what = deed->object,
	};

	if (!is_step(deed, &doing) || (deed->actor.pid == UNKNOWN_ID && deed->actor.ses == UNKNOWN_ID))
		return;
	bool starter = !has_session(&deed->actor) && purpose_of(&incidents->purposes, &deed->actor).starter;
	doing.lineage = lineages_of(&incidents->lineages, deed->host, deed->boot, deed->trust, &deed->actor,
				    deed->time_ms, starter);
	doings_take(&incidents->doings, &doing);
}

uint64_t incidents_take_finding(struct incidents *incidents, const struct finding *finding)
{
	const struct access *access = &finding->access;
	bool is_line = access->sighting == SIGHTING_LINE || access->sighting == SIGHTING_CRASH;
	uint64_t lineage = is_line	     ? lineages_of_line(&incidents->lineages, finding)
			   : access->lineage ? access->lineage
					     : lineage_of(incidents, access, false);

	if (!is_line)
		lineages_learn(&incidents->lineages, finding, lineage);
	doings_want(&incidents->doings, lineage);
	return lineage;
}

/* ---- when all was read ---- */

static uint64_t root_of(void *context, uint64_t lineage)
{
	return lineages_root(context, lineage);
}

static void settle(struct incidents *incidents)
{
	struct lineages *lineages = &incidents->lineages;
	uint64_t forgotten = incidents->doings.table.evicted + incidents->doings.wanted.evicted +
			     lineages->members.evicted + lineages->scripts.evicted + lineages->marks.evicted +
			     lineages->targets.evicted;

	if (incidents->settled)
		return;
	incidents->settled = true;
	doings_settle(&incidents->doings, root_of, lineages);
	if (forgotten || incidents->doings.lost || lineages->unlinked)
		summary_note(incidents->summary, false, false,
			     "more lineages than are remembered: %llu were forgotten, %llu steps found no room, %llu "
			     "could not be joined; an incident may lack a step or come in two",
			     (unsigned long long)forgotten, (unsigned long long)incidents->doings.lost,
			     (unsigned long long)lineages->unlinked);
}

uint64_t incidents_root(struct incidents *incidents, uint64_t lineage)
{
	return lineages_root(&incidents->lineages, lineage);
}

static struct tale *current(struct incidents *incidents)
{
	return &incidents->tales[incidents->at];
}

static void begin(struct incidents *incidents, uint64_t root, const struct finding *finding, bool keeps)
{
	size_t count;
	const struct doing *doings = doings_of(&incidents->doings, root, &count);

	tale_open(current(incidents), root, doings, count, finding, keeps);
}

static void rank(struct incidents *incidents)
{
	struct tale *tale = current(incidents);

	if (!tale->open)
		return;
	const struct incident *incident = tale_close(tale, 0, 0);
	struct ranked item = {
		.root = tale->root,
		.program = tale->program,
		.first_ms = incident->first_ms,
		.findings = incident->findings < UINT32_MAX ? (uint32_t)incident->findings : UINT32_MAX,
		.score = (uint8_t)incident->score,
		.risk = (uint8_t)incident->risk,
		.forgeable = !tale->believable,
		.shown = tale->shown,
	};
	item.id = strtoull(incident->id, NULL, 16);
	standings_add(&incidents->standings, &item);
}

void incidents_weigh(struct incidents *incidents, const struct finding *finding, bool passes)
{
	uint64_t root = incidents_root(incidents, finding->access.lineage);

	settle(incidents);
	if (!tale_continues(current(incidents), root, finding)) {
		rank(incidents);
		begin(incidents, root, finding, false);
	}
	current(incidents)->shown |= passes;
	tale_take(current(incidents), finding);
}

uint64_t incidents_ranked(struct incidents *incidents, enum incident_order order)
{
	struct standings *standings = &incidents->standings;
	uint64_t findings = 0, shown = 0;

	settle(incidents);
	rank(incidents);
	bool failed = standings_count_programs(standings) < 0;
	for (size_t i = 0; i < standings->count; i++) {
		struct ranked *item = &standings->items[i];
		size_t by_program = standings_by_program(standings, item->program);
		if (!item->forgeable && by_program)
			item->score = (uint8_t)score_with_rarity(item->score, (enum risk)item->risk, by_program,
								 standings->count);
		findings += item->shown ? item->findings : 0;
		shown += item->shown;
	}
	failed |= standings_sort(standings, order) < 0;
	if (failed)
		summary_note(incidents->summary, true, false, "out of memory: incidents are not in their order");
	if (standings->left)
		summary_note(incidents->summary, false, false,
			     "%llu incidents more than are ranked: they come last, in no order",
			     (unsigned long long)standings->left);
	incidents->summary->incidents = shown + standings->left;
	return findings + standings->left_findings;
}

uint64_t incidents_rank(struct incidents *incidents, uint64_t lineage, int64_t first_ms, bool *shown)
{
	uint64_t root = incidents_root(incidents, lineage);
	const struct ranked *item = standings_find(&incidents->standings, root, first_ms);

	if (shown)
		*shown = !item || item->shown;
	return item ? item->rank : UINT64_C(1) << 63 | root >> 1;
}

void incidents_name(struct incidents *incidents, const struct finding *finding, char id[17])
{
	uint64_t root = incidents_root(incidents, finding->access.lineage);
	const struct ranked *item = standings_find(&incidents->standings, root, finding->first_ms);

	id[0] = '\0';
	if (item)
		digits_id(id, item->id);
}

bool incidents_tell(struct incidents *incidents, const struct finding *finding, struct incident *incident)
{
	struct tale *tale = current(incidents);
	uint64_t root = finding ? incidents_root(incidents, finding->access.lineage) : 0;
	bool complete = tale->open && (!finding || !tale_continues(tale, root, finding));

	if (complete) {
		*incident = *tale_close(tale, standings_by_program(&incidents->standings, tale->program),
					incidents->standings.count);
		incidents->at ^= 1;
	}
	if (!finding)
		return complete;
	if (!current(incidents)->open)
		begin(incidents, root, finding, true);
	tale_take(current(incidents), finding);
	return complete;
}
