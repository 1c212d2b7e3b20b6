#include "query/json_auto.h"

#include <limits.h>

#include "query/dynamic.h"
#include "query/json_value.h"

#define WORK_FACTOR 16 /* how often a text is read, at most, in search of JSON */

struct json_auto {
	struct dynamic dynamic;
	struct buffer name; /* of the member at hand, with those of all around it */
	unsigned depth_max;
	bool extract_arrays;
};

/* White space in a name becomes an underscore. */
static char name_byte(char byte)
{
	return (char)(byte == ' ' || (byte >= '\t' && byte <= '\r') ? '_' : byte);
}

static int read_options(struct json_auto *automatic, const struct operator* operator, struct plan * plan)
{
	double depth;

	automatic->depth_max = UINT_MAX;
	for (size_t i = 0; i < operator->option_count; i++) {
		const struct named_expr *option = &operator->options[i];
		automatic->extract_arrays |= span_equal(option->name, SPAN("extractarrays"));
		if (!span_equal(option->name, SPAN("maxdepth")))
			continue;
		if (!option->expr)
			return plan_refuse(plan, &option->place, "a number belongs behind maxdepth");
		int status = plan_constant(plan, option->expr, 1, 1e6, &depth);
		if (status < 0)
			return status;
		automatic->depth_max = (unsigned)depth;
	}
	return 0;
}

int json_auto_create(struct json_auto **to, const struct operator* operator, struct plan * plan)
{
	struct json_auto *automatic = plan_alloc(plan, sizeof(*automatic));

	if (!automatic)
		return -ENOMEM;
	*to = automatic;
	int status = read_options(automatic, operator, plan);
	return status < 0 ? status : dynamic_create(&automatic->dynamic, operator, plan, name_byte);
}

void json_auto_finish(struct json_auto *automatic)
{
	if (automatic)
		buffer_finish(&automatic->name);
}

/* ---- where the JSON is ---- */

/* Reads the JSON that begins at `text`; its length, or 0 when it is none. *read is how much was looked at. */
static size_t read_json(struct span text, size_t *read)
{
	struct json_token token;
	struct json_scan scan;

	json_start(&scan, text);
	bool whole = json_next(&scan, &token) && scan.depth == 1 && json_read_all(&scan, &token);
	*read = (size_t)((whole ? scan.at : scan.stopped) - text.data) + 1;
	return whole ? token.text.len : 0;
}

static bool is_opening(char c)
{
	return c == '{' || c == '[';
}

/* All of the text, or the last whole object in it. */
static bool find_json(struct span text, struct span *json)
{
	struct span whole = span_trim(text);
	uint64_t work = 0;
	size_t len, read;

	*json = whole;
	if (whole.len && is_opening(whole.data[0]) && read_json(whole, &read) == whole.len)
		return true;
	*json = (struct span){ 0 };
	for (size_t at = span_index(text, '{'); at < text.len && work < (uint64_t)text.len * WORK_FACTOR;
	     at += len + span_index(span_skip(text, at + len), '{')) {
		struct span rest = span_skip(text, at);
		len = read_json(rest, &read);
		work += read;
		if (len)
			*json = span_first(rest, len);
		len += !len;
	}
	return json->data;
}

/* ---- what is in it ---- */

static bool is_container(const struct json_token *token)
{
	return token->kind == JSON_OBJECT || token->kind == JSON_ARRAY;
}

/* Whether an array that was just entered holds only what is no container. */
static bool is_flat(const struct json_scan *at)
{
	struct json_scan scan = *at;
	struct json_token token;

	while (json_next(&scan, &token))
		if (is_container(&token))
			return false;
	return true;
}

static bool is_empty(const struct json_scan *at)
{
	struct json_scan scan = *at;
	struct json_token token;

	return !json_next(&scan, &token);
}

static void add_name(struct json_auto *automatic, const struct json_token *member, size_t index, struct row *row)
{
	struct buffer *name = &automatic->name;
	struct json_token key = { .kind = JSON_STRING, .text = member->key };

	if (!member->key.data) {
		buffer_printf(name, "[%zu]", index);
		return;
	}
	if (name->len)
		buffer_add_byte(name, '.');
	size_t start = name->len;
	key.escaped = memchr(key.text.data, '\\', key.text.len);
	buffer_add(name, json_text(&key, &row->arena));
	for (size_t i = start; i < name->len && !name->failed; i++)
		name->data[i] = name_byte(name->data[i]);
}

/* Whether the value becomes a field as it is, rather than what is in it. */
static bool is_leaf(const struct json_auto *automatic, const struct json_scan *scan, const struct json_token *token)
{
	if (!is_container(token))
		return true;
	if (scan->depth > automatic->depth_max || is_empty(scan))
		return true;
	return token->kind == JSON_ARRAY && !automatic->extract_arrays && is_flat(scan);
}

static void take_value(struct json_auto *automatic, struct run *run, struct row *row, const struct json_token *token)
{
	uint32_t slot = dynamic_slot(&automatic->dynamic, run, buffer_span(&automatic->name));

	if (slot != SLOT_NONE)
		row->values[slot] = json_value(token, row);
}

/* The container's members, each behind its name. scan->depth is theirs. */
static void take_members(struct json_auto *automatic, struct run *run, struct row *row, struct json_scan *scan)
{
	size_t around = automatic->name.len;
	struct json_token member;

	for (size_t index = 0; json_next(scan, &member); index++) {
		add_name(automatic, &member, index, row);
		if (is_leaf(automatic, scan, &member)) {
			if (is_container(&member))
				json_skip(scan, &member);
			take_value(automatic, run, row, &member);
		} else {
			take_members(automatic, run, row, scan);
		}
		automatic->name.len = around;
	}
}

void json_auto_take(struct json_auto *automatic, struct run *run, struct row *row, struct span text)
{
	struct json_token root;
	struct json_scan scan;
	struct span json;

	dynamic_start(&automatic->dynamic, run);
	if (!find_json(text, &json))
		return;
	buffer_reset(&automatic->name);
	json_start(&scan, json);
	if (json_next(&scan, &root) && is_container(&root))
		take_members(automatic, run, row, &scan);
}
