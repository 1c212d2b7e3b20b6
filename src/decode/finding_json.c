/*
 * {"time":"2026-11-23T22:56:01.786Z","host":"web-01","id":"9a0c…","risk":"HighRisk",…,"actor":{"pid":4312,…},…}
 *
 * The names are those of sink/json.c.
 */
#include "decode/finding_parts.h"

#define ERRNO_MAX 4095 /* include/linux/err.h */

/* ---- words ---- */

static bool is_word(const struct json_token *token, const char *word)
{
	return token->kind == JSON_STRING && word && span_equal(token->text, span_of(word));
}

static void leave(struct json_scan *scan, struct json_token *token)
{
	if (token->kind == JSON_OBJECT || token->kind == JSON_ARRAY)
		json_skip(scan, token);
}

void finding_read_risk(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	(void)arena;
	for (unsigned risk = RISK_REVIEW; risk <= RISK_HIGH; risk++)
		if (is_word(token, risk_name(risk)))
			*(enum risk *)into = (enum risk)risk;
	leave(scan, token);
}

static void read_verb(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	(void)arena;
	for (unsigned verb = VERB_OPEN; verb < VERB_COUNT; verb++)
		if (is_word(token, verb_name(verb)))
			*(enum verb *)into = (enum verb)verb;
	leave(scan, token);
}

static void read_entry(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	(void)arena;
	if (token->kind == JSON_STRING)
		*(enum entry *)into = entry_from_name(token->text);
	leave(scan, token);
}

static void read_evidence(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	(void)arena;
	for (unsigned how = RESOLVED_NONE; how < RESOLVED_COUNT; how++)
		if (is_word(token, resolved_by_name(how)))
			*(enum resolved_by *)into = (enum resolved_by)how;
	leave(scan, token);
}

/* A word that no errno has is refused all the same: what is known is that it was no success. */
static void read_outcome(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	int *outcome = into;
	char room[16];

	(void)arena;
	if (token->kind == JSON_STRING && !is_word(token, "success")) {
		*outcome = -ERRNO_MAX;
		for (int number = 1; number < ERRNO_MAX; number++)
			if (is_word(token, outcome_name(-number, room))) {
				*outcome = -number;
				break;
			}
	}
	leave(scan, token);
}

/* What says nothing of its channel can have come by any. */
static void read_trust(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	enum trust *trust = into;

	(void)arena;
	*trust = is_word(token, "kernel") ? TRUST_KERNEL : is_word(token, "daemon") ? TRUST_DAEMON : TRUST_ANY_USER;
	leave(scan, token);
}

/* ---- objects ---- */

void finding_read_actor(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	static const struct member members[] = {
		{ "pid", MEMBER_ID, offsetof(struct process, pid), NULL },
		{ "ppid", MEMBER_ID, offsetof(struct process, ppid), NULL },
		{ "auid", MEMBER_ID, offsetof(struct process, auid), NULL },
		{ "uid", MEMBER_ID, offsetof(struct process, uid), NULL },
		{ "euid", MEMBER_ID, offsetof(struct process, euid), NULL },
		{ "comm", MEMBER_TEXT, offsetof(struct process, comm), NULL },
		{ "exe", MEMBER_TEXT, offsetof(struct process, exe), NULL },
		{ "script", MEMBER_TEXT, offsetof(struct process, script), NULL },
		{ "cmdline", MEMBER_TEXT, offsetof(struct process, cmdline), NULL },
		{ "cwd", MEMBER_TEXT, offsetof(struct process, cwd), NULL },
		{ "tty", MEMBER_TEXT, offsetof(struct process, tty), NULL },
		{ "ses", MEMBER_ID, offsetof(struct process, ses), NULL },
		{ "start", MEMBER_TIME, offsetof(struct process, start_ms), NULL },
		{ "container", MEMBER_TEXT, offsetof(struct process, container), NULL },
	};

	if (token->kind == JSON_OBJECT)
		members_read(MEMBERS(members), into, scan, arena);
	else
		leave(scan, token);
}

