#include "engine/twins.h"

#include "base/hash.h"

#define TWINS_MAX 4096
#define SENSORS 6
#define EXE_MAX 256 /* the rest of a longer one does not matter: it is compared with nothing but itself */

_Static_assert(1 << SENSORS == SEEN_BY_END, "a place for each sensor");

/* What sensors told and no other has told yet. */
struct alone {
	int64_t time_ms[SENSORS]; /* of the latest */
	uint32_t count[SENSORS];
	uint16_t exe_len;
	bool has_exe;
	char exe[EXE_MAX];
};

struct key {
	uint64_t key, sub;
};

int twins_init(struct twins *twins)
{
	*twins = (struct twins){ 0 };
	return table_init(&twins->table, sizeof(struct alone), TWINS_MAX, NULL);
}

void twins_finish(struct twins *twins)
{
	table_finish(&twins->table);
	for (size_t i = 0; i < twins->held_count; i++)
		finding_finish(&twins->held[i].finding);
	finding_finish(&twins->out);
}

static struct key key_of(const struct access *access)
{
	uint64_t what = access->entry != ENTRY_NONE ? (uint64_t)access->entry : 0x100u + access->verb;

	return (struct key){ hash_join(access->actor.pid, access->target.pid),
			     hash_join(what, (uint64_t)access->sighting << 1 | (access->outcome != 0)) };
}

static bool is_near(int64_t a_ms, int64_t b_ms)
{
	return a_ms - b_ms <= TWINS_MS && b_ms - a_ms <= TWINS_MS;
}

/* ---- those that went on ---- */

static void remember(struct twins *twins, const struct access *access, unsigned sensor)
{
	struct key key = key_of(access);
	bool created;
	struct alone *alone = table_put(&twins->table, key.key, key.sub, &created);

	if (!is_near(alone->time_ms[sensor], access->time_ms))
		alone->count[sensor] = 0;
	alone->time_ms[sensor] = access->time_ms;
	alone->count[sensor]++;
	if (!created)
		return;
	struct span exe = span_first(access->actor.exe, EXE_MAX);
	alone->has_exe = exe.data != NULL;
	alone->exe_len = (uint16_t)exe.len;
	if (exe.data && exe.len)
		memcpy(alone->exe, exe.data, exe.len);
}

static bool joins(struct twins *twins, struct access *access, unsigned own, struct span *first_exe)
{
	struct key key = key_of(access);
	struct alone *alone = table_find(&twins->table, key.key, key.sub);

	for (unsigned sensor = 0; alone && sensor < SENSORS; sensor++) {
		if (sensor == own || !alone->count[sensor] || !is_near(alone->time_ms[sensor], access->time_ms))
			continue;
		alone->count[sensor]--;
		access->seen_by |= 1u << sensor;
		*first_exe = (struct span){ alone->has_exe ? alone->exe : NULL, alone->exe_len };
		return true;
	}
	return false;
}

/* ---- those that are held ---- */

static void drop_held(struct twins *twins, size_t i)
{
	twins->held_count--;
	memmove(&twins->held[i], &twins->held[i + 1], (twins->held_count - i) * sizeof(twins->held[0]));
}

static bool hold(struct twins *twins, const struct access *access, int64_t now_ms)
{
	const struct finding finding = { .access = *access };
	struct held *held = &twins->held[twins->held_count];

	if (twins->held_count == TWINS_HELD_MAX || !finding_copy(&held->finding, &finding))
		return false;
	held->since_ms = now_ms;
	twins->held_count++;
	return true;
}

static bool replaces(struct twins *twins, struct access *access)
{
	struct key key = key_of(access);

	for (size_t i = 0; i < twins->held_count; i++) {
		struct finding *held = &twins->held[i].finding;
		struct key other = key_of(&held->access);
		if (key.key != other.key || key.sub != other.sub || held->access.seen_by & access->seen_by ||
		    !is_near(held->access.time_ms, access->time_ms))
			continue;
		access->seen_by |= held->access.seen_by;
		finding_finish(held);
		drop_held(twins, i);
		return true;
	}
	return false;
}

/* ---- both ---- */

enum twin twins_take(struct twins *twins, struct access *access, int64_t now_ms, struct span *first_exe)
{
	unsigned own = access->seen_by ? (unsigned)__builtin_ctz(access->seen_by) : SENSORS;

	if (own >= SENSORS || access->actor.pid == UNKNOWN_ID || access->sighting > SIGHTING_EXECUTION)
		return TWIN_NEW;
	if (joins(twins, access, own, first_exe))
		return TWIN_JOINED;
	if (access->actor.exe.data && replaces(twins, access))
		return TWIN_NEW;
	if (!access->actor.exe.data && hold(twins, access, now_ms))
		return TWIN_HELD;
	remember(twins, access, own);
	return TWIN_NEW;
}

bool twins_next(struct twins *twins, int64_t now_ms, bool end, struct access *access)
{
	if (!twins->held_count || (!end && now_ms - twins->held[0].since_ms < TWINS_HELD_MS))
		return false;
	finding_finish(&twins->out);
	twins->out = twins->held[0].finding;
	drop_held(twins, 0);
	*access = twins->out.access;
	remember(twins, access, (unsigned)__builtin_ctz(access->seen_by));
	return true;
}
