#include "engine/recall.h"

#include "decode/finding_json.h"
#include "engine/inputs.h"

#define PROGRESS_LINES 1024

struct recalling {
	const struct recall_options *options;
	struct sink *sink;
	struct finding_reader reader;
	uint64_t lines, findings, incidents, bad;
};

static int take_incident(struct recalling *recalling, struct err *err)
{
	const struct incident *incident = &recalling->reader.incident;
	int result = 0;

	recalling->incidents++;
	for (size_t i = 0; result == 0 && i < incident->found_count; i++)
		result = sink_finding(recalling->sink, incident->found[i], err);
	return result ? result : sink_incident(recalling->sink, incident, err);
}

static int take_line(struct recalling *recalling, struct span line, struct err *err)
{
	switch (finding_reader_take(&recalling->reader, line)) {
	case FINDING_LINE_BLANK:
		break;
	case FINDING_LINE_FINDING:
		recalling->findings++;
		return sink_finding(recalling->sink, &recalling->reader.finding, err);
	case FINDING_LINE_INCIDENT:
		return take_incident(recalling, err);
	case FINDING_LINE_BAD:
		recalling->bad++;
		break;
	}
	return 0;
}

static bool wants_stop(const struct recalling *recalling, const struct source *source)
{
	const struct recall_options *options = recalling->options;

	return options->progress && options->progress(options->progress_context, source);
}

static int take_lines(struct recalling *recalling, struct source *source, struct summary *summary, struct err *err)
{
	struct frame frame;
	bool stopped = false;
	int result = 0;

	while (result == 0 && !stopped && source_next(source, &frame) > 0) {
		struct span rest = frame.bytes;
		stopped = wants_stop(recalling, source);
		while (result == 0 && !stopped && rest.len) {
			struct span line = span_first(rest, span_index(rest, '\n'));
			rest = span_skip(rest, line.len + 1);
			result = take_line(recalling, line, err);
			if (++recalling->lines % PROGRESS_LINES == 0)
				stopped = wants_stop(recalling, source);
		}
	}
	if (stopped)
		summary_note(summary, true, false, "stopped before the end of the findings");
	wants_stop(recalling, NULL);
	return result;
}

static int account(const struct recalling *recalling, struct summary *summary, struct err *err)
{
	const char *path = recalling->options->path;

	summary->lines = recalling->lines;
	if (recalling->findings + recalling->incidents == 0)
		return err_set(err, -EINVAL,
			       "%s has no finding in it: --from takes what `proctor scan --json` wrote; a log is given "
			       "as PATH",
			       path);
	if (recalling->bad)
		summary_note(summary, true, false, "%llu lines of %s are no findings, and were left out",
			     (unsigned long long)recalling->bad, path);
	return 0;
}

int recall_run(const struct recall_options *options, struct sink *sink, struct summary *summary, struct err *err)
{
	struct recalling recalling = { .options = options, .sink = sink };
	const struct source_options as_they_are = { 0 };
	struct source *source = source_create(&options->path, 1, &as_they_are, summary, err);
	int result = source ? 0 : -ENOENT;

	finding_reader_init(&recalling.reader);
	if (result == 0 && options->confine)
		result = inputs_confine(source, summary, err);
	if (result == 0)
		result = take_lines(&recalling, source, summary, err);
	if (result == 0)
		result = account(&recalling, summary, err);
	finding_reader_finish(&recalling.reader);
	source_destroy(source);
	return result;
}
