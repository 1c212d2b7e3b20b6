#include "rule/groups.h"

#include "base/digits.h"
#include "base/hash.h"
#include "rule/verdict.h"

#define GROUPS_MAX 4096
#define TEXT_MAX (6u << 20) /* bytes that the findings of open groups may own */

struct group {
	struct groups *groups;
	struct finding finding;
	struct told told;
	uint64_t last_serial;
	bool final; /* correlations do not raise it */
};

static void close_group(void *entry)
{
	struct group *group = entry;

	struct groups *groups = group->groups;

	telling_close(&groups->telling, &group->told, &group->finding);
	groups->text_bytes -= group->finding.room_size;
	finding_finish(&group->finding);
}

int groups_init(struct groups *groups, struct summary *summary)
{
	*groups = (struct groups){ .summary = summary };
	return table_init(&groups->table, sizeof(struct group), GROUPS_MAX, close_group);
}

void groups_finish(struct groups *groups)
{
	groups->telling.emit = NULL;
	table_finish(&groups->table);
}

void finding_set_id(struct finding *finding)
{
	const struct access *access = &finding->access;
	uint64_t h = hash_join(access->serial, (uint64_t)access->time_ms);

	h = hash_join(h, access->actor.pid);
	h = hash_join(h, access->target.pid);
	h = hash_join(h, (uint64_t)access->entry << 8 | (uint64_t)access->verb << 4 | access->sighting);
	h = hash_join(h, hash_bytes(access->actor.exe));
	h = hash_join(h, hash_bytes(access->message));
	digits_id(finding->id, h);
}

/* Replaces what the group holds by a copy; keeps the old one when memory is out. */
static void set_group(struct group *group, const struct finding *finding)
{
	struct finding copy;

	if (!finding_copy(&copy, finding)) {
		summary_note(group->groups->summary, true, false, "out of memory: a finding is not up to date");
		return;
	}
	group->groups->text_bytes += copy.room_size - group->finding.room_size;
	finding_finish(&group->finding);
	group->finding = copy;
	telling_grown(&group->groups->telling, &group->told, &group->finding);
}

/* The groups that are old at this time are done. Those used least recently come first. */
static void close_old(struct groups *groups, int64_t now_ms)
{
	for (;;) {
		const struct group *oldest = table_oldest(&groups->table);
		if (!oldest || now_ms - oldest->finding.last_ms <= GROUP_AGE_MAX)
			return;
		table_evict(&groups->table);
	}
}

void groups_key(const struct access *access, uint64_t *key, uint64_t *sub)
{
	uint64_t what = access->entry != ENTRY_NONE ? (uint64_t)access->entry : 0x100u + access->verb;

	*key = hash_join(hash_bytes(access->host), access->actor.pid);
	*key = hash_join(*key, hash_bytes(access->actor.exe));
	*sub = hash_join(access->target.pid, what);
	*sub = hash_join(*sub, (uint64_t)access->self << 1 | (access->entry == ENTRY_NONE && access->outcome));
	if (access->sighting == SIGHTING_FILE)
		*sub = hash_join(*sub, hash_bytes(access->resolved_path.len ? access->resolved_path : access->path));
	if (access->actor.pid == UNKNOWN_ID || access->sighting == SIGHTING_CRASH)
		*sub = hash_join(*sub, access->serial);
}

static bool has_reason(const struct finding *finding, struct span reason)
{
	for (size_t i = 0; i < finding->reason_count; i++)
		if (span_equal(finding->reasons[i], reason))
			return true;
	return false;
}

void finding_add_reason(struct finding *finding, struct span reason)
{
	if (!has_reason(finding, reason) && finding->reason_count < FINDING_REASONS_MAX)
		finding->reasons[finding->reason_count++] = reason;
}

