/*
 * The reverse of audit-userspace's auparse/interpret.c, for the fields that
 * later stages read: `mode=file,600` was 0100600, `a0=AT_FDCWD` ffffff9c,
 * `exit=EACCES(Permission denied)` -13, `uid=unknown(60001)` 60001. Names of
 * users other than root stay names: their numbers are not in the log.
 */
#include "decode/interpret.h"

#include "decode/canonical.h"
#include "decode/names.h"
#include "model/fields.h"
#include "model/record.h"

struct word {
	struct span name;
	uint64_t value;
};

static const struct word words[] = {
#define X(name, value) { SPAN(#name), value },
#include "decode/interpreted.def"
#undef X
};

static bool word_value(struct span word, uint64_t *value)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (span_equal(word, words[i].name)) {
			*value = words[i].value;
			return true;
		}
	return false;
}

/* With '-' or '0' in front of the digits, or '\0' for neither. */
static void add_number(struct buffer *body, struct span name, char prefix, uint64_t value, unsigned base)
{
	char text[32];
	size_t at = sizeof(text);

	do
		text[--at] = "0123456789abcdef"[value % base];
	while (value /= base);
	if (prefix)
		text[--at] = prefix;
	canonical_add(body, name, (struct span){ text + at, sizeof(text) - at });
}

/* "unknown-ptrace(0x420f)", "unknown(60001)", "(null)(Unknown error 512)": the number at the end of the brackets. */
static bool bracketed_number(struct span value, uint64_t *number)
{
	if (!span_ends(value, SPAN(")")) || span_find(value, SPAN("nknown")) == value.len)
		return false;
	value.len--;
	size_t open = 0;
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] == '(' || value.data[i] == ' ')
			open = i + 1;
	value = span_skip(value, open);
	if (span_starts(value, SPAN("0x")))
		return value.len > 2 && span_hex(span_skip(value, 2), number) == value.len - 2;
	return value.len && span_decimal(value, number) == value.len;
}

/* O_RDONLY|O_PATH, 0x3, 0600 (octal), AT_FDCWD. */
static bool argument_value(struct span value, uint64_t *number)
{
	uint64_t all = 0, part;

	if (bracketed_number(value, number))
		return true;
	while (value.len) {
		size_t bar = span_index(value, '|');
		struct span word = span_first(value, bar);
		value = span_skip(value, bar + 1);
		if (span_starts(word, SPAN("0x"))) {
			if (word.len == 2 || span_hex(span_skip(word, 2), &part) != word.len - 2)
				return false;
		} else if (word.len && word.data[0] == '0') {
			part = 0;
			for (size_t i = 0; i < word.len; i++) {
				if (word.data[i] < '0' || word.data[i] > '7' || i > 20)
					return false;
				part = part << 3 | (unsigned)(word.data[i] - '0');
			}
		} else if (!word_value(word, &part)) {
			return false;
		}
		all |= part;
	}
	*number = all;
	return true;
}

static void interpret_argument(struct span name, struct span value, struct buffer *body)
{
	uint64_t number;

	if (span_equal(value, SPAN("root")))
		number = 0;
	else if (span_equal(value, SPAN("unset")))
		number = UINT32_MAX;
	else if (!argument_value(value, &number)) {
		canonical_add(body, name, value);
		return;
	}
	add_number(body, name, '\0', number, 16);
}

static void interpret_exit(struct span name, struct span value, struct buffer *body)
{
	size_t bracket = span_index(value, '(');
	int error = names_errno(span_first(value, bracket));
	uint64_t number;

	if (error > 0)
		add_number(body, name, '-', (uint64_t)error, 10);
	else if (bracketed_number(value, &number))
		add_number(body, name, '-', number, 10);
	else if (span_starts(value, SPAN("0x")) && value.len > 2 &&
		 span_hex(span_skip(value, 2), &number) == value.len - 2)
		add_number(body, name, '\0', number, 10);
	else
		canonical_add(body, name, value);
}

