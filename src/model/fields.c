/*
 * The hot reader runs over every field of every interesting record. One real
 * body, ENRICHED, whose 0x1d was lost in a copy (log_format=ENRICHED writes
 * the upper-case fields behind it):
 *
 *   pid=1 uid=0 auid=4294967295 msg='op=x exe="/usr/sbin/sshd" res=success'UID="root" AUID="unset"
 *   item=0 name="/etc/passwd" … nametype=NORMAL cap_frootid=0OUID="root" OGID="root"
 *
 * Invariants: every call takes at least one byte off the body or returns
 * false; nothing outside of the body is read.
 */
#include "model/fields.h"

#include "base/words.h"

/* Blanks, control bytes (0x1d among them) and NUL part fields. */
static inline bool is_gap(char c)
{
	return (unsigned char)c <= ' ';
}

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* The names that auditd's enrichment writes (audit-userspace src/auditd-event.c: upper-case copies of these fields). */
static const struct span enrichments[] = {
	SPAN("ARCH"),  SPAN("SYSCALL"), SPAN("SADDR"),	 SPAN("UID"),	  SPAN("GID"),	 SPAN("AUID"),
	SPAN("EUID"),  SPAN("EGID"),	SPAN("SUID"),	 SPAN("SGID"),	  SPAN("FSUID"), SPAN("FSGID"),
	SPAN("OUID"),  SPAN("OGID"),	SPAN("IUID"),	 SPAN("IGID"),	  SPAN("ID"),	 SPAN("OAUID"),
	SPAN("SAUID"), SPAN("NEW_GID"), SPAN("OBJ_UID"), SPAN("OBJ_GID"),
};

/* How many bytes at the end of `before` (all that stands in front of a '=') are the name of an enrichment. */
static size_t enrichment_len(struct span before)
{
	size_t longest = 0;

	for (size_t i = 0; i < sizeof(enrichments) / sizeof(*enrichments); i++)
		if (enrichments[i].len > longest && span_ends(before, enrichments[i]))
			longest = enrichments[i].len;
	return longest;
}

/* `value` holds a '=': cuts it in front of an enrichment that stuck to it. At least one byte of it stays taken. */
static struct span cut_enrichment(struct span value)
{
	for (size_t i = 0; i < value.len; i++) {
		size_t equals = i + span_index(span_skip(value, i), '=');
		if (equals == value.len)
			break;
		size_t len = enrichment_len(span_first(value, equals));
		if (len && len < equals)
			return span_first(value, equals - len);
		i = equals;
	}
	return value;
}

/* What rsyslog and a lost quote leave between a value and its enrichment. */
static struct span cut_separator(struct span value)
{
	if (span_ends(value, SPAN("#035")))
		value.len -= 4;
	if (value.len && value.data[value.len - 1] == '\'')
		value.len--;
	return value;
}

/*
 * Value in quotes or braces from p (behind the opening one). What never closes
 * takes all that is left, so that no close is searched for twice.
 */
static const char *take_until(const char *p, const char *close, const char *end, struct field *field)
{
	field->quoted = true;
	field->value = (struct span){ p, (size_t)((close ? close : end) - p) };
	return close ? close + 1 : end;
}

/* msg='…' of user space is always last; programs put text with quotes into it, so only the last quote closes it. */
static const char *take_single_quoted(const char *p, const char *end, struct field *field)
{
	size_t len = (size_t)(end - p);
	const char *close = NULL;

	if (len)
		close = span_equal(field->name, SPAN("msg")) ? memrchr(p, '\'', len) : memchr(p, '\'', len);
	return take_until(p, close, end, field);
}

/* The first gap or '=', or `end`. */
static inline const char *name_end(const char *p, const char *end)
{
	for (; end - p >= 8; p += 8) {
		uint64_t word = word_load(p), found = word_less(word, ' ' + 1) | word_equal(word, '=');
		if (found)
			return p + word_first(found);
	}
	while (p < end && *p != '=' && !is_gap(*p))
		p++;
	return p;
}

static const char *take_plain(const char *p, const char *end, struct field *field)
{
	const char *start = p;
	bool equals = false;

	while ((p = name_end(p, end)) < end && *p == '=') {
		equals = true;
		p++;
	}
	field->quoted = false;
	field->value = (struct span){ start, (size_t)(p - start) };
	if (!equals)
		return p;
	struct span cut = cut_enrichment(field->value);
	if (cut.len == field->value.len)
		return p;
	field->value = cut_separator(cut);
	return start + cut.len;
}

static const char *take_value(const char *p, const char *end, struct field *field)
{
	if (p == end || is_gap(*p)) {
		field->quoted = false;
		field->value = (struct span){ p, 0 };
		return p;
	}
	if (*p == '"')
		return take_until(p + 1, memchr(p + 1, '"', (size_t)(end - p - 1)), end, field);
	if (*p == '\'')
		return take_single_quoted(p + 1, end, field);
	if (*p == '{')
		return take_until(p + 1, memchr(p, '}', (size_t)(end - p)), end, field);
	return take_plain(p, end, field);
}

bool field_next(struct span *body, struct field *field)
{
	const char *p = body->data, *end = p + body->len;

	for (;;) {
		while (p < end && is_gap(*p))
			p++;
		const char *name = p;
		p = name_end(p, end);
		if (p == end) {
			*body = (struct span){ end, 0 };
			return false;
		}
		bool has_name = *p == '=' && p > name;
		if (*p == '=')
			p++;
		if (!has_name)
			continue; /* a word without a value: avc:  denied  { read } for */
		field->name = (struct span){ name, (size_t)(p - 1 - name) };
		if (*name == '#' && span_starts(field->name, SPAN("#035")) && field->name.len > 4)
			field->name = span_skip(field->name, 4);
		p = take_value(p, end, field);
		*body = (struct span){ p, (size_t)(end - p) };
		return true;
	}
}

