/*
 * Rules that are looked at rather than matched: what the lint says can never hold does not, and what it says one part
 * makes needless is; rules without each of their parts can be asked; lists are read. Events are made of the file's own
 * words, one value a field, as the lint takes for granted where it must.
 */
#include <stdlib.h>

#include "rule/lists.h"
#include "rule/sigma/holds.h"
#include "rule/sigma/lint.h"
#include "rule/sigma/lint_parts.h"
#include "rule/sigma/trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As in fuzz_sigma.c. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

#define MUTANTS_TRIED 64

struct fuzzing {
	struct sigma_rules *rules;
	struct span text;
	struct sigma_event event;
	struct regex_match *room;
	size_t mutants;
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* The n-th word of the text, in circles. */
static struct span word(struct span text, size_t n)
{
	struct span rest = text, found = { "", 0 };

	for (size_t i = 0; i <= n; i++) {
		size_t len = 0;
		rest = rest.len ? rest : text;
		while (len < rest.len && !memchr("\n'\",[]{}", rest.data[len], 8))
			len++;
		found = span_trim(span_first(rest, len));
		rest = span_skip(rest, len + 1);
	}
	return found;
}

static void fill_event(struct fuzzing *fuzzing, enum sigma_source source, size_t turn)
{
	uint32_t fields = sigma_rules_field_count(fuzzing->rules);

	sigma_event_begin(&fuzzing->event, source, 1700000000000);
	fuzzing->event.services = UINT32_MAX;
	for (uint32_t i = 0; i < fields; i++) {
		bool own = i >= SIGMA_FIELD_TABLE || sigma_field_source((enum sigma_field)i) == source;
		if (own && (i + turn) % 5)
			sigma_event_add(&fuzzing->event, i, word(fuzzing->text, (i + turn * 7) % 40));
	}
	if (turn % 2)
		fuzzing->event.whole = fuzzing->text;
}

static bool holds(struct fuzzing *fuzzing, const struct sigma_node *node)
{
	struct holds_counts counts = { 0 };

	return sigma_holds(node, &fuzzing->event, fuzzing->room, &counts) && !counts.regex_limited;
}

static void check_rule(struct fuzzing *fuzzing, const struct sigma_rule *rule)
{
	struct lint_asking asking = { .source = rule->source, .steps = LINT_STEPS_MAX };
	struct lint_facts facts;

	facts.count = 0;
	if (lint_never(&asking, rule->condition, &facts))
		require(!holds(fuzzing, rule->condition));
	for (size_t i = 0; i < rule->selection_count && i < 8; i++)
		for (size_t j = 0; j < rule->selection_count && j < 8; j++) {
			const struct sigma_node *wide = rule->selections[i].node, *narrow = rule->selections[j].node;
			if (lint_node_covers(&asking, wide, narrow) && holds(fuzzing, narrow))
				require(holds(fuzzing, wide));
		}
}

static void try_mutant(void *context, const struct sigma_mutant *mutant)
{
	struct fuzzing *fuzzing = context;

	require(mutant->what[0] && !mutant->condition != !mutant->correlation);
	if (mutant->condition && fuzzing->mutants++ < MUTANTS_TRIED)
		holds(fuzzing, mutant->condition);
}

static void check_rules(struct fuzzing *fuzzing)
{
	for (size_t turn = 0; turn < 6; turn++)
		for (size_t i = 0; i < fuzzing->rules->count && i < 64; i++) {
			const struct sigma_rule *rule = &fuzzing->rules->items[i];
			if (rule->state == SIGMA_BROKEN)
				continue;
			if (rule->condition && rule->source != SIGMA_SOURCE_COUNT) {
				fill_event(fuzzing, rule->source, turn);
				check_rule(fuzzing, rule);
			}
			require(sigma_mutate(rule, try_mutant, fuzzing) == 0);
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzzing fuzzing;
	struct rule_lists lists = { 0 };
	struct regex *any = regex_create(SPAN("x"), false, NULL);

	fuzzing = (struct fuzzing){ .text = { (const char *)data, size } };
	fuzzing.room = regex_match_create(any);
	fuzzing.rules = sigma_rules_create(NULL, 0);
	rule_lists_add_text(&lists, "lists.yml", fuzzing.text, fuzzing.rules);
	require(rule_lists_give(&lists, fuzzing.rules) == 0);
	rule_lists_finish(&lists);
	sigma_rules_add_text(fuzzing.rules, "fuzz.yml", fuzzing.text);
	sigma_rules_link(fuzzing.rules);
	sigma_rules_lint(fuzzing.rules);
	require(sigma_event_init(&fuzzing.event, sigma_rules_field_count(fuzzing.rules)) == 0);
	check_rules(&fuzzing);
	sigma_event_finish(&fuzzing.event);
	regex_match_destroy(fuzzing.room);
	regex_destroy(any);
	sigma_rules_destroy(fuzzing.rules);
	return 0;
}
