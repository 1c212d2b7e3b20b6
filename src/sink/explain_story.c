/* The first lines: what happened, in sentences, and how soon to act. */
#include "sink/explain_parts.h"

#include "sink/explain_when.h"

#define AUID_UNSET 4294967295u

static const char *tier_text(enum risk risk)
{
	switch (risk) {
	case RISK_NONE:
		break;
#define TIER(id, text)  \
	case RISK_##id: \
		return text;
#include "sink/playbook.def"
#undef TIER
	}
	return "No tier took it: nothing here asks for action.";
}

static const char *attempt_text(void)
{
#define ATTEMPT(text) return text;
#include "sink/playbook.def"
#undef ATTEMPT
}

static void add_when_where(struct buffer *to, int64_t time_ms, struct span host)
{
	buffer_text(to, "At ");
	words_time(to, time_ms);
	if (host.len) {
		buffer_text(to, " on ");
		words_name(to, host);
	}
	buffer_text(to, ", ");
}

static void add_users(struct buffer *to, const struct process *actor)
{
	if (actor->uid == UNKNOWN_ID)
		return;
	buffer_text(to, ", as user ");
	words_number(to, actor->uid);
	if (actor->auid == UNKNOWN_ID || actor->auid == AUID_UNSET || actor->auid == actor->uid)
		return;
	buffer_text(to, " by a login of user ");
	words_number(to, actor->auid);
}

static void add_line(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	bool crash = explain_circumstances(finding) & UINT32_C(1) << WHEN_CRASH;

	if (crash) {
		words_process(to, access->target.pid == UNKNOWN_ID && !access->target.comm.len ? &access->actor
											       : &access->target);
		buffer_text(to, " died by a signal; the log does not say by whose doing");
	} else {
		buffer_text(to, "a line of the log by ");
		words_process(to, &access->actor);
		buffer_text(to, " names a known tool");
	}
}

static void add_finding(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;

	add_when_where(to, finding->first_ms, access->host);
	if (access->verb == VERB_LOG) {
		add_line(to, finding);
	} else {
		words_process(to, &access->actor);
		add_users(to, &access->actor);
		buffer_text(to, ", ");
		words_did(to, access);
	}
	if (finding->count > 1) {
		buffer_text(to, "; ");
		words_number(to, finding->count);
		buffer_text(to, " times until ");
		words_time(to, finding->last_ms);
	}
	buffer_text(to, ".");
}

static void add_incident(struct buffer *to, const struct incident *incident)
{
	buffer_text(to, "From ");
	words_time(to, incident->first_ms);
	buffer_text(to, " to ");
	words_time(to, incident->last_ms);
	buffer_text(to, " one actor and what it started made ");
	words_number(to, incident->findings);
	buffer_text(to, incident->findings == 1 ? " finding on " : " findings on ");
	words_number(to, incident->target_count + incident->targets_left);
	buffer_text(to, incident->target_count + incident->targets_left == 1 ? " target; its gravest:"
									     : " targets; the gravest:");
}

void explain_story(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;
	const struct finding *finding = subject->finding;
	struct buffer text = { 0 };

	if (subject->whole) {
		add_incident(&text, subject->incident);
		explain_take(explanation, EXPLAIN_STORY, EXPLAIN_TEXT, (struct span){ 0 }, &text);
	}
	add_finding(&text, finding);
	explain_take(explanation, EXPLAIN_STORY, EXPLAIN_TEXT, (struct span){ 0 }, &text);
	if (finding->suppressed_by.data)
		explain_say(explanation, EXPLAIN_STORY,
			    "Tuning takes this for normal: proctor scan shows it only when asked to.");
	explain_say(explanation, EXPLAIN_STORY, tier_text(subject->whole ? subject->incident->risk : finding->risk));
	if (!subject->whole && explain_circumstances(finding) & UINT32_C(1) << WHEN_REFUSED)
		explain_say(explanation, EXPLAIN_STORY, attempt_text());
	buffer_finish(&text);
}
