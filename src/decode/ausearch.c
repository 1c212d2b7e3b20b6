/*
 * What ausearch prints: events between lines of "----", with their records
 * last to first, raw or (-i) interpreted:
 *
 *   type=PATH msg=audit(09/17/2023 17:15:56.661:623) : item=1 name=/etc/ssh/sshd_config inode=787803 … mode=file,644 …
 *   type=SYSCALL msg=audit(09/17/2023 17:15:56.661:623) : arch=x86_64 syscall=openat success=yes exit=3 a0=AT_FDCWD …
 *
 * Both come out in the kernel's order and text. Interpreted text has no
 * quotes, so where a name ends follows from the field that the kernel writes
 * next: the last such word of the line counts, because a file's name can hold
 * " inode=" and the kernel's own always comes behind it. ausearch writes the
 * time of the zone that it ran in and does not say which: it is taken as UTC.
 */
#include "decode/canonical.h"
#include "decode/dress.h"
#include "decode/interpret.h"

struct span ausearch_key(struct span line)
{
	struct span head = span_first(line, 512);
	size_t at = span_find(head, SPAN("msg=audit("));

	if (at == head.len ||
	    !(span_starts(head, SPAN("type=")) || span_starts(head, SPAN("node=")) || span_starts(head, SPAN("host="))))
		return (struct span){ "", 0 };
	struct span key = span_skip(head, at + 10);
	size_t close = span_index(key, ')');
	return close < key.len ? span_first(key, close) : (struct span){ "", 0 };
}

bool ausearch_interpreted(struct span line)
{
	struct span key = ausearch_key(line);
	int64_t time_ms;

	return stamp_ausearch(key, &time_ms) > 0;
}

/* Offset of the last occurrence, or s.len. */
static size_t find_last(struct span s, struct span needle)
{
	for (size_t i = s.len; i-- > 0;)
		if (s.data[i] == needle.data[0] && span_starts(span_skip(s, i), needle))
			return i;
	return s.len;
}

/* Where an ordinary value ends: in front of the next " word=". */
static size_t ordinary_end(struct span rest)
{
	for (size_t i = 0; i < rest.len; i++) {
		size_t word = i + 1;
		if (rest.data[i] != ' ')
			continue;
		while (word < rest.len && ((rest.data[word] >= 'a' && rest.data[word] <= 'z') ||
					   (rest.data[word] >= '0' && rest.data[word] <= '9') ||
					   (rest.data[word] && strchr("_-[]", rest.data[word]))))
			word++;
		if (word > i + 1 && word < rest.len && rest.data[word] == '=')
			return i;
	}
	return rest.len;
}

/* The last of the first of these words that the rest has at all. */
static size_t last_of(struct span rest, const struct span *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = find_last(rest, words[i]);
		if (at < rest.len)
			return at;
	}
	return rest.len;
}

/* In front of " a1=" behind EXECVE's a0: arguments are numbered, so only the next number ends one. */
static size_t argument_end(struct span name, struct span rest)
{
	char next[32] = " a";
	uint64_t index;
	size_t len = 2, digits = 0;
	char reversed[20];

	if (span_decimal(span_skip(name, 1), &index) != name.len - 1 || name.len < 2)
		return ordinary_end(rest);
	for (index++; index; index /= 10)
		reversed[digits++] = (char)('0' + index % 10);
	while (digits)
		next[len++] = reversed[--digits];
	next[len++] = '=';
	return span_find(rest, (struct span){ next, len });
}

#define COMM_MAX 15 /* TASK_COMM_LEN without its NUL */

static size_t value_end(uint16_t type, struct span name, struct span rest)
{
	static const struct span behind_name[] = { SPAN(" inode="), SPAN(" nametype="), SPAN(" objtype=") };
	static const struct span behind_exe[] = { SPAN(" subj="), SPAN(" key=") };

	if (span_equal(name, SPAN("proctitle")) || span_equal(name, SPAN("msg")))
		return rest.len;
	if (type == AUDIT_TYPE_CWD || (type == AUDIT_TYPE_OBJ_PID && span_equal(name, SPAN("ocomm"))))
		return rest.len;
	if (type == AUDIT_TYPE_PATH && span_equal(name, SPAN("name")))
		return last_of(rest, behind_name, 3);
	if (type == AUDIT_TYPE_EXECVE && name.data[0] == 'a' && !span_equal(name, SPAN("argc")))
		return argument_end(name, rest);
	if (type == AUDIT_TYPE_SYSCALL && span_equal(name, SPAN("exe")))
		return last_of(rest, behind_exe, 2);
	if (type == AUDIT_TYPE_SYSCALL && span_equal(name, SPAN("comm"))) {
		struct span near = span_first(rest, COMM_MAX + 5);
		size_t exe = find_last(near, SPAN(" exe="));
		return exe < near.len ? exe : ordinary_end(rest);
	}
	return ordinary_end(rest);
}