static void read_parent(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	static const struct member members[] = {
		{ "exe", MEMBER_TEXT, offsetof(struct access, parent_exe), NULL },
		{ "cmdline", MEMBER_TEXT, offsetof(struct access, parent_cmdline), NULL },
	};

	if (token->kind == JSON_OBJECT)
		members_read(MEMBERS(members), into, scan, arena);
	else
		leave(scan, token);
}

static void read_suppressed(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	static const struct member members[] = {
		{ "by", MEMBER_TEXT, offsetof(struct finding, suppressed_by), NULL },
		{ "why", MEMBER_TEXT, offsetof(struct finding, suppressed_why), NULL },
	};

	if (token->kind == JSON_OBJECT)
		members_read(MEMBERS(members), into, scan, arena);
	else
		leave(scan, token);
}

static void read_attack(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	static const struct member members[] = {
		{ "technique", MEMBER_TEXT, offsetof(struct finding, technique), NULL },
	};

	if (token->kind == JSON_OBJECT)
		members_read(MEMBERS(members), into, scan, arena);
	else
		leave(scan, token);
}

struct place {
	struct span file, member;
	uint64_t offset, serial;
};

/* A name with a NUL in it ends there: it names nothing that could be opened. */
static const char *name_of(struct span text, struct arena *arena)
{
	char *name = text.data ? arena_alloc(arena, text.len + 1) : NULL;

	if (!name)
		return NULL;
	memcpy(name, text.data, text.len);
	name[text.len] = 0;
	return name;
}

void finding_read_origin(struct origin *origin, uint64_t *serial, struct json_scan *scan, struct json_token *token,
			 struct arena *arena)
{
	static const struct member members[] = {
		{ "file", MEMBER_TEXT, offsetof(struct place, file), NULL },
		{ "member", MEMBER_TEXT, offsetof(struct place, member), NULL },
		{ "offset", MEMBER_ID, offsetof(struct place, offset), NULL },
		{ "serial", MEMBER_ID, offsetof(struct place, serial), NULL },
	};
	struct place place = { 0 };

	if (token->kind == JSON_OBJECT)
		members_read(MEMBERS(members), &place, scan, arena);
	else
		leave(scan, token);
	*origin = (struct origin){ name_of(place.file, arena), name_of(place.member, arena), place.offset };
	*serial = place.serial;
}

static void read_origin(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct access *access = into;

	finding_read_origin(&access->origin, &access->serial, scan, token, arena);
}

static void read_raw(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct access *access = into;
	struct span *raw = NULL;

	access->raw_count = members_texts(scan, token, arena, FINDING_RAW_MAX, &raw);
	access->raw = raw;
}

static void read_sensors(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct span *names = NULL;
	size_t count = members_texts(scan, token, arena, SEEN_BY_END, &names);

	for (size_t i = 0; i < count; i++)
		for (unsigned bit = 1; bit < SEEN_BY_END; bit <<= 1)
			if (span_equal(names[i], span_of(seen_by_name((enum seen_by)bit))))
				*(unsigned *)into |= bit;
}

static void read_reasons(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena)
{
	struct finding *finding = into;
	struct span *reasons = NULL;

	finding->reason_count = members_texts(scan, token, arena, FINDING_REASONS_MAX, &reasons);
	if (finding->reason_count)
		memcpy(finding->reasons, reasons, finding->reason_count * sizeof(*reasons));
}

/* ---- the finding ---- */

void finding_start(struct finding *finding)
{
	struct access *access = &finding->access;

	*finding = (struct finding){ .first_ms = TIME_UNKNOWN, .last_ms = TIME_UNKNOWN };
	access->time_ms = TIME_UNKNOWN;
	access->request = UNKNOWN_ID;
	access->verb = VERB_LOG;
	access->actor = access->target = process_unknown;
}

