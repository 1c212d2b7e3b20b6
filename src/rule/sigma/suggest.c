#include "rule/sigma/suggest.h"

/* Levenshtein, with two rows; a letter counts 2, its case 1. */
static size_t twice_distance(struct span a, struct span b)
{
	size_t row[SUGGEST_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = 2 * j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t corner = row[0];
		row[0] = 2 * i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = a.data[i - 1], y = b.data[j - 1];
			size_t change = x == y								    ? 0
					: span_equal_nocase((struct span){ &x, 1 }, (struct span){ &y, 1 }) ? 1
													    : 2;
			size_t best = corner + change;
			best = row[j] + 2 < best ? row[j] + 2 : best;
			best = row[j - 1] + 2 < best ? row[j - 1] + 2 : best;
			corner = row[j];
			row[j] = best;
		}
	}
	return row[b.len];
}

size_t suggest_distance(struct span a, struct span b)
{
	if (a.len > SUGGEST_MAX || b.len > SUGGEST_MAX)
		return SIZE_MAX;
	if (span_equal_nocase(a, b))
		return 0;
	return twice_distance(a, b) / 2;
}

const char *suggest(struct span name, const char *const *names, size_t count)
{
	const char *best = NULL;
	size_t best_distance = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t distance = suggest_distance(name, span_of(names[i]));
		if (distance >= best_distance || distance > (strlen(names[i]) + 1) / 3)
			continue;
		best = names[i];
		best_distance = distance;
	}
	return best;
}
