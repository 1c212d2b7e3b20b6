/*
 * Finds audit records in lines that are not the audit daemon's own: behind
 * the tags of relaying daemons, in kernel and journal messages, and as a last
 * resort anywhere in a line (test data, YAML, quoted strings). Also what
 * those messages say of lost records.
 */
#include "decode/dress.h"

static bool add_one(const struct document *document, struct span text, struct span raw, enum trust trust,
		    const struct log_line *line, struct queue *queue)
{
	struct record *record = queue_add(queue, document);

	if (!record)
		return false;
	if (record->trust > trust)
		record->trust = trust;
	if (line && line->host.len)
		record->node = line->host;
	if (!audit_parse(text, record)) {
		queue->count--;
		return false;
	}
	record->raw = raw;
	record->origin.offset += (uint64_t)(raw.data - document->text.data);
	return true;
}

/* rsyslog writes control bytes as #ooo, so 0x1d in front of the enrichment becomes "#035"; a plain '#' is common in names. */
static void cut_octal_separator(struct span *body)
{
	for (struct span rest = *body;;) {
		rest = span_skip(rest, span_find(rest, SPAN("#035")));
		if (rest.len == 0)
			return;
		if (rest.len > 4 && rest.data[4] >= 'A' && rest.data[4] <= 'Z') {
			body->len = (size_t)(rest.data - body->data);
			return;
		}
		rest = span_skip(rest, 4);
	}
}

#define GLUED_MAX 1024 /* records of one line; what is behind them is counted as undecoded */

/* All records of a text that begins with one. */
static enum dress_result add_records(const struct document *document, struct span text, enum trust trust,
				     const struct log_line *line, struct queue *queue)
{
	bool forgeable = false;
	/* The line's own wrapping is shown as part of its first record. */
	struct span raw = document->text;

	for (size_t count = 0; count < GLUED_MAX; count++) {
		size_t header = span_find(text, SPAN("audit("));
		size_t glued = header < text.len ? audit_glued(text, header + 6, &forgeable) : 0;
		struct span one = glued ? span_first(text, glued) : text;
		if (glued || count)
			raw.len = (size_t)(one.data + one.len - raw.data);
		if (!add_one(document, one, raw, trust, line, queue))
			return DRESS_BROKEN;
		cut_octal_separator(&queue->items[queue->count - 1].body);
		if (!glued)
			return DRESS_DONE;
		if (forgeable)
			trust = TRUST_ANY_USER;
		text = raw = span_skip(text, glued);
	}
	return DRESS_BROKEN;
}

static bool begins_record(struct span text)
{
	return span_starts(text, SPAN("type=")) || span_starts(text, SPAN("node=")) ||
	       span_starts(text, SPAN("host=")) || span_starts(text, SPAN("audit(")) ||
	       span_starts(text, SPAN("msg=audit("));
}

/* Who relays audit records. Any user can write these tags with logger(1): the frame's trust says where that counts. */
static bool relays_audit(struct span program)
{
	static const struct span names[] = { SPAN("kernel"), SPAN("audit"), SPAN("audispd"), SPAN("auditd"),
					     SPAN("audisp") };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal(program, names[i]))
			return true;
	return span_starts(program, SPAN("audisp-"));
}

static struct record *add_loss(const struct document *document, const struct log_line *line, uint64_t lost,
			       struct queue *queue)
{
	struct record *record = queue_add(queue, document);

	if (!record)
		return NULL;
	record->kind = RECORD_LOSS;
	record->lost = lost;
	record->time_ms = line->time_ms;
	record->program = line->program;
	record->message = line->message;
	if (line->host.len)
		record->node = line->host;
	return record;
}

/* audit_lost= counts since boot: what was new since the line before is told, all of it the first time and after a boot. */
static uint64_t newly_lost(struct queue *queue, uint64_t total)
{
	uint64_t before = queue->audit_lost;

	queue->audit_lost = total;
	return total >= before ? total - before : total;
}

/* kernel/audit.c audit_log_lost(), audit_panic() and the rate limit of printk; auditd and its dispatcher. */
static enum dress_result loss_in_log(const struct document *document, const struct log_line *line, struct span message,
				     struct queue *queue)
{
	static const struct span some[] = {
		SPAN("backlog limit exceeded"),
		SPAN("rate limit exceeded"),
		SPAN("queue overflow"),
		SPAN("out of memory in audit_log_start"),
		SPAN("dispatch err (pipe full) event lost"),
		SPAN("queue is full - dropping event"),
		SPAN("queue to plugins is full - dropping event"),
	};
	uint64_t lost = 0;

	if (span_starts(message, SPAN("kauditd_printk_skb: ")) &&
	    span_find(message, SPAN("suppressed")) < message.len) {
		span_decimal(span_skip(message, 20), &lost);
		return add_loss(document, line, lost, queue) ? DRESS_DONE : DRESS_BROKEN;
	}
	if (span_starts(message, SPAN("audit_lost="))) {
		span_decimal(span_skip(message, 11), &lost);
		return add_loss(document, line, newly_lost(queue, lost), queue) ? DRESS_DONE : DRESS_BROKEN;
	}
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
		if (span_find(message, some[i]) < message.len)
			return add_loss(document, line, 0, queue) ? DRESS_DONE : DRESS_BROKEN;
	return DRESS_NOT_MINE;
}

