#include "sink/explain.h"

#include <errno.h>
#include <stdlib.h>

#include "sink/explain_parts.h"

static const char *const section_names[EXPLAIN_SECTIONS] = {
	[EXPLAIN_STORY] = "story",	 [EXPLAIN_WHO] = "who",		[EXPLAIN_WHAT] = "what",
	[EXPLAIN_EVIDENCE] = "evidence", [EXPLAIN_STEPS] = "steps",	[EXPLAIN_RECORDS] = "records",
	[EXPLAIN_NORMAL] = "normal",	 [EXPLAIN_WHY] = "why",		[EXPLAIN_CHECK] = "check",
	[EXPLAIN_CONTAIN] = "contain",	 [EXPLAIN_SECRETS] = "secrets", [EXPLAIN_LIMITS] = "limits",
};

const char *explain_section_name(enum explain_section section)
{
	return section_names[section];
}

void explanation_init(struct explanation *explanation)
{
	*explanation = (struct explanation){ 0 };
	arena_init(&explanation->arena, 0);
}

void explanation_finish(struct explanation *explanation)
{
	arena_finish(&explanation->arena);
	free(explanation->items);
	*explanation = (struct explanation){ 0 };
}

static bool reserve(struct explanation *explanation)
{
	size_t capacity = explanation->capacity ? 2 * explanation->capacity : 64;
	struct explain_item *items;

	if (explanation->count < explanation->capacity)
		return true;
	items = reallocarray(explanation->items, capacity, sizeof(*items));
	if (!items)
		return false;
	explanation->items = items;
	explanation->capacity = capacity;
	return true;
}

void explain_add(struct explanation *explanation, enum explain_section section, enum explain_kind kind,
		 struct span label, struct span text)
{
	if (!reserve(explanation)) {
		explanation->failed = true;
		return;
	}
	explanation->items[explanation->count++] = (struct explain_item){ section, kind, label, text };
}

void explain_say(struct explanation *explanation, enum explain_section section, const char *text)
{
	explain_add(explanation, section, EXPLAIN_TEXT, (struct span){ 0 }, span_of(text));
}

void explain_fact(struct explanation *explanation, enum explain_section section, const char *label, struct span text)
{
	if (text.len)
		explain_add(explanation, section, EXPLAIN_FACT, span_of(label), text);
}

void explain_take(struct explanation *explanation, enum explain_section section, enum explain_kind kind,
		  struct span label, struct buffer *text)
{
	struct span copy = arena_copy(&explanation->arena, buffer_span(text));

	explanation->failed |= text->failed || copy.len != text->len;
	if (copy.len)
		explain_add(explanation, section, kind, label, copy);
	buffer_reset(text);
}

int explanation_make(struct explanation *explanation, const struct explain_subject *subject)
{
	explanation->subject = subject;
	explain_story(explanation);
	explain_facts(explanation);
	explain_evidence(explanation);
	explain_steps(explanation);
	explain_normal(explanation);
	explain_advice(explanation);
	explain_secrets(explanation);
	explain_limits(explanation);
	return explanation->failed ? -ENOMEM : 0;
}
