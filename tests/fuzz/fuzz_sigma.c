/*
 * Rule files through loader, engine and correlations, against an event made of the file's own words: nothing crashes or
 * leaks, every diagnostic has a place in the file, and the engine answers what each condition says by itself.
 */
#include <stdlib.h>

#include "rule/sigma/correlate.h"
#include "rule/sigma/holds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libfyaml 0.7 forgets its scratch of a long quoted scalar when the document breaks off in it; what is ours is told. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static void require(bool holds)
{
	if (!holds)
		abort();
}

static uint32_t count_lines(struct span text)
{
	uint32_t lines = 1;

	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n' || text.data[i] == '\r';
	return lines;
}

static void check_diagnostics(const struct sigma_diagnostics *diagnostics, struct span text)
{
	uint32_t lines = count_lines(text);

	for (size_t i = 0; i < diagnostics->count; i++) {
		require(diagnostics->items[i].text[0] != '\0');
		require(diagnostics->items[i].place.line <= lines + 1);
	}
}

/* Words of the text, in turn, as values of all fields that rules read. */
static void fill_event(struct sigma_event *event, const struct sigma_engine *engine, uint32_t fields, struct span text,
		       enum sigma_source source)
{
	struct span rest = text;

	sigma_event_begin(event, source, 1700000000000);
	event->services = UINT32_MAX;
	for (uint32_t i = 0; i < fields; i++) {
		bool own = i >= SIGMA_FIELD_TABLE || sigma_field_source((enum sigma_field)i) == source;
		if (!own || !sigma_engine_reads(engine, i))
			continue;
		for (unsigned j = 0; j < 3; j++) {
			size_t len = 0;
			rest = rest.len ? rest : text;
			while (len < rest.len && !memchr("\n'\",[]{}", rest.data[len], 8))
				len++;
			sigma_event_add(event, i, span_trim(span_first(rest, len)));
			rest = span_skip(rest, len + 1);
		}
	}
}

static void check_matches(const struct sigma_rules *rules, const struct sigma_event *event,
			  const struct sigma_match *matches, size_t count, struct regex_match *room)
{
	struct holds_counts counts = { 0 };
	size_t at = 0;

	for (uint32_t i = 0; i < rules->count; i++) {
		const struct sigma_rule *rule = &rules->items[i];
		bool found = at < count && matches[at].rule == i;
		at += found;
		if (rule->document != SIGMA_DETECTION || rule->state != SIGMA_READY || rule->source != event->source) {
			require(!found);
			continue;
		}
		require(found == sigma_holds(rule->condition, event, room, &counts));
	}
	require(at == count);
}

static void note(void *context, const struct sigma_firing *firing)
{
	const struct sigma_rules *rules = context;

	require(firing->rule < rules->count);
	require(firing->group_count == rules->items[firing->rule].correlation->group_count);
}

static void evaluate(const struct sigma_rules *rules, struct span text)
{
	struct sigma_engine *engine = sigma_engine_create(rules, NULL);
	struct sigma_evaluator *evaluator = sigma_evaluator_create(engine);
	struct sigma_correlator *correlator = sigma_correlator_create(rules, note, (void *)(uintptr_t)rules);
	struct regex *any = regex_create(SPAN("x"), false, NULL);
	struct regex_match *room = regex_match_create(any);
	static struct sigma_event event;
	const struct sigma_match *matches;

	require(sigma_event_init(&event, sigma_rules_field_count(rules)) == 0);
	for (unsigned i = 0; i < 2 * SIGMA_SOURCE_COUNT; i++) {
		fill_event(&event, engine, sigma_rules_field_count(rules), text,
			   (enum sigma_source)(i % SIGMA_SOURCE_COUNT));
		if (i >= SIGMA_SOURCE_COUNT)
			event.whole = text;
		event.time_ms += i * 1000;
		size_t count = sigma_evaluate(evaluator, &event, &matches);
		sigma_correlate(correlator, &event, matches, count);
		check_matches(rules, &event, matches, count, room);
	}
	sigma_correlate_end(correlator);
	sigma_event_finish(&event);
	regex_match_destroy(room);
	regex_destroy(any);
	sigma_correlator_destroy(correlator);
	sigma_evaluator_destroy(evaluator);
	sigma_engine_destroy(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct span users[] = { { "adm_*", 5 }, { "%users%", 7 } };
	static const struct sigma_placeholder placeholders[] = { { { "users", 5 }, users, 2 } };
	struct span text = { (const char *)data, size };
	struct sigma_rules *rules = sigma_rules_create(placeholders, 1);

	sigma_rules_add_text(rules, "fuzz.yml", text);
	sigma_rules_link(rules);
	check_diagnostics(&rules->diagnostics, text);
	evaluate(rules, text);
	sigma_rules_destroy(rules);
	return 0;
}
