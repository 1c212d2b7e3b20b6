/* How it is known. */
#include "sink/explain_parts.h"

static void put(struct explanation *explanation, const char *label, struct buffer *text)
{
	explain_take(explanation, EXPLAIN_EVIDENCE, EXPLAIN_FACT, span_of(label), text);
}

static const char *evidence_text(enum resolved_by how)
{
	static const char *const texts[] = {
#define EVIDENCE(id, text) [RESOLVED_##id] = text,
#include "sink/playbook.def"
#undef EVIDENCE
	};

	return texts[how];
}

static const char *trust_text(enum trust trust)
{
	static const char *const texts[] = {
#define TRUST(id, text) [TRUST_##id] = text,
#include "sink/playbook.def"
#undef TRUST
	};

	return texts[trust];
}

static void add_place(struct explanation *explanation, const struct access *access)
{
	struct buffer text = { 0 };

	if (access->origin.file) {
		buffer_text(&text, access->origin.file);
		put(explanation, "file", &text);
	}
	if (access->origin.member) {
		buffer_text(&text, access->origin.member);
		put(explanation, "member", &text);
	}
	words_number(&text, access->origin.offset);
	put(explanation, "at byte", &text);
	if (access->serial) {
		words_number(&text, access->serial);
		put(explanation, "event", &text);
	}
	buffer_finish(&text);
}

static void add_sensors(struct explanation *explanation, unsigned seen_by)
{
	struct buffer text = { 0 };

	for (unsigned bit = 1; bit < SEEN_BY_END; bit <<= 1)
		if (seen_by & bit)
			buffer_printf(&text, "%s%s", text.len ? ", " : "", seen_by_name((enum seen_by)bit));
	put(explanation, "seen by", &text);
	buffer_finish(&text);
}

void explain_evidence(struct explanation *explanation)
{
	const struct access *access = &explanation->subject->finding->access;
	bool of_process = access->verb < VERB_LOG && (access->verb != VERB_EXEC || access->entry != ENTRY_NONE) &&
			  !words_of_host(access);

	add_sensors(explanation, access->seen_by);
	explain_fact(explanation, EXPLAIN_EVIDENCE, "written by", span_of(trust_text(access->trust)));
	if (of_process) {
		explain_fact(explanation, EXPLAIN_EVIDENCE, "target", span_of(evidence_text(access->resolved_by)));
		explain_fact(explanation, EXPLAIN_EVIDENCE, "certain",
			     access->target.pid == UNKNOWN_ID ? SPAN("no: the target is unknown")
			     : access->certain		      ? SPAN("yes")
							      : SPAN("no: it is the best reading"));
	}
	if (access->incomplete)
		explain_fact(explanation, EXPLAIN_EVIDENCE, "complete", SPAN("no: records of the event are missing"));
	add_place(explanation, access);
}
