/*
 * LAUREL (github.com/threathunters-io/laurel): one JSON object an event, one
 * member a record type, one object or an array of them a type:
 *
 *   {"ID":"1615114232.375:15558","NODE":"work","SYSCALL":{"arch":"0xc000003e","syscall":257,"success":"yes",
 *    "exit":3,…,"comm":"cat","exe":"/usr/bin/cat","key":null,"SYSCALL":"openat","UID":"root",
 *    "ARGV":["0xffffff9c","0x7ffd…","0x0","0x0"]},"CWD":{"cwd":"/"},
 *    "PATH":[{"item":0,"name":"/proc/12/mem","inode":4711,"dev":"00:15","mode":"0o100600",…}],
 *    "PROCTITLE":{"ARGV":["cat","/proc/12/mem"]}}
 *
 * Byte strings are percent-escaped, '%' itself included (laurel-about(7));
 * hexadecimal numbers are "0x…", octal ones "0o…". Upper-case keys inside a
 * record are translations and enrichment: left out, unless LAUREL was told to
 * drop the number that they translate. Duplicate keys happen and are kept.
 */
#include "decode/json.h"

#include "base/json_scan.h"
#include "decode/canonical.h"
#include "decode/names.h"
#include "model/fields.h"

#include <stdio.h>

#define IS(span, literal) ((span).len == sizeof(literal) - 1 && memcmp((span).data, literal, sizeof(literal) - 1) == 0)

struct laurel {
	const struct document *document;
	struct queue *queue;
	struct json_scan scan;
	struct span node;
	int64_t time_ms;
	uint64_t serial;
	size_t behind_exit; /* offset in the body of the SYSCALL record that is being read; 0: nothing belongs there */
};

/* Translations that stand in where the SYSCALL record lacks the number. */
enum { NAME_ARCH, NAME_SYSCALL, NAME_AUID, NAME_UID, NAME_EUID, NAME_COUNT };

struct translations {
	struct span names[NAME_COUNT];
	bool have[NAME_COUNT]; /* the number is there */
};

