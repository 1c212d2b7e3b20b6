/* What a watch says of itself: names and values are what docs/schema/ and other programs rely on. */
#include "schema_check.h"
#include "sink/watch_status.h"

static uint64_t counts[COUNT_COUNT];

static struct watch_status sample(const struct summary *summary)
{
	return (struct watch_status){
		.why = STATUS_WHY_GAP,
		.time_ms = 1795474561786,
		.uptime_ms = 60003,
		.summary = summary,
		.serials_lost = 7,
		.lost = 19,
		.lost_since = 12,
		.sensors = { { "audit", counts, NULL, "what no rule records", false },
			     { "bpf", counts, "a hook", "", true } },
		.sensor_count = 2,
	};
}

static void json_is_as_its_schema_says(void **state)
{
	struct summary summary = { .records = 5, .accesses = 3, .findings = 1 };
	struct buffer line = { 0 };
	json_object *schema = schema_load("status.schema.json");

	for (int why = STATUS_WHY_STARTED; why <= STATUS_WHY_ENDED; why++) {
		struct watch_status status = sample(&summary);
		status.why = (enum status_why)why;
		buffer_reset(&line);
		watch_status_json(&line, &status);
		assert_int_equal(line.data[line.len - 1], '\n');
		line.data[line.len - 1] = '\0';
		json_object *value = json_tokener_parse(line.data);
		schema_check(schema, value, "status");
		assert_string_equal(json_object_get_string(json_object_object_get(value, "why")),
				    status_why_name(status.why));
		json_object_put(value);
	}
	json_object_put(schema);
	buffer_finish(&line);
}

static void every_count_has_its_own_name(void **state)
{
	for (unsigned i = 0; i < COUNT_COUNT; i++) {
		assert_non_null(sensor_count_words(i));
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(sensor_count_name(i), sensor_count_name(k));
	}
}

static void text_names_each_loss(void **state)
{
	struct summary summary = { .records = 12034, .events = 3211, .accesses = 40, .findings = 2 };
	struct buffer line = { 0 };
	struct watch_status status = sample(&summary);

	counts[COUNT_DROPPED] = 12;
	status.sensor_count = 1;
	watch_status_text(&line, &status, true);
	buffer_add_byte(&line, '\0');
	assert_string_equal(line.data,
			    "2026-11-23T22:56:01.786Z gap: audit; 12,034 records, 3,211 events, 40 accesses, 2 "
			    "findings; lost: 12 records dropped by a full socket (audit), 7 serial numbers missing\n");
	counts[COUNT_DROPPED] = 0;
	status.serials_lost = 0;
	status.sensor_count = 2;
	counts[COUNT_FORGED] = 3;
	buffer_reset(&line);
	watch_status_text(&line, &status, true);
	buffer_add_byte(&line, '\0');
	assert_non_null(strstr(line.data, "audit + bpf (over); "));
	assert_non_null(strstr(line.data, "; lost: none; 3 messages that did not come from the kernel"));
	counts[COUNT_FORGED] = 0;
	buffer_finish(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_as_its_schema_says),
		cmocka_unit_test(every_count_has_its_own_name),
		cmocka_unit_test(text_names_each_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
