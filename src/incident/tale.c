#include "incident/tale.h"

#include <stdlib.h>

#include "base/digits.h"
#include "base/hash.h"

#define KEPT_BYTES_MAX (4u << 20)
#define NONE SIZE_MAX

static void forget_kept(struct tale *tale)
{
	for (size_t i = 0; i < tale->kept_count; i++)
		finding_finish(&tale->kept[i]);
	tale->kept_count = tale->kept_bytes = 0;
	tale->least = NONE;
}

void tale_finish(struct tale *tale)
{
	forget_kept(tale);
	arena_finish(&tale->arena);
}

static uint64_t small_sweeps(const struct doing *doings, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += doings[i].sweep ? doings[i].count : 0;
	return sum;
}

/* The id of the earliest finding makes that of the incident: more of the same log does not change it. */
static void set_id(struct incident *incident, const struct finding *first)
{
	uint64_t id = hash_join(hash_bytes(span_of(first->id)), hash_bytes(first->access.host));

	digits_id(incident->id, hash_join(id, 0x696e63));
}

void tale_open(struct tale *tale, uint64_t root, const struct doing *doings, size_t doing_count,
	       const struct finding *first, bool keeps)
{
	forget_kept(tale);
	arena_reset(&tale->arena);
	tale->incident = (struct incident){ .first_ms = first->first_ms, .last_ms = first->last_ms };
	set_id(&tale->incident, first);
	tale->root = root;
	tale->open = true;
	tale->keeps = keeps;
	tale->shown = tale->believable = tale->reached = tale->secrets = false;
	tale->best_score = 0;
	tale->blinded = false;
	tale->kinds = tale->done = 0;
	tale->doings = doings;
	tale->doings_end = doing_count ? doings + doing_count : NULL;
	while (tale->doings < tale->doings_end && tale->doings->first_ms < first->first_ms &&
	       !is_near_time(tale->doings->first_ms, first->first_ms, INCIDENT_WINDOW_MS))
		tale->doings++;
	tale->small_sweeps = small_sweeps(tale->doings, (size_t)(tale->doings_end - tale->doings));
	tale->incident.host =
		first->access.host.data ? arena_copy(&tale->arena, first->access.host) : (struct span){ 0 };
}

bool tale_continues(const struct tale *tale, uint64_t root, const struct finding *finding)
{
	return tale->open && tale->root == root &&
	       is_near_time(finding->first_ms, tale->incident.last_ms, INCIDENT_WINDOW_MS);
}

/* ---- who and whom ---- */

static struct span keep_text(struct tale *tale, struct span text)
{
	return text.data ? arena_copy(&tale->arena, text) : (struct span){ 0 };
}

static void set_actor(struct tale *tale, const struct process *actor)
{
	struct process *kept = &tale->incident.actor;
	struct span *texts[] = { &kept->comm, &kept->exe, &kept->script, &kept->cmdline, &kept->cwd, &kept->tty };

	*kept = *actor;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = keep_text(tale, *texts[i]);
	tale->program = hash_join(hash_bytes(actor->exe.len ? actor->exe : actor->comm), hash_bytes(actor->script));
}

/* An exec alone reaches nobody, and what reaches the whole host no process. */
static bool has_target(const struct access *access)
{
	if (access->entry != ENTRY_NONE)
		return entry_tier(access->entry) != ENTRY_TIER_SYSTEM;
	if (access->verb == VERB_EXEC || access->verb == VERB_LOG || access->verb == VERB_WRITE)
		return access->target.pid != UNKNOWN_ID || access->target.comm.len;
	return true;
}

static struct incident_target *find_target(struct tale *tale, const struct process *target)
{
	for (size_t i = 0; i < tale->incident.target_count; i++)
		if (tale->targets[i].pid == target->pid &&
		    (target->pid != UNKNOWN_ID || span_equal(tale->targets[i].comm, target->comm)))
			return &tale->targets[i];
	return NULL;
}

static void take_target(struct tale *tale, const struct finding *finding)
{
	const struct access *access = &finding->access;
	struct incident *incident = &tale->incident;

	if (!has_target(access))
		return;
	struct incident_target *target = find_target(tale, &access->target);
	if (!target && incident->target_count == INCIDENT_TARGETS_MAX) {
		incident->targets_left++;
		return;
	}
	if (!target) {
		tale->target_scores[incident->target_count] = 0;
		target = &tale->targets[incident->target_count++];
		*target = (struct incident_target){ .pid = access->target.pid };
	}
	unsigned *score = &tale->target_scores[target - tale->targets];
	*score = finding->score > *score ? finding->score : *score;
	if (!target->comm.len)
		target->comm = keep_text(tale, access->target.comm);
	if (!target->exe.len)
		target->exe = keep_text(tale, access->target.exe);
	target->entries |= 1u << access->entry;
	target->verbs |= 1u << access->verb;
	target->holder |= finding->credentials;
}

