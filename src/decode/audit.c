/*
 * Audit text: raw, ENRICHED, and in the wrappings that daemons and people put
 * around it.
 *
 *   node=web1 type=PATH msg=audit(1166111074.191:74): item=0 name="/etc/passwd" …
 *   Jul  8 10:31:23 web1 kernel: [  270.8] audit: type=1326 audit(1625740283.502:574): auid=…
 *   audit[615]: SYSCALL arch=c000003e syscall=257 …     (systemd journald-audit.c: no serial)
 *   kernel: audit(1189201672.746:537): type=1503 operation="file_lock" …    (2.6 kernels)
 *
 * audit_header() and audit_take_body() are the hot path: one look at each byte of
 * the header, and the caller finds where the body ends. Nothing is copied.
 *
 * A record found anywhere but at the start of its line or behind the tag of
 * a daemon that relays audit records may be anybody's words: it is decoded
 * with TRUST_ANY_USER.
 */
#include "base/words.h"
#include "decode/dress.h"
#include "model/audit_key.h"

static inline bool starts_with(const char *p, const char *end, const char *prefix, size_t len)
{
	return (size_t)(end - p) >= len && memcmp(p, prefix, len) == 0;
}

#define STARTS(p, end, literal) starts_with(p, end, literal, sizeof(literal) - 1)

/* The first blank or newline, or `end`. */
static inline const char *name_end(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t word = word_load(p), found = word_equal(word, ' ') | word_equal(word, '\n');
		if (found)
			return p + word_first(found);
	}
	while (p < end && *p != ' ' && *p != '\n')
		p++;
	return p;
}

static inline const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

/* Any other time; fractions longer than three digits are micro- or nanoseconds. */
static inline const char *parse_odd_time(const char *p, const char *end, int64_t *time_ms)
{
	uint64_t seconds, fraction;

	p = audit_digits(p, end, &seconds);
	if (!p || p == end || *p != '.' || seconds > 99999999999)
		return NULL;
	const char *point = p++;
	p = audit_digits(p, end, &fraction);
	if (!p || p == end || *p != ':')
		return NULL;
	for (ptrdiff_t len = p - point - 1; len > 3; len--)
		fraction /= 10;
	*time_ms = (int64_t)(seconds * 1000 + fraction);
	return p + 1;
}

/* "1166111074.191:74)" behind "audit(". */
static inline const char *parse_key(const char *p, const char *end, struct record *record)
{
	const char *serial = audit_usual_time(p, end, &record->time_ms);

	if (!serial)
		serial = parse_odd_time(p, end, &record->time_ms);
	if (!serial)
		return NULL;
	p = audit_digits(serial, end, &record->serial);
	return p && p < end && *p == ')' ? p + 1 : NULL;
}

/* The key, which mostly is that of the record before: then it is compared, not read. */
static inline const char *take_key(const char *p, const char *end, struct audit_key *last, struct record *record)
{
	if (last->len && starts_with(p, end, last->text, last->len)) {
		record->time_ms = last->time_ms;
		record->serial = last->serial;
		return p + last->len;
	}
	const char *behind = parse_key(p, end, record);
	if (!behind)
		return NULL;
	size_t len = (size_t)(behind - p);
	last->len = len <= sizeof(last->text) ? len : 0;
	memcpy(last->text, p, last->len);
	last->time_ms = record->time_ms;
	last->serial = record->serial;
	return behind;
}

/* "): ", "):", as ausearch writes it ") : ", and as old auditds wrote about themselves, ") ". */
static inline const char *skip_colon(const char *p, const char *end)
{
	if (end - p > 2 && p[0] == ':' && p[1] == ' ' && p[2] != ' ')
		return p + 2;
	const char *colon = skip_blanks(p, end);

	if (colon < end && *colon == ':')
		return skip_blanks(colon + 1, end);
	return colon > p || p == end ? colon : NULL;
}

/* 2.6 kernels told the type inside of the body, or not at all. */
static uint16_t type_in_body(struct span *body)
{
	if (span_starts(*body, SPAN("type="))) {
		struct span name = span_skip(*body, 5);
		name = span_first(name, span_index(name, ' '));
		uint16_t type = record_type_of(name);
		if (type)
			*body = span_trim(span_skip(*body, 5 + name.len));
		return type;
	}
	return span_starts(*body, SPAN("avc:")) || span_starts(*body, SPAN("apparmor=")) ? 1400 : 0;
}

/* User space may send these types only (kernel/audit.c: audit_netlink_ok), and the kernel only the others. */
static inline bool is_user_type(uint16_t type)
{
	return (type >= 1100 && type < 1300) || type > 2000 || type == 1005;
}

