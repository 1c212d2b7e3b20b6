/* html: a page that is sound whatever it was fed, says what it holds, and never outgrows its bounds. */
#include "html_check.h"
#include "sink_samples.h"

#include <stdio.h>

#define ROOM 200

static const struct sink_options plain = { 0 };

struct scene {
	struct incident incident;
	struct finding findings[2];
	const struct finding *found[2];
	struct incident_target targets[2];
	struct incident_step steps[3];
};

static struct incident_step step(enum step_kind kind, int64_t time_ms, struct span what, const char *finding)
{
	struct incident_step made = {
		.kind = kind,
		.first_ms = time_ms,
		.last_ms = time_ms,
		.count = 1,
		.pid = 4312,
		.program = SPAN("/usr/bin/python3.11"),
		.what = what,
		.target_pid = UNKNOWN_ID,
	};

	snprintf(made.finding, sizeof(made.finding), "%s", finding);
	return made;
}

/* In place: an incident points into its scene. */
static void set_scene(struct scene *scene)
{
	struct incident *incident = &scene->incident;

	*scene = (struct scene){ .findings = { sample_finding(), sample_finding() } };
	memcpy(scene->findings[1].id, "bbbbbbbbbbbbbbbb", 17);
	scene->found[0] = &scene->findings[0];
	scene->found[1] = &scene->findings[1];
	scene->targets[0] =
		(struct incident_target){ 812, SPAN("sshd"), SPAN("/usr/sbin/sshd"), 1u << ENTRY_MEM, 1u << VERB_OPEN,
					  true };
	scene->targets[1] = (struct incident_target){ UNKNOWN_ID, SPAN("gpg-agent"), { NULL, 0 }, 0, 0, false };
	scene->steps[0] = step(STEP_RECON, 1795474561000, SPAN("pgrep sshd"), "");
	scene->steps[1] = step(STEP_MEMORY, 1795474561786, SPAN("/proc/812/mem"), "9a0c11e2d3f4a5b6");
	scene->steps[2] = step(STEP_CLEANUP, 1795574561786, SPAN("rm out"), "");
	*incident = (struct incident){
		.id = "5f1c000000000001",
		.host = SPAN("web-01"),
		.risk = RISK_HIGH,
		.score = 97,
		.severity = 10,
		.reasons = { SPAN("memory was reached") },
		.reason_count = 1,
		.actor = scene->findings[0].access.actor,
		.targets = scene->targets,
		.target_count = 2,
		.steps = scene->steps,
		.step_count = 3,
		.first_ms = 1795474561786,
		.last_ms = 1795474562001,
		.findings = 2,
		.found = scene->found,
		.found_count = 2,
	};
}

static struct capture page_of(const struct sink_options *options, const struct incident *incident, unsigned times)
{
	struct capture capture = capture_begin();
	struct sink *sink = sink_create("html", capture.output, options, NULL);
	struct incident one = *incident;

	assert_non_null(sink);
	for (unsigned i = 0; i < times; i++) {
		snprintf(one.id, sizeof(one.id), "%016x", i);
		assert_int_equal(sink_incident(sink, &one, NULL), 0);
	}
	assert_int_equal(sink_end(sink, NULL), 0);
	sink_destroy(sink);
	capture_end(&capture);
	return capture;
}

static void assert_sound(const struct capture *capture)
{
	const char *wrong = html_wrong((struct span){ capture->text, capture->len }, NULL);

	if (wrong)
		fail_msg("%s", wrong);
}

static unsigned count_of(const struct capture *capture, const char *text)
{
	unsigned count = 0;

	for (const char *at = capture->text; (at = strstr(at, text)); at++)
		count++;
	return count;
}

static void assert_has(const struct capture *capture, const char *text)
{
	if (!strstr(capture->text, text))
		fail_msg("the page has no %s", text);
}

static void tells_the_story(void **state)
{
	static const char title[] = "<bdi>dump_heap.py</bdi> <span class=\"pid\">4312</span> → <bdi>sshd</bdi> "
				    "<span class=\"pid\">812</span>, <bdi>gpg-agent</bdi></h3>";
	static const char *const texts[] = {
		"<title>proctor: 1 incident on 1 host</title>",
		title,
		"HighRisk 97: dump_heap.py 4312 → sshd 812 and 1 more</title>",
		"<b>97</b> <span>score of 100</span> <span>severity 10</span>",
		"<li><bdi>memory was reached</bdi></li>",
		"<time datetime=\"2026-11-23T22:56:01.786Z\">2026-11-23 22:56:01.786</time>",
		"<bdi>/usr/sbin/sshd</bdi>",
		"holds credentials",
		"<dt>ATT&amp;CK</dt><dd><bdi>T1003.007</bdi></dd>",
		"<dd>unset</dd>",
		">finding 1</a>",
		"id=\"f-0000000000000000-1\"",
		"<bdi>/var/log/audit/audit.log</bdi></code><br/>at byte 4,711, event 812<br/>target by dirfd, certain",
		"<li class=\"beside\">",
		"<li class=\"found\">",
		">2026-11-25 02:42:41.786</time>", /* another day than the incident's */
	};
	struct scene scene;

	(void)state;
	set_scene(&scene);
	struct capture page = page_of(&plain, &scene.incident, 1);
	assert_sound(&page);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_has(&page, texts[i]);
	const char *recon = strstr(page.text, ">reconnaissance<"), *memory = strstr(page.text, ">memory<");
	assert_true(recon && memory && recon < memory);
	assert_null(strstr(page.text, "type=SYSCALL"));
	assert_null(strstr(page.text, "What was read"));
	capture_free(&page);
}

