/*
 * Any bytes, as a packed finding and as the texts of one, through every sink.
 *
 * Must hold: what is printed has no control byte but the line's end; JSON
 * parses and HTML is sound; a finding that was packed comes back byte for byte.
 */
#include "../unit/html_check.h"
#include "model/finding.h"
#include "sink/escape.h"
#include "sink/sink.h"

#include <json-c/json.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Takes values off the front of the input; zeroes when it is used up. */
static uint64_t take(struct span *rest)
{
	uint64_t value = 0;
	size_t len = rest->len < 8 ? rest->len : 8;

	if (len)
		memcpy(&value, rest->data, len);
	*rest = span_skip(*rest, len);
	return value;
}

static struct span take_text(struct span *rest)
{
	size_t len = rest->len ? (unsigned char)rest->data[0] : 0;
	struct span text = span_first(span_skip(*rest, 1), len);

	*rest = span_skip(*rest, len + 1);
	return len == 255 ? (struct span){ NULL, 0 } : text;
}

static void fill_process(struct span *rest, struct process *process)
{
	struct span *texts[] = { &process->comm,    &process->exe, &process->script,
				 &process->cmdline, &process->cwd, &process->tty };

	process->pid = take(rest);
	process->uid = take(rest);
	process->auid = take(rest);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = take_text(rest);
}

static void fill(struct span rest, struct finding *finding, struct span *raw)
{
	struct access *access = &finding->access;
	uint64_t dice = take(&rest);

	*finding = (struct finding){ .risk = (enum risk)(dice & 3), .score = dice >> 2 & 127, .reason_count = 2 };
	access->verb = (enum verb)((dice >> 9) % (VERB_LOG + 1));
	access->entry = (enum entry)((dice >> 16) % ENTRY_COUNT);
	access->resolved_by = (enum resolved_by)((dice >> 24) % RESOLVED_COUNT);
	access->certain = dice >> 32 & 1;
	access->self = dice >> 33 & 1;
	access->write = dice >> 34 & 1;
	access->outcome = (int)(take(&rest) & 0xffffffff);
	access->time_ms = (int64_t)take(&rest);
	access->request = take(&rest);
	finding->count = take(&rest);
	access->path = take_text(&rest);
	access->host = take_text(&rest);
	access->message = take_text(&rest);
	fill_process(&rest, &access->actor);
	fill_process(&rest, &access->target);
	finding->reasons[0] = take_text(&rest);
	finding->reasons[1] = take_text(&rest);
	finding->suppressed_by = take_text(&rest);
	*raw = rest;
	access->raw = raw;
	access->raw_count = 1;
}

static void check_text(struct span out, const char *allowed)
{
	for (size_t i = 0; i < out.len; i++)
		if ((unsigned char)out.data[i] < 0x20 || out.data[i] == 0x7f)
			if (!strchr(allowed, out.data[i]) || !out.data[i])
				abort();
}

static void check_json(struct span out)
{
	json_tokener *tokener = json_tokener_new();

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	json_object *line = json_tokener_parse_ex(tokener, out.data, (int)out.len - 1);
	if (!line || span_index(out, '\n') != out.len - 1)
		abort();
	json_object_put(line);
	json_tokener_free(tokener);
}

/* The finding as the signals of an insight. */
static int print_insight(struct sink *sink, const struct finding *finding)
{
	struct insight insight = {
		.entity = { (enum entity_kind)(finding->count & 1), finding->access.host, finding->access.actor.uid },
		.score = 13,
		.severity = INSIGHT_LOW,
		.signals = { { finding, 1, finding->count, finding->first_ms, finding->last_ms },
			     { finding, 1, finding->count, finding->first_ms, finding->last_ms } },
		.signal_count = 2,
		.created_ms = finding->access.time_ms,
	};

	return sink_insight(sink, &insight, NULL);
}

