#include "query/keeper.h"

static size_t slot_count(const struct keeper *keeper)
{
	return keeper->open ? keeper->fields->count : keeper->count;
}

static uint32_t slot_at(const struct keeper *keeper, size_t i)
{
	return keeper->open ? (uint32_t)i : keeper->slots[i];
}

size_t keeper_size(const struct keeper *keeper, const struct row *row)
{
	size_t count = slot_count(keeper), size = sizeof(struct kept_row) + count * sizeof(struct value);

	for (size_t i = 0; i < count; i++) {
		const struct value *value = &row->values[slot_at(keeper, i)];
		size += value->kind == VALUE_TEXT ? value->text.len : 0;
	}
	return size;
}

struct kept_row *keeper_put(const struct keeper *keeper, const struct row *row, void *memory)
{
	struct kept_row *kept = memory;
	char *text;

	kept->count = (uint32_t)slot_count(keeper);
	text = (char *)(kept->values + kept->count);
	for (size_t i = 0; i < kept->count; i++) {
		struct value *value = &kept->values[i];
		*value = row->values[slot_at(keeper, i)];
		if (value->kind != VALUE_TEXT || value->text.len == 0)
			continue;
		memcpy(text, value->text.data, value->text.len);
		value->text.data = text;
		text += value->text.len;
	}
	return kept;
}

void keeper_restore(const struct keeper *keeper, struct row *row, const struct kept_row *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		row->values[slot_at(keeper, i)] = kept->values[i];
}

struct value keeper_value(const struct keeper *keeper, const struct kept_row *kept, uint32_t slot)
{
	for (size_t i = 0; i < kept->count; i++)
		if (slot_at(keeper, i) == slot)
			return kept->values[i];
	return VALUE_OF_NULL;
}
