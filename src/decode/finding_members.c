#include "decode/finding_parts.h"

#include <limits.h>

#include "decode/dress.h"

static bool is_hex(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!((text.data[i] >= '0' && text.data[i] <= '9') || (text.data[i] >= 'a' && text.data[i] <= 'f')))
			return false;
	return true;
}

static void take_word(char *word, const struct json_token *token)
{
	if (token->kind != JSON_STRING || token->text.len != 16 || !is_hex(token->text))
		return;
	memcpy(word, token->text.data, 16);
	word[16] = 0;
}

static void take_number(unsigned *number, const struct json_token *token)
{
	uint64_t value;

	if (json_u64(token, &value))
		*number = value < INT_MAX ? (unsigned)value : INT_MAX;
}

static void take_member(const struct member *member, void *into, struct json_scan *scan, struct json_token *token,
			struct arena *arena)
{
	char *at = (char *)into + member->offset;
	int64_t time_ms;
	uint64_t value;

	switch (member->kind) {
	case MEMBER_TEXT:
		if (token->kind == JSON_STRING)
			*(struct span *)(void *)at = json_text(token, arena);
		break;
	case MEMBER_ID:
		if (json_u64(token, &value))
			*(uint64_t *)(void *)at = value;
		break;
	case MEMBER_NUMBER:
		take_number((unsigned *)(void *)at, token);
		break;
	case MEMBER_FLAG:
		*(bool *)at = token->kind == JSON_TRUE;
		break;
	case MEMBER_TIME:
		if (token->kind == JSON_STRING && stamp_iso(token->text, &time_ms))
			*(int64_t *)(void *)at = time_ms;
		break;
	case MEMBER_WORD:
		take_word(at, token);
		break;
	case MEMBER_OTHER:
		member->read(at, scan, token, arena);
		return; /* it leaves containers itself */
	}
	if (token->kind == JSON_OBJECT || token->kind == JSON_ARRAY)
		json_skip(scan, token);
}

void members_read(const struct member *members, size_t count, void *into, struct json_scan *scan, struct arena *arena)
{
	struct json_token token;

	while (json_next(scan, &token)) {
		size_t i = 0;
		while (i < count && !span_equal(token.key, span_of(members[i].name)))
			i++;
		if (i < count)
			take_member(&members[i], into, scan, &token, arena);
		else if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY)
			json_skip(scan, &token);
	}
}

static size_t count_items(struct json_scan scan, size_t max)
{
	struct json_token token;
	size_t count = 0;

	while (count < max && json_next(&scan, &token)) {
		count++;
		if (token.kind == JSON_OBJECT || token.kind == JSON_ARRAY)
			json_skip(&scan, &token);
	}
	return count;
}

size_t members_texts(struct json_scan *scan, struct json_token *token, struct arena *arena, size_t max,
		     struct span **texts)
{
	size_t count = 0, room;

	if (token->kind == JSON_OBJECT)
		json_skip(scan, token);
	if (token->kind != JSON_ARRAY)
		return 0;
	room = count_items(*scan, max);
	*texts = room ? arena_alloc(arena, room * sizeof(**texts)) : NULL;
	while (json_next(scan, token)) {
		if (token->kind == JSON_STRING && *texts && count < room)
			(*texts)[count++] = json_text(token, arena);
		else if (token->kind == JSON_OBJECT || token->kind == JSON_ARRAY)
			json_skip(scan, token);
	}
	return count;
}
