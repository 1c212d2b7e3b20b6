/*
 * vectorscan's own flags do what is wanted: each literal is reported once a
 * scan, so the work that a text can cause is bounded by the set's size.
 */
#include "match/literals.h"

#include <stdlib.h>

#include "match/literals_few.h"

#ifdef PROCTOR_VECTORSCAN
#include <hs.h>
#else
typedef struct hs_database hs_database_t;
typedef struct hs_scratch hs_scratch_t;
#endif

enum pass { PASS_FOR_SET, PASS_VECTORSCAN, PASS_PLAIN };

struct literals {
	hs_database_t *database;      /* this … */
	struct literals_plain *plain; /* … or this; neither: the set is empty */
	struct literals_few few;      /* where to look with `plain` */
	bool is_few;		      /* else everywhere */
	size_t count;
};

struct literals_scratch {
	hs_scratch_t *room;
	struct literals_seen *seen;
};

static int check(const struct literal *items, size_t count, struct err *err)
{
	if (count > LITERALS_MAX)
		return err_set(err, -E2BIG, "%zu literals are more than one set takes (%zu)", count, LITERALS_MAX);
	for (size_t i = 0; i < count; i++)
		if (items[i].text.len == 0 || items[i].text.len > LITERAL_MAX)
			return err_set(err, -EINVAL, "a literal of %zu bytes is not within 1 and %d", items[i].text.len,
				       LITERAL_MAX);
	return 0;
}

#ifdef PROCTOR_VECTORSCAN
struct lists {
	const char **texts;
	unsigned *flags, *ids;
	size_t *lens;
};

static bool lists_fill(struct lists *lists, const struct literal *items, size_t count)
{
	lists->texts = calloc(count, sizeof(*lists->texts));
	lists->flags = calloc(count, sizeof(*lists->flags));
	lists->ids = calloc(count, sizeof(*lists->ids));
	lists->lens = calloc(count, sizeof(*lists->lens));
	if (!lists->texts || !lists->flags || !lists->ids || !lists->lens)
		return false;
	for (size_t i = 0; i < count; i++) {
		lists->texts[i] = items[i].text.data;
		lists->lens[i] = items[i].text.len;
		lists->ids[i] = (unsigned)i;
		lists->flags[i] = HS_FLAG_SINGLEMATCH | (items[i].ignore_case ? HS_FLAG_CASELESS : 0);
	}
	return true;
}

static void lists_finish(struct lists *lists)
{
	free(lists->texts);
	free(lists->flags);
	free(lists->ids);
	free(lists->lens);
}

/* NULL where it cannot be had; the plain pass serves then. */
static hs_database_t *compile(const struct literal *items, size_t count)
{
	hs_compile_error_t *error = NULL;
	hs_database_t *database = NULL;
	struct lists lists = { 0 };

	if (hs_valid_platform() == HS_SUCCESS && lists_fill(&lists, items, count) &&
	    hs_compile_lit_multi(lists.texts, lists.flags, lists.ids, lists.lens, (unsigned)count, HS_MODE_BLOCK, NULL,
				 &database, &error) != HS_SUCCESS)
		database = NULL;
	hs_free_compile_error(error);
	lists_finish(&lists);
	return database;
}

struct report {
	literals_found *found;
	void *context;
};

static int pass_on(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	const struct report *report = context;

	(void)from;
	(void)to;
	(void)flags;
	report->found(report->context, id);
	return 0;
}

/* The length of one call is 32 bits; nothing that long reaches us, and what does is cut. */
static void scan_fast(const struct literals *literals, struct literals_scratch *scratch, struct span text,
		      struct report report)
{
	unsigned len = text.len < UINT32_MAX ? (unsigned)text.len : UINT32_MAX;

	hs_scan(literals->database, text.data, len, 0, scratch->room, pass_on, &report);
}
#endif

static struct literals *create(const struct literal *items, size_t count, enum pass pass, struct err *err)
{
	if (check(items, count, err) < 0)
		return NULL;
	struct literals *literals = calloc(1, sizeof(*literals));
	if (!literals) {
		err_set(err, -ENOMEM, "memory is out for %zu literals", count);
		return NULL;
	}
	literals->count = count;
	literals->is_few = pass == PASS_FOR_SET && literals_few_init(&literals->few, items, count);
#ifdef PROCTOR_VECTORSCAN
	if (pass != PASS_PLAIN && count && !literals->is_few)
		literals->database = compile(items, count);
#endif
	if (count && !literals->database)
		literals->plain = literals_plain_create(items, count);
	if (count && !literals->database && !literals->plain) {
		err_set(err, -ENOMEM, "memory is out for %zu literals", count);
		literals_destroy(literals);
		return NULL;
	}
	return literals;
}

struct literals *literals_create(const struct literal *items, size_t count, struct err *err)
{
	return create(items, count, PASS_FOR_SET, err);
}

struct literals *literals_create_vectorscan(const struct literal *items, size_t count, struct err *err)
{
	return create(items, count, PASS_VECTORSCAN, err);
}

struct literals *literals_create_plain(const struct literal *items, size_t count, struct err *err)
{
	return create(items, count, PASS_PLAIN, err);
}

void literals_destroy(struct literals *literals)
{
	if (!literals)
		return;
#ifdef PROCTOR_VECTORSCAN
	hs_free_database(literals->database);
#endif
	literals_plain_destroy(literals->plain);
	free(literals);
}

struct literals_scratch *literals_scratch_create(const struct literals *literals)
{
	struct literals_scratch *scratch = calloc(1, sizeof(*scratch));
	bool failed = !scratch;

#ifdef PROCTOR_VECTORSCAN
	if (!failed && literals->database)
		failed = hs_alloc_scratch(literals->database, &scratch->room) != HS_SUCCESS;
#endif
	if (!failed && literals->plain) {
		scratch->seen = literals_seen_create(literals->count);
		failed = !scratch->seen;
	}
	if (!failed)
		return scratch;
	literals_scratch_destroy(scratch);
	return NULL;
}

void literals_scratch_destroy(struct literals_scratch *scratch)
{
	if (!scratch)
		return;
#ifdef PROCTOR_VECTORSCAN
	hs_free_scratch(scratch->room);
#endif
	literals_seen_destroy(scratch->seen);
	free(scratch);
}

void literals_scan(const struct literals *literals, struct literals_scratch *scratch, struct span text,
		   literals_found *found, void *context)
{
	if (text.len == 0 || literals->count == 0)
		return;
#ifdef PROCTOR_VECTORSCAN
	if (literals->database) {
		scan_fast(literals, scratch, text, (struct report){ found, context });
		return;
	}
#endif
	if (literals->is_few)
		literals_few_scan(&literals->few, literals->plain, scratch->seen, text, found, context);
	else if (literals->plain)
		literals_plain_scan(literals->plain, scratch->seen, text, found, context);
}
