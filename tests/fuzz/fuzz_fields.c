/* model/fields.c: any bytes are some fields, inside of the body; what the writer wrote, the reader reads. */
#include <stdlib.h>

#include "model/fields.h"
#include "model/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void read_all(struct span body, struct arena *arena)
{
	const char *begin = body.data, *end = body.data + body.len;
	struct field field;
	uint32_t u32;
	int64_t i64;
	uint64_t u64;

	for (size_t before = body.len; field_next(&body, &field); before = body.len) {
		require(body.len < before && body.data + body.len == end);
		require(field.name.len > 0 && field.name.data >= begin && field.name.data + field.name.len <= end);
		require(field.value.data >= begin && field.value.data + field.value.len <= end);
		struct span text = field_text(&field, arena);
		require(text.len <= field.value.len);
		if (field_u32(&field, &u32) && field_i64(&field, &i64))
			require(i64 == -1 ? u32 == UINT32_MAX : (uint64_t)i64 == u32);
		(void)field_u64_hex(&field, &u64);
		uint16_t type = record_type_of(field.value);
		require(!record_type_name(type) || record_type_of(span_of(record_type_name(type))) == type);
	}
	require(body.len == 0);
}

static void write_and_read(struct span text, struct arena *arena)
{
	struct buffer body = { 0 };
	struct field field;

	field_add_plain(&body, "plain", text);
	field_add_text(&body, "text", text);
	field_add_number(&body, "number", (int64_t)text.len);
	require(field_find(buffer_span(&body), SPAN("text"), &field));
	require(span_equal(field_text(&field, arena), text));
	require(field_find(buffer_span(&body), SPAN("number"), &field));
	buffer_finish(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct arena arena;

	arena_init(&arena, 0);
	read_all(text, &arena);
	if (size && !memchr(data, '=', size))
		write_and_read(text, &arena);
	arena_finish(&arena);
	return 0;
}
