/*
 * An explanation for programs: docs/schema/explanation.schema.json.
 *
 * {"kind":"finding","id":"9a0c…","risk":"HighRisk",…,"sections":{"story":[{"text":"At …"}],…,"check":[{"task":"…"},{"command":"…"}]}}
 */
#include "sink/explain.h"
#include "sink/json_writer.h"

static void add_item(struct buffer *to, const struct explain_item *item)
{
	static const char *const names[] = {
		[EXPLAIN_TEXT] = "text",     [EXPLAIN_FACT] = "text", [EXPLAIN_STEP] = "text",
		[EXPLAIN_RECORD] = "record", [EXPLAIN_TASK] = "task", [EXPLAIN_COMMAND] = "command",
	};

	json_put_open(to, NULL, '{');
	if (item->label.len)
		json_put_text(to, item->kind == EXPLAIN_STEP ? "time" : "label", item->label);
	json_put_text(to, names[item->kind], item->text);
	json_put_close(to, '}');
}

static void add_section(struct buffer *to, const struct explanation *explanation, enum explain_section section)
{
	json_put_open(to, explain_section_name(section), '[');
	for (size_t i = 0; i < explanation->count; i++)
		if (explanation->items[i].section == section)
			add_item(to, &explanation->items[i]);
	json_put_close(to, ']');
}

static void add_head(struct buffer *to, const struct explain_subject *subject)
{
	const struct finding *finding = subject->finding;
	const struct incident *incident = subject->incident, *story = subject->whole ? incident : NULL;
	enum risk risk = story ? story->risk : finding->risk;

	json_put_word(to, "kind", story ? "incident" : "finding");
	json_put_word(to, "id", story ? story->id : finding->id);
	json_put_word(to, "incident", incident ? incident->id : NULL);
	json_put_text(to, "host", finding->access.host);
	json_put_word(to, "risk", risk == RISK_NONE ? NULL : risk_name(risk));
	json_put_number(to, "score", story ? story->score : finding->score);
	json_put_iso_time(to, "first", story ? story->first_ms : finding->first_ms);
	json_put_iso_time(to, "last", story ? story->last_ms : finding->last_ms);
}

void explanation_json(struct buffer *to, const struct explanation *explanation)
{
	json_put_open(to, NULL, '{');
	add_head(to, explanation->subject);
	json_put_open(to, "sections", '{');
	for (unsigned section = 0; section < EXPLAIN_SECTIONS; section++)
		add_section(to, explanation, (enum explain_section)section);
	json_put_close(to, '}');
	json_put_close(to, '}');
	json_put_end(to);
}