/* A success tells more than an attempt, an open more than a command line, a higher score more than a lower one. */
static bool tells_more(const struct finding *new, const struct finding *old)
{
	if ((new->access.verb == VERB_EXEC) != (old->access.verb == VERB_EXEC))
		return old->access.verb == VERB_EXEC;
	if ((new->access.outcome == 0) != (old->access.outcome == 0))
		return new->access.outcome == 0;
	if (new->risk != old->risk)
		return new->risk > old->risk;
	return new->score > old->score;
}

static void complete_text(struct span *text, struct span other)
{
	if (!text->data)
		*text = other;
}

static void complete_id(uint64_t *id, uint64_t other)
{
	if (*id == UNKNOWN_ID)
		*id = other;
}

static void complete_process(struct process *process, const struct process *other)
{
	complete_text(&process->comm, other->comm);
	complete_text(&process->exe, other->exe);
	complete_text(&process->script, other->script);
	complete_text(&process->cmdline, other->cmdline);
	complete_text(&process->cwd, other->cwd);
	complete_text(&process->tty, other->tty);
	complete_text(&process->container, other->container);
	complete_id(&process->ppid, other->ppid);
	complete_id(&process->auid, other->auid);
	complete_id(&process->uid, other->uid);
	complete_id(&process->euid, other->euid);
	complete_id(&process->ses, other->ses);
	complete_id(&process->script_uid, other->script_uid);
	if (process->start_ms == TIME_UNKNOWN)
		process->start_ms = other->start_ms;
}

/* Two sensors told of one access: each knows what the other does not. */
static void complete(struct finding *finding, const struct finding *twin)
{
	struct access *access = &finding->access;

	complete_process(&access->actor, &twin->access.actor);
	complete_process(&access->target, &twin->access.target);
	complete_text(&access->path, twin->access.path);
	complete_text(&access->resolved_path, twin->access.resolved_path);
	complete_text(&access->syscall, twin->access.syscall);
	access->certain |= twin->access.certain;
}

/* Joins what two findings of one group say, in *whole, which borrows from both. */
static void join(struct finding *whole, const struct finding *old, const struct finding *new)
{
	bool replaces = tells_more(new, old);
	bool announced = old->access.verb == VERB_EXEC && new->access.verb != VERB_EXEC;
	bool repeats_command = new->access.verb == VERB_EXEC && old->access.verb != VERB_EXEC;

	*whole = replaces ? *new : *old;
	whole->room = NULL;
	whole->first_ms =
		announced || (repeats_command ? false : new->first_ms < old->first_ms) ? new->first_ms : old->first_ms;
	whole->last_ms = repeats_command || old->last_ms > new->last_ms ? old->last_ms : new->last_ms;
	whole->count = announced ? new->count : old->count + (repeats_command ? 0 : new->count);
	const struct finding *other = replaces ? old : new;
	if (!announced && !repeats_command)
		for (size_t i = 0; i < other->reason_count; i++)
			finding_add_reason(whole, other->reasons[i]);
	whole->access.seen_by = old->access.seen_by | new->access.seen_by;
	if (!new->count)
		complete(whole, replaces ? old : new);
	whole->access.time_ms = whole->first_ms;
	whole->access.serial = replaces && announced ? new->access.serial : old->access.serial;
	whole->access.origin = replaces && announced ? new->access.origin : old->access.origin;
	finding_set_id(whole);
	if (!announced)
		memcpy(whole->id, old->id, sizeof(whole->id));
}

static bool is_near_group(const struct finding *group, int64_t time_ms)
{
	return time_ms - group->last_ms <= GROUP_AGE_MAX && group->first_ms - time_ms <= GROUP_AGE_MAX;
}

/* After a reboot the same number is another process. A copy of a log is read as another boot, too, of the same time. */
static bool is_other_boot(const struct finding *group, const struct finding *new)
{
	return new->access.boot != group->access.boot &&
	       (new->first_ms > group->last_ms || new->first_ms < group->first_ms);
}

