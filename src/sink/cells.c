#include "sink/cells_writer.h"

#include "sink/iso_time.h"
#include "sink/quantity.h"
#include "sink/shape.h"

#include <wchar.h>

#define AUID_UNSET 4294967295u

static const char *const headings[CELL_COUNT] = {
	[CELL_TIME] = "TIME",	    [CELL_HOST] = "HOST",	[CELL_RISK] = "RISK",
	[CELL_ACTOR] = "ACTOR",	    [CELL_TARGET] = "TARGET",	[CELL_ENTRY] = "ENTRY",
	[CELL_SYSCALL] = "SYSCALL", [CELL_OUTCOME] = "OUTCOME", [CELL_WHY] = "WHY",
};

const char *cell_heading(enum cell cell)
{
	return headings[cell];
}

static void write_time(struct writer *out, const struct finding *finding)
{
	char room[ISO_TIME_ROOM];
	const char *time = iso_time(finding->access.time_ms, room);

	say(out, time ? time : "unknown");
}

static void write_host(struct writer *out, const struct finding *finding)
{
	if (finding->access.host.len)
		say_log_text(out, finding->access.host, CELL_COLUMNS_MAX);
	else
		say(out, "-");
}

static void write_risk(struct writer *out, const struct finding *finding)
{
	if (finding->risk == RISK_NONE) {
		say(out, "-");
		return;
	}
	say(out, risk_name(finding->risk));
	say_number(out, " ", finding->score);
}

/* (4312, uid 0, auid 1000): who it is, and who once logged in to be it */
static void write_ids(struct writer *out, const struct process *actor)
{
	bool login = actor->auid != UNKNOWN_ID && actor->auid != AUID_UNSET && actor->auid != actor->uid;

	if (actor->pid == UNKNOWN_ID && actor->uid == UNKNOWN_ID)
		return;
	if (actor->pid == UNKNOWN_ID)
		say(out, " (pid unknown");
	else
		say_number(out, " (", actor->pid);
	if (actor->uid != UNKNOWN_ID)
		say_number(out, ", uid ", actor->uid);
	if (login)
		say_number(out, ", auid ", actor->auid);
	say(out, ")");
}

static void write_actor(struct writer *out, const struct finding *finding)
{
	const struct process *actor = &finding->access.actor;

	if (actor->exe.len)
		say_log_text(out, actor->exe, CELL_COLUMNS_MAX);
	else if (actor->comm.len)
		say_log_text(out, actor->comm, CELL_COLUMNS_MAX);
	else
		say(out, access_has_target(&finding->access) || actor->pid != UNKNOWN_ID ? "unknown" : "-");
	if (actor->script.len) {
		say(out, " ");
		say_log_text(out, actor->script, CELL_COLUMNS_MAX);
	}
	write_ids(out, actor);
}

static void write_target(struct writer *out, const struct finding *finding)
{
	const struct access *access = &finding->access;
	const struct process *target = &access->target;
	struct span name = target->exe.len ? span_basename(target->exe) : target->comm;
	bool host = access->entry != ENTRY_NONE && entry_tier(access->entry) == ENTRY_TIER_SYSTEM;

	if (!access_has_target(access)) {
		say(out, "-");
		return;
	}
	say_sign(out, "→", "->");
	if (access->self || host) {
		say(out, access->self ? " itself" : " the whole host");
		return;
	}
	if (name.len) {
		say(out, " ");
		say_log_text(out, name, CELL_COLUMNS_MAX);
	}
	if (target->pid != UNKNOWN_ID) {
		say_number(out, name.len ? " (" : " pid ", target->pid);
		say(out, access->certain ? "" : "?");
		say(out, name.len ? ")" : "");
	} else if (!name.len) {
		say(out, " unknown");
	}
}

static void write_entry(struct writer *out, const struct finding *finding)
{
	const struct access *access = &finding->access;

	if (access->entry != ENTRY_NONE)
		say(out, entry_name(access->entry));
	if (access->write && access->verb != VERB_WRITE)
		say(out, " (write)");
	if (access->path_only)
		say(out, " (O_PATH)");
	if (finding->count > 1) {
		say(out, out->columns ? " " : "");
		say_sign(out, "×", "x");
		say_number(out, "", finding->count);
	}
	if (out->columns == 0)
		say(out, "-");
}

/* linux/ptrace.h */
static const char *request_name(uint64_t request)
{
	switch (request) {
	case 16:
		return " ATTACH";
	case 0x4206:
		return " SEIZE";
	}
	return "";
}

