#include "rule/verdict.h"

#include <stdlib.h>

#include "rule/binding.h"
#include "rule/crash.h"
#include "rule/record_types.h"

#define SCORE_FORGEABLE_MAX 20 /* what any user could have written into a log never outranks the kernel */
#define MATCHES_MAX 128

struct match {
	const struct sigma_rule *rule;
	const struct sigma_rule *filter; /* that takes it; NULL: none */
};

struct assessor {
	const struct pack *pack;
	struct binding binding;
	struct sigma_evaluator *evaluator;
	struct sigma_correlator *correlator;
	struct match matches[MATCHES_MAX]; /* of the sighting, also of what it completed */
	size_t match_count;
	uint64_t matches_left;	   /* that found no room */
	struct record_types types; /* that rules of service auditd can be about */
	bool offered; /* matches and `pending` are those of an audit event, for the sighting that comes next */
	struct verdict pending; /* its firings */
	struct verdict *verdict;
	const struct assessor_watch *watch;
	sigma_fired *fired; /* at the end: who is told */
	void *context;
};

unsigned severity_of(unsigned score)
{
	unsigned severity = (score + 9) / 10;

	return severity < 1 ? 1 : severity > 10 ? 10 : severity;
}

/* ---- creation ---- */

static void take_firing(void *context, const struct sigma_firing *firing);

struct assessor *assessor_create(const struct pack *pack)
{
	struct assessor *assessor = calloc(1, sizeof(*assessor));

	if (!assessor)
		return NULL;
	assessor->pack = pack;
	assessor->types = record_types_of(pack->rules);
	assessor->evaluator = sigma_evaluator_create(pack->engine);
	assessor->correlator = sigma_correlator_create(pack->rules, take_firing, assessor);
	if (binding_init(&assessor->binding, pack->rules, pack->engine) == 0 && assessor->evaluator &&
	    assessor->correlator)
		return assessor;
	assessor_destroy(assessor);
	return NULL;
}

void assessor_destroy(struct assessor *assessor)
{
	if (!assessor)
		return;
	sigma_correlator_destroy(assessor->correlator);
	sigma_evaluator_destroy(assessor->evaluator);
	binding_finish(&assessor->binding);
	free(assessor);
}

void assessor_set_watch(struct assessor *assessor, const struct assessor_watch *watch)
{
	assessor->watch = watch;
}

/* ---- matches ---- */

static void add_match(struct assessor *assessor, const struct sigma_rule *rule, const struct sigma_rule *filter)
{
	if (assessor->match_count == MATCHES_MAX) {
		assessor->matches_left++;
		return;
	}
	assessor->matches[assessor->match_count++] = (struct match){ rule, filter };
}

static void take_firing(void *context, const struct sigma_firing *firing)
{
	struct assessor *assessor = context;
	struct verdict *verdict = assessor->verdict;
	const struct sigma_rule *rule = &assessor->pack->rules->items[firing->rule];

	if (!firing->event || !verdict) {
		if (assessor->fired && !rule->silent)
			assessor->fired(assessor->context, firing);
		return;
	}
	for (size_t i = 0; i < verdict->firing_count; i++)
		if (verdict->firings[i].rule == rule)
			return; /* of another group that the sighting belongs to */
	if (rule->silent || verdict->firing_count == VERDICT_FIRINGS_MAX)
		return;
	struct verdict_firing *kept = &verdict->firings[verdict->firing_count++];
	kept->rule = rule;
	kept->tag_count = firing->tag_count;
	if (firing->tag_count)
		memcpy(kept->tags, firing->tags, firing->tag_count * sizeof(*firing->tags));
	add_match(assessor, rule, NULL);
}

/* Asks the rules about one event, and with a tag the correlations. */
static void evaluate(struct assessor *assessor, struct sigma_event *event, const struct sigma_tag *tag)
{
	const struct sigma_rule *rules = assessor->pack->rules->items;
	const struct sigma_match *matches;
	size_t count = sigma_evaluate(assessor->evaluator, event, &matches);

	for (size_t i = 0; i < count; i++) {
		bool filtered = matches[i].filter != SIGMA_NO_FILTER;
		if (!rules[matches[i].rule].silent)
			add_match(assessor, &rules[matches[i].rule], filtered ? &rules[matches[i].filter] : NULL);
	}
	if (tag)
		event->tag = *tag;
	if (assessor->watch)
		assessor->watch->seen(assessor->watch->context, event, matches, count, tag != NULL);
	if (!tag)
		return;
	sigma_correlate(assessor->correlator, event, matches, count);
}

