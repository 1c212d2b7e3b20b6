/*
 * Tells the JSON dresses apart by their keys, and takes off what exporters
 * put around them.
 *
 *   decode_json ──▶ a value after the other ──▶ array: its elements
 *                                           └─▶ object: classify
 *                                                  ├─ LAUREL, journal, ECS, …: that dress
 *                                                  └─ wrapper ({"hits":{"hits":[{"_source":{…}}]}},
 *                                                     {"records":[…]}): what is inside
 *
 * Each record shows as raw the object that it came from, not the array or
 * wrapper around it.
 */
#include "decode/json.h"

#include "base/json_scan.h"
#include "decode/canonical.h"
#include "decode/journal.h"

/* Arrays and wrappers inside of each other; Elasticsearch's hits take four. */
#define WRAPPERS_MAX 8

enum dialect {
	DIALECT_NONE,
	DIALECT_BROKEN,
	DIALECT_WRAPPER,
	DIALECT_LAUREL,
	DIALECT_ECS,
	DIALECT_GOLIBAUDIT,
	DIALECT_JOURNAL,
	DIALECT_DEFENDER,
	DIALECT_STRUCTURED,
};

static enum dress_result decode_value(const struct document *document, struct queue *queue, unsigned level);

/* What was read so far, and one more: a decoded event outweighs junk, and damage outweighs all. */
static enum dress_result join(enum dress_result a, enum dress_result b)
{
	if (a == DRESS_BROKEN || b == DRESS_BROKEN)
		return DRESS_BROKEN;
	return a == DRESS_DONE || b == DRESS_DONE ? DRESS_DONE : DRESS_NO_EVENT;
}

static bool is_one_of(struct span key, const struct span *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal(key, keys[i]))
			return true;
	return false;
}

#define IS_ONE_OF(key, keys) is_one_of(key, keys, sizeof(keys) / sizeof(*(keys)))

/* Elasticsearch, Event Hubs, Defender's and Graph's APIs, Splunk, go-libaudit's goldens. */
static bool is_wrapper(const struct json_token *token)
{
	static const struct span keys[] = {
		SPAN("_source"), SPAN("hits"),	 SPAN("fields"), SPAN("records"), SPAN("Results"),
		SPAN("results"), SPAN("result"), SPAN("value"),	 SPAN("events"),  SPAN("event"),
	};

	return token->kind >= JSON_ARRAY && IS_ONE_OF(token->key, keys);
}

/* A key that decides by itself. */
static enum dialect by_key(const struct json_token *token)
{
	static const struct span defender[] = { SPAN("DeviceName"), SPAN("DeviceId"), SPAN("ActionType"),
						SPAN("InitiatingProcessFileName"), SPAN("InitiatingProcessId") };
	struct span key = token->key;
	int64_t time_ms;
	uint64_t serial;

	if (token->kind == JSON_STRING && span_equal(key, SPAN("ID")) && canonical_id(token->text, &time_ms, &serial))
		return DIALECT_LAUREL;
	if (journal_is_mark(key))
		return DIALECT_JOURNAL;
	if (span_equal(key, SPAN("auditd")) || span_starts(key, SPAN("auditd.")))
		return DIALECT_ECS;
	if (span_equal(key, SPAN("raw_msg")) || span_equal(key, SPAN("record_type")))
		return DIALECT_GOLIBAUDIT;
	if (IS_ONE_OF(key, defender))
		return DIALECT_DEFENDER;
	if (span_equal(key, SPAN("category")) && span_starts(token->text, SPAN("AdvancedHunting-")))
		return DIALECT_DEFENDER;
	if ((span_equal(key, SPAN("items")) && token->kind == JSON_OBJECT) ||
	    (span_equal(key, SPAN("messages")) && token->kind == JSON_ARRAY))
		return DIALECT_STRUCTURED;
	return DIALECT_NONE;
}

/* Keys that hold a log line, for what nothing else claims. */
static bool is_line(const struct json_token *token)
{
	static const struct span keys[] = { SPAN("message"), SPAN("_raw"), SPAN("full_log"),	  SPAN("log"),
					    SPAN("msg"),     SPAN("line"), SPAN("event.original") };

	return token->kind == JSON_STRING && IS_ONE_OF(token->key, keys);
}

static enum dialect classify(struct span text)
{
	enum dialect otherwise = DIALECT_NONE;
	struct json_scan scan;
	struct json_token token;

