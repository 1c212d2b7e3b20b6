#include "sink/explain_fill.h"

#include "sink/explain_class.h"
#include "sink/iso_time.h"
#include "sink/quantity.h"
#include "sink/shell_word.h"

#define PID_MOST (1u << 22) /* linux/threads.h: PID_MAX_LIMIT */
#define ID_MOST 4294967294u
#define AROUND_MS INT64_C(600000)	   /* before the first and behind the last: what belongs to it */
#define TIME_MAX_MS INT64_C(3124224000000) /* 2069: what two digits of a year can still say (strptime) */

/* ---- values ---- */

static bool add_number(struct buffer *to, uint64_t number, uint64_t least, uint64_t most)
{
	char room[QUANTITY_ROOM];

	if (number < least || number > most)
		return false;
	buffer_text(to, quantity_digits(number, room));
	return true;
}

/* 0 and what is too large for a pid would mean others to kill(1): the whole group, or everybody. */
static bool add_pid(struct buffer *to, uint64_t pid)
{
	return add_number(to, pid, 1, PID_MOST);
}

/* Of a user, a login or a session; the last number of 32 bits says that there is none. */
static bool add_id(struct buffer *to, uint64_t id)
{
	return add_number(to, id, 0, ID_MOST);
}

enum clock_of {
	OF_AUSEARCH, /* reads dates by the locale: with LC_ALL=C these */
	OF_JOURNAL,  /* find -newermt takes it, too */
	OF_LAST,
};

static bool add_moment(struct buffer *to, int64_t time_ms, int64_t more_ms, enum clock_of whose)
{
	char room[ISO_TIME_ROOM];

	if (time_ms < AROUND_MS || time_ms > TIME_MAX_MS - AROUND_MS || !iso_time(time_ms + more_ms, room))
		return false;
	room[19] = 0; /* 2026-11-23T22:56:01 */
	if (whose == OF_AUSEARCH)
		buffer_printf(to, "%.2s/%.2s/%.2s %s", room + 5, room + 8, room + 2, room + 11);
	else
		buffer_printf(to, "'%.10s %s%s'", room, room + 11, whose == OF_JOURNAL ? " UTC" : "");
	return true;
}

static bool add_path(struct buffer *to, struct span path)
{
	return span_starts(path, SPAN("/")) && !program_is_fileless(path) && shell_word(to, path);
}

/* The name that packages still have a file under on hosts where /bin is a link to /usr/bin; nothing for others. */
static bool add_unmerged(struct buffer *to, struct span path)
{
	bool merged = span_starts(path, SPAN("/usr/bin/")) || span_starts(path, SPAN("/usr/sbin/")) ||
		      span_starts(path, SPAN("/usr/lib/"));

	return !merged || add_path(to, span_skip(path, strlen("/usr")));
}

/* The file of "dd … of=/tmp/x …", or the path that the step is. */
static struct span dump_of(struct span what)
{
	size_t at = span_find(what, SPAN(" of="));

	if (at == what.len)
		return span_starts(what, SPAN("/")) ? what : (struct span){ 0 };
	what = span_skip(what, at + strlen(" of="));
	return span_first(what, span_index(what, ' '));
}

struct span explain_dump(const struct incident *incident)
{
	struct span dump = { 0 };

	for (size_t i = 0; incident && i < incident->step_count && !span_starts(dump, SPAN("/")); i++)
		if (incident->steps[i].kind == STEP_DUMP)
			dump = dump_of(incident->steps[i].what);
	return dump;
}

/* ---- words ---- */

enum word {
	WORD_PID,
	WORD_PPID,
	WORD_UID,
	WORD_AUID,
	WORD_SES,
	WORD_TARGET,
	WORD_SERIAL,
	WORD_EXE,
	WORD_UNMERGED,
	WORD_SCRIPT,
	WORD_SCRIPT_UNMERGED,
	WORD_DUMP,
	WORD_FROM,
	WORD_TO,
	WORD_SECOND,
	WORD_START,
	WORD_SINCE,
	WORD_UNTIL,
	WORD_FIRST,
	WORD_PRESENT,
	WORD_COUNT
};

