/* sink_samples: findings to print, and a place to print them to. Included once by each test_sink*.c and test_spool.c. */
#ifndef TESTS_SINK_SAMPLES_H
#define TESTS_SINK_SAMPLES_H

#include "model/finding.h"
#include "sink/sink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* The same sequence everywhere: tests must not differ from run to run. */
static inline uint64_t sample_random(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	uint64_t x = *state;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static inline struct process sample_unknown_process(void)
{
	return (struct process){
		.pid = UNKNOWN_ID,
		.ppid = UNKNOWN_ID,
		.auid = UNKNOWN_ID,
		.uid = UNKNOWN_ID,
		.euid = UNKNOWN_ID,
		.ses = UNKNOWN_ID,
		.script_uid = UNKNOWN_ID,
		.start_ms = TIME_UNKNOWN,
	};
}

/* Nothing is known of it but that it happened. */
static inline struct finding sample_unknown(void)
{
	struct finding finding = { 0 };

	finding.access.time_ms = finding.first_ms = finding.last_ms = TIME_UNKNOWN;
	finding.access.request = UNKNOWN_ID;
	finding.access.actor = finding.access.target = sample_unknown_process();
	finding.count = 1;
	return finding;
}

static inline struct finding sample_finding(void)
{
	static const struct span raw[] = {
		SPAN("type=SYSCALL msg=audit(1795474561.786:812): arch=c000003e syscall=257"),
		SPAN("type=CWD msg=audit(1795474561.786:812): cwd=\"/root\"")
	};
	struct finding finding = sample_unknown();
	struct access *access = &finding.access;

	access->time_ms = 1795474561786; /* 2026-11-23T22:56:01.786Z */
	access->host = SPAN("web-01");
	access->serial = 812;
	access->origin = (struct origin){ .file = "/var/log/audit/audit.log", .offset = 4711 };
	access->trust = TRUST_KERNEL;
	access->verb = VERB_OPEN;
	access->entry = ENTRY_MEM;
	access->resolved_by = RESOLVED_DIRFD;
	access->certain = true;
	access->outcome = 0;
	access->path = SPAN("mem");
	access->resolved_path = SPAN("/proc/812/mem");
	access->syscall = SPAN("openat");
	access->actor = (struct process){ .pid = 4312,
					  .ppid = 4000,
					  .auid = 1000,
					  .uid = 0,
					  .euid = 0,
					  .ses = 4294967295,
					  .comm = SPAN("python3"),
					  .exe = SPAN("/usr/bin/python3.11"),
					  .script = SPAN("/home/u/dump_heap.py"),
					  .cmdline = SPAN("python3 /home/u/dump_heap.py 812 out"),
					  .cwd = SPAN("/home/u"),
					  .tty = SPAN("pts0"),
					  .script_uid = 1000,
					  .start_ms = 1795474561000 };
	access->target = sample_unknown_process();
	access->target.pid = 812;
	access->target.uid = 0;
	access->target.comm = SPAN("sshd");
	access->target.exe = SPAN("/usr/sbin/sshd");
	access->raw = raw;
	access->raw_count = 2;
	finding.risk = RISK_HIGH;
	finding.score = 95;
	finding.severity = 9;
	finding.reasons[0] = SPAN("maps then mem of one target");
	finding.reasons[1] = SPAN("the target holds credentials");
	finding.reason_count = 2;
	finding.rule = SPAN("memory-read");
	finding.rule_id = SPAN("0d2c");
	finding.rule_title = SPAN("Memory read");
	finding.credentials = true;
	access->parent_exe = SPAN("/usr/bin/bash");
	finding.technique = SPAN("T1003.007");
	finding.count = 3;
	finding.first_ms = 1795474561786;
	finding.last_ms = 1795474562001;
	memcpy(finding.id, "9a0c11e2d3f4a5b6", 17);
	return finding;
}

/* An output that a test can read back. */
struct capture {
	int fd;
	struct output *output;
	char *text;
	size_t len;
};

static inline struct capture capture_begin(void)
{
	struct capture capture = { .fd = memfd_create("capture", 0) };

	assert_true(capture.fd >= 0);
	capture.output = output_create(capture.fd, "capture", NULL);
	assert_non_null(capture.output);
	return capture;
}

static inline void capture_end(struct capture *capture)
{
	assert_int_equal(output_finish(capture->output, NULL), 0);
	off_t len = lseek(capture->fd, 0, SEEK_END);
	capture->len = (size_t)len;
	capture->text = malloc(capture->len + 1);
	assert_non_null(capture->text);
	assert_int_equal(pread(capture->fd, capture->text, capture->len, 0), len);
	capture->text[len] = '\0';
}

static inline void capture_free(struct capture *capture)
{
	output_destroy(capture->output);
	close(capture->fd);
	free(capture->text);
}

/* Prints the findings with a sink of that name. Free the capture. */
static inline struct capture capture_sink(const char *name, const struct sink_options *options,
					  const struct finding findings[], size_t count)
{
	struct capture capture = capture_begin();
	struct sink *sink = sink_create(name, capture.output, options, NULL);

	assert_non_null(sink);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(sink_finding(sink, &findings[i], NULL), 0);
	assert_int_equal(sink_end(sink, NULL), 0);
	sink_destroy(sink);
	capture_end(&capture);
	return capture;
}

/* Bytes that look for trouble: every byte value, escapes, formulas, broken and whole UTF-8. */
static inline struct span sample_hostile(uint64_t *state, char *room, size_t max)
{
	static const struct span pieces[] = {
		SPAN("\033[2J"),
		SPAN("\r\n"),
		SPAN("=1+1"),
		SPAN("\xc2\x9b"),
		SPAN("\xe2\x80\xae"),
		SPAN("\xff"),
		SPAN("\xed\xb2\x80"),
		SPAN("\0"),
		SPAN("\",\""),
		SPAN("\xf0\x9f\x98\x80"),
		SPAN("\xe4\xb8\xad"),
		SPAN("\\x41"),
		SPAN("\\"),
		SPAN("'"),
		SPAN("\xc3"),
		SPAN("\xe2\x80\xa8"),
		SPAN("a\xcc\x81"),
		SPAN("\xef\xbc\x9d"),
		SPAN("\xf4\x90\x80\x80"),
		SPAN("\xc0\xaf"),
		SPAN("\t"),
		SPAN("</script>"),
		SPAN("\x7f"),
		SPAN("@x"),
	};
	size_t len = 0, want = max ? sample_random(state) % max : 0;

	while (len < want) {
		uint64_t dice = sample_random(state);
		struct span piece = pieces[dice % (sizeof(pieces) / sizeof(pieces[0]))];
		if (dice >> 32 & 1 || piece.len > want - len) {
			room[len++] = (char)(dice >> 40);
			continue;
		}
		memcpy(room + len, piece.data, piece.len);
		len += piece.len;
	}
	return (struct span){ room, len };
}

#define SAMPLE_TEXTS 24

/* A finding with hostile text everywhere; the texts live in room, of SAMPLE_TEXTS * max bytes. */
static inline struct finding sample_hostile_finding(uint64_t *state, char *room, size_t max)
{
	struct finding finding = sample_finding();
	struct access *access = &finding.access;
	struct span *texts[SAMPLE_TEXTS] = {
		&access->host,		&access->path,	     &access->resolved_path, &access->syscall,
		&access->message,	&access->actor.comm, &access->actor.exe,     &access->actor.script,
		&access->actor.cmdline, &access->actor.cwd,  &access->actor.tty,     &access->target.comm,
		&access->target.exe,	&finding.rule,	     &finding.technique,     &finding.reasons[0],
		&finding.reasons[1],	&finding.reasons[2], &finding.suppressed_by, &finding.suppressed_why,
	};

	finding.reason_count = 3;
	for (size_t i = 0; i < SAMPLE_TEXTS && texts[i]; i++, room += max)
		*texts[i] = sample_random(state) % 8 ? sample_hostile(state, room, max) : (struct span){ NULL, 0 };
	access->verb = (enum verb)(sample_random(state) % (VERB_LOG + 1));
	access->entry = (enum entry)(sample_random(state) % ENTRY_COUNT);
	access->outcome = -(int)(sample_random(state) % 200);
	access->write = sample_random(state) % 2;
	access->self = sample_random(state) % 4 == 0;
	access->certain = sample_random(state) % 2;
	access->time_ms = sample_random(state) % 5 ? (int64_t)(sample_random(state) % 4102444800000) : TIME_UNKNOWN;
	access->target.pid = sample_random(state) % 3 ? sample_random(state) % 4194304 : UNKNOWN_ID;
	access->actor.auid = sample_random(state) % 3 ? 4294967295u : UNKNOWN_ID;
	finding.risk = (enum risk)(sample_random(state) % (RISK_HIGH + 1));
	finding.count = sample_random(state) >> (sample_random(state) % 64);
	return finding;
}

#endif
