/*
 * sigma_cost [RULES [EVENTS]]: what evaluating an event costs with one rule, and with RULES (1000) of SigmaHQ's kind, on
 * EVENTS (20000) synthetic process creations, in user time, alternately, the best of five rounds. An event is read from
 * its audit-like text first, as it would be in a scan; that part is shown, too. The last line is the ratio.
 *
 * A rule is like those of SigmaHQ's rules/linux/process_creation: an image by its end, and of the command line one or
 * several parts; one in ten looks at the parent, one in ten has a filter, one in twenty a regex.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/buffer.h"
#include "rule/sigma/evaluate.h"

#define ROUNDS 5

static const char *const programs[] = { "cat",	     "ls",	"bash",	    "sh",    "grep",  "sed",
					"awk",	     "python3", "perl",	    "curl",  "wget",  "nc",
					"tar",	     "cp",	"mv",	    "find",  "ssh",   "scp",
					"systemctl", "crontab", "useradd",  "chmod", "chown", "dd",
					"base64",    "openssl", "iptables", "kill",  "nohup", "touch" };
static const char *const words[] = { "install",		"update",     "restart",
				     "--color=auto",	"-rf",	      "/etc/passwd",
				     "/var/log/syslog", "/tmp/build", "https://example.org/a",
				     "-name",		"*.log",      "x86_64",
				     "backup",		"deploy",     "--verbose",
				     "/usr/share/doc",	"stdout",     "main.py",
				     "src/lib",		"0755" };
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static unsigned seed = 1;

static unsigned pick(size_t count)
{
	return (unsigned)rand_r(&seed) % (unsigned)count;
}

/* ---- rules ---- */

static void add_rule(struct buffer *text, unsigned number)
{
	buffer_printf(
		text,
		"---\ntitle: rule %u\nid: r%u\nlogsource: {product: linux, category: process_creation}\ndetection:\n"
		"    selection_img:\n        Image|endswith:\n            - '/%s'\n            - '/tool%u'\n",
		number, number, programs[pick(COUNT(programs))], number);
	buffer_printf(text,
		      "    selection_cli:\n        CommandLine|contains%s:\n            - '--exfil-%u'\n            - "
		      "' %s'\n",
		      number % 3 ? "|all" : "", number, number % 3 ? words[pick(COUNT(words))] : "/dev/shm/.hidden");
	if (number % 10 == 0)
		buffer_printf(text, "    selection_parent:\n        ParentImage|endswith: '/%s'\n",
			      programs[pick(COUNT(programs))]);
	if (number % 20 == 5)
		buffer_printf(text, "    selection_re:\n        CommandLine|re: 'eval\\s+.{1,40}payload%u'\n", number);
	if (number % 10 == 3)
		buffer_text(text, "    filter_main_root:\n        User: root\n");
	buffer_printf(text, "    condition: all of selection_*%s\n",
		      number % 10 == 3 ? " and not 1 of filter_main_*" : "");
}

struct set {
	struct sigma_rules *rules;
	struct sigma_engine *engine;
	struct sigma_evaluator *evaluator;
	struct sigma_event event;
	double best;
};

static int open_set(struct set *set, unsigned count)
{
	struct buffer text = { 0 };
	struct err err = { 0 };

	for (unsigned i = 0; i < count; i++)
		add_rule(&text, i);
	set->best = 1e9;
	set->rules = sigma_rules_create(NULL, 0);
	if (!set->rules || text.failed)
		return -1;
	sigma_rules_add_text(set->rules, "synthetic", buffer_span(&text));
	buffer_finish(&text);
	sigma_rules_link(set->rules);
	set->engine = sigma_engine_create(set->rules, &err);
	set->evaluator = set->engine ? sigma_evaluator_create(set->engine) : NULL;
	if (!set->evaluator || set->rules->count != count)
		return -1;
	return sigma_event_init(&set->event, sigma_rules_field_count(set->rules));
}

