#include "drill/sight.h"

#include <stdio.h>
#include <time.h>

#include "base/json_scan.h"

static bool is_key(const struct json_token *token, const char *key)
{
	return span_equal(token->key, span_of(key));
}

static bool is_text(const struct json_token *token, const char *text)
{
	return token->kind == JSON_STRING && span_equal(token->text, span_of(text));
}

/* Neither names nor numbers of ours are ever escaped. */
static enum verb read_verb(const struct json_token *token)
{
	for (int verb = VERB_OPEN; verb < VERB_LOG; verb++)
		if (is_text(token, verb_name((enum verb)verb)))
			return (enum verb)verb;
	return VERB_LOG;
}

static enum risk read_risk(const struct json_token *token)
{
	for (int risk = RISK_REVIEW; risk <= RISK_HIGH; risk++)
		if (is_text(token, risk_name((enum risk)risk)))
			return (enum risk)risk;
	return RISK_NONE;
}

static bool read_number(struct span *text, size_t digits, char then, int *value)
{
	uint64_t number;

	if (text->len <= digits || span_decimal(span_first(*text, digits), &number) != digits ||
	    text->data[digits] != then)
		return false;
	*value = (int)number;
	*text = span_skip(*text, digits + 1);
	return true;
}

/* 2026-11-23T22:56:01.786Z */
static int64_t read_time(const struct json_token *token)
{
	struct span text = token->text;
	struct tm parts = { 0 };
	int ms;

	if (token->kind != JSON_STRING || !read_number(&text, 4, '-', &parts.tm_year) ||
	    !read_number(&text, 2, '-', &parts.tm_mon) || !read_number(&text, 2, 'T', &parts.tm_mday) ||
	    !read_number(&text, 2, ':', &parts.tm_hour) || !read_number(&text, 2, ':', &parts.tm_min) ||
	    !read_number(&text, 2, '.', &parts.tm_sec) || !read_number(&text, 3, 'Z', &ms))
		return TIME_UNKNOWN;
	parts.tm_year -= 1900;
	parts.tm_mon -= 1;
	return (int64_t)timegm(&parts) * 1000 + ms;
}

static void read_process(struct json_scan *scan, uint64_t *pid, uint64_t *parent)
{
	struct json_token token;

	while (json_next(scan, &token)) {
		if (is_key(&token, "pid"))
			json_u64(&token, pid);
		else if (is_key(&token, "ppid") && parent)
			json_u64(&token, parent);
		else if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY)
			json_skip(scan, &token);
	}
}

static void add_sensor(struct sight *sight, struct span name)
{
	size_t len = strlen(sight->sensors);

	if (name.len && len + name.len + 2 < sizeof(sight->sensors))
		snprintf(sight->sensors + len, sizeof(sight->sensors) - len, "%s%.*s", len ? "," : "", (int)name.len,
			 name.data);
}

/* [{"name":"audit",…},…] of a status; ["audit",…] of an access, which is not needed. */
static void read_sensors(struct json_scan *scan, struct sight *sight)
{
	struct json_token token;

	while (json_next(scan, &token)) {
		if (token.kind == JSON_ARRAY) {
			json_skip(scan, &token);
		} else if (token.kind == JSON_OBJECT) {
			while (json_next(scan, &token)) {
				if (is_key(&token, "name") && token.kind == JSON_STRING)
					add_sensor(sight, token.text);
				else if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY)
					json_skip(scan, &token);
			}
		}
	}
}

/* What a line says in containers. True when it was one. */
static bool take_container(struct json_scan *scan, struct json_token *token, struct sight *sight)
{
	if (token->kind != JSON_OBJECT && token->kind != JSON_ARRAY)
		return false;
	if (is_key(token, "actor") && token->kind == JSON_OBJECT)
		read_process(scan, &sight->actor, &sight->parent);
	else if (is_key(token, "target") && token->kind == JSON_OBJECT)
		read_process(scan, &sight->target, NULL);
	else if (is_key(token, "sensors") && token->kind == JSON_ARRAY)
		read_sensors(scan, sight);
	else {
		sight->suppressed |= is_key(token, "suppressed");
		json_skip(scan, token);
	}
	return true;
}

static void take_member(const struct json_token *token, struct sight *sight, bool *is_status)
{
	if (is_key(token, "type"))
		*is_status = is_text(token, "status");
	else if (is_key(token, "why") && is_text(token, "started"))
		sight->kind = SIGHT_STARTED;
	else if (is_key(token, "lost"))
		json_u64(token, &sight->lost);
	else if (is_key(token, "time"))
		sight->time_ms = read_time(token);
	else if (is_key(token, "verb"))
		sight->kind = SIGHT_ACCESS, sight->verb = read_verb(token);
	else if (is_key(token, "entry") && token->kind == JSON_STRING)
		sight->entry = entry_from_name(token->text);
	else if (is_key(token, "risk"))
		sight->risk = read_risk(token);
	else if (is_key(token, "self"))
		sight->self = token->kind == JSON_TRUE;
	else if (is_key(token, "outcome"))
		sight->failed = !is_text(token, "success");
	else if (is_key(token, "rule"))
		sight->crash = is_text(token, "holder-crash");
}

void sight_parse(struct sight *sight, struct span line)
{
	struct json_scan scan;
	struct json_token token;
	bool is_status = false;

	*sight = (struct sight){
		.time_ms = TIME_UNKNOWN,
		.verb = VERB_LOG,
		.actor = UNKNOWN_ID,
		.parent = UNKNOWN_ID,
		.target = UNKNOWN_ID,
	};
	json_start(&scan, line);
	if (!json_next(&scan, &token) || token.kind != JSON_OBJECT)
		return;
	while (json_next(&scan, &token))
		if (!take_container(&scan, &token, sight))
			take_member(&token, sight, &is_status);
	if (scan.failed)
		sight->kind = SIGHT_BAD;
	else if (is_status)
		sight->kind = sight->kind == SIGHT_STARTED ? SIGHT_STARTED : SIGHT_STATUS;
	else if (sight->kind == SIGHT_STARTED)
		sight->kind = SIGHT_BAD;
}
