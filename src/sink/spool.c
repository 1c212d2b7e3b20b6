/*
 *   block:  [record][record]…[record]   free   [order]
 *           0                    used ▲      ▲ size - 4 * count
 *
 * Records grow up from the front, their offsets down from the back. Full
 * means: sort, then write as a run, or, where a limit makes most of it
 * needless, keep the best and go on.
 */
#include "sink/spool_parts.h"

#include <inttypes.h>
#include <stdlib.h>

#define MEMORY_DEFAULT (16u << 20)
#define MEMORY_MIN (64u << 10)
#define SCRATCH_KEPT (1u << 20)

int spool_order_from_name(const char *name)
{
	static const char *const names[] = {
		[SPOOL_BY_TIME] = "time",
		[SPOOL_BY_RISK] = "risk",
		[SPOOL_BY_SCORE] = "score",
		[SPOOL_BY_COUNT] = "count",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

struct spool *spool_create(const struct spool_options *options, struct err *err)
{
	struct spool *spool = calloc(1, sizeof(*spool));

	if (!spool)
		goto out;
	spool->options = *options;
	if (spool->options.memory == 0)
		spool->options.memory = MEMORY_DEFAULT;
	if (spool->options.memory < MEMORY_MIN)
		spool->options.memory = MEMORY_MIN;
	spool->size = spool->options.memory / 4 * 3 & ~(size_t)7; /* the rest is for the merge */
	if (spool->size / 8 > UINT32_MAX)
		spool->size = (size_t)UINT32_MAX * 8;
	spool->block = malloc(spool->size);
	spool->runs = runs_create(options->directory);
	if (spool->block && spool->runs)
		return spool;
out:
	spool_destroy(spool);
	err_set(err, -ENOMEM, "memory is out while the room for findings is made");
	return NULL;
}

void spool_destroy(struct spool *spool)
{
	if (!spool)
		return;
	merge_destroy(spool->merge);
	runs_destroy(spool->runs);
	buffer_finish(&spool->scratch);
	free(spool->raw);
	free(spool->block);
	free(spool);
}

void spool_clear(struct spool *spool)
{
	runs_clear(spool->runs);
	spool->used = spool->count = 0;
	spool->taken = spool->refused = 0;
	spool->full = 0;
}

/* ---- keys: ascending, from the most to the least ---- */

static uint64_t time_key(int64_t time_ms)
{
	return ~((uint64_t)time_ms ^ UINT64_C(1) << 63); /* TIME_UNKNOWN comes last */
}

static uint64_t first_key(const struct spool_place *place, enum spool_order order)
{
	switch (order) {
	case SPOOL_BY_TIME:
		break;
	case SPOOL_BY_RISK:
		return ~((uint64_t)place->risk << 32 | place->score);
	case SPOOL_BY_SCORE:
		return ~((uint64_t)place->score << 32 | place->risk);
	case SPOOL_BY_COUNT:
		return ~place->count;
	}
	return 0;
}

void spool_keys(enum spool_order order, const struct spool_place *place, uint64_t keys[SPOOL_KEYS])
{
	keys[0] = first_key(place, order);
	keys[1] = time_key(place->time_ms);
	keys[2] = 0;
}

static struct spool_place place_of(const struct finding *finding)
{
	const struct access *access = &finding->access;

	return (struct spool_place){
		.lineage = access->lineage,
		.serial = access->serial,
		.count = finding->count,
		.first_ms = finding->first_ms,
		.time_ms = access->time_ms,
		.risk = (uint8_t)finding->risk,
		.score = (uint8_t)finding->score,
		.entry = (uint8_t)access->entry,
	};
}

/* Packs the finding as a whole record into scratch. */
static bool make_record(struct spool *spool, const struct finding *finding)
{
	struct record_head head = {
		.raw_count = finding->access.raw_count,
		.place = place_of(finding),
	};
	struct buffer *to = &spool->scratch;

	spool_keys(spool->options.order, &head.place, head.keys);
	memcpy(head.id, finding->id, sizeof(head.id));
	buffer_reset(to);
	buffer_add(to, (struct span){ (const char *)&head, sizeof(head) });
	finding_pack(finding, to);
	if (to->failed)
		return false;
	head.len = to->len - sizeof(head);
	memcpy(to->data, &head, sizeof(head));
	while (to->len % 8)
		buffer_add_byte(to, 0);
	return !to->failed;
}

/* ---- the block ---- */

uint32_t *spool_order(const struct spool *spool)
{
	return (uint32_t *)(void *)(spool->block + spool->size) - spool->count;
}

struct record_block spool_block(const struct spool *spool)
{
	return (struct record_block){ spool->block, spool_order(spool), spool->count };
}

static bool fits(const struct spool *spool, size_t len)
{
	return len + sizeof(uint32_t) <= spool->size - spool->used - spool->count * sizeof(uint32_t);
}

int record_compare_at(const void *a, const void *b, void *block)
{
	const char *data = block;
	size_t at_a = (size_t) * (const uint32_t *)a * 8, at_b = (size_t) * (const uint32_t *)b * 8;

	return record_compare((const struct record_head *)(const void *)(data + at_a),
			      (const struct record_head *)(const void *)(data + at_b));
}

static void sort_block(struct spool *spool)
{
	qsort_r(spool_order(spool), spool->count, sizeof(uint32_t), record_compare_at, spool->block);
}

static int compare_offsets(const void *a, const void *b)
{
	uint32_t at_a = *(const uint32_t *)a, at_b = *(const uint32_t *)b;

	return at_a < at_b ? -1 : at_a > at_b;
}

/* Keeps the first `limit` of a sorted block and closes the gaps between them. */
static void keep_best(struct spool *spool)
{
	uint32_t *order = spool_order(spool);
	size_t keep = (size_t)spool->options.limit, used = 0;

	memmove(order + spool->count - keep, order, keep * sizeof(*order));
	spool->count = keep;
	order = spool_order(spool);
	qsort(order, keep, sizeof(*order), compare_offsets);
	for (size_t i = 0; i < keep; i++) {
		char *record = spool->block + (size_t)order[i] * 8;
		size_t len = record_size((const struct record_head *)(const void *)record);
		memmove(spool->block + used, record, len);
		order[i] = (uint32_t)(used / 8);
		used += len;
	}
	spool->used = used;
}

/* Makes room in a full block. 0, or the negative errno of the file. */
static int make_room(struct spool *spool)
{
	if (spool->count == 0 || spool->full)
		return spool->full;
	sort_block(spool);
	if (spool->options.limit && spool->count > spool->options.limit) {
		keep_best(spool);
		if (spool->used <= spool->size / 2)
			return 0;
		sort_block(spool);
	}
	struct record_block block = spool_block(spool);
	spool->full = runs_write(spool->runs, &block);
	if (!spool->full)
		spool->used = spool->count = 0;
	return spool->full;
}

static int refuse(struct spool *spool, int status, struct err *err)
{
	spool->refused++;
	return err_set(err, status,
		       "more findings than memory holds, and they cannot be spilled to a file: %s; "
		       "set TMPDIR to a directory with room, or narrow the search",
		       strerror(-status));
}

static void take_record(struct spool *spool)
{
	memcpy(spool->block + spool->used, spool->scratch.data, spool->scratch.len);
	spool_order(spool)[-1] = (uint32_t)(spool->used / 8);
	spool->used += spool->scratch.len;
	spool->count++;
}

/* A finding larger than the block is a run of its own. */
static int take_huge(struct spool *spool)
{
	const uint32_t order = 0;
	struct record_block block = { spool->scratch.data, &order, 1 };

	return spool->full ? spool->full : runs_write(spool->runs, &block);
}

int spool_add(struct spool *spool, const struct finding *finding, struct err *err)
{
	int status = make_record(spool, finding) ? 0 : -ENOMEM;
	size_t len = spool->scratch.len;

	if (!status && !fits(spool, len))
		status = make_room(spool);
	if (!status && fits(spool, len))
		take_record(spool);
	else if (!status)
		status = take_huge(spool);
	if (spool->scratch.capacity > SCRATCH_KEPT)
		buffer_finish(&spool->scratch);
	if (status)
		return refuse(spool, status, err);
	spool->taken++;
	return 0;
}

int spool_sort(struct spool *spool, struct err *err)
{
	sort_block(spool);
	return spool_begin(spool, err);
}

int spool_begin(struct spool *spool, struct err *err)
{
	int status;

	spool->next = 0;
	spool->handed_out = 0;
	merge_destroy(spool->merge);
	spool->merge = NULL;
	if (runs_count(spool->runs) == 0)
		return 0;
	struct record_block block = spool_block(spool);
	spool->merge = merge_create(spool->runs, &block, spool->options.memory / 4, &status);
	return status ? err_set(err, status, "cannot read the spilled findings back: %s", strerror(-status)) : 0;
}

static int next_record(struct spool *spool, const struct record_head **record)
{
	struct record_block block = spool_block(spool);

	if (spool->options.limit && spool->handed_out == spool->options.limit)
		return 0;
	if (spool->merge)
		return merge_next(spool->merge, record);
	if (spool->next == spool->count)
		return 0;
	*record = block_record(&block, spool->next++);
	return 1;
}

bool spool_reserve_raw(struct spool *spool, uint64_t count)
{
	if (count <= spool->raw_capacity)
		return true;
	struct span *raw = reallocarray(spool->raw, count, sizeof(*raw));
	if (!raw)
		return false;
	spool->raw = raw;
	spool->raw_capacity = count;
	return true;
}

int spool_next(struct spool *spool, struct finding *finding, struct err *err)
{
	const struct record_head *record;
	int status = next_record(spool, &record);

	if (status == 0)
		return 0;
	if (status > 0 && !spool_reserve_raw(spool, record->raw_count))
		status = -ENOMEM;
	if (status > 0 && finding_unpack(finding, (struct span){ (const char *)(record + 1), record->len }, spool->raw,
					 spool->raw_capacity) != record->len)
		status = -EIO;
	if (status < 0)
		return err_set(err, status, "cannot read the spilled findings back: %s", strerror(-status));
	spool->handed_out++;
	return 1;
}

uint64_t spool_count(const struct spool *spool)
{
	return spool->taken;
}

uint64_t spool_refused(const struct spool *spool)
{
	return spool->refused;
}

uint64_t spool_spilled_bytes(const struct spool *spool)
{
	return runs_bytes(spool->runs);
}
