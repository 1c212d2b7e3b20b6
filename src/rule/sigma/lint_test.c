/*
 * Two tests of one field. Texts are compared by the pieces of their patterns,
 * which are folded where case does not count; where one test counts it and
 * the other does not, the answer is "no" when in doubt.
 */
#include "rule/sigma/lint_parts.h"
#include "rule/sigma/number.h"

/* ---- pieces of patterns ---- */

static uint16_t folded(uint16_t unit)
{
	return unit >= 'A' && unit <= 'Z' ? unit | 0x20 : unit;
}

static bool same_units(const uint16_t *a, const uint16_t *b, size_t len, bool cased)
{
	for (size_t i = 0; i < len; i++)
		if (cased ? a[i] != b[i] : folded(a[i]) != folded(b[i]))
			return false;
	return true;
}

/* Whether the beginnings, or the ends, of two pieces differ in a byte; behind a ? nothing is known. */
static bool differ(const struct wildcard_piece *a, const struct wildcard_piece *b, bool at_end, bool cased)
{
	size_t len = a->len < b->len ? a->len : b->len;

	for (size_t i = 0; i < len; i++) {
		uint16_t x = a->units[at_end ? a->len - 1 - i : i], y = b->units[at_end ? b->len - 1 - i : i];
		if (x == WILDCARD_ONE || y == WILDCARD_ONE)
			return false;
		if (cased ? x != y : folded(x) != folded(y))
			return true;
	}
	return false;
}

static bool piece_holds(const struct wildcard_piece *piece, const struct wildcard_piece *part, bool cased)
{
	for (size_t at = 0; at + part->len <= piece->len; at++)
		if (same_units(piece->units + at, part->units, part->len, cased))
			return true;
	return false;
}

/* ---- texts ---- */

static bool is_anything(const struct wildcard *pattern)
{
	return pattern->count == 0 && pattern->open_start;
}

/* A text without wildcards: the one value that passes. */
static bool is_exact(const struct wildcard *pattern, struct span *text)
{
	*text = pattern->count ? pattern->pieces[0].bytes : SPAN("");
	return !pattern->open_start && !pattern->open_end && pattern->count <= 1 && text->data;
}

static bool texts_exclude(const struct wildcard *a, const struct wildcard *b)
{
	bool cased = a->cased && b->cased;
	struct span text;

	if (is_exact(a, &text) && (a->cased || !b->cased))
		return !wildcard_matches(b, text);
	if (is_exact(b, &text) && (b->cased || !a->cased))
		return !wildcard_matches(a, text);
	if (a->count == 0 || b->count == 0)
		return false;
	return (!a->open_start && !b->open_start && differ(&a->pieces[0], &b->pieces[0], false, cased)) ||
	       (!a->open_end && !b->open_end &&
		differ(&a->pieces[a->count - 1], &b->pieces[b->count - 1], true, cased));
}

static bool same_pattern(const struct wildcard *a, const struct wildcard *b, bool cased)
{
	if (a->count != b->count || a->open_start != b->open_start || a->open_end != b->open_end)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->pieces[i].len != b->pieces[i].len ||
		    !same_units(a->pieces[i].units, b->pieces[i].units, a->pieces[i].len, cased))
			return false;
	return true;
}

/* The wide pattern has one piece: a beginning, an end, or something in between. */
static bool piece_covers(const struct wildcard *wide, const struct wildcard *narrow)
{
	const struct wildcard_piece *part = &wide->pieces[0], *first = &narrow->pieces[0],
				    *last = &narrow->pieces[narrow->count - 1];

	if (!wide->open_start)
		return wide->open_end && !narrow->open_start && first->len >= part->len &&
		       same_units(first->units, part->units, part->len, wide->cased);
	if (!wide->open_end)
		return !narrow->open_end && last->len >= part->len &&
		       same_units(last->units + last->len - part->len, part->units, part->len, wide->cased);
	for (size_t i = 0; i < narrow->count; i++)
		if (piece_holds(&narrow->pieces[i], part, wide->cased))
			return true;
	return false;
}

static bool text_covers(const struct wildcard *wide, const struct wildcard *narrow)
{
	struct span text;

	if (is_anything(wide))
		return true;
	if (wide->cased && !narrow->cased)
		return false;
	if (is_exact(narrow, &text))
		return wildcard_matches(wide, text);
	if (same_pattern(wide, narrow, wide->cased))
		return true;
	return wide->count == 1 && narrow->count > 0 && piece_covers(wide, narrow);
}

