#include "incident/lineage.h"

#include <errno.h>

#include "base/hash.h"
#include "model/record.h"

#define MEMBERS_MAX 16384
#define SCRIPTS_MAX 4096
#define LINKS_MAX 8192
#define MARKS_MAX 8192
#define TARGETS_MAX 8192
#define MEMBER_AGE_MAX INT64_C(86400000) /* numbers of processes are given out again */
#define TARGET_AGE_MAX INT64_C(3600000)
#define LINE_AGE_MAX INT64_C(300000)
#define SESSION_UNSET UINT32_MAX

enum salt { SALT_SESSION = 1, SALT_TREE, SALT_LINE };

struct member {
	uint64_t lineage, ppid;
	int64_t time_ms;
	bool starter; /* its children are nobody's kin */
};

struct mark {
	uint64_t lineage;
	int64_t time_ms;
	unsigned score;
};

struct target {
	uint64_t lineage;
	int64_t time_ms;
};

int lineages_init(struct lineages *lineages)
{
	*lineages = (struct lineages){ 0 };
	if (table_init(&lineages->members, sizeof(struct member), MEMBERS_MAX, NULL) == 0 &&
	    table_init(&lineages->scripts, sizeof(uint64_t), SCRIPTS_MAX, NULL) == 0 &&
	    table_init(&lineages->links, sizeof(uint64_t), LINKS_MAX, NULL) == 0 &&
	    table_init(&lineages->marks, sizeof(struct mark), MARKS_MAX, NULL) == 0 &&
	    table_init(&lineages->targets, sizeof(struct target), TARGETS_MAX, NULL) == 0)
		return 0;
	lineages_finish(lineages);
	return -ENOMEM;
}

void lineages_finish(struct lineages *lineages)
{
	table_finish(&lineages->members);
	table_finish(&lineages->scripts);
	table_finish(&lineages->links);
	table_finish(&lineages->marks);
	table_finish(&lineages->targets);
}

bool is_near_time(int64_t a_ms, int64_t b_ms, int64_t max_ms)
{
	int64_t distance;

	if (a_ms == TIME_UNKNOWN || b_ms == TIME_UNKNOWN)
		return a_ms == b_ms;
	if (__builtin_sub_overflow(a_ms, b_ms, &distance))
		return false;
	return distance <= max_ms && distance >= -max_ms;
}

static uint64_t number(uint64_t base, enum salt salt, uint64_t what)
{
	uint64_t lineage = hash_join(hash_join(base, salt), what);

	return lineage ? lineage : 1;
}

/* ---- processes ---- */

static bool has_parent(const struct process *process)
{
	return process->ppid != UNKNOWN_ID && process->ppid > 2 && process->ppid != process->pid;
}

/* The lineage that a child of that process belongs to; 0: none but its own. */
static uint64_t handed_on(struct lineages *lineages, uint64_t base, uint64_t pid, int64_t time_ms)
{
	bool created;
	struct member *parent = table_put(&lineages->members, base, pid, &created);

	if (created || !is_near_time(parent->time_ms, time_ms, MEMBER_AGE_MAX))
		*parent = (struct member){ .lineage = number(base, SALT_TREE, pid), .ppid = UNKNOWN_ID };
	parent->time_ms = time_ms;
	return parent->starter ? 0 : parent->lineage;
}

/* Still the process that was known: it has the same parent, or lost it to init. */
static bool is_same(const struct member *member, const struct process *process, int64_t time_ms)
{
	return is_near_time(member->time_ms, time_ms, MEMBER_AGE_MAX) &&
	       (!has_parent(process) || member->ppid == UNKNOWN_ID || member->ppid == process->ppid);
}

/* A process at the top of a tree has its number by itself, so it need not be remembered unless there is more to it. */
static uint64_t of_tree(struct lineages *lineages, uint64_t base, const struct process *process, int64_t time_ms,
			bool starter)
{
	struct member *member = table_find(&lineages->members, base, process->pid);
	bool created, known = member && is_same(member, process, time_ms);
	uint64_t parents = !known && has_parent(process) ? handed_on(lineages, base, process->ppid, time_ms) : 0;

	if (!known && !parents && !starter)
		return number(base, SALT_TREE, process->pid);
	if (!known) {
		member = table_put(&lineages->members, base, process->pid, &created);
		*member = (struct member){ .lineage = parents ? parents : number(base, SALT_TREE, process->pid) };
	}
	member->ppid = has_parent(process) ? process->ppid : UNKNOWN_ID;
	member->time_ms = time_ms;
	member->starter = starter;
	return member->lineage;
}

bool has_session(const struct process *process)
{
	return process->ses != UNKNOWN_ID && process->ses != SESSION_UNSET;
}

uint64_t lineages_of(struct lineages *lineages, struct span host, uint32_t boot, enum trust trust,
		     const struct process *process, int64_t time_ms, bool starter)
{
	uint64_t named = hash_bytes(host), base = hash_join(named, boot | (uint64_t)(trust == TRUST_ANY_USER) << 32);

	lineages->boots[named % BOOTS_KEPT].host = named;
	lineages->boots[named % BOOTS_KEPT].boot = boot;
	if (has_session(process))
		return number(base, SALT_SESSION, process->ses);
	return of_tree(lineages, base, process, time_ms, starter);
}

