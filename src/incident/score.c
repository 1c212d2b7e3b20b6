/*
 * score: a whole weighs more than its gravest finding when one thing led to
 * the other, when something came of it, when many were robbed; and less when
 * this program does so all the time in this log, and never reached memory.
 *
 * What any user could have written into a log never outranks the kernel: a
 * story of nothing else keeps its finding's score.
 */
#include <stdio.h>

#include "incident/tale.h"

#define SCORE_MAX 100
#define USUAL 5 /* incidents by one program: it is in the habit */
#define OFTEN 20
#define AMONG 20 /* incidents that a log must have for a program to be rare in it */

static void add(struct tale *tale, unsigned score, struct span reason)
{
	struct incident *incident = &tale->incident;

	incident->score = incident->score + score > SCORE_MAX ? SCORE_MAX : incident->score + score;
	if (incident->reason_count < INCIDENT_REASONS_MAX)
		incident->reasons[incident->reason_count++] = reason;
}

static void add_number(struct tale *tale, unsigned score, const char *before, uint64_t value, const char *behind)
{
	char text[96];
	int len = snprintf(text, sizeof(text), "%s%llu%s", before, (unsigned long long)value, behind);

	add(tale, score, arena_copy(&tale->arena, (struct span){ text, (size_t)len }));
}

static bool has(uint32_t kinds, enum step_kind kind)
{
	return kinds & 1u << kind;
}

static bool reached_memory(const struct tale *tale)
{
	return has(tale->done, STEP_MEMORY) || has(tale->done, STEP_ATTACH);
}

static void weigh_sequence(struct tale *tale)
{
	if (has(tale->kinds, STEP_DOWNLOAD))
		add(tale, 3, SPAN("something was fetched before"));
	if (has(tale->kinds, STEP_BLINDING))
		add(tale, tale->blinded ? 0 : 5, SPAN("auditing was weakened")); /* a rule may have counted it */
	if (has(tale->kinds, STEP_RECON) && tale->secrets)
		add(tale, 2, SPAN("processes were looked for"));
	if (has(tale->done, STEP_MAP) && reached_memory(tale))
		add(tale, 2, SPAN("a map was read and memory was reached"));
}

static void weigh_outcome(struct tale *tale)
{
	if (has(tale->done, STEP_DUMP))
		add(tale, 5, SPAN("a file was written after memory was reached"));
	if (has(tale->done, STEP_SHADOW))
		add(tale, 5, SPAN("password hashes were read"));
	if (has(tale->done, STEP_UPLOAD))
		add(tale, 5, SPAN("a connection was made after secrets were reached"));
	if (has(tale->kinds, STEP_CRASH))
		add(tale, 3, SPAN("a process crashed"));
	if (has(tale->done, STEP_CLEANUP))
		add(tale, 2, SPAN("something was removed afterwards"));
}

static void weigh_targets(struct tale *tale)
{
	const struct incident *incident = &tale->incident;
	uint64_t count = incident->target_count + incident->targets_left, holders = 0;

	for (size_t i = 0; i < incident->target_count; i++)
		holders += tale->targets[i].holder;
	if (holders)
		add(tale, 0, holders == 1 ? SPAN("a target holds credentials") : SPAN("targets hold credentials"));
	if (incident->targets_left)
		add(tale, 5, SPAN("hundreds of processes were targets"));
	else if (count >= 3)
		add_number(tale, count >= 10 ? 5 : 3, "", count, " processes were targets");
}

static void set_severity(struct incident *incident)
{
	unsigned severity = (incident->score + 9) / 10;

	incident->severity = severity < 1 ? 1 : severity > 10 ? 10 : severity;
}

void tale_score(struct tale *tale)
{
	struct incident *incident = &tale->incident;

	incident->score = tale->best_score;
	if (tale->believable) {
		weigh_sequence(tale);
		weigh_outcome(tale);
		weigh_targets(tale);
	} else {
		add(tale, 0, SPAN("any user could have written all of it"));
	}
	set_severity(incident);
}

/* Not for memory: whoever reads it twenty times is no less a thief. */
static bool is_habit(enum risk risk, size_t by_program)
{
	return risk <= RISK_REVIEW && by_program >= USUAL;
}

unsigned score_with_rarity(unsigned score, enum risk risk, size_t by_program, size_t among)
{
	unsigned less = by_program >= OFTEN ? 10 : 5;

	if (is_habit(risk, by_program))
		return score > less ? score - less : 1;
	if (by_program == 1 && among >= AMONG)
		return score + 5 > SCORE_MAX ? SCORE_MAX : score + 5;
	return score;
}

void tale_rarity(struct tale *tale, size_t by_program, size_t among)
{
	struct incident *incident = &tale->incident;
	unsigned score = incident->score;

	if (!tale->believable)
		return;
	if (is_habit(incident->risk, by_program))
		add_number(tale, 0, "this program did so in ", by_program, " incidents of this log");
	else if (by_program == 1 && among >= AMONG)
		add_number(tale, 0, "only once in this log, among ", among, " incidents, was it this program");
	incident->score = score_with_rarity(score, incident->risk, by_program, among);
	set_severity(incident);
}
