#include "drill/trial.h"

#include <string.h>

#define US_OF_MS 1000

void trial_init(struct trial *trial, const struct variant *variant, unsigned sensors)
{
	*trial = (struct trial){
		.variant = variant,
		.expected = variant_expectation(variant, sensors),
		.risk = RISK_NONE,
		.latency_us = -1,
	};
}

void trial_add_actor(struct trial *trial, pid_t actor)
{
	if (actor > 0 && trial->actor_count < TRIAL_ACTORS_MAX)
		trial->actors[trial->actor_count++] = actor;
}

static bool has_actor(const struct trial *trial, uint64_t pid)
{
	for (size_t i = 0; i < trial->actor_count; i++)
		if ((uint64_t)trial->actors[i] == pid)
			return true;
	return false;
}

bool trial_owns(struct trial *trial, const struct sight *sight)
{
	/* Who died is the target of that line; it has no actor. */
	if (sight->crash)
		return has_actor(trial, sight->target);
	if (sight->kind != SIGHT_ACCESS || sight->actor == UNKNOWN_ID)
		return false;
	if (has_actor(trial, sight->actor))
		return true;
	if (sight->parent == UNKNOWN_ID || !has_actor(trial, sight->parent))
		return false;
	trial_add_actor(trial, (pid_t)sight->actor);
	return true;
}

static int64_t latency_of(const struct trial *trial, const struct sight *sight)
{
	/* The line may come before an actor has told its moment; and what is held already, a watch finds when it begins. */
	if (trial->moment_ns)
		return sight->arrived_ns >= trial->moment_ns ? (int64_t)((sight->arrived_ns - trial->moment_ns) / 1000)
							     : 0;
	/* Of a program, which cannot tell its moment, the sensor's own time. */
	if (!trial->moment_ns && sight->time_ms != TIME_UNKNOWN && (int64_t)sight->arrived_ms >= sight->time_ms)
		return ((int64_t)sight->arrived_ms - sight->time_ms) * US_OF_MS;
	return -1;
}

static bool is_target(const struct trial *trial, uint64_t pid)
{
	return pid == UNKNOWN_ID || pid == (uint64_t)trial->target || pid == (uint64_t)trial->target_tid;
}

/* Whether it is the line that is looked for, but for its target. */
static bool is_sign(const struct trial *trial, const struct sight *sight)
{
	const struct variant *variant = trial->variant;

	switch (variant->sign) {
	case SIGN_PROGRAM:
		return sight->risk == RISK_KNOWN_TOOL;
	case SIGN_CRASH:
		return sight->crash;
	case SIGN_ACCESS:
		break;
	}
	return !sight->self && sight->verb == variant->verb &&
	       (variant->entry == ENTRY_NONE || sight->entry == variant->entry);
}

void trial_take(struct trial *trial, const struct sight *sight)
{
	trial->raised |= sight->risk != RISK_NONE && !sight->suppressed && !sight->self;
	if (!is_sign(trial, sight))
		return;
	if (trial->variant->sign == SIGN_ACCESS && !is_target(trial, sight->target)) {
		trial->other_target = true;
		return;
	}
	trial->refused |= sight->failed;
	trial->target_unknown = (trial->target_unknown || !trial->seen) && sight->target == UNKNOWN_ID;
	if (!trial->seen)
		trial->latency_us = latency_of(trial, sight);
	trial->seen = true;
	if (sight->risk > trial->risk && !sight->suppressed)
		trial->risk = sight->risk;
}

/* The latest that had begun: numbers of processes are used again. */
static struct trial *owner_of(struct trial *trials, size_t count, const struct sight *sight)
{
	struct trial *owner = NULL;

	for (size_t i = 0; i < count; i++)
		if (trials[i].began_ns && trials[i].began_ns <= sight->arrived_ns &&
		    (!owner || trials[i].began_ns >= owner->began_ns) && trial_owns(&trials[i], sight))
			owner = &trials[i];
	return owner;
}

void trials_take(struct trial *trials, size_t count, const struct sight *sights, size_t sight_count)
{
	for (size_t i = 0; i < sight_count; i++) {
		struct trial *owner = owner_of(trials, count, &sights[i]);

		if (owner)
			trial_take(owner, &sights[i]);
	}
}

enum result trial_result(const struct trial *trial)
{
	if (!trial->done)
		return RESULT_NOT_RUN;
	switch (trial->expected.expect) {
	case EXPECT_SEEN:
		return trial->seen ? RESULT_SEEN : RESULT_MISSED;
	case EXPECT_MISS:
		return trial->seen ? RESULT_SEEN : RESULT_EXPECTED_MISS;
	case EXPECT_QUIET:
		return trial->raised ? RESULT_RAISED : RESULT_QUIET;
	case EXPECT_NONE:
		break;
	}
	return RESULT_NOT_APPLICABLE;
}

bool result_is_failure(enum result result)
{
	return result == RESULT_MISSED || result == RESULT_RAISED;
}

const char *result_name(enum result result)
{
	static const char *const names[RESULT_COUNT] = {
		[RESULT_SEEN] = "seen",	      [RESULT_MISSED] = "missed", [RESULT_EXPECTED_MISS] = "expected-miss",
		[RESULT_QUIET] = "quiet",     [RESULT_RAISED] = "raised", [RESULT_NOT_APPLICABLE] = "not-applicable",
		[RESULT_NOT_RUN] = "not-run",
	};

	return names[result];
}

const char *expect_name(enum expect expect)
{
	switch (expect) {
	case EXPECT_SEEN:
		return "seen";
	case EXPECT_MISS:
		return "miss";
	case EXPECT_QUIET:
		return "quiet";
	case EXPECT_NONE:
		break;
	}
	return "none";
}

static const char *why_seen(const struct trial *trial)
{
	if (trial->expected.expect == EXPECT_MISS)
		return "beyond what is expected of this sensor";
	if (trial->variant->who == WHO_STRANGER && !trial->refused)
		return "the sensor does not tell that it was refused";
	return trial->target_unknown && trial->variant->sign == SIGN_ACCESS ? "the sensor does not tell whose" : "";
}

const char *trial_why(const struct trial *trial)
{
	switch (trial_result(trial)) {
	case RESULT_SEEN:
		return why_seen(trial);
	case RESULT_MISSED:
		return trial->other_target ? "told of another process than the one it was" : "no line tells of it";
	case RESULT_EXPECTED_MISS:
	case RESULT_NOT_APPLICABLE:
		return reason_words(trial->expected.reason);
	case RESULT_RAISED:
		return "this is normal, and was raised";
	case RESULT_NOT_RUN:
		return trial->failure;
	case RESULT_QUIET:
	case RESULT_COUNT:
		break;
	}
	return "";
}
