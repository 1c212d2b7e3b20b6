/*
 * CSV by RFC 4180, one finding or access a row. It begins with the columns
 * of the search that proctor grew from, so that what was built on those goes
 * on working. Unknown is an empty cell.
 */
#include "sink/escape.h"
#include "sink/iso_time.h"
#include "sink/quantity.h"
#include "sink/type.h"

static const char header[] = "_messageTime,hostname,exe,uid,pid,target_pid,proc_entry,accessed_file,syscall,risk,"
			     "score,severity,rule,verb,outcome,count,first,last,id,resolved_path,resolved_by,certain,"
			     "comm,script,cmdline,ppid,auid,target_comm,target_exe,self,suppressed_by,reasons,"
			     "file,member,offset,serial\r\n";

/* Every add_ function leaves a comma behind its cell; the last one gives way to the line's end. */
static void add_text(struct buffer *to, struct span text)
{
	escape_csv(to, text);
	buffer_add_byte(to, ',');
}

static void add_number(struct buffer *to, uint64_t value)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, quantity_digits(value, room));
	buffer_add_byte(to, ',');
}

static void add_id(struct buffer *to, uint64_t id)
{
	if (id == UNKNOWN_ID)
		buffer_add_byte(to, ',');
	else
		add_number(to, id);
}

static void add_time(struct buffer *to, int64_t time_ms)
{
	char room[ISO_TIME_ROOM];

	add_text(to, span_of(iso_time(time_ms, room)));
}

static void add_bool(struct buffer *to, bool value)
{
	add_text(to, value ? SPAN("true") : SPAN("false"));
}

static void add_seed_columns(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;

	add_time(to, access->time_ms);
	add_text(to, access->host);
	add_text(to, access->actor.exe);
	add_id(to, access->actor.uid);
	add_id(to, access->actor.pid);
	add_id(to, access->target.pid);
	add_text(to, span_of(entry_name(access->entry)));
	add_text(to, access->path);
	add_text(to, access->syscall);
	add_text(to, finding->risk == RISK_NONE ? span_of(NULL) : span_of(risk_name(finding->risk)));
}

static void add_judgement(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	char room[16];

	add_number(to, finding->score);
	add_id(to, finding->severity ? finding->severity : UNKNOWN_ID);
	add_text(to, finding->rule.len ? finding->rule : span_of(NULL));
	add_text(to, span_of(verb_name(access->verb)));
	add_text(to, span_of(outcome_name(access->outcome, room)));
	add_number(to, finding->count);
	add_time(to, finding->first_ms);
	add_time(to, finding->last_ms);
	add_text(to, finding->id[0] ? span_of(finding->id) : span_of(NULL));
	add_text(to, access->resolved_path);
	add_text(to, span_of(resolved_by_name(access->resolved_by)));
	add_bool(to, access->certain);
}

static void add_processes(struct buffer *to, const struct access *access)
{
	add_text(to, access->actor.comm);
	add_text(to, access->actor.script);
	add_text(to, access->actor.cmdline);
	add_id(to, access->actor.ppid);
	add_id(to, access->actor.auid);
	add_text(to, access->target.comm);
	add_text(to, access->target.exe);
	add_bool(to, access->self);
}

/* Joined first: whether a cell needs quotes or a ' is a question to the whole cell. */
static void add_reasons(struct buffer *to, const struct finding *finding)
{
	struct buffer joined = { 0 };

	for (size_t i = 0; i < finding->reason_count; i++) {
		if (i)
			buffer_add(&joined, SPAN("; "));
		buffer_add(&joined, finding->reasons[i]);
	}
	to->failed |= joined.failed;
	add_text(to, buffer_span(&joined));
	buffer_finish(&joined);
}

static int csv_finding(struct sink *sink, const struct finding *finding, struct err *err)
{
	const struct access *access = &finding->access;
	struct buffer *to = &sink->line;

	add_seed_columns(to, finding);
	add_judgement(to, finding);
	add_processes(to, access);
	add_text(to, finding->suppressed_by);
	add_reasons(to, finding);
	add_text(to, span_of(access->origin.file));
	add_text(to, span_of(access->origin.member));
	add_number(to, access->origin.offset);
	if (access->serial)
		add_number(to, access->serial);
	else
		buffer_add_byte(to, ',');
	if (!to->failed)
		to->len--;
	buffer_text(to, "\r\n");
	return sink_put_line(sink, err);
}

static int csv_begin(struct sink *sink, struct err *err)
{
	buffer_text(&sink->line, header);
	return sink_put_line(sink, err);
}

const struct sink_type sink_csv = { .name = "csv", .begin = csv_begin, .finding = csv_finding };