void finding_read(struct finding *finding, struct json_scan *scan, struct arena *arena)
{
	static const struct member members[] = {
		{ "time", MEMBER_TIME, offsetof(struct finding, access.time_ms), NULL },
		{ "host", MEMBER_TEXT, offsetof(struct finding, access.host), NULL },
		{ "id", MEMBER_WORD, offsetof(struct finding, id), NULL },
		{ "risk", MEMBER_OTHER, offsetof(struct finding, risk), finding_read_risk },
		{ "score", MEMBER_NUMBER, offsetof(struct finding, score), NULL },
		{ "severity", MEMBER_NUMBER, offsetof(struct finding, severity), NULL },
		{ "reasons", MEMBER_OTHER, 0, read_reasons },
		{ "rule", MEMBER_TEXT, offsetof(struct finding, rule), NULL },
		{ "rule_id", MEMBER_TEXT, offsetof(struct finding, rule_id), NULL },
		{ "rule_title", MEMBER_TEXT, offsetof(struct finding, rule_title), NULL },
		{ "threat", MEMBER_TEXT, offsetof(struct finding, threat), NULL },
		{ "verb", MEMBER_OTHER, offsetof(struct finding, access.verb), read_verb },
		{ "entry", MEMBER_OTHER, offsetof(struct finding, access.entry), read_entry },
		{ "path", MEMBER_TEXT, offsetof(struct finding, access.path), NULL },
		{ "resolved_path", MEMBER_TEXT, offsetof(struct finding, access.resolved_path), NULL },
		{ "resolved_by", MEMBER_OTHER, offsetof(struct finding, access.resolved_by), read_evidence },
		{ "certain", MEMBER_FLAG, offsetof(struct finding, access.certain), NULL },
		{ "syscall", MEMBER_TEXT, offsetof(struct finding, access.syscall), NULL },
		{ "outcome", MEMBER_OTHER, offsetof(struct finding, access.outcome), read_outcome },
		{ "count", MEMBER_ID, offsetof(struct finding, count), NULL },
		{ "first", MEMBER_TIME, offsetof(struct finding, first_ms), NULL },
		{ "last", MEMBER_TIME, offsetof(struct finding, last_ms), NULL },
		{ "actor", MEMBER_OTHER, offsetof(struct finding, access.actor), finding_read_actor },
		{ "parent", MEMBER_OTHER, offsetof(struct finding, access), read_parent },
		{ "target", MEMBER_OTHER, offsetof(struct finding, access.target), finding_read_actor },
		{ "credentials", MEMBER_FLAG, offsetof(struct finding, credentials), NULL },
		{ "self", MEMBER_FLAG, offsetof(struct finding, access.self), NULL },
		{ "suppressed", MEMBER_OTHER, 0, read_suppressed },
		{ "attack", MEMBER_OTHER, 0, read_attack },
		{ "origin", MEMBER_OTHER, offsetof(struct finding, access), read_origin },
		{ "raw", MEMBER_OTHER, offsetof(struct finding, access), read_raw },
		{ "trust", MEMBER_OTHER, offsetof(struct finding, access.trust), read_trust },
		{ "write", MEMBER_FLAG, offsetof(struct finding, access.write), NULL },
		{ "path_only", MEMBER_FLAG, offsetof(struct finding, access.path_only), NULL },
		{ "incomplete", MEMBER_FLAG, offsetof(struct finding, access.incomplete), NULL },
		{ "request", MEMBER_ID, offsetof(struct finding, access.request), NULL },
		{ "message", MEMBER_TEXT, offsetof(struct finding, access.message), NULL },
		{ "sensors", MEMBER_OTHER, offsetof(struct finding, access.seen_by), read_sensors },
		{ "incident", MEMBER_WORD, offsetof(struct finding, incident), NULL },
	};

	members_read(MEMBERS(members), finding, scan, arena);
}
