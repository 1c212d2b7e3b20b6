/* What to check on the host, and how to contain it: the playbook's commands with the finding's values. */
#include "sink/explain_parts.h"

#include "sink/explain_fill.h"
#include "sink/explain_when.h"

enum task {
#define QUESTION(id, when, text) QUESTION_##id,
#define CONTAIN(id, when, text) CONTAIN_##id,
#include "sink/playbook.def"
#undef QUESTION
#undef CONTAIN
};

static const struct {
	enum explain_section section;
	enum explain_when when;
	const char *text;
} tasks[] = {
#define QUESTION(id, when, text) [QUESTION_##id] = { EXPLAIN_CHECK, WHEN_##when, text },
#define CONTAIN(id, when, text) [CONTAIN_##id] = { EXPLAIN_CONTAIN, WHEN_##when, text },
#include "sink/playbook.def"
#undef QUESTION
#undef CONTAIN
};

static const struct {
	enum task task;
	enum explain_when when;
	const char *text;
} commands[] = {
#define COMMAND(id, when, text) { QUESTION_##id, WHEN_##when, text },
#define CONTAIN_COMMAND(id, when, text) { CONTAIN_##id, WHEN_##when, text },
#include "sink/playbook.def"
#undef COMMAND
#undef CONTAIN_COMMAND
};

/* What cannot be done without values that the log does not tell, is not told to be done. */
static void add_task(struct explanation *explanation, enum task task, uint32_t circumstances)
{
	struct buffer text = { 0 };
	bool said = false, has_commands = false;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		has_commands |= commands[i].task == task;
	if (!has_commands)
		explain_add(explanation, tasks[task].section, EXPLAIN_TASK, (struct span){ 0 },
			    span_of(tasks[task].text));
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].task != task || !(circumstances & UINT32_C(1) << commands[i].when) ||
		    !explain_fill(&text, commands[i].text, explanation->subject))
			continue;
		if (!said)
			explain_add(explanation, tasks[task].section, EXPLAIN_TASK, (struct span){ 0 },
				    span_of(tasks[task].text));
		said = true;
		explain_take(explanation, tasks[task].section, EXPLAIN_COMMAND, (struct span){ 0 }, &text);
	}
	buffer_finish(&text);
}

static void add_missing(struct explanation *explanation)
{
	const struct access *access = &explanation->subject->finding->access;

	if (access->actor.pid == UNKNOWN_ID)
		explain_say(explanation, EXPLAIN_CHECK,
			    "The log does not tell the pid of the actor: commands that need it are left out.");
	if (explanation->subject->finding->first_ms == TIME_UNKNOWN)
		explain_say(explanation, EXPLAIN_CHECK,
			    "The log does not tell the time: commands that need it are left out.");
}

void explain_advice(struct explanation *explanation)
{
	uint32_t circumstances = explain_circumstances(explanation->subject->finding);

	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++)
		if (circumstances & UINT32_C(1) << tasks[i].when)
			add_task(explanation, (enum task)i, circumstances);
	add_missing(explanation);
}
