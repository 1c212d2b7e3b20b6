#include "source/order.h"

#include <stdlib.h>

#include "source/place.h"
#include "source/rotation.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_series(const struct input *a, const struct input *b)
{
	struct rotation left = rotation_of(span_of(a->place)), right = rotation_of(span_of(b->place));

	return same_text(a->host, b->host) && rotation_same_series(&left, &right);
}

static int compare(const void *left, const void *right)
{
	const struct input *a = left, *b = right;
	int order = strcmp(a->host ? a->host : "", b->host ? b->host : "");

	if (order == 0) {
		struct rotation older = rotation_of(span_of(a->place)), newer = rotation_of(span_of(b->place));
		order = rotation_compare(&older, &newer);
	}
	return order ? order : strcmp(a->name, b->name);
}

int order_within_series(const struct input *before, const struct input *input)
{
	return same_series(before, input) ? compare(before, input) : 0;
}

static bool is_archive(const struct input *input)
{
	return input->content == CONTENT_TAR || input->content == CONTENT_ZIP;
}

void order_found(struct input *items, size_t count)
{
	if (count)
		qsort(items, count, sizeof(*items), compare);
	for (size_t i = 1; i < count; i++)
		items[i].continues = !is_archive(&items[i]) && same_series(&items[i - 1], &items[i]);
}

/*
 * hostA/audit.log and hostB/audit.log are two hosts, audit.log and auth.log
 * two logs; anything else that is named in a row may be parts of one.
 */
static bool may_continue(const struct input *before, const struct input *input)
{
	struct span a = span_of(before->place), b = span_of(input->place);

	if (!before->named || !input->named || is_archive(before) || is_archive(input))
		return false;
	if (same_series(before, input))
		return true;
	struct rotation left = rotation_of(a), right = rotation_of(b);
	left.folder = right.folder = SPAN("");
	if (rotation_same_series(&left, &right) && a.len)
		return false;
	return !(place_is_host_log(a) && place_is_host_log(b)) && place_trust(a) == place_trust(b);
}

static bool is_series_of_names(const struct input *items, size_t count)
{
	if (place_is_host_log(span_of(items[0].place)))
		return true;
	for (size_t i = 0; i + 1 < count; i++)
		if (rotation_of(span_of(items[i].place)).age == ROTATION_CURRENT)
			return true;
	return false;
}

/* The end of the run of one series that begins at `from`. */
static size_t run_end(const struct input *items, size_t from, size_t count)
{
	size_t end = from + 1;

	while (end < count && items[from].named && items[end].named && same_series(&items[from], &items[end]))
		end++;
	return end;
}

void order_named(struct input *items, size_t count)
{
	for (size_t i = 0, end; i < count; i = end) {
		end = run_end(items, i, count);
		if (end - i > 1 && is_series_of_names(items + i, end - i))
			qsort(items + i, end - i, sizeof(*items), compare);
	}
	for (size_t i = 1; i < count; i++)
		items[i].continues |= may_continue(&items[i - 1], &items[i]);
}