/* "SYSCALL arch=c000003e …": journald keeps type and text and drops the serial, so each record stands alone. */
static enum dress_result journald_message(const struct document *document, const struct log_line *line,
					  enum trust trust, struct queue *queue)
{
	size_t blank = span_index(line->message, ' ');
	uint16_t type = record_type_of(span_first(line->message, blank));
	struct record *record = type ? queue_add(queue, document) : NULL;

	if (!record)
		return DRESS_NOT_MINE;
	record->kind = RECORD_AUDIT;
	record->type = type;
	record->trust = record->trust < trust ? record->trust : trust;
	record->time_ms = line->time_ms;
	record->body = span_trim(span_skip(line->message, blank));
	record->whole_event = true;
	if (line->host.len)
		record->node = line->host;
	record->body = span_first(record->body, span_index(record->body, 0x1d));
	cut_octal_separator(&record->body);
	return DRESS_DONE;
}

/* Bytes of "[" … "]" when only these stand between; the kernel pads with blanks. */
static size_t bracket_len(struct span text, const char *allowed)
{
	size_t i = 1;

	if (text.len == 0 || text.data[0] != '[')
		return 0;
	while (i < text.len && text.data[i] && strchr(allowed, text.data[i]))
		i++;
	return i > 1 && i < text.len && text.data[i] == ']' ? i + 1 : 0;
}

/* "[42364.269117] ", with CONFIG_PRINTK_CALLER "[42364.269117][  T123] ". */
struct span skip_uptime(struct span text)
{
	size_t uptime = bracket_len(text, " .0123456789");
	struct span behind = span_skip(text, uptime), caller;

	if (!uptime || span_index(span_first(text, uptime), '.') == uptime)
		return text;
	caller = span_trim(behind);
	behind = span_skip(caller, bracket_len(caller, " TC0123456789"));
	return behind.data == text.data + uptime && behind.len ? text : span_trim(behind);
}

/* Undoes \" and \\ of a quoted string that ends with the first bare quote. */
static struct span unquote(struct span text, struct queue *queue)
{
	char *out = arena_alloc(&queue->arena, text.len);
	size_t len = 0;

	if (!out)
		return (struct span){ "", 0 };
	for (size_t i = 0; i < text.len && text.data[i] != '"'; i++) {
		if (text.data[i] == '\\' && i + 1 < text.len && (text.data[i + 1] == '"' || text.data[i + 1] == '\\'))
			i++;
		out[len++] = text.data[i];
	}
	return (struct span){ out, len };
}

/* The start of "node=x type=Y msg=audit(" in `text`, whose "audit(" is at `at`. */
static size_t header_start(struct span text, size_t at)
{
	struct span before = span_first(text, at);

	if (span_ends(before, SPAN("msg=")))
		before.len -= 4;
	size_t type = before.len;
	while (type && text.data[type - 1] == ' ')
		type--;
	while (type && text.data[type - 1] != ' ' && text.data[type - 1] != '=')
		type--;
	if (type < 5 || memcmp(text.data + type - 5, "type=", 5) != 0)
		return before.len;
	return type - 5;
}

/* Anywhere in the line: nobody vouches for such text. */
static enum dress_result search(const struct document *document, struct span text, const struct log_line *line,
				struct queue *queue)
{
	size_t at = span_find(text, SPAN("audit("));

	if (at == text.len)
		return DRESS_NOT_MINE;
	size_t start = header_start(text, at);
	struct span found = span_skip(text, start);
	if (start && text.data[start - 1] == '"' && span_find(found, SPAN("\\\"")) < found.len) {
		struct record *record;
		found = unquote(found, queue);
		if (!(record = queue_add(queue, document)))
			return DRESS_BROKEN;
		record->trust = TRUST_ANY_USER;
		if (audit_parse(found, record))
			return DRESS_DONE;
		queue->count--;
		return DRESS_NOT_MINE;
	}
	size_t before = queue->count;
	enum dress_result result = add_records(document, found, TRUST_ANY_USER, line, queue);
	return queue->count > before ? result : DRESS_NOT_MINE;
}

enum dress_result audit_in_log(const struct document *document, const struct log_line *line, struct queue *queue)
{
	bool relayed = relays_audit(line->program);
	enum trust trust = relayed ? TRUST_KERNEL : TRUST_ANY_USER;
	struct span message = skip_uptime(span_trim(line->message));
	enum dress_result result = DRESS_NOT_MINE;

	if (span_starts(message, SPAN("audit: ")))
		message = span_skip(message, 7);
	if (begins_record(message) && relayed)
		return add_records(document, message, trust, line, queue);
	if (relayed)
		result = loss_in_log(document, line, message, queue);
	if (result == DRESS_NOT_MINE && span_equal(line->program, SPAN("audit")))
		result = journald_message(document, line, trust, queue);
	if (result != DRESS_NOT_MINE)
		return result;
	result = search(document, message, line, queue);
	/* "COMMAND=/usr/bin/lazagne audit(1.1:1):" must not hide the line from those who look for names in it. */
	return begins_record(message) ? result : DRESS_NOT_MINE;
}

enum dress_result decode_audit(const struct document *document, struct queue *queue)
{
	struct span text = span_trim(document->text);
	struct log_line line = { .time_ms = TIME_UNKNOWN };

	if (begins_record(text))
		return add_records(document, text, TRUST_KERNEL, &line, queue);
	text = skip_uptime(text);
	size_t before = queue->count;
	enum dress_result result =
		syslog_tag(text, &line) ? audit_in_log(document, &line, queue) : search(document, text, &line, queue);
	return queue->count > before && result == DRESS_NOT_MINE ? DRESS_DONE : result;
}