	json_start(&scan, text);
	json_next(&scan, &token);
	while (json_next(&scan, &token)) {
		enum dialect dialect = by_key(&token);
		if (dialect != DIALECT_NONE)
			return dialect;
		if (is_line(&token) || span_equal(token.key, SPAN("@timestamp")))
			otherwise = DIALECT_ECS;
		else if (is_wrapper(&token) && otherwise == DIALECT_NONE)
			otherwise = DIALECT_WRAPPER;
		if (token.kind >= JSON_ARRAY)
			json_skip(&scan, &token);
	}
	return scan.failed ? DIALECT_BROKEN : otherwise;
}

static struct document part(const struct document *whole, struct span text)
{
	struct document document = { text, whole->origin, whole->frame };

	document.origin.offset += (uint64_t)(text.data - whole->text.data);
	return document;
}

/* The elements of an array, or the members of a wrapper that wrap. */
static enum dress_result decode_inside(const struct document *document, struct queue *queue, unsigned level)
{
	enum dress_result result = DRESS_NO_EVENT;
	struct json_scan scan;
	struct json_token token;

	if (level == WRAPPERS_MAX)
		return result;
	json_start(&scan, document->text);
	json_next(&scan, &token);
	while (json_next(&scan, &token)) {
		if (token.kind < JSON_ARRAY)
			continue;
		json_skip(&scan, &token);
		if (token.key.data && !is_wrapper(&token))
			continue;
		struct document inner = part(document, token.text);
		result = join(result, decode_value(&inner, queue, level + 1));
	}
	return scan.failed ? DRESS_BROKEN : result;
}

/* The document is one array or object, or what is there of it. */
static enum dress_result decode_value(const struct document *document, struct queue *queue, unsigned level)
{
	if (document->text.data[0] == '[')
		return decode_inside(document, queue, level);
	switch (classify(document->text)) {
	case DIALECT_NONE:
		return DRESS_NO_EVENT;
	case DIALECT_BROKEN:
		return DRESS_BROKEN;
	case DIALECT_WRAPPER:
		return decode_inside(document, queue, level);
	case DIALECT_LAUREL:
		return laurel_decode(document, queue);
	case DIALECT_ECS:
		return ecs_decode(document, queue);
	case DIALECT_GOLIBAUDIT:
		return golibaudit_decode(document, queue);
	case DIALECT_JOURNAL:
		return journal_json_decode(document, queue);
	case DIALECT_DEFENDER:
		return defender_json_decode(document, queue);
	case DIALECT_STRUCTURED:
		return structured_decode(document, queue);
	}
	return DRESS_NO_EVENT;
}

/* "[  OK  ] Started …" and "[   12.345678] audit: …" begin like an array, and "{ foo; }" like an object. */
static bool begins_like_json(struct span text)
{
	struct span rest = span_trim(span_skip(text, 1));
	char first = text.len ? text.data[0] : '\0', next = rest.len ? rest.data[0] : '\0';

	if (first == '{')
		return next == '"' || next == '}';
	return first == '[' && (next == '{' || next == '[' || next == ']');
}

/* The lines that open, part and close a pretty-printed array, when its elements are handed in one by one. */
static bool is_punctuation(struct span text)
{
	static const struct span lines[] = { SPAN("["), SPAN("]"), SPAN(","), SPAN("],") };

	return is_one_of(text, lines, sizeof(lines) / sizeof(*lines));
}

enum dress_result decode_json(const struct document *document, struct queue *queue)
{
	enum dress_result result = DRESS_NO_EVENT;
	struct span text = document->text;
	struct json_scan scan;
	struct json_token token;

	if (span_starts(text, SPAN("\xef\xbb\xbf")))
		text = span_skip(text, 3);
	text = span_trim(text);
	if (is_punctuation(text))
		return DRESS_DONE;
	if (text.len && text.data[0] == ',')
		text = span_trim(span_skip(text, 1));
	if (!begins_like_json(text))
		return DRESS_NOT_MINE;
	json_start(&scan, text);
	while (json_next(&scan, &token)) {
		if (token.kind < JSON_ARRAY) /* words behind the object: no JSON, or damaged */
			return queue->count ? DRESS_BROKEN : DRESS_NOT_MINE;
		json_skip(&scan, &token);
		struct document value = part(document, token.text);
		result = join(result, decode_value(&value, queue, 0));
	}
	return scan.failed || canonical_is_full(queue) ? DRESS_BROKEN : result;
}