/* The finding as an incident whose every text is one of its own. */
static int print_incident(struct sink *sink, const struct finding *finding)
{
	const struct process *actor = &finding->access.actor, *other = &finding->access.target;
	struct incident_target target = { other->pid,		other->comm, other->exe, (1u << ENTRY_COUNT) - 1,
					  (2u << VERB_LOG) - 1, true };
	struct incident_step step = {
		.kind = (enum step_kind)(finding->count % STEP_KINDS),
		.first_ms = finding->access.time_ms,
		.count = finding->count,
		.pid = actor->pid,
		.program = actor->exe,
		.what = actor->cmdline,
		.target_pid = other->pid,
		.target = other->exe,
		.failed = true,
	};
	struct incident incident = {
		.id = "0123456789abcdef",
		.host = finding->access.host,
		.risk = finding->risk,
		.score = finding->score,
		.reasons = { finding->reasons[0] },
		.reason_count = 1,
		.actor = *actor,
		.targets = &target,
		.target_count = 1,
		.steps = &step,
		.step_count = 1,
		.first_ms = finding->access.time_ms,
		.last_ms = (int64_t)finding->access.request,
		.findings = finding->count,
		.found = &finding,
		.found_count = 1,
	};

	return sink_incident(sink, &incident, NULL);
}

static int print_one(struct sink *sink, const char *name, const struct finding *finding)
{
	if (sink_wants_insights(sink))
		return print_insight(sink, finding);
	return sink_takes_findings(name) ? sink_finding(sink, finding, NULL) : print_incident(sink, finding);
}

static struct span print(const char *name, const struct finding *finding, unsigned width)
{
	struct sink_options options = { .raw = true, .utf8 = width % 2, .width = width };
	int fd = memfd_create("out", 0);
	struct output *output = output_create(fd, "out", NULL);
	struct sink *sink = sink_create(name, output, &options, NULL);

	if (!sink || print_one(sink, name, finding) || sink_end(sink, NULL))
		abort();
	sink_destroy(sink);
	output_destroy(output);
	size_t len = (size_t)lseek(fd, 0, SEEK_END);
	char *text = malloc(len ? len : 1);
	if (!text || pread(fd, text, len, 0) != (ssize_t)len)
		abort();
	close(fd);
	return (struct span){ text, len };
}

static void check_sinks(const struct finding *finding, unsigned width)
{
	static const struct {
		const char *name, *controls;
		bool is_json;
	} sinks[] = {
		{ "table", "\n", false },     { "csv", "\r\n", false },	    { "json", "\n", true },
		{ "ecs", "\n", true },	      { "ocsf", "\n", true },	    { "cef", "\n", false },
		{ "cse-record", "\n", true }, { "cse-signal", "\n", true }, { "cse-insight", "\n", true },
		{ "html", "\n", false },
	};

	for (size_t i = 0; i < sizeof(sinks) / sizeof(*sinks); i++) {
		struct span text = print(sinks[i].name, finding, width);
		check_text(text, sinks[i].controls);
		if (sinks[i].is_json)
			check_json(text);
		if (strcmp(sinks[i].name, "html") == 0 && html_wrong(text, NULL))
			abort();
		free((char *)(uintptr_t)text.data);
	}
}

static void check_pack(const struct finding *finding)
{
	struct buffer bytes = { 0 }, again = { 0 };
	struct finding back;
	struct span raw[1];

	finding_pack(finding, &bytes);
	if (finding_unpack(&back, buffer_span(&bytes), raw, 1) != bytes.len)
		abort();
	finding_pack(&back, &again);
	if (!span_equal(buffer_span(&bytes), buffer_span(&again)))
		abort();
	buffer_finish(&bytes);
	buffer_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = { (const char *)data, size }, raw;
	struct finding finding;
	struct span room[4];

	setlocale(LC_ALL, "C.UTF-8");
	finding_unpack(&finding, input, room, 4); /* any bytes: names may be wild, so it is not printed */
	fill(input, &finding, &raw);
	check_pack(&finding);
	check_sinks(&finding, size % 250);
	return 0;
}
