#include "query/extract.h"

/* Bytes: 65,536 matches in a message of 64 KiB, 4,096 in one of 1 MiB. */
#define WORK_MAX ((uint64_t)1 << 32)

void extract_create(struct plan *plan, const struct operator* operator, struct extract * extract)
{
	*extract = (struct extract){
		.from = plan_read(plan, operator->expr ? operator->expr->text : SPAN("_raw")),
		.nodrop = operator->nodrop,
		.first = !plan->in_chain,
	};
}

uint32_t *extract_targets(struct plan *plan, const struct operator* operator, size_t count)
{
	uint32_t *slots = plan_alloc(plan, count * sizeof(*slots));

	for (size_t i = 0; slots && i < count; i++)
		slots[i] = plan_write(plan, operator->names[i].name.len ? operator->names[i].name : operator->patterns[i]);
	return slots;
}

bool extract_text(const struct extract *extract, struct row *row, struct span *text)
{
	const struct value *value = &row->values[extract->from];

	*text = row_text(row, value);
	return value->kind != VALUE_NULL;
}

int extract_end(struct stage *stage, struct row *row, const struct extract *extract, bool matched, const char *reason)
{
	if (row->trouble)
		return stage_drop_bad(stage, row);
	return matched || extract->nodrop ? stage_hand_on(stage, row) : stage_drop(stage, row, reason);
}

int extract_end_chained(struct stage *stage, struct row *row, const struct extract *extract, bool matched,
			const char *reason)
{
	bool any = stage_chain(row, extract->first, matched);

	return extract_end(stage, row, extract, any, reason);
}

/* ---- several rows of one ---- */

bool extract_spend(struct row *row, struct span text)
{
	row->work += text.len + 1;
	if (row->work <= WORK_MAX && row->arena.used <= ROW_TEXT_MAX)
		return true;
	row->trouble = "patterns match more often in this message than proctor follows";
	return false;
}

bool extract_rows_begin(struct stage *stage, struct row *row, struct extract_rows *rows, struct span text)
{
	*rows = (struct extract_rows){
		.values = arena_alloc(&row->arena, row->count * sizeof(*rows->values)),
		.count = row->count,
		.chained = row->chained,
		.text = text,
		.flow = FLOW_GO_ON,
	};
	if (!rows->values) {
		rows->flow = stage_no_memory(stage);
		return false;
	}
	memcpy(rows->values, row->values, row->count * sizeof(*rows->values));
	return true;
}

bool extract_rows_next(struct row *row, struct extract_rows *rows)
{
	memcpy(row->values, rows->values, rows->count * sizeof(*rows->values));
	memset(row->values + rows->count, 0, (row->count - rows->count) * sizeof(*row->values));
	row->chained = rows->chained;
	row->trouble = NULL;
	return extract_spend(row, rows->text);
}
