/*
 * sigma_cost --print RULES: that many rules as a file; as in SigmaHQ's rules/linux one in four is about audit records,
 * the first among them.
 *
 * sigma_cost [RULES [EVENTS]]: what an event costs with one rule, and with RULES (1000) of SigmaHQ's kind, on EVENTS
 * (20000) synthetic process creations, in user time, alternately, the best of five rounds. The events are read from
 * audit records first, as the least that a scan must do with each; that part is shown by itself, too. The last line is
 * the ratio; the exit status is 1 when it is 2 or more.
 *
 * A rule is like those of SigmaHQ's rules/linux/process_creation: an image by its end, and of the command line one or
 * several parts; one in ten looks at the parent, one in ten has a filter, one in twenty a regex;
 * one in a hundred asks only for what many events have.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "decode/decoder.h"
#include "decode/dress.h"
#include "model/fields.h"
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
	if (number % 100 == 7) { /* what many events have */
		buffer_printf(text, "    selection_common:\n        CommandLine|contains: '%s'\n",
			      words[pick(COUNT(words))]);
		buffer_text(text, "    condition: all of selection_*\n");
		return;
	}
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

/* Three records, as the kernel writes them for an execve. */
static void add_event(struct buffer *text, unsigned number)
{
	const char *program = programs[pick(COUNT(programs))];
	unsigned argc = 2 + pick(6), pid = 1000 + pick(30000), uid = pick(4) ? 1000 : 0;

	buffer_printf(
		text,
		"type=SYSCALL msg=audit(1700000%03u.123:%u): arch=c000003e syscall=59 success=yes exit=0 "
		"a0=55d0c8a3f2b0 a1=55d0c8a41c90 a2=55d0c8a3d4e0 a3=8 items=2 ppid=%u pid=%u auid=1000 uid=%u gid=%u "
		"euid=%u suid=%u fsuid=%u egid=%u sgid=%u fsgid=%u tty=pts0 ses=3 comm=\"%s\" exe=\"/usr/bin/%s\" "
		"subj=unconfined key=\"exec\"\n",
		number % 1000, number, 900 + pick(100), pid, uid, uid, uid, uid, uid, uid, uid, uid, program, program);
	buffer_printf(text, "type=EXECVE msg=audit(1700000%03u.123:%u): argc=%u a0=\"%s\"", number % 1000, number, argc,
		      program);
	for (unsigned i = 1; i < argc; i++)
		buffer_printf(text, " a%u=\"%s\"", i, words[pick(COUNT(words))]);
	buffer_printf(text, "\ntype=CWD msg=audit(1700000%03u.123:%u): cwd=\"/home/user%u\"\n", number % 1000, number,
		      pick(50));
}

/* What a binding to real events does at least: fields of the records, arguments joined, a parent from history. */
struct reader {
	struct sigma_event *event;
	struct arena arena;
	struct buffer command;
};

static void take_field(struct reader *reader, const struct record *record, const struct field *field)
{
	if (record->type == AUDIT_TYPE_EXECVE && field->name.len >= 2 && field->name.data[0] == 'a' &&
	    field->name.data[1] <= '9') {
		if (reader->command.len)
			buffer_add_byte(&reader->command, ' ');
		buffer_add(&reader->command, field_text(field, &reader->arena));
	} else if (record->type == AUDIT_TYPE_CWD && span_equal(field->name, SPAN("cwd"))) {
		sigma_event_add(reader->event, SIGMA_PROCESS_CREATION_CURRENT_DIRECTORY,
				field_text(field, &reader->arena));
	} else if (span_equal(field->name, SPAN("exe"))) {
		sigma_event_add(reader->event, SIGMA_PROCESS_CREATION_IMAGE, field_text(field, &reader->arena));
	} else if (span_equal(field->name, SPAN("pid"))) {
		sigma_event_add(reader->event, SIGMA_PROCESS_CREATION_PROCESS_ID, field->value);
	} else if (span_equal(field->name, SPAN("euid"))) {
		sigma_event_add(reader->event, SIGMA_PROCESS_CREATION_USER,
				span_equal(field->value, SPAN("0")) ? SPAN("root") : field->value);
	}
}

/* Takes one event off the text. */
static void read_event(struct reader *reader, struct span *text)
{
	sigma_event_begin(reader->event, SIGMA_SOURCE_PROCESS_CREATION, 0);
	buffer_reset(&reader->command);
	arena_reset(&reader->arena);
	for (unsigned i = 0; i < 3; i++) {
		struct span line = span_first(*text, span_index(*text, '\n')), body;
		struct record record = { 0 };
		struct field field;
		*text = span_skip(*text, line.len + 1);
		if (!audit_parse(line, &record))
			abort();
		for (body = record.body; field_next(&body, &field);)
			take_field(reader, &record, &field);
	}
	sigma_event_add(reader->event, SIGMA_PROCESS_CREATION_COMMAND_LINE, buffer_span(&reader->command));
	sigma_event_add(reader->event, SIGMA_PROCESS_CREATION_PARENT_IMAGE, SPAN("/usr/bin/bash"));
}

static double user_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

static double run(struct set *set, struct span text, bool evaluate)
{
	struct reader reader = { .event = &set->event };
	const struct sigma_match *matches;
	double start = user_seconds();

	while (text.len) {
		read_event(&reader, &text);
		if (evaluate)
			sigma_evaluate(set->evaluator, &set->event, &matches);
	}
	arena_finish(&reader.arena);
	buffer_finish(&reader.command);
	return user_seconds() - start;
}

static void print(const char *what, double seconds, unsigned events)
{
	printf("%-24s %8.0f ns an event\n", what, seconds / events * 1e9);
}

static void add_audit_rule(struct buffer *text, unsigned number)
{
	bool executes = number % 8 == 4;

	buffer_printf(text,
		      "---\ntitle: rule %u\nid: r%u\nlogsource: {product: linux, service: auditd}\ndetection:\n"
		      "    selection:\n        type: %s\n        %s: '%s%u'\n    condition: selection\n",
		      number, number, executes ? "EXECVE" : "PATH", executes ? "a0" : "name|startswith",
		      executes ? "tool" : "/etc/secret", number);
}

static int print_rules(unsigned count)
{
	struct buffer text = { 0 };

	for (unsigned i = 0; i < count; i++)
		if (i % 4 == 0)
			add_audit_rule(&text, i);
		else
			add_rule(&text, i);
	if (text.failed || fwrite(text.data, 1, text.len, stdout) != text.len)
		return 1;
	buffer_finish(&text);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--print") == 0)
		return print_rules((unsigned)strtoul(argv[2], NULL, 10));
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
		add_event(&text, i);
	for (unsigned i = 0; i < ROUNDS; i++) {
		double seconds[3] = { run(&one, buffer_span(&text), false), run(&one, buffer_span(&text), true),
				      run(&many, buffer_span(&text), true) };
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
	return many.best < 2 * one.best ? 0 : 1;
}
