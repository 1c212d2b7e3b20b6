/*
 * Defender rows in JSON: the columns as members (API, Sentinel, data frames),
 * or under "properties" beside the table's name (streaming API):
 *
 *   {"time":"…","category":"AdvancedHunting-DeviceFileEvents","properties":{"DeviceName":"web1",…}}
 */
#include "decode/json.h"

#include "base/json_scan.h"

#define COLUMNS_MAX 160 /* the widest table has about 90; what is too many is let go */

struct members {
	struct member {
		struct span name, value;
	} items[COLUMNS_MAX];
	size_t count;
};

static struct span find(const void *row, struct span name)
{
	const struct members *members = row;

	for (size_t i = 0; i < members->count; i++)
		if (span_equal(members->items[i].name, name))
			return members->items[i].value;
	return (struct span){ NULL, 0 };
}

static void read_members(struct json_scan *scan, struct members *members, struct arena *arena, bool outermost)
{
	struct json_token token;

	while (json_next(scan, &token)) {
		if (outermost && token.kind == JSON_OBJECT && span_equal(token.key, SPAN("properties"))) {
			read_members(scan, members, arena, false);
			continue;
		}
		if (token.kind >= JSON_ARRAY)
			json_skip(scan, &token);
		else if (token.kind != JSON_NULL && members->count < COLUMNS_MAX)
			members->items[members->count++] = (struct member){ token.key, json_text(&token, arena) };
	}
}

enum dress_result defender_json_decode(const struct document *document, struct queue *queue)
{
	struct members members = { .count = 0 };
	struct defender_row row = { find, &members };
	struct json_scan scan;
	struct json_token token;

	json_start(&scan, document->text);
	if (!json_next(&scan, &token) || token.kind != JSON_OBJECT)
		return DRESS_BROKEN;
	read_members(&scan, &members, &queue->arena, true);
	return scan.failed ? DRESS_BROKEN : decode_defender(document, &row, queue);
}
