/*
 * What JSON's strings and numbers stand for (RFC 8259, section 7).
 */
#include "base/json_scan.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX at p, or -1. */
static int code_unit(const char *p, const char *end)
{
	int unit = 0;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int digit = hex_digit(p[i]);
		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

static char *put_utf8(char *to, uint32_t code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			*to++ = (char)(0xe0 | code >> 12);
		} else {
			*to++ = (char)(0xf0 | code >> 18);
			*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (code & 0x3f));
	return to;
}

/* One \uXXXX, or two that are a pair, at *p. False when it is none. */
static bool unescape_unit(const char **p, const char *end, char **to)
{
	int unit = code_unit(*p, end);

	if (unit < 0)
		return false;
	*p += 6;
	if (unit < 0xd800 || unit > 0xdfff) {
		*to = put_utf8(*to, (uint32_t)unit);
		return true;
	}
	int low = unit < 0xdc00 ? code_unit(*p, end) : -1;
	if (low >= 0xdc00 && low <= 0xdfff) {
		*p += 6;
		*to = put_utf8(*to, 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
	} else if (unit >= 0xdc80 && unit <= 0xdcff) {
		*(*to)++ = (char)(unit - 0xdc00);
	} else {
		*to = put_utf8(*to, 0xfffd);
	}
	return true;
}

static char simple_escape(char c)
{
	switch (c) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case '"':
	case '\\':
	case '/':
		return c;
	}
	return 0;
}

/* Never longer than what was written: the shortest escape that makes n bytes has at least n. */
static size_t unescape(struct span text, char *room)
{
	const char *p = text.data, *end = p + text.len;
	char *to = room;

	while (p < end) {
		const char *backslash = memchr(p, '\\', (size_t)(end - p));
		size_t plain = (size_t)((backslash ? backslash : end) - p);
		memcpy(to, p, plain);
		to += plain;
		p += plain;
		if (p == end)
			break;
		char simple = end - p >= 2 ? simple_escape(p[1]) : 0;
		if (simple) {
			*to++ = simple;
			p += 2;
		} else if (!unescape_unit(&p, end, &to)) {
			*to++ = *p++;
		}
	}
	return (size_t)(to - room);
}

struct span json_text(const struct json_token *token, struct arena *arena)
{
	if (token->kind == JSON_NULL)
		return (struct span){ NULL, 0 };
	if (!token->escaped)
		return token->text;
	char *room = arena_alloc(arena, token->text.len);
	if (!room)
		return (struct span){ "", 0 };
	return (struct span){ room, unescape(token->text, room) };
}

bool json_u64(const struct json_token *token, uint64_t *value)
{
	uint64_t wide;

	if (token->kind != JSON_NUMBER && token->kind != JSON_STRING)
		return false;
	if (token->text.len == 0 || span_decimal(token->text, &wide) != token->text.len)
		return false;
	*value = wide;
	return true;
}
