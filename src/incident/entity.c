/*
 *   table: (host, kind, uid) ─▶ entity ─▶ slot of a rule ─▶ kept: what counts now, with a copy of its gravest finding
 *                                              told_ms: when it told last
 *
 * A slot is free, or has something kept, or has told, or both. What is kept
 * never adds up to more than the threshold, so there are twelve of it at
 * most: with the thirteenth it leaves as an insight.
 */
#include "incident/entity.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/table.h"

#define ENTITIES_MAX 4096
#define SLOTS 32
#define BYTES_MAX (6u << 20) /* of what is kept, exceeded by what one finding needs at most */
#define DAY_MS INT64_C(86400000)
#define WINDOW_MS (14 * DAY_MS)
#define SILENCE_MS DAY_MS

struct kept {
	struct finding gravest;
	uint64_t findings, accesses, bytes;
	int64_t first_ms, last_ms;
	int64_t seen_ms; /* when the last of them began */
};

struct slot {
	uint64_t rule; /* hash of its name */
	struct kept *kept;
	int64_t told_ms; /* TIME_UNKNOWN: it has not */
};

/* As the table holds it, without its name. */
struct place {
	struct entities *all;
	struct slot slots[SLOTS];
};

struct telling {
	struct insight insight;
	struct kept *kept[INSIGHT_SIGNALS_MAX];
	bool ready;
};

struct entities {
	struct table places;
	size_t bytes;
	struct telling tellings[2]; /* by kind */
	uint64_t evicted, timeless, failed;
};

static void drop(struct entities *all, struct kept **kept)
{
	if (!*kept)
		return;
	all->bytes -= (*kept)->bytes;
	finding_finish(&(*kept)->gravest);
	free(*kept);
	*kept = NULL;
}

static void release_place(void *entry)
{
	struct place *place = entry;

	for (size_t i = 0; i < SLOTS; i++)
		drop(place->all, &place->slots[i].kept);
}

struct entities *entities_create(void)
{
	struct entities *all = calloc(1, sizeof(*all));

	if (all && table_init(&all->places, sizeof(struct place), ENTITIES_MAX, release_place) == 0)
		return all;
	free(all);
	return NULL;
}

static void forget_tellings(struct entities *all)
{
	for (size_t i = 0; i < 2; i++) {
		struct telling *telling = &all->tellings[i];
		for (size_t k = 0; k < telling->insight.signal_count; k++)
			drop(all, &telling->kept[k]);
		*telling = (struct telling){ 0 };
	}
}

void entities_destroy(struct entities *all)
{
	if (!all)
		return;
	forget_tellings(all);
	table_finish(&all->places);
	free(all);
}

/* ---- slots ---- */

/* Times ascend; where they do not, what was before is over. */
static bool is_over(int64_t now_ms, int64_t then_ms, int64_t after_ms)
{
	return (uint64_t)now_ms - (uint64_t)then_ms > (uint64_t)after_ms;
}

static bool is_free(const struct slot *slot)
{
	return !slot->kept && slot->told_ms == TIME_UNKNOWN;
}

static void expire(struct place *place, int64_t now_ms)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &place->slots[i];
		if (slot->kept && is_over(now_ms, slot->kept->seen_ms, WINDOW_MS))
			drop(place->all, &slot->kept);
		if (slot->told_ms != TIME_UNKNOWN && is_over(now_ms, slot->told_ms, SILENCE_MS))
			slot->told_ms = TIME_UNKNOWN;
	}
}

/* The rule's slot: its own, or a free one, or that of the rule that told the longest ago. */
static struct slot *take_slot(struct place *place, uint64_t rule)
{
	struct slot *found = NULL, *oldest = NULL;

	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &place->slots[i];
		if (is_free(slot))
			found = slot;
		else if (slot->rule == rule)
			return slot;
		else if (!slot->kept && (!oldest || slot->told_ms < oldest->told_ms))
			oldest = slot;
	}
	if (!found) {
		place->all->evicted++;
		found = oldest;
	}
	*found = (struct slot){ .rule = rule, .told_ms = TIME_UNKNOWN };
	return found;
}

/* ---- signals ---- */

/* Raw records are no part of it. */
static bool set_gravest(struct entities *all, struct kept *kept, const struct finding *finding)
{
	struct finding lean = *finding, copy;

	lean.access.raw_count = 0;
	if (!finding_copy(&copy, &lean))
		return false;
	finding_finish(&kept->gravest);
	all->bytes -= kept->bytes;
	kept->gravest = copy;
	kept->bytes = sizeof(*kept) + copy.room_size;
	all->bytes += kept->bytes;
	return true;
}

static bool keep(struct entities *all, struct slot *slot, const struct finding *finding)
{
	struct kept *kept = slot->kept;

	if (!kept) {
		kept = calloc(1, sizeof(*kept));
		if (!kept || !set_gravest(all, kept, finding)) {
			free(kept);
			return false;
		}
		kept->first_ms = finding->first_ms;
		kept->last_ms = finding->last_ms;
		slot->kept = kept;
	} else if (finding->severity > kept->gravest.severity && !set_gravest(all, kept, finding)) {
		return false;
	}
	kept->findings++;
	if (__builtin_add_overflow(kept->accesses, finding->count, &kept->accesses))
		kept->accesses = UINT64_MAX;
	kept->last_ms = finding->last_ms > kept->last_ms ? finding->last_ms : kept->last_ms;
	kept->seen_ms = finding->first_ms;
	return true;
}