static void interpret_body(struct span body, uint16_t type, struct buffer *out)
{
	struct interpretation context = { .type = type };

	for (body = span_trim(body); body.len; body = span_trim(body)) {
		size_t equals = span_index(body, '='), blank = span_index(body, ' ');
		if (equals == body.len)
			return;
		if (blank < equals) { /* a word: "avc:" */
			body = span_skip(body, blank);
			continue;
		}
		struct span name = span_first(body, equals), rest = span_skip(body, equals + 1);
		size_t end = name.len ? value_end(type, name, rest) : 0;
		if (name.len)
			interpret_field(&context, name, span_trim(span_first(rest, end)), out);
		body = span_skip(rest, end);
	}
}

/* "11/23/26 10:48:31.206:7368" */
static bool parse_key(struct span key, struct record *record)
{
	size_t used = stamp_ausearch(key, &record->time_ms);

	if (!used || used == key.len || key.data[used] != ':')
		return false;
	key = span_skip(key, used + 1);
	return key.len && span_decimal(key, &record->serial) == key.len;
}

static bool decode_interpreted(struct span line, struct queue *queue, size_t at)
{
	struct span key = ausearch_key(line), before = { line.data, (size_t)(key.data - line.data) };
	struct span type = span_skip(before, span_find(before, SPAN("type=")) + 5);
	struct record *record = &queue->items[at];

	if (!parse_key(key, record))
		return false;
	if (!span_starts(before, SPAN("type=")))
		record->node = span_first(span_skip(before, 5), span_index(span_skip(before, 5), ' '));
	record->kind = RECORD_AUDIT;
	record->type = record_type_of(span_first(type, span_index(type, ' ')));
	if (canonical_is_user_type(record->type) && record->trust > TRUST_DAEMON)
		record->trust = TRUST_DAEMON;
	struct span body = span_skip(line, (size_t)(key.data + key.len + 1 - line.data));
	while (body.len && (body.data[0] == ' ' || body.data[0] == ':'))
		body = span_skip(body, 1);
	interpret_body(body, record->type, &queue->body);
	record->body = queue_body(queue);
	return true;
}

static bool decode_one(const struct document *document, struct span line, struct queue *queue)
{
	struct record *record = queue_add(queue, document);

	if (!record)
		return false;
	record->raw = line;
	record->origin.offset += (uint64_t)(line.data - document->text.data);
	if (audit_parse(line, record) ||
	    (ausearch_interpreted(line) && decode_interpreted(line, queue, queue->count - 1)))
		return true;
	queue->count--;
	return false;
}

/* The kernel writes SYSCALL before what belongs to it and PROCTITLE last. */
static bool is_reversed(const struct record *records, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint16_t type = records[i].type;
		if (type == AUDIT_TYPE_SYSCALL)
			return false;
		if (type == AUDIT_TYPE_PROCTITLE || type == AUDIT_TYPE_PATH || type == AUDIT_TYPE_CWD ||
		    type == AUDIT_TYPE_EXECVE || type == AUDIT_TYPE_EOE)
			return count > 1;
	}
	return false;
}

static void reverse(struct record *records, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct record swap = records[i];
		records[i] = records[count - 1 - i];
		records[count - 1 - i] = swap;
	}
}

enum dress_result decode_ausearch(const struct document *document, struct queue *queue)
{
	struct span rest = document->text;
	size_t first = queue->count;
	bool broken = false;

	while (rest.len) {
		size_t newline = span_index(rest, '\n');
		struct span line = span_trim(span_first(rest, newline));
		rest = span_skip(rest, newline + 1);
		if (line.len && !span_starts(line, SPAN("time->")) && !span_starts(line, SPAN("----")))
			broken |= !decode_one(document, line, queue);
	}
	if (queue->count > first && is_reversed(queue->items + first, queue->count - first))
		reverse(queue->items + first, queue->count - first);
	if (broken)
		return DRESS_BROKEN;
	return queue->count > first ? DRESS_DONE : DRESS_NOT_MINE;
}
