#include "rule/sigma/suggest.h"

static bool same_letter(char x, char y)
{
	return span_equal_nocase((struct span){ &x, 1 }, (struct span){ &y, 1 });
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment (Levenshtein, and two letters exchanged) with three rows; a letter counts 2, its case 1. */
static size_t twice_distance(struct span a, struct span b)
{
	size_t rows[3][SUGGEST_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = 2 * j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
		now[0] = 2 * i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = a.data[i - 1], y = b.data[j - 1];
			now[j] = before[j - 1] + (x == y ? 0 : same_letter(x, y) ? 1 : 2);
			now[j] = least(now[j], least(before[j], now[j - 1]) + 2);
			if (i > 1 && j > 1 && same_letter(x, b.data[j - 2]) && same_letter(a.data[i - 2], y))
				now[j] = least(now[j], earlier[j - 2] + 2);
		}
	}
	return rows[a.len % 3][b.len];
}

size_t sigma_suggest_distance(struct span a, struct span b)
{
	if (a.len > SUGGEST_MAX || b.len > SUGGEST_MAX)
		return SIZE_MAX;
	if (span_equal_nocase(a, b))
		return 0;
	return twice_distance(a, b) / 2;
}

const char *sigma_suggest(struct span name, const char *const *names, size_t count)
{
	const char *best = NULL;
	size_t best_distance = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		size_t distance = sigma_suggest_distance(name, span_of(names[i]));
		if (distance >= best_distance || distance > (strlen(names[i]) + 1) / 3)
			continue;
		best = names[i];
		best_distance = distance;
	}
	return best;
}
