/*
 * The document is walked once. Each scalar has a path, its keys joined by
 * dots, so that nested and dotted keys, and mixtures of them, are the same:
 *
 *   {"process":{"parent":{"pid":1}}}   {"process.parent.pid":1}   →   process.parent.pid
 *
 * An array of scalars counts as its first (Elasticsearch's "fields" wrap each
 * value so). Of duplicates, the first counts.
 */
#include "decode/coalesced.h"

#define PATH_MAX_LEN 128
#define PLACE_MAX_LEN 31

struct reader {
	struct coalesced *coalesced;
	struct json_scan scan;
	struct arena *arena;
	bool without_data;
	uint8_t first[PLACE_MAX_LEN + 1]; /* of the places of each length; where there are none, that of another */
	char path[PATH_MAX_LEN];
};

/* Sorted by the length of the path: most searches end at the length. */
static const struct {
	struct span path;
	unsigned place; /* a slot, or SLOT_COUNT + a list */
} places[] = {
	{ SPAN("log"), SLOT_LINE },
	{ SPAN("msg"), SLOT_LINE },
	{ SPAN("_raw"), SLOT_LINE },
	{ SPAN("file"), SLOT_LOG_PATH },
	{ SPAN("host"), SLOT_HOST },
	{ SPAN("keys"), SLOT_COUNT + LIST_KEYS },
	{ SPAN("line"), SLOT_LINE },
	{ SPAN("path"), SLOT_LOG_PATH },
	{ SPAN("tags"), SLOT_COUNT + LIST_KEYS },
	{ SPAN("time"), SLOT_TIME },
	{ SPAN("_time"), SLOT_TIME },
	{ SPAN("paths"), SLOT_COUNT + LIST_PATHS },
	{ SPAN("result"), SLOT_RESULT },
	{ SPAN("source"), SLOT_LOG_PATH },
	{ SPAN("message"), SLOT_LINE },
	{ SPAN("raw_msg"), SLOT_RAW_MSG },
	{ SPAN("session"), SLOT_SES },
	{ SPAN("user.id"), SLOT_UID },
	{ SPAN("filename"), SLOT_LOG_PATH },
	{ SPAN("full_log"), SLOT_LINE },
	{ SPAN("hostname"), SLOT_HOST },
	{ SPAN("location"), SLOT_LOG_PATH },
	{ SPAN("sequence"), SLOT_SEQUENCE },
	{ SPAN("user.gid"), SLOT_GID },
	{ SPAN("user.uid"), SLOT_UID },
	{ SPAN("beat.name"), SLOT_AGENT_HOST },
	{ SPAN("host.name"), SLOT_HOST },
	{ SPAN("timestamp"), SLOT_TIME },
	{ SPAN("user.auid"), SLOT_AUID },
	{ SPAN("user.egid"), SLOT_EGID },
	{ SPAN("user.euid"), SLOT_EUID },
	{ SPAN("user.sgid"), SLOT_SGID },
	{ SPAN("user.suid"), SLOT_SUID },
	{ SPAN("@timestamp"), SLOT_TIME },
	{ SPAN("agent.name"), SLOT_AGENT_HOST },
	{ SPAN("user.fsgid"), SLOT_FSGID },
	{ SPAN("user.fsuid"), SLOT_FSUID },
	{ SPAN("_sourceHost"), SLOT_HOST },
	{ SPAN("_sourceName"), SLOT_LOG_PATH },
	{ SPAN("process.cwd"), SLOT_CWD },
	{ SPAN("process.exe"), SLOT_EXE },
	{ SPAN("process.pid"), SLOT_PID },
	{ SPAN("record_type"), SLOT_TYPE },
	{ SPAN("_messageTime"), SLOT_TIME },
	{ SPAN("auditd.paths"), SLOT_COUNT + LIST_PATHS },
	{ SPAN("event.module"), SLOT_MODULE },
	{ SPAN("process.args"), SLOT_COUNT + LIST_ARGS },
	{ SPAN("process.name"), SLOT_COMM },
	{ SPAN("process.ppid"), SLOT_PPID },
	{ SPAN("user.ids.gid"), SLOT_GID },
	{ SPAN("user.ids.uid"), SLOT_UID },
	{ SPAN("auditd.result"), SLOT_RESULT },
	{ SPAN("beat.hostname"), SLOT_AGENT_HOST },
	{ SPAN("event.outcome"), SLOT_OUTCOME },
	{ SPAN("host.hostname"), SLOT_HOST },
	{ SPAN("log.file.path"), SLOT_LOG_PATH },
	{ SPAN("process.title"), SLOT_TITLE },
	{ SPAN("user.audit.id"), SLOT_AUID },
	{ SPAN("user.group.id"), SLOT_GID },
	{ SPAN("user.ids.auid"), SLOT_AUID },
	{ SPAN("user.ids.egid"), SLOT_EGID },
	{ SPAN("user.ids.euid"), SLOT_EUID },
	{ SPAN("user.ids.sgid"), SLOT_SGID },
	{ SPAN("user.ids.suid"), SLOT_SUID },
	{ SPAN("user.saved.id"), SLOT_SUID },
	{ SPAN("agent.hostname"), SLOT_AGENT_HOST },
	{ SPAN("auditd.session"), SLOT_SES },
	{ SPAN("event.original"), SLOT_COUNT + LIST_ORIGINAL },
	{ SPAN("user.ids.fsgid"), SLOT_FSGID },
	{ SPAN("user.ids.fsuid"), SLOT_FSUID },
	{ SPAN("auditd.log.node"), SLOT_HOST },
	{ SPAN("auditd.sequence"), SLOT_SEQUENCE },
	{ SPAN("host.architecture"), SLOT_ARCHITECTURE },
	{ SPAN("process.exit_code"), SLOT_EXIT_CODE },
	{ SPAN("syslog.identifier"), SLOT_COMM },
	{ SPAN("user.effective.id"), SLOT_EUID },
	{ SPAN("auditd.record_type"), SLOT_TYPE },
	{ SPAN("log.syslog.appname"), SLOT_COMM },
	{ SPAN("process.executable"), SLOT_EXE },
	{ SPAN("process.parent.pid"), SLOT_PPID },
	{ SPAN("user.filesystem.id"), SLOT_FSUID },
	{ SPAN("auditd.log.sequence"), SLOT_SEQUENCE },
	{ SPAN("auditd.message_type"), SLOT_TYPE },
	{ SPAN("predecoder.hostname"), SLOT_HOST },
	{ SPAN("user.saved.group.id"), SLOT_SGID },
	{ SPAN("auditd.log.record_type"), SLOT_TYPE },
	{ SPAN("user.effective.group.id"), SLOT_EGID },
	{ SPAN("user.filesystem.group.id"), SLOT_FSGID },
	{ SPAN("process.working_directory"), SLOT_CWD },
};

