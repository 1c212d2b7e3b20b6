#include "rule/assess.h"

#include <stdlib.h>

#include "base/hash.h"
#include "rule/binding.h"
#include "rule/crash.h"
#include "rule/record_types.h"

struct assessor {
	const struct pack *pack;
	struct binding binding;
	struct sigma_evaluator *evaluator;
	struct sigma_correlator *correlator;
	struct matches matches;	   /* of the sighting, also of what it completed */
	struct record_types types; /* that rules of service auditd can be about */
	const struct sigma_match
		*offered; /* of an audit event, for the sighting that comes next; NULL: there is none */
	size_t offered_count;
	uint64_t unnumbered; /* sightings without a serial so far */
	struct verdict *verdict;
	const struct assessor_watch *watch;
	assessor_tag *tag;
	void *tag_context;
	sigma_fired *closed; /* who is told of windows that close */
	void *context;
};

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

void assessor_set_tag(struct assessor *assessor, assessor_tag *tag, void *context)
{
	assessor->tag = tag;
	assessor->tag_context = context;
}

void assessor_set_closed(struct assessor *assessor, sigma_fired *closed, void *context)
{
	assessor->closed = closed;
	assessor->context = context;
}

/* ---- matches ---- */

static void add_match(struct assessor *assessor, const struct sigma_rule *rule, const struct sigma_rule *filter)
{
	struct matches *matches = &assessor->matches;

	if (matches->count == VERDICT_MATCHES_MAX) {
		matches->left++;
		return;
	}
	matches->items[matches->count++] = (struct match){ rule, filter };
}

/* NULL: there is no room. */
static struct verdict_firing *firing_of(struct assessor *assessor, const struct sigma_rule *rule)
{
	struct verdict *verdict = assessor->verdict;

	for (size_t i = 0; i < verdict->firing_count; i++)
		if (verdict->firings[i].rule == rule)
			return &verdict->firings[i]; /* of another group that the sighting belongs to */
	if (verdict->firing_count == VERDICT_FIRINGS_MAX)
		return NULL;
	struct verdict_firing *firing = &verdict->firings[verdict->firing_count++];
	firing->rule = rule;
	firing->tag_count = 0;
	add_match(assessor, rule, NULL);
	return firing;
}

static bool add_tag(struct verdict_firing *firing, struct sigma_tag tag)
{
	for (size_t i = 0; i < firing->tag_count; i++)
		if (firing->tags[i].key == tag.key && firing->tags[i].sub == tag.sub)
			return true;
	if (firing->tag_count == VERDICT_TAGS_MAX)
		return false;
	firing->tags[firing->tag_count++] = tag;
	return true;
}

static void take_firing(void *context, const struct sigma_firing *firing)
{
	struct assessor *assessor = context;
	const struct sigma_rule *rule = &assessor->pack->rules->items[firing->rule];

	if (rule->silent)
		return;
	if (!firing->event || !assessor->verdict) {
		if (assessor->closed)
			assessor->closed(assessor->context, firing);
		return;
	}
	struct verdict_firing *kept = firing_of(assessor, rule);
	bool whole = kept;
	for (size_t i = 0; kept && i < firing->tag_count; i++)
		whole &= add_tag(kept, firing->tags[i]);
	assessor->matches.left += !whole;
}

static void add_matches_of(struct assessor *assessor, const struct sigma_match *matches, size_t count)
{
	const struct sigma_rule *rules = assessor->pack->rules->items;

	for (size_t i = 0; i < count; i++) {
		bool filtered = matches[i].filter != SIGMA_NO_FILTER;
		if (!rules[matches[i].rule].silent)
			add_match(assessor, &rules[matches[i].rule], filtered ? &rules[matches[i].filter] : NULL);
	}
}

/* What a late record is told with is the event that was told before. */
static void identify(struct assessor *assessor, struct sigma_event *event, const struct access *access)
{
	event->again = access->again;
	event->forgeable = access->trust == TRUST_ANY_USER;
	event->identity =
		access->serial || access->again
			? hash_join(hash_join(hash_bytes(access->host), access->serial), (uint64_t)access->time_ms)
			: ++assessor->unnumbered;
}

/* Without a match, it only moves the time on. */
static void correlate(struct assessor *assessor, struct sigma_event *event, const struct access *access,
		      const struct sigma_match *matches, size_t count)
{
	if (count) {
		event->tag = assessor->tag(assessor->tag_context, access);
		identify(assessor, event, access);
	}
	sigma_correlate(assessor->correlator, event, matches, count);
}

static void watch(const struct assessor *assessor, const struct sigma_event *event, const struct sigma_match *matches,
		  size_t count, bool told)
{
	if (assessor->watch)
		assessor->watch->seen(assessor->watch->context, event, matches, count, told);
}

/* Asks the rules about one event of the sighting, and the correlations if they are to be told. */
static void evaluate(struct assessor *assessor, struct sigma_event *event, const struct access *access, bool told)
{
	const struct sigma_match *matches;
	size_t count = sigma_evaluate(assessor->evaluator, event, &matches);

	add_matches_of(assessor, matches, count);
	watch(assessor, event, matches, count, told);
	if (told)
		correlate(assessor, event, access, matches, count);
}

