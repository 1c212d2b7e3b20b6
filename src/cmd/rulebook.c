#include "cmd/rulebook.h"

#include <errno.h>

#include "cmd/command.h"
#include "cmd/tell.h"

#define ERRORS_TOLD 20

static void tell_error(const struct sigma_diagnostic *error)
{
	const struct sigma_place *place = &error->place;

	if (place->line)
		tell("%s:%u:%u: %s", place->file, place->line, place->column, error->text);
	else
		tell("%s: %s", place->file ? place->file : "rules", error->text);
}

static void tell_errors(const struct sigma_diagnostics *diagnostics, struct summary *summary)
{
	size_t told = 0;

	for (size_t i = 0; i < diagnostics->count && told < ERRORS_TOLD; i++) {
		if (diagnostics->items[i].severity != SIGMA_ERROR)
			continue;
		tell_error(&diagnostics->items[i]);
		told++;
	}
	if (diagnostics->errors > told)
		tell("%zu more errors in rules; `proctor rules check` lists them", diagnostics->errors - told);
	if (diagnostics->errors)
		summary_note(summary, true, false, "%zu errors in rule files: those rules did not take part",
			     diagnostics->errors);
}

static bool has_rules(const struct sigma_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].document != SIGMA_FILTER && rules->items[i].state == SIGMA_READY)
			return true;
	return false;
}

static int open_rules(struct rulebook *rulebook, struct summary *summary, struct err *err)
{
	if (rulebook->places.only && !rulebook->places.count) {
		err_set(err, -EINVAL, "--only needs --rules: there would be no rules");
		return STATUS_ERROR;
	}
	if (rule_places_settle(&rulebook->places, err) < 0)
		return STATUS_ERROR;
	struct sigma_rules *rules = rule_places_load(&rulebook->places, err);
	if (!rules)
		return STATUS_ERROR;
	tell_errors(&rules->diagnostics, summary);
	if (!has_rules(rules)) {
		sigma_rules_destroy(rules);
		err_set(err, -ENOENT,
			"no rules were found that could take part; name a folder of them with --rules, "
			"or see `proctor rules list`");
		return STATUS_ERROR;
	}
	return pack_init(&rulebook->pack, rules, err) < 0 ? STATUS_ERROR : 0;
}

int rulebook_open(struct rulebook *rulebook, struct summary *summary)
{
	struct err err = { 0 };
	int status = open_rules(rulebook, summary, &err);

	if (status)
		tell("%s", err.text);
	return status;
}

void rulebook_close(struct rulebook *rulebook)
{
	pack_finish(&rulebook->pack);
	rule_places_finish(&rulebook->places);
}