/* ---- numbers ---- */

/* The open or closed half line that a comparison leaves. */
static bool is_lower_bound(enum sigma_compare compare)
{
	return compare == SIGMA_GT || compare == SIGMA_GTE;
}

static bool is_upper_bound(enum sigma_compare compare)
{
	return compare == SIGMA_LT || compare == SIGMA_LTE;
}

static bool numbers_exclude(const struct sigma_test *a, const struct sigma_test *b)
{
	const struct sigma_test *low = is_lower_bound(a->compare) ? a : b, *high = low == a ? b : a;

	if (a->compare == SIGMA_EQ)
		return !sigma_number_compare(a->number, b->compare, b->number);
	if (b->compare == SIGMA_EQ)
		return !sigma_number_compare(b->number, a->compare, a->number);
	if (!is_lower_bound(low->compare) || !is_upper_bound(high->compare))
		return false;
	if (low->compare == SIGMA_GTE && high->compare == SIGMA_LTE)
		return low->number > high->number;
	return low->number >= high->number;
}

static bool number_covers(const struct sigma_test *wide, const struct sigma_test *narrow)
{
	bool same_side = (is_lower_bound(wide->compare) && is_lower_bound(narrow->compare)) ||
			 (is_upper_bound(wide->compare) && is_upper_bound(narrow->compare));

	if (narrow->compare == SIGMA_EQ)
		return sigma_number_compare(narrow->number, wide->compare, wide->number);
	if (!same_side)
		return false;
	if (wide->number == narrow->number)
		return wide->compare == narrow->compare || wide->compare == SIGMA_GTE || wide->compare == SIGMA_LTE;
	return is_lower_bound(wide->compare) ? narrow->number > wide->number : narrow->number < wide->number;
}

static bool number_excludes_text(const struct sigma_test *number, const struct sigma_test *text)
{
	struct span exact;
	double value;

	return is_exact(&text->wildcard, &exact) &&
	       !(sigma_number_read(exact, &value) && sigma_number_compare(value, number->compare, number->number));
}

/* ---- all kinds ---- */

/* The field must not be there, or be null. */
static bool wants_nothing(const struct sigma_test *test)
{
	return test->kind == SIGMA_TEST_NULL || (test->kind == SIGMA_TEST_EXISTS && !test->exists);
}

bool lint_excludes(const struct sigma_test *one, const struct sigma_test *other)
{
	if (wants_nothing(one) || wants_nothing(other)) {
		const struct sigma_test *rest = wants_nothing(one) ? other : one;
		bool null = one->kind == SIGMA_TEST_NULL || other->kind == SIGMA_TEST_NULL;
		return !wants_nothing(rest) && !(null && rest->kind == SIGMA_TEST_EXISTS);
	}
	if (one->kind == SIGMA_TEST_TEXT && other->kind == SIGMA_TEST_TEXT)
		return texts_exclude(&one->wildcard, &other->wildcard);
	if (one->kind == SIGMA_TEST_NUMBER && other->kind == SIGMA_TEST_NUMBER)
		return numbers_exclude(one, other);
	if (one->kind == SIGMA_TEST_NUMBER && other->kind == SIGMA_TEST_TEXT)
		return number_excludes_text(one, other);
	if (one->kind == SIGMA_TEST_TEXT && other->kind == SIGMA_TEST_NUMBER)
		return number_excludes_text(other, one);
	return false;
}

bool lint_covers(const struct sigma_test *wide, const struct sigma_test *narrow)
{
	if (wide == narrow)
		return true;
	if (wide->kind == SIGMA_TEST_EXISTS && wide->exists)
		return !wants_nothing(narrow);
	if (wide->kind == SIGMA_TEST_NULL)
		return wants_nothing(narrow);
	if (wide->kind == SIGMA_TEST_TEXT && narrow->kind == SIGMA_TEST_TEXT)
		return text_covers(&wide->wildcard, &narrow->wildcard);
	if (wide->kind == SIGMA_TEST_TEXT && !wants_nothing(narrow))
		return is_anything(&wide->wildcard) && narrow->kind != SIGMA_TEST_EXISTS;
	if (wide->kind == SIGMA_TEST_NUMBER && narrow->kind == SIGMA_TEST_NUMBER)
		return number_covers(wide, narrow);
	return false;
}
