/* What is normal for such a program, and why this has its tier and score. */
#include "sink/explain_parts.h"

#include "sink/explain_class.h"

static void add_class(struct explanation *explanation, const struct process *actor)
{
	const char *note;
	enum program_class class = program_class_of(actor, &note);

	explain_fact(explanation, EXPLAIN_NORMAL, "class", span_of(program_class_name(class)));
	explain_fact(explanation, EXPLAIN_NORMAL, "normal", span_of(program_class_normal(class)));
	explain_fact(explanation, EXPLAIN_NORMAL, "not normal", span_of(program_class_unusual(class)));
	explain_fact(explanation, EXPLAIN_NORMAL, "measured", span_of(note));
	if (class != CLASS_NAMELESS)
		explain_say(
			explanation, EXPLAIN_NORMAL,
			"The class goes by the path alone. A file there can have been replaced, and a script can do "
			"what its name does not say: check the program below.");
}

static void add_reasons(struct explanation *explanation, const struct span reasons[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		explain_fact(explanation, EXPLAIN_WHY, i ? "and" : "because", reasons[i]);
}

static void add_judgement(struct explanation *explanation, enum risk risk, unsigned score, unsigned severity)
{
	struct buffer text = { 0 };

	buffer_printf(&text, "%s, score %u of 100, severity %u of 10", risk_name(risk), score, severity);
	explain_take(explanation, EXPLAIN_WHY, EXPLAIN_FACT, SPAN("tier"), &text);
	buffer_finish(&text);
}

static void add_rule(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;
	const struct finding *finding = subject->finding;

	explain_fact(explanation, EXPLAIN_WHY, "rule", finding->rule);
	explain_fact(explanation, EXPLAIN_WHY, "its title", subject->rule.title);
	explain_fact(explanation, EXPLAIN_WHY, "it says", subject->rule.description);
	explain_fact(explanation, EXPLAIN_WHY, "false alarms", subject->rule.false_positives);
	explain_fact(explanation, EXPLAIN_WHY, "ATT&CK", finding->technique);
	explain_fact(explanation, EXPLAIN_WHY, "tuned by", finding->suppressed_by);
	explain_fact(explanation, EXPLAIN_WHY, "since", finding->suppressed_why);
}

void explain_normal(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;
	const struct finding *finding = subject->finding;
	const struct incident *incident = subject->incident;

	add_class(explanation, &finding->access.actor);
	if (subject->whole) {
		add_judgement(explanation, incident->risk, incident->score, incident->severity);
		add_reasons(explanation, incident->reasons, incident->reason_count);
	} else {
		add_judgement(explanation, finding->risk, finding->score, finding->severity);
		add_reasons(explanation, finding->reasons, finding->reason_count);
	}
	add_rule(explanation);
}