/* "node=web1 " in front of the type. */
static const char *take_node(const char *p, const char *end, struct record *record)
{
	if (!STARTS(p, end, "node=") && !STARTS(p, end, "host="))
		return p;
	const char *blank = name_end(p + 5, end), *behind = skip_blanks(blank, end);
	record->node = (struct span){ p + 5, (size_t)(blank - p - 5) };
	return behind > blank ? behind : NULL;
}

/* "type=PATH msg=audit(", one or the other or both of the first may be missing. */
static inline const char *take_type(const char *p, const char *end, struct span *type)
{
	*type = (struct span){ 0 };
	if (STARTS(p, end, "type=")) {
		const char *blank = name_end(p + 5, end);
		*type = (struct span){ p + 5, (size_t)(blank - p - 5) };
		if (!type->len)
			return NULL;
		if (STARTS(blank, end, " msg=audit("))
			return blank + 11;
		p = skip_blanks(blank, end);
		if (p == blank)
			return NULL;
	}
	if (STARTS(p, end, "msg="))
		p += 4;
	return STARTS(p, end, "audit(") ? p + 6 : NULL;
}

const char *audit_header(struct span text, struct audit_key *last, struct span *type, struct record *record)
{
	const char *p = text.data, *end = p + text.len;

	if (!STARTS(p, end, "type=") && !(p = take_node(p, end, record)))
		return NULL;
	p = take_type(p, end, type);
	if (p)
		p = take_key(p, end, last, record);
	return p ? skip_colon(p, end) : NULL;
}

void audit_take_body(struct record *record, struct span type, struct span body)
{
	while (body.len && (unsigned char)body.data[body.len - 1] <= ' ')
		body.len--;
	record->kind = RECORD_AUDIT;
	record->body = body;
	record->type = type.len ? record_type_of(type) : type_in_body(&record->body);
	if (is_user_type(record->type) && record->trust > TRUST_DAEMON)
		record->trust = TRUST_DAEMON;
}

bool audit_parse(struct span text, struct record *record)
{
	struct audit_key none;
	struct span type;

	none.len = 0;
	const char *begin = audit_header(text, &none, &type, record);

	if (!begin)
		return false;
	struct span body = { begin, (size_t)(text.data + text.len - begin) };
	audit_take_body(record, type, span_first(body, span_index(body, 0x1d)));
	return true;
}

/*
 * Whether position `at` of the line is outside of quotes. *known goes along: all
 * before it has been looked at, and behind a quote that is still open at `at`
 * it stands at that quote's end, so that no byte is looked at twice.
 */
static bool outside_quotes(struct span line, size_t *known, size_t at, bool *forgeable)
{
	while (*known < at) {
		char quote = line.data[*known];
		bool opens = quote == '"' || (quote == '\'' && *known && line.data[*known - 1] == '=');
		(*known)++;
		if (!opens)
			continue;
		*forgeable |= quote == '\'';
		*known += span_index(span_skip(line, *known), quote) + 1;
	}
	return *known == at;
}

/* Steps back over " node=x" in front of `at`, when it is there. */
static size_t include_node(struct span line, size_t from, size_t at)
{
	size_t word = at;

	if (word == from || line.data[word - 1] != ' ')
		return at;
	do
		word--;
	while (word > from && line.data[word - 1] != ' ');
	struct span node = { line.data + word, at - word };
	return span_starts(node, SPAN("node=")) || span_starts(node, SPAN("host=")) ? word : at;
}

static bool is_type_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (unsigned char)(c - '0') < 10 || c == '_' || c == '[' || c == ']';
}

/* `at` is behind the blank in "type=PATH msg=audit(": the start of "type=", or 0. */
static size_t type_start(struct span line, size_t from, size_t at)
{
	size_t name = at;

	while (name > from && line.data[name - 1] == ' ')
		name--;
	size_t end = name;
	while (name > from && is_type_char(line.data[name - 1]))
		name--;
	if (name == end || end == at || name - from < 5 || memcmp(line.data + name - 5, "type=", 5) != 0)
		return 0;
	return name - 5;
}

size_t audit_glued(struct span line, size_t from, bool *forgeable)
{
	const char *begin = line.data + from, *end = line.data + line.len, *p = begin;
	struct record ignored;
	size_t known = from;

	*forgeable = false;
	while (p < end && (p = memchr(p, '(', (size_t)(end - p)))) {
		p++;
		if (p - begin < 16 || memcmp(p - 10, "msg=audit(", 10) != 0)
			continue;
		const char *behind = parse_key(p, end, &ignored);
		if (!behind || !skip_colon(behind, end))
			continue;
		size_t at = type_start(line, from, (size_t)(p - line.data) - 10);
		if (at && outside_quotes(line, &known, at, forgeable))
			return include_node(line, from, at);
	}
	return 0;
}