static bool only_crashed(const struct incident_target *target)
{
	return target->verbs == 1u << VERB_LOG;
}

/* What crashed on the host about that time, and was never reached, is a step only: unless there is nothing else. */
static void drop_bystanders(struct tale *tale)
{
	struct incident *incident = &tale->incident;
	size_t kept = 0;

	for (size_t i = 0; i < incident->target_count; i++)
		if (!only_crashed(&tale->targets[i])) {
			tale->target_scores[kept] = tale->target_scores[i];
			tale->targets[kept++] = tale->targets[i];
		}
	incident->target_count = kept ? kept : incident->target_count;
}

static void sort_targets(struct tale *tale)
{
	struct incident_target *targets = tale->targets;
	unsigned *scores = tale->target_scores;

	for (size_t i = 1; i < tale->incident.target_count; i++)
		for (size_t k = i; k && (scores[k] > scores[k - 1] ||
					 (scores[k] == scores[k - 1] && targets[k].pid < targets[k - 1].pid));
		     k--) {
			struct incident_target target = targets[k];
			unsigned score = scores[k];
			targets[k] = targets[k - 1], scores[k] = scores[k - 1];
			targets[k - 1] = target, scores[k - 1] = score;
		}
}

/* ---- findings that are kept ---- */

static bool is_graver(const struct finding *a, const struct finding *b)
{
	return a->risk != b->risk ? a->risk > b->risk : a->score > b->score;
}

/* The latest of the least grave: those that came first stay. */
static void find_least(struct tale *tale)
{
	tale->least = 0;
	for (size_t i = 1; i < tale->kept_count; i++)
		if (!is_graver(&tale->kept[i], &tale->kept[tale->least]))
			tale->least = i;
}

static void drop_least(struct tale *tale)
{
	struct finding *least = &tale->kept[tale->least];

	tale->kept_bytes -= least->room_size;
	finding_finish(least);
	tale->kept_count--;
	memmove(least, least + 1, (tale->kept_count - tale->least) * sizeof(*least));
	tale->least = NONE;
}

static void keep_finding(struct tale *tale, const struct finding *finding)
{
	bool full = tale->kept_count == INCIDENT_FOUND_MAX || tale->kept_bytes > KEPT_BYTES_MAX;

	if (full && tale->least == NONE)
		find_least(tale);
	if (full && !is_graver(finding, &tale->kept[tale->least]))
		return;
	if (full)
		drop_least(tale);
	struct finding *kept = &tale->kept[tale->kept_count];
	if (!finding_copy(kept, finding))
		return;
	memcpy(kept->incident, tale->incident.id, sizeof(kept->incident));
	tale->kept_count++;
	tale->kept_bytes += kept->room_size;
	tale->least = NONE;
}

/* ---- the whole ---- */

/* Of equal scores, that of who reached memory: a map leads there only. */
static unsigned gravity(const struct finding *finding)
{
	const struct access *access = &finding->access;
	bool memory =
		access->entry == ENTRY_NONE ? access->verb < VERB_EXEC : entry_tier(access->entry) == ENTRY_TIER_MEMORY;

	return finding->score * 2 + memory;
}

void tale_take(struct tale *tale, const struct finding *finding)
{
	struct incident *incident = &tale->incident;

	tale_steps_until(tale, finding);
	tale_step_of_finding(tale, finding);
	take_target(tale, finding);
	incident->findings++;
	incident->last_ms = finding->last_ms > incident->last_ms ? finding->last_ms : incident->last_ms;
	incident->risk = finding->risk > incident->risk ? finding->risk : incident->risk;
	tale->believable |= finding->access.trust > TRUST_ANY_USER;
	if (finding->score >= tale->best_score)
		tale->blinded = finding->blinded || (tale->blinded && finding->score == tale->best_score);
	tale->best_score = finding->score > tale->best_score ? finding->score : tale->best_score;
	if (incident->findings == 1 || gravity(finding) > tale->gravity) {
		tale->gravity = gravity(finding);
		set_actor(tale, &finding->access.actor);
	}
	if (tale->keeps)
		keep_finding(tale, finding);
}

const struct incident *tale_close(struct tale *tale, size_t by_program, size_t among)
{
	struct incident *incident = &tale->incident;

	tale_steps_until(tale, NULL);
	drop_bystanders(tale);
	sort_targets(tale);
	tale_score(tale);
	if (by_program)
		tale_rarity(tale, by_program, among);
	for (size_t i = 0; i < tale->kept_count; i++)
		tale->found[i] = &tale->kept[i];
	incident->targets = tale->targets;
	incident->steps = tale->steps;
	incident->found = tale->found;
	incident->found_count = tale->kept_count;
	tale->open = false;
	return incident;
}