#define PLACES (sizeof(places) / sizeof(*places))

_Static_assert(PLACES <= UINT8_MAX, "a place's number is a byte");

static void index_places(struct reader *reader)
{
	for (size_t i = PLACES; i-- > 0;)
		reader->first[places[i].path.len] = (uint8_t)i;
}

/* SLOT_COUNT + LIST_COUNT when there is none. */
static unsigned place_of(const struct reader *reader, struct span path)
{
	if (!path.len || path.len > PLACE_MAX_LEN)
		return SLOT_COUNT + LIST_COUNT;
	for (size_t i = reader->first[path.len]; i < PLACES && places[i].path.len == path.len; i++) {
		const char *known = places[i].path.data;
		if (known[path.len - 1] == path.data[path.len - 1] && memcmp(known, path.data, path.len) == 0)
			return places[i].place;
	}
	return SLOT_COUNT + LIST_COUNT;
}

/* Whether the path is that of a free field, which has no place: then what stands behind the prefix is its name. */
static inline bool is_free(struct span *path)
{
	struct span prefix = path->len && path->data[0] == 'd' ? SPAN("data.") : SPAN("auditd.data.");

	if (!span_starts(*path, prefix))
		return false;
	*path = span_skip(*path, prefix.len);
	return true;
}

static uint64_t bit_of(struct span name)
{
	return name.len ? UINT64_C(1) << ((name.len * 5 + (unsigned char)name.data[0] * 3u +
					   (unsigned char)name.data[name.len - 1]) %
					  64)
			: 0;
}

/* Of duplicates, the first counts. */
static void take_datum(struct reader *reader, const struct json_token *token, struct span name)
{
	struct coalesced *to = reader->coalesced;

	if (!name.len || reader->without_data || to->data_count == COALESCED_DATA_MAX || coalesced_datum(to, name).data)
		return;
	to->data_bits |= bit_of(name);
	to->data[to->data_count++] =
		(struct coalesced_data){ arena_copy(reader->arena, name), json_text(token, reader->arena) };
}