uint32_t lineages_boot(const struct lineages *lineages, struct span host)
{
	uint64_t named = hash_bytes(host);

	return lineages->boots[named % BOOTS_KEPT].host == named ? lineages->boots[named % BOOTS_KEPT].boot : 0;
}

/* ---- lineages that prove to be one ---- */

uint64_t lineages_root(struct lineages *lineages, uint64_t lineage)
{
	const uint64_t *towards;

	while ((towards = table_find(&lineages->links, lineage, 0)))
		lineage = *towards;
	return lineage;
}

/* The smaller number is the root, so that the order in which they meet does not matter. */
static void join(struct lineages *lineages, uint64_t a, uint64_t b)
{
	struct table *links = &lineages->links;
	bool created;

	a = lineages_root(lineages, a);
	b = lineages_root(lineages, b);
	if (a == b)
		return;
	if (links->count == links->capacity) {
		lineages->unlinked++;
		return;
	}
	uint64_t *towards = table_put(links, a > b ? a : b, 0, &created);
	*towards = a > b ? b : a;
}

static void join_script(struct lineages *lineages, const struct finding *finding, uint64_t lineage)
{
	const struct access *access = &finding->access;
	bool created;

	if (!access->actor.script.len)
		return;
	uint64_t where = hash_join(hash_bytes(access->host), access->boot);
	uint64_t *known = table_put(&lineages->scripts, where, hash_bytes(access->actor.script), &created);
	if (created)
		*known = lineage;
	else
		join(lineages, *known, lineage);
}

/* ---- what names no session ---- */

static void set_mark(struct lineages *lineages, const struct finding *finding, uint64_t lineage, int64_t time_ms)
{
	bool created;

	if (time_ms == TIME_UNKNOWN)
		return;
	struct mark *mark = table_put(&lineages->marks, hash_bytes(finding->access.host),
				      (uint64_t)(time_ms / LINE_AGE_MAX), &created);
	if (!created && (mark->score > finding->score || (mark->score == finding->score && mark->time_ms <= time_ms)))
		return;
	*mark = (struct mark){ lineage, time_ms, finding->score };
}

void lineages_learn(struct lineages *lineages, const struct finding *finding, uint64_t lineage)
{
	const struct access *access = &finding->access;
	bool created;

	join_script(lineages, finding, lineage);
	if (access->trust == TRUST_ANY_USER)
		return; /* what anybody can write draws nothing to itself */
	set_mark(lineages, finding, lineage, finding->first_ms);
	set_mark(lineages, finding, lineage, finding->last_ms);
	if (access->target.pid == UNKNOWN_ID)
		return;
	struct target *target = table_put(&lineages->targets, hash_bytes(access->host), access->target.pid, &created);
	if (created || target->time_ms <= finding->last_ms)
		*target = (struct target){ lineage, finding->last_ms };
}

static uint64_t of_target(struct lineages *lineages, uint64_t host, const struct finding *line)
{
	const struct target *target = line->access.target.pid == UNKNOWN_ID
					      ? NULL
					      : table_find(&lineages->targets, host, line->access.target.pid);

	return target && is_near_time(target->time_ms, line->first_ms, TARGET_AGE_MAX) ? target->lineage : 0;
}

static uint64_t of_moment(struct lineages *lineages, uint64_t host, const struct finding *line)
{
	int64_t moment = line->first_ms / LINE_AGE_MAX;
	uint64_t best = 0, distance = UINT64_MAX;

	for (int64_t at = moment - 1; line->first_ms != TIME_UNKNOWN && at <= moment + 1; at++) {
		const struct mark *mark = table_find(&lineages->marks, host, (uint64_t)at);
		if (!mark || !is_near_time(mark->time_ms, line->first_ms, LINE_AGE_MAX))
			continue;
		uint64_t this = (uint64_t)(mark->time_ms > line->first_ms ? mark->time_ms - line->first_ms
									  : line->first_ms - mark->time_ms);
		if (this < distance)
			best = mark->lineage, distance = this;
	}
	return best;
}

/* An audit log often does not name its host: then what has no name is taken for the line's host. */
uint64_t lineages_of_line(struct lineages *lineages, const struct finding *line)
{
	const struct access *access = &line->access;
	uint64_t hosts[] = { hash_bytes(access->host), hash_bytes((struct span){ 0 }) }, lineage = 0;

	for (size_t i = 0; i < 2 && !lineage; i++)
		lineage = of_target(lineages, hosts[i], line);
	for (size_t i = 0; i < 2 && !lineage && access->trust > TRUST_ANY_USER; i++)
		lineage = of_moment(lineages, hosts[i], line);
	if (lineage)
		return lineage;
	if (access->actor.pid == UNKNOWN_ID && access->target.pid == UNKNOWN_ID)
		return number(hosts[0], SALT_LINE, hash_bytes(span_of(line->id)));
	uint64_t who = hash_join(hash_bytes(access->actor.comm), access->actor.pid);
	return number(hosts[0], SALT_LINE, hash_join(who, access->target.pid));
}