static const struct {
	struct span upper, lower;
} translated[NAME_COUNT] = {
	[NAME_ARCH] = { SPAN("ARCH"), SPAN("arch") }, [NAME_SYSCALL] = { SPAN("SYSCALL"), SPAN("syscall") },
	[NAME_AUID] = { SPAN("AUID"), SPAN("auid") }, [NAME_UID] = { SPAN("UID"), SPAN("uid") },
	[NAME_EUID] = { SPAN("EUID"), SPAN("euid") },
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A '%' without two digits stays. */
static struct span percent_decode(struct span text, struct arena *arena)
{
	if (span_index(text, '%') == text.len)
		return text;
	char *room = arena_alloc(arena, text.len);
	size_t len = 0;
	if (!room)
		return (struct span){ "", 0 };
	for (size_t i = 0; i < text.len; i++) {
		int high = text.data[i] == '%' && i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;
		room[len++] = low >= 0 ? (char)(high << 4 | low) : text.data[i];
		i += low >= 0 ? 2 : 0;
	}
	return (struct span){ room, len };
}

static inline struct span text_of(const struct laurel *laurel, const struct json_token *token)
{
	struct span text = token->text;

	if (token->escaped || token->kind == JSON_NULL)
		text = json_text(token, &laurel->queue->arena);
	return token->kind == JSON_STRING ? percent_decode(text, &laurel->queue->arena) : text;
}

static bool is_lower(struct span key)
{
	for (size_t i = 0; i < key.len; i++)
		if (key.data[i] >= 'a' && key.data[i] <= 'z')
			return true;
	return false;
}

/* "0xc000003e" → c000003e, "0o100600" → 0100600, where what follows is digits alone. */
static bool strip_base(struct span *text)
{
	if (text->len < 3 || text->data[0] != '0' || (text->data[1] != 'x' && text->data[1] != 'o'))
		return false;
	for (size_t i = 2; i < text->len; i++)
		if (hex_digit(text->data[i]) < 0)
			return false;
	*text = span_skip(*text, 2);
	return true;
}

static void add_octal(struct buffer *body, struct span name, struct span digits)
{
	char value[32] = "0";

	digits = span_first(digits, sizeof(value) - 1);
	memcpy(value + 1, digits.data, digits.len);
	canonical_add(body, name, (struct span){ value, digits.len + 1 });
}

static void add_scalar(struct laurel *laurel, const struct json_token *token)
{
	struct buffer *body = &laurel->queue->body;
	struct span text = text_of(laurel, token);
	bool octal = token->kind == JSON_STRING && text.len > 1 && text.data[1] == 'o';

	if (token->kind != JSON_STRING || !text.len) {
		canonical_add(body, token->key, text);
	} else if (IS(token->key, "saddr")) {
		canonical_add_name(body, token->key);
		canonical_add_hex(body, text);
	} else if (canonical_is_text_name(token->key)) {
		canonical_add_text(body, token->key, text);
	} else if (strip_base(&text) && octal) {
		add_octal(body, token->key, text);
	} else {
		canonical_add(body, token->key, text);
	}
}

/* An array in a record: AVC's permissions, or several keys, which the kernel joins by \x01. */
static void add_list(struct laurel *laurel, struct span key)
{
	struct buffer *body = &laurel->queue->body;
	bool keys = IS(key, "key");
	struct json_token token;

	canonical_add_name(body, key);
	for (size_t i = 0; json_next(&laurel->scan, &token); i++) {
		if (token.kind >= JSON_ARRAY)
			json_skip(&laurel->scan, &token);
		if (i)
			buffer_add(body, keys ? SPAN("01") : SPAN("2C"));
		canonical_add_hex(body, text_of(laurel, &token));
	}
}

#define ARGUMENTS_LEN_MAX 128

/*
 * LAUREL has the arguments of a call behind everything else, the kernel behind the exit; what comes in the kernel's
 * order is read faster by who comes after us.
 */
static void move_arguments(struct buffer *body, size_t to, size_t from)
{
	char room[ARGUMENTS_LEN_MAX];
	size_t len = body->len - from;

	if (!to || len > sizeof(room))
		return;
	memcpy(room, body->data + from, len);
	memmove(body->data + to + len, body->data + to, from - to);
	memcpy(body->data + to, room, len);
}

/* A field of the arguments' names stays in front of them: of two, the first counts. */
static void note_place(struct laurel *laurel, struct span key)
{
	if (IS(key, "exit"))
		laurel->behind_exit = laurel->queue->body.len;
	else if (key.len == 2 && key.data[0] == 'a')
		laurel->behind_exit = 0;
}

/* SYSCALL's a0 to a3, and EXECVE's arguments. */
static void add_arguments(struct laurel *laurel, bool numbers)
{
	struct buffer *body = &laurel->queue->body;
	struct json_token token;
	static const struct span names[] = { SPAN("a0"), SPAN("a1"), SPAN("a2"), SPAN("a3") };
	size_t from = body->len;

	for (uint64_t i = 0; json_next(&laurel->scan, &token); i++) {
		if (token.kind >= JSON_ARRAY)
			json_skip(&laurel->scan, &token);
		struct span text = text_of(laurel, &token);
		if (!numbers) {
			canonical_add_argument(body, i, text);
		} else if (i < sizeof(names) / sizeof(*names)) {
			strip_base(&text);
			canonical_add(body, names[i], text);
		}
	}
	if (numbers)
		move_arguments(body, laurel->behind_exit, from);
}

/* Always in hex, as the kernel writes a title of more than one word. */
static void add_title(struct laurel *laurel)
{
	struct buffer *body = &laurel->queue->body;
	struct json_token token;

	canonical_add_name(body, SPAN("proctitle"));
	for (size_t i = 0; json_next(&laurel->scan, &token); i++) {
		if (token.kind >= JSON_ARRAY)
			json_skip(&laurel->scan, &token);
		if (i)
			buffer_add(body, SPAN("00"));
		canonical_add_hex(body, text_of(laurel, &token));
	}
}

/* The whole command line in one string, with execve.argv = ["string"]. */
static void add_argument_string(struct laurel *laurel, const struct json_token *token)
{
	struct span rest = text_of(laurel, token);

	for (uint64_t i = 0;; i++) {
		size_t blank = span_index(rest, ' ');
		canonical_add_argument(&laurel->queue->body, i, span_first(rest, blank));
		if (blank == rest.len)
			return;
		rest = span_skip(rest, blank + 1);
	}
}

/* Which of `translated` the key can be, in small letters or capitals. */
static size_t translation_like(struct span key)
{
	char first = key.len ? key.data[0] | 32 : 0;

	switch (key.len) {
	case 3:
		return NAME_UID;
	case 4:
		return first == 'e' ? NAME_EUID : (key.data[1] | 32) == 'r' ? NAME_ARCH : NAME_AUID;
	case 7:
		return NAME_SYSCALL;
	}
	return NAME_COUNT;
}

static void note_translation(struct translations *to, const struct json_token *token)
{
	size_t i = translation_like(token->key);

	if (i == NAME_COUNT || (token->key.data[0] | 32) != translated[i].lower.data[0])
		return;
	if (span_equal(token->key, translated[i].lower))
		to->have[i] = true;
	else if (token->kind == JSON_STRING && span_equal(token->key, translated[i].upper))
		to->names[i] = token->text;
}

/* LAUREL writes ids without a name as "unknown(1000)", and 4294967295 as "unset". */
static void add_translated_id(struct buffer *body, struct span name, struct span value)
{
	uint64_t id = UINT32_MAX;

	if (span_equal(value, SPAN("root")))
		id = 0;
	else if (span_starts(value, SPAN("unknown(")) && !span_decimal(span_skip(value, 8), &id))
		return;
	else if (!span_equal(value, SPAN("unset")) && !span_starts(value, SPAN("unknown(")))
		return;
	char digits[24];
	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)id);
	canonical_add(body, name, span_of(digits));
}