static void take_scalar(struct reader *reader, const struct json_token *token, struct span path)
{
	struct coalesced *to = reader->coalesced;
	struct span logged = SPAN("auditd.log.");

	if (token->kind == JSON_NULL)
		return;
	if (is_free(&path)) {
		take_datum(reader, token, path);
		return;
	}
	unsigned place = place_of(reader, path);
	bool is_logged = span_starts(path, logged);
	if (place < SLOT_COUNT) {
		if (!to->slots[place].data)
			to->slots[place] = json_text(token, reader->arena);
		to->is_record |= is_logged && place == SLOT_TYPE;
	} else if (place < SLOT_COUNT + LIST_COUNT) {
		if (to->lists[place - SLOT_COUNT].kind == JSON_NULL)
			to->lists[place - SLOT_COUNT] = *token;
	} else if (is_logged) {
		to->is_record = true;
		take_datum(reader, token, span_skip(path, logged.len));
	}
}

/* The path of a member, 0 when it is too long to be one that matters. */
static size_t join(struct reader *reader, size_t len, struct span key)
{
	if (!key.data)
		return len;
	if (key.len >= PATH_MAX_LEN - len)
		return 0;
	if (len)
		reader->path[len++] = '.';
	memcpy(reader->path + len, key.data, key.len);
	return len + key.len;
}

/* What the document's layout is, by the first words of its paths. A single record has all of its fields in data. */
static void note_layout(struct coalesced *to, struct span path)
{
	switch (path.len ? path.data[0] : '\0') {
	case 'a':
		if (!span_starts(path, SPAN("auditd.")))
			break;
		to->is_audit = true;
		path = span_skip(path, sizeof("auditd.") - 1);
		to->is_event |= span_starts(path, SPAN("summary.")) || span_starts(path, SPAN("data."));
		break;
	case 's':
		to->is_event |= span_starts(path, SPAN("summary."));
		break;
	case 'p':
		to->is_event |= span_starts(path, SPAN("process."));
		break;
	case 'u':
		to->is_event |= span_starts(path, SPAN("user.ids."));
		break;
	}
}

/* Of array elements that are objects, the first that has a path counts: auditd.paths is kept whole instead. */
static void walk(struct reader *reader, size_t len)
{
	struct json_token token;

	while (json_next(&reader->scan, &token)) {
		size_t inner = join(reader, len, token.key);
		struct span path = { reader->path, inner };
		if (token.kind < JSON_ARRAY) {
			note_layout(reader->coalesced, path);
			if (inner)
				take_scalar(reader, &token, path);
			continue;
		}
		unsigned place = place_of(reader, path);
		if (place >= SLOT_COUNT && place < SLOT_COUNT + LIST_COUNT) {
			json_skip(&reader->scan, &token);
			take_scalar(reader, &token, path);
		} else if (inner) {
			walk(reader, inner);
		} else {
			json_skip(&reader->scan, &token);
		}
	}
}

bool coalesced_read(struct coalesced *coalesced, struct span text, struct arena *arena, bool with_data)
{
	struct reader reader = { .coalesced = coalesced, .arena = arena, .without_data = !with_data };
	struct json_token token;

	memset(coalesced, 0, offsetof(struct coalesced, data));
	index_places(&reader);
	json_start(&reader.scan, text);
	if (!json_next(&reader.scan, &token) || token.kind != JSON_OBJECT)
		return false;
	walk(&reader, 0);
	return !reader.scan.failed;
}

struct span coalesced_datum(const struct coalesced *coalesced, struct span name)
{
	if (!(coalesced->data_bits & bit_of(name)))
		return (struct span){ NULL, 0 };
	for (size_t i = 0; i < coalesced->data_count; i++)
		if (span_equal(coalesced->data[i].name, name))
			return coalesced->data[i].value;
	return (struct span){ NULL, 0 };
}

struct span coalesced_host(const struct coalesced *coalesced)
{
	const struct span *slots = coalesced->slots;

	return slots[SLOT_HOST].len ? slots[SLOT_HOST] : slots[SLOT_AGENT_HOST];
}

/* Seconds since the epoch, with a fraction or not; or milliseconds, which have more digits until the year 5138. */
static int64_t epoch_time(struct span text)
{
	uint64_t whole, fraction = 0;
	size_t used = span_decimal(text, &whole);

	if (!used || whole > 99999999999999)
		return TIME_UNKNOWN;
	if (whole > 99999999999)
		return (int64_t)whole;
	struct span digits = span_first(span_skip(text, used + 1), 3);
	if (used < text.len && text.data[used] == '.' && span_decimal(digits, &fraction) == digits.len)
		for (size_t len = digits.len; len < 3; len++)
			fraction *= 10;
	return (int64_t)(whole * 1000 + fraction);
}

int64_t coalesced_time(const struct coalesced *coalesced)
{
	struct span text = coalesced->slots[SLOT_TIME];
	int64_t time_ms;

	return stamp_iso(text, &time_ms) ? time_ms : epoch_time(text);
}
