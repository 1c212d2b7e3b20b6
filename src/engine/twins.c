#include "engine/twins.h"

#include "base/hash.h"

#define TWINS_MAX 4096
#define SENSORS 5
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

int twins_init(struct twins *twins)
{
	*twins = (struct twins){ 0 };
	return table_init(&twins->table, sizeof(struct alone), TWINS_MAX, NULL);
}

void twins_finish(struct twins *twins)
{
	table_finish(&twins->table);
}

static void key_of(const struct access *access, uint64_t *key, uint64_t *sub)
{
	uint64_t what = access->entry != ENTRY_NONE ? (uint64_t)access->entry : 0x100u + access->verb;

	*key = hash_join(access->actor.pid, access->target.pid);
	*sub = hash_join(what, (uint64_t)access->sighting << 1 | (access->outcome != 0));
}

static bool is_near(int64_t a_ms, int64_t b_ms)
{
	return a_ms - b_ms <= TWINS_MS && b_ms - a_ms <= TWINS_MS;
}

static void remember(struct alone *alone, unsigned sensor, const struct access *access, bool created)
{
	if (!is_near(alone->time_ms[sensor], access->time_ms))
		alone->count[sensor] = 0;
	alone->time_ms[sensor] = access->time_ms;
	alone->count[sensor]++;
	if (!created)
		return;
	struct span exe = span_first(access->actor.exe, EXE_MAX);
	alone->has_exe = exe.data != NULL;
	alone->exe_len = (uint16_t)exe.len;
	if (exe.len)
		memcpy(alone->exe, exe.data, exe.len);
}

bool twins_take(struct twins *twins, struct access *access, struct span *first_exe)
{
	unsigned own = access->seen_by ? (unsigned)__builtin_ctz(access->seen_by) : SENSORS;
	uint64_t key, sub;
	bool created;

	if (own >= SENSORS || access->actor.pid == UNKNOWN_ID || access->sighting > SIGHTING_EXECUTION)
		return false;
	key_of(access, &key, &sub);
	struct alone *alone = table_put(&twins->table, key, sub, &created);
	for (unsigned sensor = 0; sensor < SENSORS && !created; sensor++) {
		if (sensor == own || !alone->count[sensor] || !is_near(alone->time_ms[sensor], access->time_ms))
			continue;
		alone->count[sensor]--;
		access->seen_by |= 1u << sensor;
		*first_exe = (struct span){ alone->has_exe ? alone->exe : NULL, alone->exe_len };
		twins->joined++;
		return true;
	}
	remember(alone, own, access, created);
	return false;
}
