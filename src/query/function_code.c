/* Base64 and the encoding of URLs. Null in, null out; what is not encoded stays as it is. */
#include "query/charset.h"
#include "query/function_runs.h"

/* ---- URLs, as java.net.URLEncoder has them ---- */

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c && strchr(".-*_", c));
}

void run_url_encode(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	size_t len = 0;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	for (size_t i = 0; i < text.len; i++)
		len += is_plain(text.data[i]) || text.data[i] == ' ' ? 1 : 3;
	char *to = result_room(row, len, result);
	for (size_t i = 0; i < text.len && to; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (is_plain((char)c) || c == ' ') {
			*to++ = c == ' ' ? '+' : (char)c;
			continue;
		}
		*to++ = '%';
		*to++ = "0123456789ABCDEF"[c >> 4];
		*to++ = "0123456789ABCDEF"[c & 0xF];
	}
}

/* A % without two hexadecimal digits behind it stays. */
void run_url_decode(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	size_t len = 0;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	char *to = result_room(row, text.len, result);
	for (size_t i = 0; i < text.len && to; i++) {
		uint64_t byte;
		if (text.data[i] == '%' && i + 2 < text.len &&
		    span_hex((struct span){ text.data + i + 1, 2 }, &byte) == 2) {
			to[len++] = (char)byte;
			i += 2;
		} else {
			to[len++] = text.data[i] == '+' ? ' ' : text.data[i];
		}
	}
	result->text.len = len;
}

/* ---- Base64 ---- */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void run_base64_encode(const struct node *node, struct row *row, struct value *result)
{
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	char *to = result_room(row, (text.len + 2) / 3 * 4, result);
	for (size_t i = 0; i < text.len && to; i += 3) {
		uint32_t bits = 0;
		size_t taken = text.len - i < 3 ? text.len - i : 3;
		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < taken ? (unsigned char)text.data[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			*to++ = j <= taken ? alphabet[bits >> (18 - 6 * j) & 0x3F] : '=';
	}
}

/* Of the alphabet for URLs, too; -1 when it is none. */
static int sextet_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* Padding may be missing, white space stand anywhere. False when it is no Base64. */
static bool decode(struct span text, char *to, size_t *len)
{
	size_t count = 0, padding = 0;
	uint32_t bits = 0;

	*len = 0;
	for (size_t i = 0; i < text.len; i++) {
		int sextet = sextet_of(text.data[i]);
		if (text.data[i] == '=')
			padding++;
		else if (sextet >= 0 && padding == 0)
			bits = bits << 6 | (unsigned)sextet;
		else if (!strchr(" \t\r\n", text.data[i]) || text.data[i] == '\0')
			return false;
		if (sextet >= 0 && count++ % 4)
			to[(*len)++] = (char)(bits >> (6 - 2 * ((count - 1) % 4)));
	}
	return count % 4 != 1 && padding <= 2 && (padding == 0 || (count + padding) % 4 == 0);
}

int prepare_base64_decode(struct node *node, struct plan *plan, const struct expr *call)
{
	const struct expr *encoding = call->child_count > 1 ? call->children[1] : NULL;

	node->prepared = charset_find(encoding && encoding->kind == EXPR_STRING ? encoding->text : SPAN("UTF-8"));
	if (node->prepared && (!encoding || encoding->kind == EXPR_STRING))
		return 0;
	return plan_refuse(plan, &encoding->place,
			   "the encoding is one of \"US-ASCII\", \"UTF-8\", \"UTF-16\", \"UTF-16BE\", \"UTF-16LE\", "
			   "\"UTF-32\", \"UTF-32BE\", \"UTF-32LE\"");
}

/* What is no Base64 comes back as it is. */
void run_base64_decode(const struct node *node, struct row *row, struct value *result)
{
	struct span text;
	size_t len;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	char *bytes = row_room(row, text.len / 4 * 3 + 3);
	if (!bytes)
		return;
	*result = value_text(text);
	if (decode(text, bytes, &len))
		*result = charset_to_text(node->prepared, (struct span){ bytes, len }, row);
}