static void write_syscall(struct writer *out, const struct finding *finding)
{
	const struct access *access = &finding->access;

	if (access->syscall.len)
		say_log_text(out, access->syscall, CELL_COLUMNS_MAX);
	else
		say(out, "-");
	if (access->verb == VERB_PTRACE)
		say(out, request_name(access->request));
}

static void write_outcome(struct writer *out, const struct finding *finding)
{
	char room[16];

	say(out, access_has_outcome(&finding->access) ? outcome_name(finding->access.outcome, room) : "-");
	if (finding->access.outcome)
		say(out, " (attempt)");
}

/* A command line or a log line is evidence that the reasons alone do not show. */
static void write_why(struct writer *out, const struct finding *finding)
{
	const struct access *access = &finding->access;
	struct span said = access->verb == VERB_EXEC	? access->actor.cmdline
			   : access->verb == VERB_WRITE ? shape_path(access)
							: access->message;

	if (finding->suppressed_by.data) {
		say(out, "suppressed by ");
		say_log_text(out, finding->suppressed_by, CELL_COLUMNS_MAX);
		say(out, finding->suppressed_why.len ? ": " : "");
		say_log_text(out, finding->suppressed_why, CELL_COLUMNS_MAX);
		say(out, finding->reason_count ? "; " : "");
	}
	say_list(out, finding->reasons, finding->reason_count);
	if (access->verb >= VERB_EXEC && said.len) {
		say(out, out->columns ? ": " : "");
		say_log_text(out, said, CELL_COLUMNS_MAX);
	}
	if (out->columns == 0)
		say(out, "-");
}

size_t cell_add(struct buffer *to, enum cell cell, const struct finding *finding, bool utf8)
{
	static void (*const writers[CELL_COUNT])(struct writer *, const struct finding *) = {
		[CELL_TIME] = write_time,	[CELL_HOST] = write_host,	[CELL_RISK] = write_risk,
		[CELL_ACTOR] = write_actor,	[CELL_TARGET] = write_target,	[CELL_ENTRY] = write_entry,
		[CELL_SYSCALL] = write_syscall, [CELL_OUTCOME] = write_outcome, [CELL_WHY] = write_why,
	};
	struct writer out = { .to = to, .utf8 = utf8 };

	writers[cell](&out, finding);
	return out.columns;
}

/* The bytes of the next character or escape, and its columns. What the locale does not know counts as one. */
static size_t next_character(struct span text, size_t *columns)
{
	mbstate_t state = { 0 };
	wchar_t character;

	*columns = 1;
	if (text.data[0] >= 0x20 && text.data[0] < 0x7f && text.data[0] != '\\')
		return 1;
	if (text.len >= 4 && text.data[0] == '\\' && text.data[1] == 'x')
		return *columns = 4;
	size_t len = mbrtowc(&character, text.data, text.len, &state);
	if (len == 0 || len > text.len)
		return 1;
	int width = wcwidth(character);
	*columns = width < 0 ? 1 : (size_t)width;
	return len;
}

/* Behind punctuation, and between the day and the hour of a time. */
static bool may_break_behind(struct span text, size_t at)
{
	char last = text.data[at - 1];

	if (last == 'T' && at > 1)
		return text.data[at - 2] >= '0' && text.data[at - 2] <= '9';
	return last && strchr("/,;:-=_.", last);
}

/* How many bytes of the text make its next line; never 0. */
static size_t line_len(struct span text, size_t columns)
{
	size_t at = 0, used = 0, blank = 0, mark = 0;

	while (at < text.len) {
		size_t width, len = next_character(span_skip(text, at), &width);
		if (used + width > columns && at)
			break;
		if (text.data[at] == ' ')
			blank = at;
		used += width;
		at += len;
		bool day = mark && text.data[mark - 1] == 'T' &&
			   text.data[at - 1] != '/'; /* better than within the hour */
		if (used > columns / 2 && may_break_behind(text, at) && !day)
			mark = at;
	}
	if (at == text.len || text.data[at] == ' ')
		return at;
	return blank > at / 3 ? blank : mark ? mark : at;
}

void cell_wrap(struct buffer *to, struct span text, size_t columns, const char *newline)
{
	while (text.len) {
		size_t len = line_len(text, columns);
		buffer_add(to, span_first(text, len));
		text = span_skip(text, len);
		if (text.len && text.data[0] == ' ')
			text = span_skip(text, 1);
		if (text.len)
			buffer_text(to, newline);
	}
}
