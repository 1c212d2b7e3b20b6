/* incidents out: JSON as its schema says, and a tree in the table; hostile text in every place is but text. */
#include "schema_check.h"
#include "sink_samples.h"

#include <locale.h>

enum { TEXT_MAX = 200, PARTS = 4 };

struct sample {
	struct incident incident;
	struct incident_target targets[PARTS];
	struct incident_step steps[STEP_KINDS];
	struct finding findings[PARTS];
	const struct finding *found[PARTS];
	char rooms[PARTS][SAMPLE_TEXTS * TEXT_MAX];
};

/* Everything in it is as bad as it gets. */
static void make(struct sample *sample, uint64_t *seed, size_t parts)
{
	struct incident *incident = &sample->incident;

	memset(sample, 0, sizeof(*sample));
	for (size_t i = 0; i < parts; i++) {
		struct finding *finding = &sample->findings[i];
		*finding = sample_hostile_finding(seed, sample->rooms[i], TEXT_MAX);
		finding->suppressed_by = (struct span){ 0 };
		finding->risk = RISK_HIGH;
		memcpy(finding->incident, "0123456789abcdef", 17);
		sample->found[i] = finding;
		sample->targets[i] = (struct incident_target){ .pid = i ? i : UNKNOWN_ID,
							       .comm = finding->access.host,
							       .exe = finding->access.path,
							       .entries = 1u << ENTRY_MEM | 1u << ENTRY_NONE,
							       .verbs = 1u << VERB_OPEN | 1u << VERB_PTRACE };
	}
	for (unsigned kind = 0; kind < STEP_KINDS; kind++)
		sample->steps[kind] = (struct incident_step){ .kind = (enum step_kind)kind,
							      .count = 1,
							      .pid = UNKNOWN_ID,
							      .program = sample->findings[0].access.message,
							      .what = sample->findings[0].access.path,
							      .target_pid = UNKNOWN_ID,
							      .target = sample->findings[0].access.host };
	*incident = (struct incident){ .id = "0123456789abcdef",
				       .host = sample->findings[0].access.host,
				       .risk = RISK_HIGH,
				       .score = 100,
				       .severity = 10,
				       .reasons = { SPAN("a"), sample->findings[0].access.path },
				       .reason_count = sample->findings[0].access.path.data ? 2 : 1,
				       .actor = sample->findings[0].access.actor,
				       .targets = sample->targets,
				       .target_count = parts,
				       .steps = sample->steps,
				       .step_count = STEP_KINDS,
				       .findings = parts,
				       .found = sample->found,
				       .found_count = parts };
}

static struct capture tell(const char *name, const struct sink_options *options, const struct incident *incident)
{
	struct capture capture = capture_begin();
	struct sink *sink = sink_create(name, capture.output, options, NULL);

	assert_non_null(sink);
	assert_true(sink_takes_incidents(name));
	assert_int_equal(sink_incident(sink, incident, NULL), 0);
	assert_int_equal(sink_end(sink, NULL), 0);
	sink_destroy(sink);
	capture_end(&capture);
	return capture;
}

static void test_json_is_as_the_schema_says(void **state)
{
	static struct sample sample;
	struct sink_options options = { .raw = true };
	json_object *schema = schema_load("incident.schema.json"), *of_finding = schema_load("finding.schema.json");
	uint64_t seed = 5;

	for (int i = 0; i < 300; i++) {
		make(&sample, &seed, 1 + (size_t)i % PARTS);
		struct capture capture = tell("json", &options, &sample.incident);
		assert_int_equal(span_index((struct span){ capture.text, capture.len }, '\n'), capture.len - 1);
		json_object *line = json_tokener_parse(capture.text);
		assert_non_null(line);
		schema_check(schema, line, "incident");
		json_object *findings = json_object_object_get(line, "findings");
		for (size_t k = 0; k < json_object_array_length(findings); k++)
			schema_check(of_finding, json_object_array_get_idx(findings, k), "finding");
		assert_int_equal(json_object_array_length(findings), sample.incident.found_count);
		assert_int_equal(json_object_array_length(json_object_object_get(line, "steps")), STEP_KINDS);
		json_object_put(line);
		capture_free(&capture);
	}
	json_object_put(schema);
	json_object_put(of_finding);
}

/* The properties come in the order of the schema. */
static void test_json_order(void **state)
{
	static struct sample sample;
	struct sink_options options = { 0 };
	json_object *schema = schema_load("incident.schema.json");
	uint64_t seed = 6;

	make(&sample, &seed, 2);
	struct capture capture = tell("json", &options, &sample.incident);
	json_object *line = json_tokener_parse(capture.text);
	struct json_object_iterator at = json_object_iter_begin(line);
	json_object_object_foreach(json_object_object_get(schema, "properties"), name, rule)
	{
		assert_non_null(rule);
		assert_string_equal(json_object_iter_peek_name(&at), name);
		json_object_iter_next(&at);
	}
	json_object_put(line);
	json_object_put(schema);
	capture_free(&capture);
}

static size_t lines_of(const struct capture *capture)
{
	return span_count((struct span){ capture->text, capture->len }, '\n');
}

static void test_table_is_a_tree(void **state)
{
	static struct sample sample;
	struct sink_options options = { .utf8 = true };
	uint64_t seed = 7;

	for (int i = 0; i < 300; i++) {
		size_t parts = 1 + (size_t)i % PARTS;
		make(&sample, &seed, parts);
		struct capture capture = tell("table", &options, &sample.incident);
		struct span text = { capture.text, capture.len };
		/* The headings, the incident, and its findings unless it is one. */
		assert_int_equal(lines_of(&capture), parts == 1 ? 2 : 2 + parts);
		assert_int_equal(span_find(text, SPAN("└─ ")) < text.len, parts > 1);
		assert_int_equal(span_find(text, SPAN("├─ ")) < text.len, parts > 1);
		for (size_t k = 0; k < text.len; k++)
			assert_true((unsigned char)text.data[k] >= 0x20 || text.data[k] == '\n');
		capture_free(&capture);
	}
}

static void test_table_says_what_is_left(void **state)
{
	static struct sample sample;
	struct sink_options options = { 0 };
	uint64_t seed = 8;

	make(&sample, &seed, 2);
	sample.incident.findings = 1234;
	struct capture capture = tell("table", &options, &sample.incident);
	assert_non_null(strstr(capture.text, "`- 1,232 more: --flat"));
	assert_non_null(strstr(capture.text, "1234 findings"));
	capture_free(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_is_as_the_schema_says),
		cmocka_unit_test(test_json_order),
		cmocka_unit_test(test_table_is_a_tree),
		cmocka_unit_test(test_table_says_what_is_left),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
