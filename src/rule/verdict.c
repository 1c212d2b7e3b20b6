#include "rule/verdict.h"

#include <stdlib.h>

unsigned severity_of(unsigned score)
{
	unsigned severity = (score + 9) / 10;

	return severity < 1 ? 1 : severity > 10 ? 10 : severity;
}

static bool is_graver(const struct sigma_effect *a, const struct sigma_effect *b)
{
	if (a->final != b->final)
		return a->final;
	return a->risk != b->risk ? a->risk > b->risk : a->score > b->score;
}

/* The gravest of those that make a finding, among what filters took or left. */
static const struct match *gravest(const struct matches *matches, bool filtered)
{
	const struct match *best = NULL;

	for (size_t i = 0; i < matches->count; i++) {
		const struct match *match = &matches->items[i];
		if (match->rule->effect.finds && (match->filter != NULL) == filtered &&
		    (!best || is_graver(&match->rule->effect, &best->rule->effect)))
			best = match;
	}
	return best;
}

bool verdict_is_finding(const struct matches *matches)
{
	return gravest(matches, false) != NULL;
}

static bool is_same_rule(const struct sigma_rule *a, const struct sigma_rule *b)
{
	return a == b || (a->id.len && span_equal(a->id, b->id));
}

static bool outweighs(const struct sigma_effect *a, const struct sigma_effect *b)
{
	if (a->addition != b->addition)
		return abs(a->addition) > abs(b->addition);
	return is_graver(a, b);
}

/* Whether another document of the same id says it better. */
static bool is_outweighed(const struct matches *matches, size_t at)
{
	const struct sigma_rule *rule = matches->items[at].rule;

	for (size_t i = 0; i < matches->count; i++) {
		const struct sigma_rule *other = matches->items[i].rule;
		if (i == at || matches->items[i].filter || !is_same_rule(rule, other))
			continue;
		if (outweighs(&other->effect, &rule->effect) || (i < at && !outweighs(&rule->effect, &other->effect)))
			return true;
	}
	return false;
}

static void add_reason(struct verdict *verdict, struct span reason)
{
	for (size_t i = 0; i < verdict->reason_count; i++)
		if (span_equal(verdict->reasons[i], reason))
			return;
	if (verdict->reason_count < FINDING_REASONS_MAX)
		verdict->reasons[verdict->reason_count++] = reason;
}

/* Whether the match has a say beside the one that decides. */
static bool counts(const struct matches *matches, const struct verdict *verdict, size_t at)
{
	const struct match *match = &matches->items[at];

	if ((match->filter && !verdict->filter) || is_outweighed(matches, at))
		return false;
	return match->rule == verdict->rule ||
	       !(is_same_rule(match->rule, verdict->rule) || (match->rule->effect.finds && verdict->final));
}

/* ATT&CK's "Impair Defenses". */
static bool tells_of_blinding(const struct sigma_rule *rule)
{
	for (size_t i = 0; i < rule->tags.count; i++)
		if (span_starts(rule->tags.items[i], SPAN("attack.t1562")))
			return true;
	return false;
}

/* In the order of loading: what was done comes first, then what it was about, then what it belongs to. */
static void add_matches(const struct matches *matches, struct verdict *verdict)
{
	int score = (int)verdict->rule->effect.score;

	for (size_t i = 0; i < matches->count; i++) {
		const struct sigma_rule *rule = matches->items[i].rule;
		if (!counts(matches, verdict, i))
			continue;
		if (rule != verdict->rule)
			score += rule->effect.addition;
		if (rule != verdict->rule && rule->effect.addition > 0)
			verdict->blinded |= tells_of_blinding(rule);
		verdict->credentials |= rule->effect.credentials;
		if (!verdict->threat.data)
			verdict->threat = rule->effect.threat;
		add_reason(verdict, rule->effect.reason);
	}
	verdict->score = score < 1 ? 1 : score > 100 ? 100 : (unsigned)score;
}

/* Its reasons and firings are many bytes; their counts say which of them are set. */
static void clear(struct verdict *verdict)
{
	verdict->risk = RISK_NONE;
	verdict->score = 0;
	verdict->rule = verdict->filter = NULL;
	verdict->final = verdict->credentials = verdict->blinded = false;
	verdict->threat = (struct span){ 0 };
	verdict->reason_count = 0;
}

void verdict_compose(struct verdict *verdict, const struct matches *matches, const struct access *access)
{
	clear(verdict);
	if (!matches->count)
		return;
	const struct match *best = gravest(matches, false);
	if (!best)
		best = gravest(matches, true);
	if (!best)
		return;
	verdict->rule = best->rule;
	verdict->filter = best->filter;
	verdict->risk = best->rule->effect.risk;
	verdict->final = best->rule->effect.final;
	add_matches(matches, verdict);
	verdict_weigh_trust(verdict, access);
}

void verdict_weigh_trust(struct verdict *verdict, const struct access *access)
{
	if (verdict->risk == RISK_NONE || access->trust != TRUST_ANY_USER)
		return;
	if (verdict->risk > RISK_KNOWN_TOOL || (access->sighting != SIGHTING_LINE && verdict->risk > RISK_REVIEW))
		verdict->risk = RISK_REVIEW;
	if (verdict->score > SCORE_FORGEABLE_MAX)
		verdict->score = SCORE_FORGEABLE_MAX;
	add_reason(verdict, SPAN("any user could have written this record"));
}