static void add_translated(struct buffer *body, const struct translations *from)
{
	uint32_t arch = names_arch(from->names[NAME_ARCH]);
	char number[24];

	if (!from->have[NAME_ARCH] && arch) {
		snprintf(number, sizeof(number), "%x", arch);
		canonical_add(body, SPAN("arch"), span_of(number));
	}
	if (!from->have[NAME_SYSCALL] && from->names[NAME_SYSCALL].len) {
		int call = arch ? names_syscall(from->names[NAME_SYSCALL], arch) : -1;
		snprintf(number, sizeof(number), "%d", call);
		canonical_add(body, SPAN("syscall"), call >= 0 ? span_of(number) : from->names[NAME_SYSCALL]);
	}
	for (size_t i = NAME_AUID; i < NAME_COUNT; i++)
		if (!from->have[i] && from->names[i].len)
			add_translated_id(body, translated[i].lower, from->names[i]);
}

/* SYSCALL.ARGV, EXECVE.ARGV and PROCTITLE.ARGV are the kernel's; all else in upper case is not. */
static bool add_argv(struct laurel *laurel, uint16_t type, const struct json_token *token)
{
	if (IS(token->key, "ARGV_STR") && type == AUDIT_TYPE_EXECVE && token->kind == JSON_STRING) {
		add_argument_string(laurel, token);
		return true;
	}
	if (!IS(token->key, "ARGV") || token->kind != JSON_ARRAY)
		return false;
	if (type == AUDIT_TYPE_PROCTITLE)
		add_title(laurel);
	else
		add_arguments(laurel, type == AUDIT_TYPE_SYSCALL);
	return true;
}

static void decode_record(struct laurel *laurel, uint16_t type)
{
	struct buffer *body = &laurel->queue->body;
	struct translations names = { 0 };
	struct json_token token;
	bool has_argv = false;

	laurel->behind_exit = 0;
	while (json_next(&laurel->scan, &token)) {
		if (type == AUDIT_TYPE_SYSCALL)
			note_translation(&names, &token);
		if (!has_argv && add_argv(laurel, type, &token)) {
			has_argv = true;
		} else if (token.kind == JSON_ARRAY && is_lower(token.key)) {
			add_list(laurel, token.key);
		} else if (token.kind >= JSON_ARRAY) {
			json_skip(&laurel->scan, &token);
		} else if (is_lower(token.key)) {
			add_scalar(laurel, &token);
		}
		if (type == AUDIT_TYPE_SYSCALL)
			note_place(laurel, token.key);
	}
	if (laurel->scan.failed) {
		buffer_reset(body);
		return;
	}
	if (type == AUDIT_TYPE_SYSCALL)
		add_translated(body, &names);
	canonical_queue(laurel->queue, laurel->document, type);
}

/* A member of the event: its key, or one record type. PARENT_INFO and CONTAINER_INFO are enrichment. */
static void decode_member(struct laurel *laurel, struct json_token *token)
{
	uint16_t type = token->kind >= JSON_ARRAY ? record_type_of(token->key) : 0;
	struct json_token element;

	if (IS(token->key, "ID")) {
		canonical_id(token->text, &laurel->time_ms, &laurel->serial);
	} else if (IS(token->key, "NODE") && token->kind == JSON_STRING) {
		laurel->node = text_of(laurel, token);
	} else if (type && token->kind == JSON_OBJECT) {
		decode_record(laurel, type);
	} else if (type) {
		while (json_next(&laurel->scan, &element))
			if (element.kind == JSON_OBJECT)
				decode_record(laurel, type);
			else if (element.kind == JSON_ARRAY)
				json_skip(&laurel->scan, &element);
	} else if (token->kind >= JSON_ARRAY) {
		json_skip(&laurel->scan, token);
	}
}

enum dress_result laurel_decode(const struct document *document, struct queue *queue)
{
	struct laurel laurel = { .document = document, .queue = queue, .time_ms = TIME_UNKNOWN };
	size_t first = queue->count;
	struct json_token token;

	json_start(&laurel.scan, document->text);
	if (!json_next(&laurel.scan, &token) || token.kind != JSON_OBJECT)
		return DRESS_BROKEN;
	while (json_next(&laurel.scan, &token))
		decode_member(&laurel, &token);
	canonical_stamp(queue, first, laurel.node, laurel.time_ms, laurel.serial, true);
	if (laurel.scan.failed)
		return DRESS_BROKEN;
	return queue->count > first ? DRESS_DONE : DRESS_NO_EVENT;
}
