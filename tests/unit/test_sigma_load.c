/* Loading: metadata, several documents, actions, log sources, fields, filters, and files that are wrong. */
#include "sigma_scene.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct sigma_rule *rule_of(const struct scene *scene, const char *id)
{
	for (size_t i = 0; i < scene->rules->count; i++)
		if (span_equal(scene->rules->items[i].id, span_of(id)))
			return &scene->rules->items[i];
	fail_msg("no rule %s", id);
	return NULL;
}

#define assert_text(span, text) assert_true(span_equal((span), span_of(text)))

static void test_sigma_metadata(void **state)
{
	struct scene scene;

	scene_open(
		&scene,
		"title: A title\nid: x\nname: my_name\nrelated:\n    - id: y\n      type: derived\n"
		"taxonomy: sigma\nstatus: test\ndescription: |\n    two\n    lines\nlicense: Apache-2.0\n"
		"references:\n    - https://a\n    - https://b\nauthor: me, you\ndate: 2026-01-02\n"
		"modified: 2026/01/03\nlogsource:\n    product: linux\n    category: process_access\n    definition: "
		"see\n"
		"detection:\n    s:\n        ProcEntry: mem\n    condition: s\nfields: [a, b]\nfalsepositives: none\n"
		"level: high\ntags:\n    - attack.t1003.007\nscope:\n    - server\ncustom: {anything: [1, 2]}\n");
	const struct sigma_rule *rule = rule_of(&scene, "x");
	assert_text(rule->title, "A title");
	assert_text(rule->name, "my_name");
	assert_text(rule->related.items[0], "y");
	assert_text(rule->related_types.items[0], "derived");
	assert_text(rule->description, "two\nlines\n");
	assert_int_equal(rule->references.count, 2);
	assert_text(rule->references.items[1], "https://b");
	assert_text(rule->falsepositives.items[0], "none");
	assert_text(rule->fields.items[1], "b");
	assert_text(rule->tags.items[0], "attack.t1003.007");
	assert_text(rule->scope.items[0], "server");
	assert_text(rule->logsource.definition, "see");
	assert_int_equal(rule->level, SIGMA_HIGH);
	assert_int_equal(rule->source, SIGMA_SOURCE_PROCESS_ACCESS);
	assert_int_equal(rule->state, SIGMA_READY);
	assert_int_equal(rule->place.line, 1);
	assert_int_equal(scene.rules->diagnostics.count, 0);
	assert_string_equal(sigma_level_name(rule->level), "high");
	scene_close(&scene);
}

static void test_sigma_actions(void **state)
{
	struct scene scene;

	scene_open(&scene,
		   "action: global\ntitle: g\nid: same\nlogsource: {service: auditd}\ndetection:\n    condition: s\n"
		   "---\ndetection:\n    s: {f: one}\n"
		   "---\naction: repeat\ndetection:\n    s: {f: two}\n"
		   "---\ndetection:\n    s: {g: three}\n"
		   "---\naction: reset\n"
		   "---\ntitle: own\nid: own\nlogsource: {service: auditd}\ndetection:\n    s: {f: four}\n    "
		   "condition: s\n");
	assert_int_equal(scene.rules->count, 4);
	assert_true(scene_asks(&scene, "same", "f", "one"));
	assert_true(scene_asks(&scene, "same", "f", "two"));
	assert_true(scene_asks(&scene, "same", "g", "three"));
	assert_false(scene_asks(&scene, "same", "f", "three"));
	assert_true(scene_asks(&scene, "own", "f", "four"));
	assert_text(scene.rules->items[3].title, "own");
	scene_close(&scene);
}