static void raw_records_where_asked(void **state)
{
	struct sink_options options = { .raw = true };
	struct scene scene;

	(void)state;
	set_scene(&scene);
	struct capture page = page_of(&options, &scene.incident, 1);
	assert_sound(&page);
	assert_has(&page, "2 raw records</summary><pre>type=SYSCALL msg=audit(1795474561.786:812): arch=c000003e");
	capture_free(&page);
}

static void tells_what_was_read(void **state)
{
	struct summary *summary = calloc(1, sizeof(*summary));
	struct sink_options options = { .summary = summary };
	struct origin origin = { .file = "<log>", .offset = 7 };
	struct scene scene;

	(void)state;
	set_scene(&scene);
	*summary = (struct summary){ .files = 2,
				     .bytes = 1500,
				     .records = 9,
				     .accesses = 4,
				     .suppressed = 3,
				     .lost_told = 5,
				     .undecoded_lines = 1 };
	summary_count(summary->suppressions, "ps<b>", (struct span){ NULL, 0 }, &origin);
	summary_count(summary->undecoded, "json", SPAN("{\"a\":<script>"), &origin);
	summary_note(summary, true, false, "the file <x> was cut");
	struct capture page = page_of(&options, &scene.incident, 1);
	assert_sound(&page);
	assert_has(&page, "<dd>1.5 kB in 2 files</dd>");
	assert_has(&page, "<dd>4 in all, 3 suppressed by tuning</dd>");
	assert_has(&page, "<dd>5 events that the log says are missing, 1 line not decoded</dd>");
	assert_has(&page, "<bdi>ps&lt;b&gt;</bdi>");
	assert_has(&page, "<bdi>{&quot;a&quot;:&lt;script&gt;</bdi></code><br/>in <code><bdi>&lt;log&gt;</bdi></code>");
	assert_has(&page, "<b>Lost:</b> <bdi>the file &lt;x&gt; was cut</bdi>");
	capture_free(&page);
	free(summary);
}

static void nothing_found(void **state)
{
	struct summary *summary = calloc(1, sizeof(*summary));
	struct sink_options options = { .summary = summary };
	struct scene scene;

	(void)state;
	set_scene(&scene);
	struct capture page = page_of(&options, &scene.incident, 0);
	assert_sound(&page);
	assert_has(&page, "<h1>No incident</h1>");
	assert_has(&page, "finding nothing proves nothing");
	assert_null(strstr(page.text, "<article"));
	capture_free(&page);
	free(summary);
}

/* A million findings make no page that no browser can show. */
static void has_bounds(void **state)
{
	struct scene scene;

	(void)state;
	set_scene(&scene);
	scene.incident.findings = 1000;
	scene.incident.targets_left = 70;
	scene.incident.steps_left = 3;
	struct capture page = page_of(&plain, &scene.incident, 1234);
	assert_sound(&page);
	assert_int_equal(count_of(&page, "<article"), 1000);
	assert_has(&page, "<h1>1,234 incidents on 1 host</h1>");
	assert_has(&page, "<li class=\"high\"><b>1,234</b>");
	assert_has(&page, "HighRisk <small>1,000</small>");
	assert_has(&page, "no room for 234 more incidents");
	assert_has(&page, "Not listed here: 1,232,000 findings"); /* 234 × 1000 + 1000 × 998 */
	assert_has(&page, ">998 more findings are not listed.<");
	assert_has(&page, ">70 more targets are not listed.<");
	assert_has(&page, ">3 more steps are not listed.<");
	assert_int_equal(count_of(&page, "<a class=\"f f-"), 8);
	assert_has(&page, "+992</text>"); /* eight rows, and the rest at the same place */
	capture_free(&page);
}

