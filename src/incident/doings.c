#include "incident/doings.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

#define LINEAGES_MAX 4096
#define WANTED_MAX 32768
#define OF_ONE_MAX 64	     /* of one lineage */
#define BYTES_MAX (4u << 20) /* of the table, and of what is kept */
#define PROGRAM_MAX 256
#define WHAT_MAX 1024

/* A ring: the oldest gives way. Most lineages do one thing: that one needs no room of its own. */
struct done {
	struct doings *doings;
	struct doing *more; /* NULL while `only` is enough */
	struct doing only;
	uint32_t count, capacity, next;
	bool wanted;
};

static struct doing *items_of(struct done *done)
{
	return done->more ? done->more : &done->only;
}

static size_t size_of(const struct doing *doing)
{
	return sizeof(*doing) + doing->program.len + doing->what.len;
}

static void forget(struct doing *doing)
{
	free((char *)doing->program.data);
	*doing = (struct doing){ 0 };
}

/* Hands the doing on to what is kept, or gives it up. */
static void keep(struct doings *doings, struct doing *doing)
{
	size_t size = size_of(doing);

	if (doings->kept_count == doings->kept_capacity && doings->kept_bytes + size <= BYTES_MAX) {
		size_t capacity = doings->kept_capacity ? doings->kept_capacity * 2 : 64;
		struct doing *kept = reallocarray(doings->kept, capacity, sizeof(*kept));
		if (kept)
			doings->kept = kept, doings->kept_capacity = capacity;
	}
	if (doings->kept_count == doings->kept_capacity || doings->kept_bytes + size > BYTES_MAX) {
		doings->lost++;
		forget(doing);
		return;
	}
	doings->kept_bytes += size;
	doings->kept[doings->kept_count++] = *doing;
}

static void release(void *entry)
{
	struct done *done = entry;

	for (uint32_t i = 0; i < done->count; i++) {
		struct doing *doing = &items_of(done)[i];
		done->doings->bytes -= size_of(doing);
		if (done->wanted)
			keep(done->doings, doing);
		else
			forget(doing);
	}
	free(done->more);
	*done = (struct done){ 0 };
}

int doings_init(struct doings *doings)
{
	*doings = (struct doings){ 0 };
	if (table_init(&doings->table, sizeof(struct done), LINEAGES_MAX, release) == 0 &&
	    table_init(&doings->wanted, sizeof(char), WANTED_MAX, NULL) == 0)
		return 0;
	doings_finish(doings);
	return -ENOMEM;
}

void doings_finish(struct doings *doings)
{
	table_finish(&doings->table);
	table_finish(&doings->wanted);
	for (size_t i = 0; i < doings->kept_count; i++)
		forget(&doings->kept[i]);
	free(doings->kept);
	*doings = (struct doings){ 0 };
}

/* ---- while the log is read ---- */

/* What makes two of a lineage's the same thing done again; a sweep and a file of hashes say it in more than one way. */
static uint64_t order_of(const struct doing *doing)
{
	bool any = doing->sweep || doing->kind == STEP_SHADOW;
	uint64_t h = hash_join(doing->pid, (uint64_t)doing->kind << 4 | (uint64_t)doing->sweep << 3 |
						   (uint64_t)doing->connection << 2 | doing->failed);

	return hash_join(h, any ? 0 : hash_bytes(doing->what));
}

static bool copy(struct doing *to, const struct doing *from)
{
	struct span program = span_first(from->program, PROGRAM_MAX), what = span_first(from->what, WHAT_MAX);
	char *text = malloc(program.len + what.len + 1);

	if (!text)
		return false;
	if (program.len)
		memcpy(text, program.data, program.len);
	if (what.len)
		memcpy(text + program.len, what.data, what.len);
	*to = *from;
	to->program.data = text;
	to->program.len = program.len;
	to->what = (struct span){ text + program.len, what.len };
	return true;
}

static bool grow(struct done *done)
{
	uint32_t capacity = done->capacity * 2;
	struct doing *items = reallocarray(done->more, capacity, sizeof(*items));

	if (!items)
		return false;
	if (!done->more)
		items[0] = done->only;
	done->more = items;
	done->capacity = capacity;
	return true;
}

static void append(struct done *done, const struct doing *doing)
{
	struct doing taken;

	if (!copy(&taken, doing))
		return;
	if (done->count == done->capacity && done->capacity < OF_ONE_MAX && !grow(done)) {
		forget(&taken);
		return;
	}
	done->doings->bytes += size_of(&taken);
	if (done->count < done->capacity) {
		items_of(done)[done->count++] = taken;
		return;
	}
	struct doing *oldest = &items_of(done)[done->next++ % OF_ONE_MAX];
	done->doings->bytes -= size_of(oldest);
	done->doings->lost += done->wanted;
	forget(oldest);
	*oldest = taken;
}

static bool join_equal(struct done *done, const struct doing *doing)
{
	for (uint32_t i = done->count; i--;) {
		struct doing *known = &items_of(done)[i];
		if (known->order != doing->order)
			continue;
		known->last_ms = doing->last_ms > known->last_ms ? doing->last_ms : known->last_ms;
		if (doing->sweep)
			known->count = doing->count > known->count ? doing->count : known->count;
		else if (doing->kind != STEP_SHADOW)
			known->count += doing->count;
		return true;
	}
	return false;
}

void doings_take(struct doings *doings, const struct doing *doing)
{
	struct doing ordered = *doing;
	bool created;

	ordered.order = order_of(doing);
	while (doings->bytes > BYTES_MAX && table_evict(&doings->table))
		doings->table.evicted++;
	struct done *done = table_put(&doings->table, doing->lineage, 0, &created);
	if (created) {
		done->doings = doings;
		done->capacity = 1;
		done->wanted = table_find(&doings->wanted, doing->lineage, 0);
	}
	if (!join_equal(done, &ordered))
		append(done, &ordered);
}

void doings_want(struct doings *doings, uint64_t lineage)
{
	bool created;
	struct done *done = table_find(&doings->table, lineage, 0);

	table_put(&doings->wanted, lineage, 0, &created);
	if (done)
		done->wanted = true;
}

/* ---- when all was read ---- */

static int compare(const void *a, const void *b)
{
	const struct doing *x = a, *y = b;

	if (x->lineage != y->lineage)
		return x->lineage < y->lineage ? -1 : 1;
	if (x->first_ms != y->first_ms)
		return x->first_ms < y->first_ms ? -1 : 1;
	if (x->serial != y->serial)
		return x->serial < y->serial ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void doings_settle(struct doings *doings, uint64_t (*root)(void *context, uint64_t lineage), void *context)
{
	while (table_evict(&doings->table))
		;
	for (size_t i = 0; i < doings->kept_count; i++)
		doings->kept[i].lineage = root(context, doings->kept[i].lineage);
	if (doings->kept_count)
		qsort(doings->kept, doings->kept_count, sizeof(*doings->kept), compare);
}

const struct doing *doings_of(const struct doings *doings, uint64_t lineage, size_t *count)
{
	size_t low = 0, high = doings->kept_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (doings->kept[middle].lineage < lineage)
			low = middle + 1;
		else
			high = middle;
	}
	for (*count = 0; low + *count < doings->kept_count && doings->kept[low + *count].lineage == lineage;)
		++*count;
	return *count ? doings->kept + low : NULL;
}