static bool makes_finding(const struct assessor *assessor)
{
	for (size_t i = 0; i < assessor->match_count; i++)
		if (assessor->matches[i].rule->effect.finds && !assessor->matches[i].filter)
			return true;
	return false;
}

static void evaluate_access(struct assessor *assessor, const struct access *access, const struct sigma_tag *tag)
{
	bool executes = access->verb == VERB_EXEC;

	evaluate(assessor, binding_access(&assessor->binding, access), tag);
	if (executes || makes_finding(assessor))
		evaluate(assessor, binding_execution(&assessor->binding, access), executes ? tag : NULL);
}

static void evaluate_line(struct assessor *assessor, const struct access *access, const struct sigma_tag *tag)
{
	struct span comm;
	uint64_t pid;

	if (access->sighting == SIGHTING_LINE)
		evaluate(assessor, binding_line(&assessor->binding, access), tag);
	if (crash_of(access, &comm, &pid))
		evaluate(assessor, binding_crash(&assessor->binding, access, comm, pid), tag);
}

static void take_pending(struct assessor *assessor, struct verdict *verdict)
{
	verdict->firing_count = assessor->pending.firing_count;
	memcpy(verdict->firings, assessor->pending.firings, verdict->firing_count * sizeof(*verdict->firings));
}

static void find_matches(struct assessor *assessor, const struct access *access, const struct sigma_tag *tag)
{
	bool offered = assessor->offered;

	assessor->offered = false;
	if (offered && access->sighting == SIGHTING_EVENT) {
		take_pending(assessor, assessor->verdict);
		return;
	}
	assessor->match_count = 0;
	switch (access->sighting) {
	case SIGHTING_ACCESS:
		evaluate_access(assessor, access, tag);
		break;
	case SIGHTING_EXECUTION:
		evaluate(assessor, binding_execution(&assessor->binding, access), tag);
		break;
	case SIGHTING_CRASH:
	case SIGHTING_LINE:
		evaluate_line(assessor, access, tag);
		break;
	case SIGHTING_EVENT:
		break;
	}
}

/* ---- composition ---- */

static bool is_graver(const struct sigma_effect *a, const struct sigma_effect *b)
{
	if (a->final != b->final)
		return a->final;
	return a->risk != b->risk ? a->risk > b->risk : a->score > b->score;
}

