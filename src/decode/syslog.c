/*
 * Syslog in the dresses that files hold:
 *
 *   Jan 25 12:34:56 web1 sshd[812]: Accepted publickey for root …     RFC 3164, with or without <PRI>
 *   <30>1 2021-03-06T04:07:38.26Z web1 systemd 1 - - Stopping …       RFC 5424
 *   2024-01-25T12:34:56.789+01:00 web1 kernel: [ 12.3] text           rsyslog's file format
 *   [  270.853767] audit: type=1326 audit(…): …                       dmesg
 *
 * A message that is audit text becomes audit records (audit_wrapped.c), any
 * other a RECORD_LOG; one that quotes audit text becomes both.
 *
 * Every user can write any program name with logger(1), so a line is worth
 * TRUST_DAEMON at the most, and that only where its file and program are.
 */
#include "decode/dress.h"

static bool is_tag_char(char c)
{
	return (unsigned char)c > ' ' && c != ':' && c != '[' && c != ']' && c != '"' && c != '=';
}

bool syslog_tag(struct span text, struct log_line *line)
{
	size_t i = 0;
	uint64_t pid = 0;

	while (i < text.len && i < 128 && is_tag_char(text.data[i]))
		i++;
	size_t name = i;
	if (name == 0 || i == text.len)
		return false;
	if (text.data[i] == '[') {
		size_t close = i + span_index(span_first(span_skip(text, i), 24), ']');
		if (close >= text.len || text.data[close] != ']')
			return false;
		span_decimal(span_skip(text, i + 1), &pid);
		i = close + 1;
	}
	if (i == text.len || text.data[i] != ':' || (i + 1 < text.len && text.data[i + 1] != ' '))
		return false;
	line->program = span_first(text, name);
	line->pid = pid <= UINT32_MAX ? (uint32_t)pid : 0;
	line->message = span_trim(span_skip(text, i + 1));
	return true;
}

/* Takes the next word and the blanks behind it. */
static struct span take_word(struct span *text)
{
	size_t len = span_index(*text, ' ');
	struct span word = span_first(*text, len);

	while (len < text->len && text->data[len] == ' ')
		len++;
	*text = span_skip(*text, len);
	return word;
}

/* "-" is RFC 5424's way to say nothing. */
static struct span take_nilable(struct span *text)
{
	struct span word = take_word(text);

	return span_equal(word, SPAN("-")) ? (struct span){ "", 0 } : word;
}

/* "<134>", numbers up to 191. */
static size_t priority_len(struct span text)
{
	uint64_t value;
	size_t used;

	if (text.len < 3 || text.data[0] != '<')
		return 0;
	used = span_decimal(span_first(span_skip(text, 1), 3), &value);
	return used && used + 1 < text.len && text.data[used + 1] == '>' ? used + 2 : 0;
}

/* [id name="value" …][…], where \" and \] stand for themselves. */
static struct span skip_structured_data(struct span text)
{
	bool quoted = false;
	size_t i = 1;

	if (text.len == 0 || (text.data[0] != '-' && text.data[0] != '['))
		return text;
	if (text.data[0] == '-')
		return span_trim(span_skip(text, 1));
	for (; i < text.len && (quoted || text.data[i] != ' ' || text.data[i - 1] != ']'); i++) {
		if (text.data[i] == '\\' && quoted)
			i++;
		else if (text.data[i] == '"')
			quoted = !quoted;
	}
	return span_trim(span_skip(text, i));
}

static bool parse_5424(struct span text, struct log_line *line)
{
	size_t used;

	if (!span_starts(text, SPAN("1 ")))
		return false;
	text = span_skip(text, 2);
	used = stamp_iso(text, &line->time_ms);
	if (!used && !span_starts(text, SPAN("- ")))
		return false;
	text = span_trim(span_skip(text, used ? used : 1));
	line->host = take_nilable(&text);
	line->program = take_nilable(&text);
	struct span pid = take_nilable(&text);
	uint64_t number;
	if (span_decimal(pid, &number) == pid.len && pid.len && number <= UINT32_MAX)
		line->pid = (uint32_t)number;
	take_word(&text); /* MSGID */
	line->message = skip_structured_data(text);
	if (span_starts(line->message, SPAN("\xef\xbb\xbf")))
		line->message = span_skip(line->message, 3);
	return true;
}

/* "Thu Jan 25 12:34:56 2024" of dmesg -T and "Thu 2024-01-25 12:34:56 CET" of journalctl -o short-full. */
static struct span skip_weekday(struct span text)
{
	static const char names[] = "MonTueWedThuFriSatSun";

	for (size_t i = 0; text.len > 4 && i < 7; i++)
		if (memcmp(text.data, names + 3 * i, 3) == 0 && text.data[3] == ' ')
			return span_skip(text, 4);
	return text;
}

/* A zone's name, as journalctl -o short-full writes it: "UTC", "CEST". */
static size_t zone_name_len(struct span text)
{
	size_t i = 1;

	if (text.len < 5 || text.data[0] != ' ')
		return 0;
	while (i < text.len && i < 6 && text.data[i] >= 'A' && text.data[i] <= 'Z')
		i++;
	return i >= 4 && i < text.len && text.data[i] == ' ' ? i : 0;
}

/* Some daemons' loggers write a severity where the host stands (Chrome OS). */
static bool is_severity(struct span word)
{
	static const struct span names[] = { SPAN("DEBUG"), SPAN("INFO"), SPAN("NOTICE"), SPAN("WARNING"),
					     SPAN("ERR"),   SPAN("CRIT"), SPAN("ALERT"),  SPAN("EMERG") };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal(word, names[i]))
			return true;
	return false;
}

