/* Every JSON dress; and the scanner's two ways through a container must agree, as must its searchers with their twins. */
#include "base/json_marks.h"
#include "base/json_scan.h"
#include "dress_fuzz.h"

static void walk(struct json_scan *scan)
{
	struct json_token token;

	while (json_next(scan, &token))
		if (token.kind >= JSON_ARRAY)
			walk(scan);
}

static void check_marks(struct span input)
{
	const char *end = input.data + input.len;

	if (input.len)
		REQUIRE(json_special(input.data, end) == json_special_plain(input.data, end));
	for (; input.len >= JSON_BLOCK; input = span_skip(input, JSON_BLOCK)) {
		struct json_block block = json_block_at(input.data), plain = json_block_plain(input.data);
		REQUIRE(memcmp(&block, &plain, sizeof(block)) == 0);
	}
}

static void check_scan(struct span input)
{
	struct json_scan step, skip;
	struct json_token a, b;
	struct arena arena;

	arena_init(&arena, 0);
	json_start(&step, input);
	json_start(&skip, input);
	for (;;) {
		bool more = json_next(&step, &a);
		REQUIRE(json_next(&skip, &b) == more);
		if (!more)
			break;
		REQUIRE(a.kind == b.kind && a.text.data == b.text.data);
		struct span text = json_text(&a, &arena);
		REQUIRE(text.len <= a.text.len);
		touch(text);
		if (a.kind < JSON_ARRAY)
			continue;
		walk(&step);
		json_skip(&skip, &b);
		/* what steps through finds well formed, the skip does, too */
		REQUIRE(step.failed || !skip.failed);
		if (step.failed)
			break;
		REQUIRE(step.at == skip.at && b.text.data + b.text.len == step.at);
	}
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = { (const char *)data, size };

	check_marks(input);
	check_scan(input);
	run_dress(decode_json, input);
	return 0;
}
