/* The layer format: https://github.com/mitre-attack/attack-navigator, layers/spec/v4.5/layerformat.md. */
#include <stdio.h>

#include "drill/report.h"
#include "sink/iso_time.h"
#include "sink/json_writer.h"

/* Only what is an attack says something of a technique. */
static bool is_counted(const struct trial *trial, const char *technique)
{
	enum result result = trial_result(trial);

	return (result == RESULT_SEEN || result == RESULT_MISSED || result == RESULT_EXPECTED_MISS) &&
	       strcmp(variant_technique(trial->variant), technique) == 0;
}

static void put_metadata(struct buffer *to, const struct drill *drill, const char *technique)
{
	json_put_open(to, "metadata", '[');
	for (size_t i = 0; i < drill->count; i++) {
		const struct trial *trial = &drill->trials[i];

		if (!is_counted(trial, technique))
			continue;
		json_put_open(to, NULL, '{');
		json_put_text(to, "name", span_of(trial->variant->name));
		json_put_text(to, "value", span_of(result_name(trial_result(trial))));
		json_put_close(to, '}');
	}
	json_put_close(to, ']');
}

static void put_technique(struct buffer *to, const struct drill *drill, const char *technique, const char *tactic)
{
	size_t all = 0, seen = 0;
	char comment[96];

	for (size_t i = 0; i < drill->count; i++) {
		if (!is_counted(&drill->trials[i], technique))
			continue;
		all++;
		seen += trial_result(&drill->trials[i]) == RESULT_SEEN;
	}
	if (all == 0)
		return;
	snprintf(comment, sizeof(comment), "%zu of %zu variants seen", seen, all);
	json_put_open(to, NULL, '{');
	json_put_text(to, "techniqueID", span_of(technique));
	json_put_text(to, "tactic", span_of(tactic));
	json_put_number(to, "score", seen * 100 / all);
	json_put_text(to, "color", SPAN(""));
	json_put_text(to, "comment", span_of(comment));
	json_put_bool(to, "enabled", true);
	put_metadata(to, drill, technique);
	json_put_bool(to, "showSubtechniques", true);
	json_put_close(to, '}');
}

static void put_versions(struct buffer *to)
{
	json_put_open(to, "versions", '{');
	json_put_word(to, "attack", "16");
	json_put_word(to, "navigator", "5.1.0");
	json_put_word(to, "layer", "4.5");
	json_put_close(to, '}');
}

static void put_gradient(struct buffer *to)
{
	static const struct span colours[] = { { "#d7301f", 7 }, { "#fee391", 7 }, { "#4a9d5b", 7 } };

	json_put_open(to, "gradient", '{');
	json_put_list(to, "colors", colours, sizeof(colours) / sizeof(colours[0]));
	json_put_number(to, "minValue", 0);
	json_put_number(to, "maxValue", 100);
	json_put_close(to, '}');
}

void report_navigator(struct buffer *to, const struct drill *drill, const struct report_place *place)
{
	char room[ISO_TIME_ROOM], description[512];
	const char *time = iso_time(place->time_ms, room);

	snprintf(description, sizeof(description),
		 "What the sensors %s of %s saw of the variants of proctor drill, %s. Score: percentage seen.",
		 drill->sensor, place->host, time ? time : "");
	json_put_open(to, NULL, '{');
	json_put_text(to, "name", SPAN("proctor drill"));
	put_versions(to);
	json_put_text(to, "domain", SPAN("enterprise-attack"));
	json_put_text(to, "description", span_of(description));
	json_put_number(to, "sorting", 0);
	json_put_open(to, "techniques", '[');
	put_technique(to, drill, "T1003.007", "credential-access");
	put_technique(to, drill, "T1055.008", "defense-evasion");
	put_technique(to, drill, "T1055.009", "defense-evasion");
	json_put_close(to, ']');
	put_gradient(to);
	json_put_close(to, '}');
	json_put_end(to);
}