static void a_card_has_bounds(void **state)
{
	struct sink_options options = { .raw = true };
	const struct finding *found[250];
	struct span raw[100], texts = { calloc(1, 2000), 2000 };
	struct scene scene;

	(void)state;
	set_scene(&scene);
	for (size_t i = 0; i < 250; i++)
		found[i] = &scene.findings[1];
	for (size_t i = 0; i < 100; i++)
		raw[i] = SPAN("type=EOE");
	scene.findings[1].access.raw_count = 0;
	scene.incident.found = found;
	scene.incident.found_count = scene.incident.findings = 250;
	struct capture page = page_of(&options, &scene.incident, 1);
	assert_sound(&page);
	assert_int_equal(count_of(&page, "<tr id=\"f-"), 200);
	assert_has(&page, ">50 more findings are not listed.<");
	capture_free(&page);
	scene.findings[1].access.raw = raw;
	scene.findings[1].access.raw_count = 100;
	page = page_of(&options, &scene.incident, 1);
	assert_has(&page, "… 36 more records");
	capture_free(&page);
	for (size_t i = 0; i < FINDING_REASONS_MAX; i++) /* each is 8000 bytes when it is visible */
		scene.findings[1].reasons[i] = texts;
	scene.findings[1].reason_count = FINDING_REASONS_MAX;
	page = page_of(&options, &scene.incident, 1);
	assert_sound(&page);
	assert_in_range(count_of(&page, "<tr id=\"f-"), 3, 9);
	capture_free(&page);
	free((char *)(uintptr_t)texts.data);
}

static void long_texts_have_bounds(void **state)
{
	size_t len = 100000;
	char *text = malloc(len);
	struct sink_options options = { .raw = true };
	struct span raw[200];
	struct scene scene;

	(void)state;
	set_scene(&scene);
	memset(text, '"', len);
	for (size_t i = 0; i < 200; i++)
		raw[i] = (struct span){ text, len };
	scene.findings[0].access.raw = raw;
	scene.findings[0].access.raw_count = 200;
	scene.incident.actor.cmdline = scene.steps[0].what = scene.incident.host = (struct span){ text, len };
	struct capture page = page_of(&options, &scene.incident, 200);
	assert_sound(&page);
	assert_has(&page, "… (97,952 more bytes)");
	assert_has(&page, "… 1");
	assert_in_range(page.len, 1u << 20, 20u << 20);
	assert_has(&page, "This page has no room for");
	capture_free(&page);
	free(text);
}

static void many_hosts_share_the_last_lane(void **state)
{
	struct capture capture = capture_begin();
	struct sink *sink = sink_create("html", capture.output, &plain, NULL);
	struct scene scene;
	char host[16];

	(void)state;
	set_scene(&scene);
	for (unsigned i = 0; i < 60; i++) {
		snprintf(host, sizeof(host), "host-%u", i % 30);
		scene.incident.host = i % 30 ? span_of(host) : (struct span){ NULL, 0 };
		snprintf(scene.incident.id, sizeof(scene.incident.id), "%016x", i);
		assert_int_equal(sink_incident(sink, &scene.incident, NULL), 0);
	}
	assert_int_equal(sink_end(sink, NULL), 0);
	sink_destroy(sink);
	capture_end(&capture);
	assert_sound(&capture);
	assert_has(&capture, "on more than 23 hosts</h1>");
	assert_has(&capture, "<bdi>unknown host</bdi> <small>2</small>");
	assert_has(&capture, "<bdi>other hosts</bdi> <small>14</small>");
	assert_int_equal(count_of(&capture, "<text class=\"name\""), 24);
	capture_free(&capture);
}

static void times_of_all_kinds(void **state)
{
	static const int64_t times[][2] = {
		{ TIME_UNKNOWN, TIME_UNKNOWN },
		{ 0, INT64_MAX },
		{ INT64_MAX, 0 },
		{ -62135596800000, 253402300799999 },
		{ 1795474561786, TIME_UNKNOWN },
		{ -1, 1 },
		{ 1795474561786, 0 },
	};
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		set_scene(&scene);
		scene.incident.first_ms = times[i][0];
		scene.incident.last_ms = times[i][1];
		struct capture page = page_of(&plain, &scene.incident, 3);
		assert_sound(&page);
		capture_free(&page);
	}
}

static void hostile_texts_stay_texts(void **state)
{
	static char rooms[2 * SAMPLE_TEXTS + 8][ROOM];
	uint64_t seed = 7;
	struct sink_options options = { .raw = true };

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct scene scene;
		set_scene(&scene);
		scene.findings[0] = sample_hostile_finding(&seed, rooms[0], ROOM);
		scene.incident.actor = scene.findings[0].access.actor;
		struct span *texts[] = { &scene.incident.host,	&scene.incident.reasons[0], &scene.targets[0].comm,
					 &scene.targets[1].exe, &scene.steps[0].what,	    &scene.steps[1].program,
					 &scene.steps[2].target };
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
			*texts[i] = sample_hostile(&seed, rooms[SAMPLE_TEXTS + i], ROOM);
		struct capture page = page_of(&options, &scene.incident, 1);
		assert_sound(&page);
		capture_free(&page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_story),
		cmocka_unit_test(raw_records_where_asked),
		cmocka_unit_test(tells_what_was_read),
		cmocka_unit_test(nothing_found),
		cmocka_unit_test(has_bounds),
		cmocka_unit_test(a_card_has_bounds),
		cmocka_unit_test(long_texts_have_bounds),
		cmocka_unit_test(many_hosts_share_the_last_lane),
		cmocka_unit_test(times_of_all_kinds),
		cmocka_unit_test(hostile_texts_stay_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