/* Most executions hold no text that a rule asks for. Who watches sees them all the same. */
static void evaluate_execution(struct assessor *assessor, const struct access *access, bool told)
{
	struct span glance = { 0 };

	if (!assessor->watch)
		glance = binding_glance(&assessor->binding, access);
	if (!glance.data || sigma_glance(assessor->evaluator, SIGMA_SOURCE_PROCESS_CREATION, glance))
		evaluate(assessor, binding_execution(&assessor->binding, access), access, told);
	else if (told)
		sigma_correlate_time(assessor->correlator, access->time_ms);
}

static void evaluate_access(struct assessor *assessor, const struct access *access, bool told)
{
	bool executes = access->verb == VERB_EXEC;

	evaluate(assessor, binding_access(&assessor->binding, access), access, told);
	if (executes || verdict_is_finding(&assessor->matches))
		evaluate_execution(assessor, access, executes && told);
}

static void evaluate_line(struct assessor *assessor, const struct access *access, bool told)
{
	struct span comm;
	uint64_t pid;

	if (access->sighting == SIGHTING_LINE)
		evaluate(assessor, binding_line(&assessor->binding, access), access, told);
	if (crash_of(access, &comm, &pid))
		evaluate(assessor, binding_crash(&assessor->binding, access, comm, pid), access, told);
}

/* The event is that of the offer: nothing was asked about since. */
static void take_offered(struct assessor *assessor, const struct access *access, bool told)
{
	const struct sigma_match *matches = assessor->offered;
	size_t count = assessor->offered_count;

	if (!matches)
		return;
	add_matches_of(assessor, matches, count);
	if (!told)
		return;
	assessor->offered = NULL;
	correlate(assessor, &assessor->binding.event, access, matches, count);
}

static void find_matches(struct assessor *assessor, const struct access *access, bool told)
{
	switch (access->sighting) {
	case SIGHTING_ACCESS:
		evaluate_access(assessor, access, told);
		break;
	case SIGHTING_EXECUTION:
		evaluate_execution(assessor, access, told);
		break;
	case SIGHTING_CRASH:
	case SIGHTING_LINE:
		evaluate_line(assessor, access, told);
		break;
	case SIGHTING_FILE:
		evaluate(assessor, binding_file(&assessor->binding, access), access, told);
		break;
	case SIGHTING_EVENT:
		take_offered(assessor, access, told);
		break;
	}
	if (access->sighting != SIGHTING_EVENT)
		assessor->offered = NULL;
}

static void assess(struct assessor *assessor, const struct access *access, bool told, struct verdict *verdict)
{
	verdict->firing_count = 0;
	assessor->matches.count = 0;
	assessor->verdict = verdict;
	if (!access->self)
		find_matches(assessor, access, told);
	assessor->verdict = NULL;
	verdict_compose(verdict, &assessor->matches, access);
}

void assessor_alone(struct assessor *assessor, const struct access *access, struct verdict *verdict)
{
	assess(assessor, access, false, verdict);
}

void assessor_take(struct assessor *assessor, const struct access *access, struct verdict *verdict)
{
	assess(assessor, access, true, verdict);
}

/* ---- audit events ---- */

bool assessor_wants_files(const struct assessor *assessor)
{
	return sigma_engine_wants(assessor->pack->engine, SIGMA_SOURCE_FILE_EVENT);
}

bool assessor_wants_events(const struct assessor *assessor)
{
	return sigma_engine_wants(assessor->pack->engine, SIGMA_SOURCE_AUDITD);
}

bool assessor_offer(struct assessor *assessor, const struct event *event)
{
	assessor->offered = NULL;
	/* Who watches tries rules without their parts, also without the type that they name. */
	if (!assessor->watch && !record_types_have(&assessor->types, event))
		return false;
	struct sigma_event *seen = binding_audit(&assessor->binding, event);
	assessor->offered_count = sigma_evaluate(assessor->evaluator, seen, &assessor->offered);
	watch(assessor, seen, assessor->offered, assessor->offered_count, true);
	if (assessor->offered_count)
		return true;
	assessor->offered = NULL;
	sigma_correlate(assessor->correlator, seen, NULL, 0); /* moves the time on */
	return false;
}

/* ---- the end ---- */

void assessor_time(struct assessor *assessor, int64_t now_ms)
{
	sigma_correlate_time(assessor->correlator, now_ms);
}

void assessor_end(struct assessor *assessor)
{
	sigma_correlate_end(assessor->correlator);
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
	if (assessor->matches.left)
		summary_note(summary, true, false, "%llu matches of rules found no room beside others",
			     (unsigned long long)assessor->matches.left);
	if (correlated->crowded + correlated->late)
		summary_note(summary, false, false,
			     "correlations left out %llu matches that came late, and %llu that found no room",
			     (unsigned long long)correlated->late, (unsigned long long)correlated->crowded);
}
