/* JSON arrays as values of fields. */
#include "base/json_scan.h"
#include "query/function_runs.h"

/* Whether the text is an array, of which the elements are to be read next. */
static bool enter_array(struct json_scan *scan, struct span text)
{
	struct json_token token;

	json_start(scan, text);
	return json_next(scan, &token) && token.kind == JSON_ARRAY;
}

static void skip_element(struct json_scan *scan, struct json_token *token)
{
	if (token->kind == JSON_ARRAY || token->kind == JSON_OBJECT)
		json_skip(scan, token);
}

/* False, too, for what is no array. */
void run_json_array_contains(const struct node *node, struct row *row, struct value *result)
{
	struct span text, sought;
	struct json_token token;
	struct json_scan scan;
	bool found = false;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text) || !argument_text(node, 1, row, &sought))
		return;
	if (!enter_array(&scan, text))
		scan.failed = true;
	while (!scan.failed && !found && json_next(&scan, &token)) {
		skip_element(&scan, &token);
		found = token.kind != JSON_NULL && span_equal(json_text(&token, &row->arena), sought);
	}
	*result = value_bool(found && !scan.failed);
}

/* -1 for null, null for what is no array. */
void run_json_array_size(const struct node *node, struct row *row, struct value *result)
{
	struct json_token token;
	struct json_scan scan;
	uint64_t count = 0;
	struct span text;

	*result = value_number(-1);
	if (!argument_text(node, 0, row, &text))
		return;
	*result = VALUE_OF_NULL;
	if (!enter_array(&scan, text))
		return;
	while (json_next(&scan, &token)) {
		skip_element(&scan, &token);
		count++;
	}
	if (!scan.failed)
		*result = value_number((double)count);
}
