/*
 * explain: the story of one finding or incident, in sections that a person
 * reads from top to bottom, and what to do next.
 *
 *   explanation_init → explanation_make → explanation_text | explanation_json → explanation_finish
 *
 * An explanation holds texts as the log has them; the writers escape. The
 * commands in it are words of ours with values of the finding, quoted for a
 * shell (shell_word.h): pasting one runs what it says, whatever a name in the
 * log holds.
 */
#ifndef SINK_EXPLAIN_H
#define SINK_EXPLAIN_H

#include "base/arena.h"
#include "base/buffer.h"
#include "model/incident.h"
#include "model/summary.h"

/* In the order of the text; explanation_json names them. */
enum explain_section {
	EXPLAIN_STORY,
	EXPLAIN_WHO,
	EXPLAIN_WHAT,
	EXPLAIN_EVIDENCE,
	EXPLAIN_STEPS,
	EXPLAIN_RECORDS,
	EXPLAIN_NORMAL,
	EXPLAIN_WHY,
	EXPLAIN_CHECK,
	EXPLAIN_CONTAIN,
	EXPLAIN_SECRETS,
	EXPLAIN_LIMITS,
	EXPLAIN_SECTIONS
};

const char *explain_section_name(enum explain_section section); /* "story", "who", … */

enum explain_kind {
	EXPLAIN_TEXT,
	EXPLAIN_FACT,	 /* label: text */
	EXPLAIN_STEP,	 /* label is its time */
	EXPLAIN_RECORD,	 /* a record of the log, as it stood there */
	EXPLAIN_TASK,	 /* to be done, or a question to be answered, with the commands that follow */
	EXPLAIN_COMMAND, /* for a shell on the host, as root */
};

struct explain_item {
	enum explain_section section;
	enum explain_kind kind;
	struct span label, text;
};

/* What a rule's author wrote of it; empty where nothing is known. */
struct explain_rule {
	struct span title, description, false_positives;
};

/* What is to be explained; all of it outlives the explanation. */
struct explain_subject {
	const struct finding *finding;	 /* of an incident: the one that it is told by */
	const struct incident *incident; /* that it is, or that the finding is part of; or NULL */
	bool whole;			 /* it is the incident that was asked for */
	const struct summary *summary;	 /* of the reading, or NULL: the log itself was not read */
	struct explain_rule rule;
};

struct explanation {
	struct arena arena;
	const struct explain_subject *subject;
	struct explain_item *items; /* by section */
	size_t count, capacity;
	bool failed; /* memory is out */
};

void explanation_init(struct explanation *explanation);
void explanation_finish(struct explanation *explanation);

/* 0 or -ENOMEM. The subject outlives the explanation. */
int explanation_make(struct explanation *explanation, const struct explain_subject *subject);

struct explain_look {
	unsigned width; /* columns of the terminal; 0: 80. Records and commands are never broken */
	bool colour, utf8;
};

/* Safe for a terminal; ends with a newline. */
void explanation_text(struct buffer *to, const struct explanation *explanation, const struct explain_look *look);

/* One object, one line; docs/schema/explanation.schema.json. */
void explanation_json(struct buffer *to, const struct explanation *explanation);

#endif