static const char *const word_names[WORD_COUNT] = {
	[WORD_PID] = "PID",
	[WORD_PPID] = "PPID",
	[WORD_UID] = "UID",
	[WORD_AUID] = "AUID",
	[WORD_SES] = "SES",
	[WORD_TARGET] = "TARGET",
	[WORD_SERIAL] = "SERIAL",
	[WORD_EXE] = "EXE",
	[WORD_UNMERGED] = "UNMERGED",
	[WORD_SCRIPT] = "SCRIPT",
	[WORD_SCRIPT_UNMERGED] = "SCRIPT_UNMERGED",
	[WORD_DUMP] = "DUMP",
	[WORD_FROM] = "FROM",
	[WORD_TO] = "TO",
	[WORD_SECOND] = "SECOND",
	[WORD_START] = "START",
	[WORD_SINCE] = "SINCE",
	[WORD_UNTIL] = "UNTIL",
	[WORD_FIRST] = "FIRST",
	[WORD_PRESENT] = "PRESENT",
};

static bool add_process_word(struct buffer *to, enum word word, const struct finding *finding)
{
	const struct process *actor = &finding->access.actor;

	switch ((unsigned)word) {
	case WORD_PID:
		return add_pid(to, actor->pid);
	case WORD_PPID:
		return add_pid(to, actor->ppid);
	case WORD_UID:
		return add_id(to, actor->uid);
	case WORD_AUID:
		return add_id(to, actor->auid);
	case WORD_SES:
		return add_id(to, actor->ses);
	case WORD_TARGET:
		return add_pid(to, finding->access.target.pid);
	case WORD_SERIAL:
		return add_number(to, finding->access.serial, 1, UINT64_MAX);
	case WORD_EXE:
		return add_path(to, actor->exe);
	case WORD_UNMERGED:
		return add_unmerged(to, actor->exe);
	case WORD_SCRIPT:
		return add_path(to, actor->script);
	case WORD_SCRIPT_UNMERGED:
		return add_unmerged(to, actor->script);
	}
	return false;
}

static bool add_time_word(struct buffer *to, enum word word, int64_t first_ms, int64_t last_ms, int64_t event_ms)
{
	switch ((unsigned)word) {
	case WORD_FROM:
		return add_moment(to, first_ms, -AROUND_MS, OF_AUSEARCH);
	case WORD_TO:
		return add_moment(to, last_ms, AROUND_MS, OF_AUSEARCH);
	case WORD_SECOND:
		return add_moment(to, event_ms, 0, OF_AUSEARCH);
	case WORD_START:
		return add_moment(to, first_ms, 0, OF_AUSEARCH);
	case WORD_SINCE:
		return add_moment(to, first_ms, -AROUND_MS, OF_JOURNAL);
	case WORD_UNTIL:
		return add_moment(to, last_ms, AROUND_MS, OF_JOURNAL);
	case WORD_FIRST:
		return add_moment(to, first_ms, 0, OF_JOURNAL);
	case WORD_PRESENT:
		return add_moment(to, first_ms, 0, OF_LAST);
	}
	return false;
}

static bool add_word(struct buffer *to, enum word word, const struct explain_subject *subject)
{
	const struct finding *finding = subject->finding;
	const struct incident *incident = subject->incident;

	if (word == WORD_DUMP)
		return add_path(to, explain_dump(incident));
	if (word < WORD_DUMP)
		return add_process_word(to, word, finding);
	return add_time_word(to, word, incident ? incident->first_ms : finding->first_ms,
			     incident ? incident->last_ms : finding->last_ms, finding->access.time_ms);
}

/* The word that stands at the beginning of the text, in braces. */
static enum word word_at(struct span text, size_t *len)
{
	for (unsigned word = 0; word < WORD_COUNT; word++) {
		struct span name = span_of(word_names[word]);
		*len = name.len + 2;
		if (text.len >= *len && text.data[name.len + 1] == '}' && span_starts(span_skip(text, 1), name))
			return (enum word)word;
	}
	return WORD_COUNT;
}

bool explain_fill(struct buffer *to, const char *command, const struct explain_subject *subject)
{
	size_t before = to->len, len;

	for (struct span rest = span_of(command); rest.len; rest = span_skip(rest, len)) {
		enum word word = rest.data[0] == '{' ? word_at(rest, &len) : WORD_COUNT;
		size_t at = to->len;
		if (word == WORD_COUNT) {
			len = 1;
			buffer_add_byte(to, rest.data[0]);
		} else if (!add_word(to, word, subject)) {
			to->len = before;
			return false;
		} else if (to->len == at && at > before) {
			to->len--; /* the blank before a word that is not needed */
		}
	}
	return true;
}