/* The gravest of those that make a finding, among what filters took or left. */
static const struct match *gravest(const struct assessor *assessor, bool filtered)
{
	const struct match *best = NULL;

	for (size_t i = 0; i < assessor->match_count; i++) {
		const struct match *match = &assessor->matches[i];
		if (match->rule->effect.finds && (match->filter != NULL) == filtered &&
		    (!best || is_graver(&match->rule->effect, &best->rule->effect)))
			best = match;
	}
	return best;
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
static bool is_outweighed(const struct assessor *assessor, size_t at)
{
	const struct sigma_rule *rule = assessor->matches[at].rule;

	for (size_t i = 0; i < assessor->match_count; i++) {
		const struct sigma_rule *other = assessor->matches[i].rule;
		if (i == at || assessor->matches[i].filter || !is_same_rule(rule, other))
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
static bool counts(const struct assessor *assessor, const struct verdict *verdict, size_t at)
{
	const struct match *match = &assessor->matches[at];

	if ((match->filter && !verdict->filter) || is_outweighed(assessor, at))
		return false;
	return match->rule == verdict->rule ||
	       !(is_same_rule(match->rule, verdict->rule) || (match->rule->effect.finds && verdict->final));
}

/* In the order of loading: what was done comes first, then what it was about, then what it belongs to. */
static void add_matches(const struct assessor *assessor, struct verdict *verdict)
{
	int score = (int)verdict->rule->effect.score;

	for (size_t i = 0; i < assessor->match_count; i++) {
		const struct sigma_rule *rule = assessor->matches[i].rule;
		if (!counts(assessor, verdict, i))
			continue;
		if (rule != verdict->rule)
			score += rule->effect.addition;
		verdict->credentials |= rule->effect.credentials;
		if (!verdict->threat.data)
			verdict->threat = rule->effect.threat;
		add_reason(verdict, rule->effect.reason);
	}
	verdict->score = score < 1 ? 1 : score > 100 ? 100 : (unsigned)score;
}

static void compose(const struct assessor *assessor, struct verdict *verdict)
{
	const struct match *best = gravest(assessor, false);

	if (!best) {
		best = gravest(assessor, true);
		if (!best)
			return;
		verdict->filter = best->filter;
	}
	verdict->rule = best->rule;
	verdict->risk = best->rule->effect.risk;
	verdict->final = best->rule->effect.final;
	add_matches(assessor, verdict);
}

static void weigh_trust(struct verdict *verdict, const struct access *access)
{
	if (verdict->risk == RISK_NONE || access->trust != TRUST_ANY_USER)
		return;
	if (access->sighting != SIGHTING_LINE && verdict->risk > RISK_REVIEW)
		verdict->risk = RISK_REVIEW;
	if (verdict->score > SCORE_FORGEABLE_MAX)
		verdict->score = SCORE_FORGEABLE_MAX;
	add_reason(verdict, SPAN("any user could have written this record"));
}

static void assess(struct assessor *assessor, const struct access *access, const struct sigma_tag *tag,
		   struct verdict *verdict)
{
	/* Its reasons and firings are many bytes; their counts say which of them are set. */
	verdict->risk = RISK_NONE;
	verdict->score = 0;
	verdict->rule = verdict->filter = NULL;
	verdict->final = verdict->credentials = false;
	verdict->threat = (struct span){ 0 };
	verdict->reason_count = verdict->firing_count = 0;
	if (access->self)
		return;
	assessor->verdict = verdict;
	find_matches(assessor, access, tag);
	assessor->verdict = NULL;
	if (!assessor->match_count)
		return;
	compose(assessor, verdict);
	weigh_trust(verdict, access);
}

void assessor_alone(struct assessor *assessor, const struct access *access, struct verdict *verdict)
{
	assess(assessor, access, NULL, verdict);
}

void assessor_take(struct assessor *assessor, const struct access *access, struct sigma_tag tag,
		   struct verdict *verdict)
{
	assess(assessor, access, &tag, verdict);
}

/* ---- audit events ---- */

bool assessor_wants_events(const struct assessor *assessor)
{
	return sigma_engine_wants(assessor->pack->engine, SIGMA_SOURCE_AUDITD);
}

bool assessor_offer(struct assessor *assessor, const struct event *event)
{
	const struct sigma_tag none = { 0 };

	if (!assessor->watch && !record_types_have(&assessor->types, event))
		return false;
	assessor->match_count = 0;
	assessor->pending.firing_count = 0;
	assessor->verdict = &assessor->pending;
	evaluate(assessor, binding_audit(&assessor->binding, event), &none);
	assessor->verdict = NULL;
	assessor->offered = makes_finding(assessor);
	return assessor->offered;
}

/* ---- the end ---- */

void assessor_end(struct assessor *assessor, sigma_fired *fired, void *context)
{
	assessor->fired = fired;
	assessor->context = context;
	sigma_correlate_end(assessor->correlator);
	assessor->fired = NULL;
}

void assessor_account(const struct assessor *assessor, struct summary *summary)
{
	const struct sigma_evaluator_counts *counts = sigma_evaluator_counts(assessor->evaluator);
	const struct sigma_correlator_counts *correlated = sigma_correlator_counts(assessor->correlator);
	const struct sigma_rule *limited = &assessor->pack->rules->items[counts->limited_rule];

	summary->evicted += correlated->evicted;
	if (counts->regex_limited) {
		struct span name = pack_rule_name(limited);
		summary_note(summary, true, false,
			     "the regular expressions of rules gave up on %llu values, last one of '%.*s': they count "
			     "as no match",
			     (unsigned long long)counts->regex_limited, (int)(name.len < 100 ? name.len : 100),
			     name.data);
	}
	if (counts->regex_cut)
		summary_note(summary, true, false,
			     "%llu values were longer than what rules' regular expressions look at",
			     (unsigned long long)counts->regex_cut);
	if (assessor->binding.event.dropped)
		summary_note(summary, true, false, "%llu fields of crowded events were not shown to the rules",
			     (unsigned long long)assessor->binding.event.dropped);
	if (assessor->matches_left)
		summary_note(summary, true, false, "%llu matches of rules found no room beside others",
			     (unsigned long long)assessor->matches_left);
	if (correlated->crowded + correlated->late)
		summary_note(summary, false, false,
			     "correlations left out %llu matches that came late, and %llu that found no room",
			     (unsigned long long)correlated->late, (unsigned long long)correlated->crowded);
}