/* "file,600", "dir,sticky,730", "character,620" */
static bool mode_value(struct span value, uint64_t *mode)
{
	static const struct word parts[] = {
		{ SPAN("file"), 0100000 },   { SPAN("dir"), 040000 },  { SPAN("character"), 020000 },
		{ SPAN("block"), 060000 },   { SPAN("fifo"), 010000 }, { SPAN("link"), 0120000 },
		{ SPAN("socket"), 0140000 }, { SPAN("suid"), 04000 },  { SPAN("sgid"), 02000 },
		{ SPAN("sticky"), 01000 },
	};

	for (*mode = 0; value.len;) {
		size_t comma = span_index(value, ','), i = 0;
		struct span part = span_first(value, comma);
		value = span_skip(value, comma + 1);
		while (i < sizeof(parts) / sizeof(*parts) && !span_equal(part, parts[i].name))
			i++;
		if (i < sizeof(parts) / sizeof(*parts)) {
			*mode |= parts[i].value;
			continue;
		}
		uint64_t bits = 0;
		for (size_t k = 0; k < part.len; k++) {
			if (part.data[k] < '0' || part.data[k] > '7' || k > 7)
				return false;
			bits = bits << 3 | (unsigned)(part.data[k] - '0');
		}
		*mode |= bits;
	}
	return true;
}

static bool is_user_name(struct span name)
{
	static const struct span names[] = {
		SPAN("uid"),  SPAN("gid"),   SPAN("auid"),     SPAN("euid"),	SPAN("egid"),
		SPAN("suid"), SPAN("sgid"),  SPAN("fsuid"),    SPAN("fsgid"),	SPAN("ouid"),
		SPAN("ogid"), SPAN("oauid"), SPAN("iuid"),     SPAN("igid"),	SPAN("sauid"),
		SPAN("ses"),  SPAN("oses"),  SPAN("old-auid"), SPAN("old-ses"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal(name, names[i]))
			return true;
	return false;
}

static void interpret_user(struct span name, struct span value, struct buffer *body)
{
	uint64_t number;

	if (span_equal(value, SPAN("root")))
		add_number(body, name, '\0', 0, 10);
	else if (span_equal(value, SPAN("unset")))
		add_number(body, name, '\0', UINT32_MAX, 10);
	else if (bracketed_number(value, &number))
		add_number(body, name, '\0', number, 10);
	else
		canonical_add(body, name, value);
}

static void interpret_syscall(const struct interpretation *context, struct span name, struct span value,
			      struct buffer *body)
{
	int number = context->arch ? names_syscall(value, context->arch) : -1;
	uint64_t told;

	if (number >= 0)
		add_number(body, name, '\0', (uint64_t)number, 10);
	else if (bracketed_number(value, &told))
		add_number(body, name, '\0', told, 10);
	else
		canonical_add(body, name, value);
}

static void interpret_arch(struct interpretation *context, struct span name, struct span value, struct buffer *body)
{
	context->arch = names_arch(value);
	if (context->arch)
		add_number(body, name, '\0', context->arch, 16);
	else
		canonical_add(body, name, value);
}

static bool is_argument(struct span name)
{
	return name.len == 2 && name.data[0] == 'a' && name.data[1] >= '0' && name.data[1] <= '3';
}

void interpret_field(struct interpretation *context, struct span name, struct span value, struct buffer *body)
{
	uint64_t number;

	if (span_equal(value, SPAN("(null)")))
		canonical_add(body, name, (struct span){ NULL, 0 });
	else if (context->type == AUDIT_TYPE_EXECVE && name.data[0] == 'a' && !span_equal(name, SPAN("argc")))
		canonical_add_text(body, name, value);
	else if (span_equal(name, SPAN("msg")) && span_starts(value, SPAN("'")))
		buffer_add(body, SPAN(" msg=")), buffer_add(body, value);
	else if (context->type == AUDIT_TYPE_SYSCALL && is_argument(name))
		interpret_argument(name, value, body);
	else if (span_equal(name, SPAN("exit")))
		interpret_exit(name, value, body);
	else if (span_equal(name, SPAN("oflag")) && argument_value(value, &number))
		add_number(body, name, '0', number, 8);
	else if (span_equal(name, SPAN("resolve")) && argument_value(value, &number))
		add_number(body, name, '\0', number, 16);
	else if (span_equal(name, SPAN("mode")) && mode_value(value, &number))
		add_number(body, name, '0', number, 8);
	else if (is_user_name(name))
		interpret_user(name, value, body);
	else if (span_equal(name, SPAN("syscall")))
		interpret_syscall(context, name, value, body);
	else if (span_equal(name, SPAN("arch")))
		interpret_arch(context, name, value, body);
	else
		canonical_add(body, name, value);
}