/* Whether a new access tells nothing that the group does not say. */
static bool is_repetition(const struct finding *group, const struct finding *new)
{
	if (!new->count && (new->access.seen_by & ~group->access.seen_by))
		return false; /* what another sensor adds */
	if (tells_more(new, group) || new->access.verb != group->access.verb || new->reason_count > group->reason_count)
		return false;
	for (size_t i = 0; i < new->reason_count; i++)
		if (!has_reason(group, new->reasons[i]))
			return false;
	return true;
}

void groups_put(struct groups *groups, uint64_t key, uint64_t sub, const struct finding *finding, bool final)
{
	bool created;
	struct finding joined;

	close_old(groups, finding->first_ms);
	while (groups->text_bytes > TEXT_MAX && table_evict(&groups->table))
		groups->table.evicted++;
	struct group *group = table_find(&groups->table, key, sub);
	if (group && (!is_near_group(&group->finding, finding->first_ms) || is_other_boot(&group->finding, finding))) {
		table_remove(&groups->table, key, sub);
		group = NULL;
	}
	if (!group) {
		group = table_put(&groups->table, key, sub, &created);
		group->groups = groups;
		group->final = final;
		group->last_serial = finding->access.serial;
		joined = *finding;
		joined.count = 1;
		set_group(group, &joined);
		return;
	}
	if (finding->access.again && group->last_serial == finding->access.serial)
		return; /* the same event, told once more with a late record */
	group->last_serial = finding->access.serial;
	if (is_repetition(&group->finding, finding)) { /* the usual case: nothing to copy */
		struct finding *told = &group->finding;
		told->count += finding->count;
		told->access.seen_by |= finding->access.seen_by;
		told->last_ms = finding->last_ms > told->last_ms ? finding->last_ms : told->last_ms;
		told->first_ms = finding->first_ms < told->first_ms ? finding->first_ms : told->first_ms;
		told->access.time_ms = told->first_ms;
		telling_grown(&groups->telling, &group->told, told);
		return;
	}
	join(&joined, &group->finding, finding);
	if (group->told.once) /* under this name */
		memcpy(joined.id, group->finding.id, sizeof(joined.id));
	set_group(group, &joined);
}

/* What a raise is worth to a finding: little, where any user could have written it. */
static struct raise raise_for(const struct finding *finding, const struct raise *raise)
{
	struct raise worth = *raise;

	if (finding->access.trust != TRUST_ANY_USER)
		return worth;
	worth.risk = worth.risk > RISK_REVIEW ? RISK_REVIEW : worth.risk;
	worth.score = worth.score > SCORE_FORGEABLE_MAX ? SCORE_FORGEABLE_MAX : worth.score;
	return worth;
}

bool finding_is_raised(const struct finding *finding, const struct raise *raise)
{
	struct raise worth = raise_for(finding, raise);

	return finding->risk >= worth.risk && finding->score >= worth.score && has_reason(finding, worth.reason);
}

void finding_raise(struct finding *finding, const struct raise *whole)
{
	const struct raise worth = raise_for(finding, whole), *raise = &worth;

	if (raise->risk > finding->risk || (raise->risk == finding->risk && raise->score > finding->score)) {
		finding->risk = raise->risk;
		finding->rule = raise->rule;
		finding->rule_id = raise->rule_id;
		finding->rule_title = raise->rule_title;
	}
	finding->score = raise->score > finding->score ? raise->score : finding->score;
	finding->severity = severity_of(finding->score);
	finding_add_reason(finding, raise->reason);
}

void groups_raise(struct groups *groups, uint64_t key, uint64_t sub, const struct raise *raise)
{
	struct group *group = table_find(&groups->table, key, sub);
	struct finding raised;

	if (!group || group->final || group->finding.suppressed_by.data || finding_is_raised(&group->finding, raise))
		return;
	raised = group->finding;
	raised.room = NULL;
	finding_raise(&raised, raise);
	set_group(group, &raised);
}

void groups_close_all(struct groups *groups)
{
	groups->summary->evicted += groups->table.evicted;
	while (table_evict(&groups->table))
		;
}