static void close_set(struct set *set)
{
	sigma_event_finish(&set->event);
	sigma_evaluator_destroy(set->evaluator);
	sigma_engine_destroy(set->engine);
	sigma_rules_destroy(set->rules);
}

/* ---- events ---- */

static const struct {
	const char *name;
	uint32_t field;
} fields[] = { { "exe", SIGMA_PROCESS_CREATION_IMAGE },
	       { "cmdline", SIGMA_PROCESS_CREATION_COMMAND_LINE },
	       { "cwd", SIGMA_PROCESS_CREATION_CURRENT_DIRECTORY },
	       { "pexe", SIGMA_PROCESS_CREATION_PARENT_IMAGE },
	       { "uid", SIGMA_PROCESS_CREATION_USER },
	       { "pid", SIGMA_PROCESS_CREATION_PROCESS_ID } };

static void add_event(struct buffer *text)
{
	const char *program = programs[pick(COUNT(programs))];

	buffer_printf(text, "exe=\"/usr/bin/%s\" cmdline=\"%s", program, program);
	for (unsigned i = 0, count = 1 + pick(6); i < count; i++)
		buffer_printf(text, " %s", words[pick(COUNT(words))]);
	buffer_printf(text, "\" cwd=\"/home/user%u\" pexe=\"/usr/bin/%s\" uid=\"%s\" pid=\"%u\"\n", pick(50),
		      programs[pick(COUNT(programs))], pick(4) ? "joe" : "root", 1000 + pick(30000));
}

/* name="value" name="value" … to the event. */
static void read_event(struct sigma_event *event, struct span line)
{
	sigma_event_begin(event, SIGMA_SOURCE_PROCESS_CREATION, 0);
	while (line.len) {
		struct span name = span_first(line, span_index(line, '='));
		struct span rest = span_skip(line, name.len + 2);
		struct span value = span_first(rest, span_index(rest, '"'));
		for (size_t i = 0; i < COUNT(fields); i++)
			if (span_equal(name, span_of(fields[i].name)))
				sigma_event_add(event, fields[i].field, value);
		line = span_skip(rest, value.len + 2);
	}
}

static double user_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

/* Without a set: only the reading. */
static double run(struct set *set, struct sigma_event *event, struct span text, bool evaluate)
{
	const struct sigma_match *matches;
	double start = user_seconds();

	while (text.len) {
		struct span line = span_first(text, span_index(text, '\n'));
		read_event(event, line);
		if (evaluate)
			sigma_evaluate(set->evaluator, event, &matches);
		text = span_skip(text, line.len + 1);
	}
	return user_seconds() - start;
}

static void print(const char *what, double seconds, unsigned events)
{
	printf("%-24s %8.0f ns an event\n", what, seconds / events * 1e9);
}

int main(int argc, char **argv)
{
	unsigned rules = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
	unsigned events = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 20000;
	struct set one = { 0 }, many = { 0 };
	struct buffer text = { 0 };
	double reading = 1e9;

	if (open_set(&one, 1) < 0 || open_set(&many, rules) < 0) {
		fprintf(stderr, "sigma_cost: the rules do not load\n");
		return 1;
	}
	for (unsigned i = 0; i < events; i++)
		add_event(&text);
	for (unsigned i = 0; i < ROUNDS; i++) {
		double seconds[3] = { run(&one, &one.event, buffer_span(&text), false),
				      run(&one, &one.event, buffer_span(&text), true),
				      run(&many, &many.event, buffer_span(&text), true) };
		reading = seconds[0] < reading ? seconds[0] : reading;
		one.best = seconds[1] < one.best ? seconds[1] : one.best;
		many.best = seconds[2] < many.best ? seconds[2] : many.best;
	}
	print("reading", reading, events);
	print("one rule", one.best, events);
	print("many rules", many.best, events);
	printf("candidates an event: %.3f of %u\n",
	       (double)sigma_evaluator_counts(many.evaluator)->candidates / (ROUNDS * events), rules);
	printf("ratio %.2f\n", many.best / one.best);
	close_set(&one);
	close_set(&many);
	buffer_finish(&text);
	return 0;
}
