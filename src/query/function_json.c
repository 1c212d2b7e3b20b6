#include "base/json_scan.h"
#include "query/functions.h"

/* Stands before the first element. False when the text is no array. */
static bool enter_array(struct json_scan *scan, struct span text)
{
	struct json_token token;

	json_start(scan, text);
	return json_next(scan, &token) && token.kind == JSON_ARRAY;
}

void run_json_array_size(const struct node *node, struct row *row, struct value *result)
{
	struct json_scan scan;
	struct json_token token;
	struct span text;
	uint64_t size = 0;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text) || !enter_array(&scan, text))
		return;
	for (; json_next(&scan, &token); size++)
		if (token.kind == JSON_ARRAY || token.kind == JSON_OBJECT)
			json_skip(&scan, &token);
	if (!scan.failed)
		*result = value_number((double)size);
}

void run_json_array_contains(const struct node *node, struct row *row, struct value *result)
{
	struct json_scan scan;
	struct json_token token;
	struct span text, sought;
	bool found = false;

	*result = value_bool(false);
	if (!argument_text(node, 0, row, &text) || !argument_text(node, 1, row, &sought) || !enter_array(&scan, text))
		return;
	while (!found && json_next(&scan, &token)) {
		if (token.kind == JSON_ARRAY || token.kind == JSON_OBJECT)
			json_skip(&scan, &token);
		else
			found = span_equal(json_text(&token, &row->arena), sought);
	}
	*result = value_bool(found);
}