static void test_sigma_sources(void **state)
{
	static const struct {
		const char *product, *category, *service;
		enum sigma_source source;
		uint32_t services;
	} cases[] = {
		{ "linux", "process_creation", "", SIGMA_SOURCE_PROCESS_CREATION, 0 },
		{ "", "process_creation", "", SIGMA_SOURCE_PROCESS_CREATION, 0 },
		{ "windows", "process_creation", "", SIGMA_SOURCE_COUNT, 0 },
		{ "linux", "file_event", "", SIGMA_SOURCE_FILE_EVENT, 0 },
		{ "linux", "file_event", "auditd", SIGMA_SOURCE_COUNT, 0 },
		{ "linux", "", "auditd", SIGMA_SOURCE_AUDITD, 0 },
		{ "linux", "", "", SIGMA_SOURCE_LINE, 0 },
		{ "windows", "", "", SIGMA_SOURCE_COUNT, 0 },
		{ "linux", "", "sshd", SIGMA_SOURCE_LINE, 1u << SIGMA_SERVICE_SSHD },
		{ "linux", "process_creation", "sshd", SIGMA_SOURCE_COUNT, 0 },
		{ "linux", "network_connection", "", SIGMA_SOURCE_COUNT, 0 },
		{ "", "", "nginx", SIGMA_SOURCE_COUNT, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t services = 99;
		enum sigma_source source = sigma_source_of(span_of(cases[i].product), span_of(cases[i].category),
							   span_of(cases[i].service), &services);
		assert_int_equal(source, cases[i].source);
		assert_int_equal(services, cases[i].services);
	}
	assert_true(sigma_services_of(SPAN("sshd")) & 1u << SIGMA_SERVICE_AUTH);
	assert_true(sigma_services_of(SPAN("gdm-password")) & 1u << SIGMA_SERVICE_AUTH);
	assert_int_equal(sigma_services_of((struct span){ 0 }), 1u << SIGMA_SERVICE_SYSLOG);
	assert_int_equal(sigma_services_of(SPAN("nginx")), 1u << SIGMA_SERVICE_SYSLOG);
}

static void test_sigma_services(void **state)
{
	struct scene scene;

	scene_open(
		&scene,
		"title: t\nid: ssh\nlogsource: {product: linux, service: sshd}\ndetection: {k: [bad], condition: k}\n"
		"---\ntitle: t\nid: any\nlogsource: {product: linux}\ndetection: {k: [bad], condition: k}\n");
	sigma_event_begin(&scene.event, SIGMA_SOURCE_LINE, 0);
	scene.event.whole = SPAN("something BAD");
	scene.event.services = sigma_services_of(SPAN("cron"));
	assert_false(scene_matches(&scene, "ssh"));
	assert_non_null(scene_match(&scene, "any"));
	scene.event.services = sigma_services_of(SPAN("sshd"));
	assert_true(scene_matches(&scene, "ssh"));
	scene_close(&scene);
}

/* In the order of loading, whatever was found first, and rules that are always evaluated among the others. */
static void test_sigma_order(void **state)
{
	struct scene scene;

	scene_open(&scene, ONE("r0", "        f: second\n") RULE("r1", "    s:\n        g: x\n", "not s")
				   ONE("r2", "        h: first\n") ONE("r3", "        f: second\n"));
	scene_begin(&scene, 0);
	scene_add(&scene, "h", "first");
	scene_add(&scene, "f", "second");
	assert_true(scene_matches(&scene, "r0"));
	assert_int_equal(scene.count, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(scene.matches[i].rule, i);
	scene_close(&scene);
}

static void test_sigma_fields(void **state)
{
	struct scene scene;

	scene_open(&scene,
		   "title: t\nid: a\nlogsource: {category: process_creation}\ndetection:\n    s:\n        Imag: x\n    "
		   "condition: s\n"
		   "---\ntitle: t\nid: b\nlogsource: {category: process_creation}\ndetection:\n    s:\n        Hashes: "
		   "x\n        Image: x\n"
		   "    o:\n        commandline: y\n    p:\n        CommandLine: y\n    condition: s or o or p\n"
		   "---\ntitle: t\nid: c\nlogsource: {category: process_creation}\ndetection:\n    s:\n        Hashes: "
		   "null\n    condition: s\n"
		   "---\ntitle: t\nid: d\nlogsource: {category: driver_load}\ndetection:\n    s:\n        Hashes: x\n  "
		   "  condition: s\n");
	assert_int_equal(rule_of(&scene, "a")->state, SIGMA_NO_FIELD);
	assert_int_equal(rule_of(&scene, "b")->state, SIGMA_READY);
	assert_int_equal(rule_of(&scene, "d")->state, SIGMA_NO_SOURCE);
	const struct sigma_diagnostic *found =
		scene_diagnostic(&scene, "process_creation have no field 'Imag'; did you mean 'Image'?");
	assert_non_null(found);
	assert_int_equal(found->place.line, 6);
	assert_int_equal(found->place.column, 9);
	assert_non_null(scene_diagnostic(&scene, "'commandline'; did you mean 'CommandLine'?"));
	assert_non_null(scene_diagnostic(&scene, "condition of 't' can never hold"));
	assert_non_null(scene_diagnostic(&scene, "condition of 't' always holds"));
	sigma_event_begin(&scene.event, SIGMA_SOURCE_PROCESS_CREATION, 0);
	sigma_event_add(&scene.event, SIGMA_PROCESS_CREATION_COMMAND_LINE, SPAN("y"));
	assert_true(scene_matches(&scene, "b"));
	assert_non_null(scene_match(&scene, "c"));
	assert_true(sigma_engine_reads(scene.engine, SIGMA_PROCESS_CREATION_IMAGE));
	assert_false(sigma_engine_reads(scene.engine, SIGMA_PROCESS_CREATION_USER));
	assert_true(sigma_engine_wants(scene.engine, SIGMA_SOURCE_PROCESS_CREATION));
	assert_false(sigma_engine_wants(scene.engine, SIGMA_SOURCE_LINE));
	scene_close(&scene);
}

/* ---- filters ---- */

#define FILTER(id, rules, lines) \
	"---\ntitle: f\nid: " id "\nlogsource: {product: linux, service: auditd}\nfilter:\n    rules: " rules "\n" lines

static void test_sigma_filters(void **state)
{
	struct scene scene;

	scene_open(&scene,
		   ONE("one", "        f: a\n") ONE("two", "        f: a\n")
			   FILTER("spec", "[one]", "    s:\n        u: adm\n    condition: s\n") FILTER(
				   "pysigma", "[two]", "    s:\n        u: adm\n    condition: not s\n")
				   FILTER("any", "any", "    s:\n        u: root\n    condition: s\n") FILTER(
					   "none", "[nobody]", "    s:\n        u: x\n    condition: s\n")
					   FILTER("star", "[two]", "    s: ['*']\n    condition: s and 1 of them\n"));
	scene_begin(&scene, 0);
	scene_add(&scene, "f", "a");
	scene_add(&scene, "u", "joe");
	assert_true(scene_matches(&scene, "one"));
	assert_int_equal(scene_match(&scene, "one")->filter, SIGMA_NO_FILTER);
	scene_begin(&scene, 0);
	scene_add(&scene, "f", "a");
	scene_add(&scene, "u", "adm");
	assert_true(scene_matches(&scene, "one"));
	assert_text(scene.rules->items[scene_match(&scene, "one")->filter].id, "spec");
	assert_text(scene.rules->items[scene_match(&scene, "two")->filter].id, "pysigma");
	scene_begin(&scene, 0);
	scene_add(&scene, "f", "a");
	scene_add(&scene, "u", "root");
	assert_true(scene_matches(&scene, "one"));
	assert_text(scene.rules->items[scene_match(&scene, "one")->filter].id, "any");
	assert_non_null(scene_diagnostic(&scene, "the filter is for 'nobody', but there is no such rule"));
	assert_non_null(scene_diagnostic(&scene, "the filter 'f' suppresses everything"));
	assert_int_equal(sigma_evaluator_counts(scene.evaluator)->suppressed, 5);
	scene_close(&scene);
}

static void test_sigma_filter_source(void **state)
{
	struct scene scene;

	scene_open(
		&scene,
		ONE("one",
		    "        f: a\n") "---\ntitle: f\nid: other\nlogsource: {category: process_creation}\nfilter:\n    "
				      "rules: [one]\n"
				      "    s:\n        Image: a\n    condition: s\n"
				      "---\ntitle: f\nid: wide\nlogsource: {product: linux}\nfilter:\n    rules: one\n"
				      "    s: [keyword]\n    condition: s\n");
	assert_non_null(scene_diagnostic(&scene, "its log source is another one"));
	scene_begin(&scene, 0);
	scene.event.whole = SPAN("keyword");
	scene_add(&scene, "f", "a");
	assert_true(scene_matches(&scene, "one"));
	assert_text(scene.rules->items[scene_match(&scene, "one")->filter].id, "wide");
	scene_close(&scene);
}

/* ---- what is wrong ---- */

static void check_wrong(const char *text, uint32_t line, uint32_t column, const char *part)
{
	struct scene scene;

	scene_load(&scene, text);
	sigma_rules_add_text(scene.rules, "good.yml", SPAN(ONE("good", "        f: a\n")));
	scene_link(&scene);
	const struct sigma_diagnostic *found = scene_diagnostic(&scene, part);
	if (!found) {
		fail_msg("no '%s' but %s", part,
			 scene.rules->diagnostics.count ? scene.rules->diagnostics.items[0].text : "nothing");
		return;
	}
	if (found->place.line != line || found->place.column != column)
		fail_msg("'%s' at %u:%u, not %u:%u", part, found->place.line, found->place.column, line, column);
	assert_true(scene_asks(&scene, "good", "f", "a")); /* whatever is wrong, the others run */
	scene_close(&scene);
}

#define HEAD "title: t\nlogsource: {service: auditd}\n"

static void test_sigma_wrong_documents(void **state)
{
	check_wrong("title: [x\n", 2, 1, "it is no YAML");
	check_wrong("- a\n- b\n", 1, 1, "a rule must be a map");
	check_wrong("just text\n", 1, 1, "a rule must be a map");
	check_wrong("a: &x b\n", 1, 7, "anchors");
	check_wrong("a: *x\n", 1, 5, "aliases");
	check_wrong("a: 1\nb: 2\na: 3\n", 3, 1, "'a' was already given in line 1");
	check_wrong("? [a]\n: b\n", 1, 3, "a key must be a text");
	check_wrong("logsource: {service: auditd}\ndetection: {s: [x], condition: s}\n", 1, 1, "the title is missing");
	check_wrong("title: t\ndetection: {s: [x], condition: s}\n", 1, 1, "the log source is missing");
	check_wrong("title: t\nlogsource: {definition: x}\ndetection: {s: [x], condition: s}\n", 2, 12,
		    "names no category");
	check_wrong(HEAD, 1, 1, "none is there");
	check_wrong(HEAD "detection: {s: [x], condition: s}\nfilter: {}\n", 1, 1, "not several");
	check_wrong(HEAD "detection: {s: [x]}\n", 3, 12, "the condition is missing");
	check_wrong(HEAD "detection: {s: {}, condition: s}\n", 3, 16, "the selection is empty");
	check_wrong(HEAD "detection: {s: [], condition: s}\n", 3, 16, "the selection is empty");
	check_wrong(HEAD "detection: {s: [x], condition: []}\n", 3, 32, "the condition must be");
	check_wrong(HEAD "detection: text\n", 3, 12, "a map of selections");
	check_wrong(HEAD "level: hihg\ndetection: {s: [x], condition: s}\n", 3, 8, "did you mean 'high'?");
	check_wrong(HEAD "status: old\ndetection: {s: [x], condition: s}\n", 3, 9, "no status 'old'");
	check_wrong(HEAD "date: 1/2/26\ndetection: {s: [x], condition: s}\n", 3, 7, "no date");
	check_wrong("action: explode\n", 1, 9, "global, reset or repeat");
	check_wrong("action: repeat\n", 1, 9, "no rule before this one");
	check_wrong(HEAD "filter: {s: [x], condition: s}\n", 3, 9, "does not say which rules");
	check_wrong("title: t\nlevel: \xff\n", 2, 8, "the file is no UTF-8");
	check_wrong("title: \xed\xa0\x80\n", 1, 8, "the file is no UTF-8");
	check_wrong("title: \xc0\xaf\n", 1, 8, "the file is no UTF-8");
	check_wrong("\xff\xfet", 1, 1, "the file is no UTF-8");
}

static void test_sigma_duplicates(void **state)
{
	struct scene scene;

	scene_load(&scene, ONE("same", "        f: a\n"));
	sigma_rules_add_text(scene.rules, "second.yml",
			     SPAN(ONE("same", "        f: b\n") ONE("other", "        f: b\n")));
	scene_link(&scene);
	const struct sigma_diagnostic *found = scene_diagnostic(&scene, "'same' was already given in test.yml:2");
	assert_non_null(found);
	assert_string_equal(found->place.file, "second.yml");
	assert_true(scene_asks(&scene, "same", "f", "a"));
	assert_false(scene_asks(&scene, "same", "f", "b"));
	assert_non_null(scene_match(&scene, "other"));
	scene_close(&scene);
}

/* ---- size and time ---- */

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void check_bomb(const struct buffer *text, const char *part)
{
	double start = seconds();
	struct scene scene = { .rules = sigma_rules_create(NULL, 0) };

	assert_false(text->failed);
	sigma_rules_add_text(scene.rules, "bomb.yml", buffer_span(text));
	scene_link(&scene);
	if (!scene_diagnostic(&scene, part))
		fail_msg("no '%s' but %s", part,
			 scene.rules->diagnostics.count ? scene.rules->diagnostics.items[0].text : "nothing");
	assert_true(scene.rules->arena.used < (size_t)64 << 20);
	scene_close(&scene);
	assert_true(seconds() - start < 20);
}

static void test_sigma_bombs(void **state)
{
	struct buffer text = { 0 };

	for (unsigned i = 0; i < 100000; i++)
		buffer_add_byte(&text, '[');
	check_bomb(&text, "nested deeper than 24");

	buffer_reset(&text); /* ten megabytes in one value */
	buffer_text(&text, HEAD "description: ");
	for (unsigned i = 0; i < 10u << 20; i++)
		buffer_add_byte(&text, 'x');
	check_bomb(&text, "the document is larger than");

	buffer_reset(&text); /* … in many */
	buffer_text(&text, HEAD "detection:\n  condition: s\n  s:\n");
	for (unsigned i = 0; i < 1000000; i++)
		buffer_text(&text, "  - a\n");
	check_bomb(&text, "more than 65536 values");

	buffer_reset(&text); /* each dash makes five */
	buffer_text(&text, HEAD "detection:\n  condition: s\n  s:\n    f|windash: '");
	for (unsigned i = 0; i < 40; i++)
		buffer_text(&text, " -a");
	buffer_text(&text, "'\n");
	check_bomb(&text, "makes more than");

	buffer_reset(&text); /* the same global document in each of many */
	buffer_text(&text, "action: global\ndetection:\n");
	for (unsigned i = 0; i < 1000; i++)
		buffer_printf(&text, "  k%u: {a: b}\n", i);
	for (unsigned i = 0; i < 20000; i++)
		buffer_printf(&text, "---\ndetection: {x%u: {a: b}}\n", i);
	check_bomb(&text, "too much memory");

	buffer_reset(&text);
	buffer_text(&text, HEAD "detection:\n  condition: 'a");
	for (unsigned i = 0; i < 100000; i++)
		buffer_text(&text, " or a");
	buffer_text(&text, "'\n  a: [x]\n");
	check_bomb(&text, "the condition is longer than");
	buffer_finish(&text);
}

static void test_sigma_catastrophic_regex(void **state)
{
	struct scene scene;
	char text[4096];
	double start = seconds();

	scene_open(&scene, ONE("slow", "        f|re: '(a|aa)+$'\n") ONE("good", "        f|startswith: aaaa\n"));
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '!';
	scene_begin(&scene, 0);
	scene_add_span(&scene, "f", (struct span){ text, sizeof(text) });
	assert_false(scene_matches(&scene, "slow"));
	assert_non_null(scene_match(&scene, "good"));
	assert_int_equal(sigma_evaluator_counts(scene.evaluator)->regex_limited, 1);
	assert_text(scene.rules->items[sigma_evaluator_counts(scene.evaluator)->limited_rule].id, "slow");
	assert_true(seconds() - start < 20);
	scene_close(&scene);
}

/* ---- files ---- */

static void write_file(const char *directory, const char *name, const char *text)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *where)
{
	return remove(path);
}

static void test_sigma_directory(void **state)
{
	char directory[] = "/tmp/sigma-load-XXXXXX", path[512];
	struct scene scene = { .rules = sigma_rules_create(NULL, 0) };

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/sub", directory);
	mkdir(path, 0700);
	write_file(directory, "b.yml", ONE("b", "        f: a\n"));
	write_file(directory, "a.yaml", ONE("a", "        f: a\n"));
	write_file(directory, "broken.yml", "title: [");
	write_file(directory, "notes.txt", "title: [");
	write_file(path, "c.yml", ONE("c", "        f: a\n"));
	snprintf(path, sizeof(path), "%s/pipe.yml", directory);
	mkfifo(path, 0600);
	snprintf(path, sizeof(path), "%s/sub/loop", directory);
	assert_int_equal(symlink(directory, path), 0);
	sigma_rules_add_path(scene.rules, directory);
	sigma_rules_add_path(scene.rules, "/nonexistent/rules");
	scene_link(&scene);
	assert_int_equal(scene.rules->count, 3);
	assert_text(scene.rules->items[0].id, "a");
	assert_text(scene.rules->items[1].id, "b");
	assert_text(scene.rules->items[2].id, "c");
	assert_int_equal(scene.rules->diagnostics.errors, 3);
	assert_non_null(scene_diagnostic(&scene, "it is no file"));
	assert_non_null(scene_diagnostic(&scene, "No such file"));
	scene_close(&scene);
	assert_int_equal(nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sigma_metadata),	      cmocka_unit_test(test_sigma_actions),
		cmocka_unit_test(test_sigma_sources),	      cmocka_unit_test(test_sigma_services),
		cmocka_unit_test(test_sigma_fields),	      cmocka_unit_test(test_sigma_order),
		cmocka_unit_test(test_sigma_filters),	      cmocka_unit_test(test_sigma_filter_source),
		cmocka_unit_test(test_sigma_wrong_documents), cmocka_unit_test(test_sigma_duplicates),
		cmocka_unit_test(test_sigma_bombs),	      cmocka_unit_test(test_sigma_catastrophic_regex),
		cmocka_unit_test(test_sigma_directory),
	};

	return cmocka_run_group_tests_name("sigma_load", tests, NULL, NULL);
}