static void parse_host_and_tag(struct span text, struct log_line *line)
{
	struct span word;

	if (syslog_tag(text, line)) /* "Nov 18 08:30:20 kernel: …": some write no host */
		return;
	word = take_word(&text);
	if (span_ends(word, SPAN(":"))) /* "Feb 29 01:15:43: --- last message repeated": neither host nor tag */
		word.len = 0;
	line->host = is_severity(word) ? (struct span){ "", 0 } : word;
	if (!syslog_tag(text, line))
		line->message = text;
}

/* "Jan 25 12:34:56 2024" of dmesg -T: the year stands last, stamp_bsd wants it in front of the clock. */
static bool parse_ctime(struct span date, int64_t *time_ms)
{
	char text[32];
	size_t clock = stamp_bsd(date, 0, time_ms);
	struct span year = span_skip(date, clock + 1);

	if (!clock || clock > 20 || year.len != 4)
		return false;
	memcpy(text, date.data, 7);
	memcpy(text + 7, year.data, 4);
	text[11] = ' ';
	memcpy(text + 12, date.data + 7, clock - 7);
	return stamp_bsd((struct span){ text, clock + 5 }, 0, time_ms) > 0;
}

/* "[ 12.345] text" and "[Thu Jan 25 12:34:56 2024] text" of dmesg. */
static bool parse_dmesg(struct span text, struct log_line *line)
{
	struct span message = skip_uptime(text);

	if (message.data == text.data) {
		size_t close = span_index(text, ']');
		struct span date = skip_weekday(span_first(span_skip(text, 1), close - 1));
		if (close == text.len || !parse_ctime(date, &line->time_ms))
			return false;
		message = span_trim(span_skip(text, close + 1));
	}
	line->program = SPAN("kernel");
	line->message = message;
	return true;
}

static bool parse_line(struct span text, int64_t near_ms, struct log_line *line)
{
	size_t priority = priority_len(text), used;

	*line = (struct log_line){ .time_ms = TIME_UNKNOWN };
	if (priority && parse_5424(span_skip(text, priority), line))
		return true;
	text = span_skip(text, priority);
	if (text.len && text.data[0] == '[')
		return parse_dmesg(text, line);
	text = skip_weekday(text);
	used = stamp_bsd(text, near_ms, &line->time_ms);
	if (!used && (used = stamp_iso(text, &line->time_ms)))
		used += zone_name_len(span_skip(text, used));
	if (!used)
		return priority && syslog_tag(text, line);
	if (used < text.len && text.data[used] != ' ' && text.data[used] != ':')
		return false;
	parse_host_and_tag(span_trim(span_skip(text, used)), line);
	return true;
}

/* Daemons that run as root and whose words the second search relies on. */
static bool is_daemon(struct span program)
{
	static const struct span names[] = {
		SPAN("kernel"),
		SPAN("sshd"),
		SPAN("sshd-session"),
		SPAN("sudo"),
		SPAN("su"),
		SPAN("systemd"),
		SPAN("auditd"),
		SPAN("audispd"),
		SPAN("login"),
		SPAN("CRON"),
		SPAN("cron"),
		SPAN("crond"),
		SPAN("passwd"),
		SPAN("useradd"),
		SPAN("userdel"),
		SPAN("usermod"),
		SPAN("groupadd"),
		SPAN("rsyslogd"),
		SPAN("polkitd"),
		SPAN("pkexec"),
		SPAN("dbus-daemon"),
		SPAN("systemd-logind"),
		SPAN("systemd-coredump"),
		SPAN("systemd-journald"),
		SPAN("unix_chkpwd"),
		SPAN("gdm-password]"),
	};

	program = span_basename(program);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal(program, names[i]))
			return true;
	return false;
}

/* LAUREL and auditbeat can send their JSON through syslog; so can any user. */
static enum dress_result json_in_log(const struct document *document, const struct log_line *line, struct queue *queue)
{
	struct document inside = *document;
	size_t before = queue->count;

	if (!span_starts(line->message, SPAN("{")) || !span_ends(line->message, SPAN("}")))
		return DRESS_NOT_MINE;
	inside.text = line->message;
	bool audit = decode_json(&inside, queue) == DRESS_DONE;
	for (size_t i = before; i < queue->count; i++)
		audit &= queue->items[i].kind == RECORD_AUDIT;
	if (!audit) { /* the line as it stands says more */
		queue->count = before;
		return DRESS_NOT_MINE;
	}
	bool relayed = span_equal(line->program, SPAN("laurel")) || span_equal(line->program, SPAN("auditbeat"));
	for (size_t i = before; i < queue->count; i++) {
		struct record *record = &queue->items[i];
		record->raw = document->text;
		if (!relayed)
			record->trust = TRUST_ANY_USER;
		if (line->host.len && record->node.data == document->frame->host) /* the JSON told none */
			record->node = line->host;
	}
	return DRESS_DONE;
}

enum dress_result decode_syslog(const struct document *document, struct queue *queue)
{
	struct log_line line;

	if (!parse_line(document->text, document->frame->modified_ms, &line))
		return DRESS_NOT_MINE;
	enum dress_result result = json_in_log(document, &line, queue);
	if (result == DRESS_NOT_MINE)
		result = audit_in_log(document, &line, queue);
	if (result != DRESS_NOT_MINE)
		return result;
	struct record *record = queue_add(queue, document);
	if (!record)
		return DRESS_BROKEN;
	record->kind = RECORD_LOG;
	record->time_ms = line.time_ms;
	record->program = line.program;
	record->message = line.message;
	record->pid = line.pid;
	if (line.host.len)
		record->node = line.host;
	record->trust =
		document->frame->trust >= TRUST_DAEMON && is_daemon(line.program) ? TRUST_DAEMON : TRUST_ANY_USER;
	return DRESS_DONE;
}