bool field_find(struct span body, struct span name, struct field *field)
{
	struct field candidate;

	while (field_next(&body, &candidate))
		if (span_equal(candidate.name, name)) {
			*field = candidate;
			return true;
		}
	return false;
}

/* The kernel writes upper-case hex only (hex_asc_upper), so interpreted words such as "cafe" stay text. -1: none. */
static inline int hex_upper(char c)
{
	static const int8_t digits[256] = {
		['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
		['8'] = 9, ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
	};

	return digits[(unsigned char)c] - 1;
}

static bool is_hex_text(struct span s)
{
	if (s.len == 0 || s.len % 2)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (hex_upper(s.data[i]) < 0)
			return false;
	return true;
}

struct span field_text(const struct field *field, struct arena *arena)
{
	struct span value = field->value;

	if (field->quoted)
		return value;
	if (span_equal(value, SPAN("(null)")) || span_equal(value, SPAN("(none)")) || span_equal(value, SPAN("?")))
		return (struct span){ NULL, 0 };
	if (!is_hex_text(value))
		return value;
	char *text = arena_alloc(arena, value.len / 2);
	if (!text)
		return (struct span){ "", 0 };
	for (size_t i = 0; i < value.len / 2; i++)
		text[i] = (char)((unsigned)hex_upper(value.data[2 * i]) << 4 |
				 (unsigned)hex_upper(value.data[2 * i + 1]));
	return (struct span){ text, value.len / 2 };
}

/* A number must end with its value or with punctuation: "600x" is no number. */
static bool number_ends(struct span value, size_t used)
{
	if (used == 0)
		return false;
	if (used == value.len)
		return true;
	unsigned char next = (unsigned char)value.data[used] | 32;
	return !(next >= 'a' && next <= 'z') && !is_digit(value.data[used]) && value.data[used] != '_';
}

bool field_u32(const struct field *field, uint32_t *value)
{
	uint64_t wide;
	size_t used = span_decimal(field->value, &wide);

	if (number_ends(field->value, used) && wide <= UINT32_MAX) {
		*value = (uint32_t)wide;
		return true;
	}
	if (!span_equal(field->value, SPAN("-1")))
		return false;
	*value = UINT32_MAX;
	return true;
}

bool field_i64(const struct field *field, int64_t *value)
{
	bool negative = field->value.len && field->value.data[0] == '-';
	struct span digits = span_skip(field->value, negative);
	uint64_t wide;

	if (!number_ends(digits, span_decimal(digits, &wide)) || wide > (uint64_t)INT64_MAX + negative)
		return false;
	*value = negative ? (int64_t)(0 - wide) : (int64_t)wide;
	return true;
}

bool field_u64_hex(const struct field *field, uint64_t *value)
{
	struct span digits = field->value;
	uint64_t wide;

	if (span_starts(digits, SPAN("0x")) || span_starts(digits, SPAN("0X")))
		digits = span_skip(digits, 2);
	if (!number_ends(digits, span_hex(digits, &wide)))
		return false;
	*value = wide;
	return true;
}

static void add_name(struct buffer *body, const char *name)
{
	if (body->len)
		buffer_add_byte(body, ' ');
	buffer_text(body, name);
	buffer_add_byte(body, '=');
}

/* kernel/audit.c: audit_string_contains_control() */
static bool needs_hex(struct span text)
{
	size_t i = 0;

	for (; text.len - i >= 8; i += 8) {
		uint64_t word = word_load(text.data + i);
		uint64_t found = word_less(word, 0x21) | word_equal(word, '"') | word_equal(word, 0x7f);
		if (found | (word & WORD_ONES << 7))
			return true;
	}
	for (; i < text.len; i++)
		if (text.data[i] == '"' || text.data[i] < 0x21 || text.data[i] > 0x7e)
			return true;
	return false;
}

static void add_hex(struct buffer *body, struct span text)
{
	static const char digits[] = "0123456789ABCDEF";

	if (text.len > SIZE_MAX / 2 || !buffer_reserve(body, text.len * 2))
		return;
	for (size_t i = 0; i < text.len; i++) {
		body->data[body->len++] = digits[(unsigned char)text.data[i] >> 4];
		body->data[body->len++] = digits[(unsigned char)text.data[i] & 15];
	}
}

void field_add_text(struct buffer *body, const char *name, struct span text)
{
	add_name(body, name);
	if (!text.data) {
		buffer_add(body, SPAN("(null)"));
	} else if (needs_hex(text)) {
		add_hex(body, text);
	} else {
		buffer_add_byte(body, '"');
		buffer_add(body, text);
		buffer_add_byte(body, '"');
	}
}

void field_add_plain(struct buffer *body, const char *name, struct span value)
{
	add_name(body, name);
	if (!buffer_reserve(body, value.len))
		return;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];
		/* a brace in front would open a value with blanks in it */
		bool kept = !is_gap(c) && c != '"' && c != '\'' && c != 0x7f && (i || c != '{');
		body->data[body->len++] = kept ? c : '_';
	}
}

void field_add_number(struct buffer *body, const char *name, int64_t value)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	add_name(body, name);
	do
		digits[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		digits[--at] = '-';
	buffer_add(body, (struct span){ digits + at, sizeof(digits) - at });
}