static unsigned score_of(const struct place *place)
{
	unsigned score = 0;

	for (size_t i = 0; i < SLOTS; i++)
		score += place->slots[i].kept ? place->slots[i].kept->gravest.severity : 0;
	return score;
}

/* ---- insights ---- */

static int compare_kept(const void *a, const void *b)
{
	const struct kept *left = *(struct kept *const *)a, *right = *(struct kept *const *)b;

	if (left->first_ms != right->first_ms)
		return left->first_ms < right->first_ms ? -1 : 1;
	return strcmp(left->gravest.id, right->gravest.id);
}

static enum insight_severity severity_of_score(unsigned score)
{
	return score <= INSIGHT_THRESHOLD + 1	? INSIGHT_LOW
	       : score <= INSIGHT_THRESHOLD + 3 ? INSIGHT_MEDIUM
						: INSIGHT_HIGH;
}

static void name_insight(struct insight *insight)
{
	uint64_t hash = hash_join(hash_bytes(insight->entity.host), insight->entity.kind);

	hash = hash_join(hash_join(hash, insight->entity.uid), (uint64_t)insight->created_ms);
	for (size_t i = 0; i < insight->signal_count; i++)
		hash = hash_join(hash, hash_bytes(insight->signals[i].finding->rule));
	snprintf(insight->id, sizeof(insight->id), "%016llx", (unsigned long long)hash);
}

/* Moves what the place keeps to the telling: the entity begins again at zero. */
static void tell(struct place *place, const struct entity *entity, int64_t now_ms)
{
	struct telling *telling = &place->all->tellings[entity->kind];
	struct insight *insight = &telling->insight;

	insight->score = score_of(place);
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &place->slots[i];
		if (!slot->kept)
			continue;
		telling->kept[insight->signal_count++] = slot->kept;
		slot->kept = NULL;
		slot->told_ms = now_ms;
	}
	qsort(telling->kept, insight->signal_count, sizeof(struct kept *), compare_kept);
	for (size_t i = 0; i < insight->signal_count; i++) {
		const struct kept *kept = telling->kept[i];
		insight->signals[i] = (struct signal){ &kept->gravest, kept->findings, kept->accesses, kept->first_ms,
						       kept->last_ms };
	}
	insight->entity = *entity;
	insight->entity.host = telling->kept[0]->gravest.access.host;
	insight->severity = severity_of_score(insight->score);
	insight->created_ms = now_ms;
	name_insight(insight);
	telling->ready = true;
}

/* ---- the work ---- */

static struct place *find_place(struct entities *all, const struct entity *entity)
{
	uint64_t sub = hash_join(entity->uid, entity->kind), evicted = all->places.evicted;
	bool created;
	struct place *place = table_put(&all->places, hash_bytes(entity->host), sub, &created);

	all->evicted += all->places.evicted - evicted;
	if (!created)
		return place;
	place->all = all;
	for (size_t i = 0; i < SLOTS; i++)
		place->slots[i].told_ms = TIME_UNKNOWN;
	return place;
}

static void add_signal(struct entities *all, const struct entity *entity, const struct finding *finding)
{
	int64_t now_ms = finding->first_ms;
	struct place *place = find_place(all, entity);

	expire(place, now_ms);
	struct slot *slot = take_slot(place, hash_bytes(finding->rule));
	if (slot->told_ms != TIME_UNKNOWN)
		return;
	if (!keep(all, slot, finding))
		all->failed++;
	else if (score_of(place) > INSIGHT_THRESHOLD)
		tell(place, entity, now_ms);
}

void entities_take(struct entities *all, const struct finding *finding)
{
	struct entity entity = { .kind = ENTITY_HOST, .host = finding->access.host };

	forget_tellings(all);
	if (finding->access.self || finding->suppressed_by.data || !finding->severity)
		return;
	if (finding->first_ms == TIME_UNKNOWN) {
		all->timeless++;
		return;
	}
	while (all->bytes > BYTES_MAX && table_evict(&all->places))
		all->evicted++;
	add_signal(all, &entity, finding);
	entity.kind = ENTITY_USER;
	entity.uid = access_user(&finding->access);
	if (entity.uid != UNKNOWN_ID)
		add_signal(all, &entity, finding);
}

bool entities_next(struct entities *all, struct insight *insight)
{
	for (size_t i = 0; i < 2; i++)
		if (all->tellings[i].ready) {
			all->tellings[i].ready = false;
			*insight = all->tellings[i].insight;
			return true;
		}
	return false;
}

void entities_account(const struct entities *all, struct summary *summary)
{
	if (all->failed)
		summary_note(summary, true, false, "memory was out: %llu findings are missing in insights",
			     (unsigned long long)all->failed);
	if (all->timeless)
		summary_note(summary, false, false, "findings without a time are in no insight: %llu",
			     (unsigned long long)all->timeless);
	summary->evicted += all->evicted;
}
