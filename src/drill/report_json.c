#include "drill/report.h"
#include "sink/json_writer.h"

static struct span or_null(const char *text)
{
	return text[0] ? span_of(text) : (struct span){ NULL, 0 };
}

/* The writer knows whole numbers only. */
static void put_latency(struct buffer *to, int64_t latency_us)
{
	if (latency_us < 0)
		json_put_null(to, "latency_ms");
	else
		buffer_printf(to, "\"latency_ms\":%lld.%03lld,", (long long)latency_us / 1000,
			      (long long)latency_us % 1000);
}

/* Whether it was seen is not known of what was not carried out. */
static void put_seen(struct buffer *to, const struct trial *trial)
{
	if (!trial->done)
		json_put_null(to, "seen");
	else
		json_put_bool(to, "seen", trial->seen);
}

static void put_trial(struct buffer *to, const struct drill *drill, const struct trial *trial)
{
	const struct variant *variant = trial->variant;

	json_put_open(to, NULL, '{');
	json_put_text(to, "variant", span_of(variant->name));
	json_put_text(to, "sensor", or_null(drill->sensor));
	json_put_word(to, "expected", expect_name(trial->expected.expect));
	put_seen(to, trial);
	json_put_text(to, "risk", trial->risk == RISK_NONE ? span_of(NULL) : span_of(risk_name(trial->risk)));
	put_latency(to, trial->latency_us);
	json_put_text(to, "why", or_null(trial_why(trial)));
	json_put_word(to, "result", result_name(trial_result(trial)));
	json_put_text(to, "family", span_of(variant->family));
	json_put_text(to, "what", span_of(variant->what));
	json_put_text(to, "verb", span_of(verb_name(variant->verb)));
	json_put_text(to, "entry", span_of(entry_name(variant->entry)));
	json_put_text(to, "technique", span_of(variant_technique(variant)));
	json_put_close(to, '}');
	json_put_end(to);
}

void report_json(struct buffer *to, const struct drill *drill)
{
	for (size_t i = 0; i < drill->count; i++)
		put_trial(to, drill, &drill->trials[i]);
}
