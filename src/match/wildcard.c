/*
 *   *abc?d*ef   open_start, pieces "abc?d" and "ef"
 *
 * The first piece is bound to the beginning and the last to the end, unless
 * a star stands there; each of the others goes where it fits first, which
 * leaves the most room to those behind it.
 */
#include "match/wildcard.h"

#include "match/fold.h"

#define NOWHERE SIZE_MAX

size_t wildcard_parse(struct span text, uint16_t *units)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++) {
		char byte = text.data[i];
		char next = i + 1 < text.len ? text.data[i + 1] : '\0';
		if (byte == '\\' && (next == '*' || next == '?' || next == '\\')) {
			units[count++] = (unsigned char)next;
			i++;
		} else if (byte == '*') {
			units[count++] = WILDCARD_MANY;
		} else {
			units[count++] = byte == '?' ? WILDCARD_ONE : (unsigned char)byte;
		}
	}
	return count;
}

/* ---- building ---- */

static bool piece_init(struct wildcard_piece *piece, const uint16_t *units, size_t len, bool cased, struct arena *arena)
{
	uint16_t *own = arena_alloc(arena, len * sizeof(*own));
	char *bytes = arena_alloc(arena, len);
	bool has_one = false;

	if (!own || !bytes)
		return false;
	for (size_t i = 0; i < len; i++) {
		has_one |= units[i] == WILDCARD_ONE;
		bytes[i] = cased ? (char)units[i] : (char)fold((char)units[i]);
		own[i] = units[i] == WILDCARD_ONE ? WILDCARD_ONE : (unsigned char)bytes[i];
	}
	*piece = (struct wildcard_piece){ own, { has_one ? NULL : bytes, has_one ? 0 : len }, len };
	return true;
}

static size_t next_star(const uint16_t *units, size_t from, size_t len)
{
	while (from < len && units[from] != WILDCARD_MANY)
		from++;
	return from;
}

static size_t count_pieces(const uint16_t *units, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len;) {
		size_t star = next_star(units, i, len);
		count += star > i;
		i = star + 1;
	}
	return count;
}

bool wildcard_init(struct wildcard *wildcard, const uint16_t *units, size_t len, bool cased, struct arena *arena)
{
	size_t count = count_pieces(units, len);
	struct wildcard_piece *pieces = arena_alloc(arena, (count + 1) * sizeof(*pieces));
	size_t done = 0, least = 0;
	bool exact = true;

	if (!pieces)
		return false;
	for (size_t i = 0; i < len; i++) {
		least += units[i] != WILDCARD_MANY; /* a sign takes a byte at least */
		exact &= units[i] < WILDCARD_MANY;
	}
	for (size_t i = 0; i < len;) {
		size_t star = next_star(units, i, len);
		if (star > i && !piece_init(&pieces[done++], units + i, star - i, cased, arena))
			return false;
		i = star + 1;
	}
	*wildcard = (struct wildcard){
		.pieces = pieces,
		.count = count,
		.open_start = len && units[0] == WILDCARD_MANY,
		.open_end = len && units[len - 1] == WILDCARD_MANY,
		.cased = cased,
		.exact = exact,
		.least = least,
	};
	return true;
}

bool wildcard_compile(struct wildcard *wildcard, struct span pattern, bool ignore_case, struct arena *arena)
{
	uint16_t *units = arena_alloc(arena, pattern.len * sizeof(*units));

	return units && wildcard_init(wildcard, units, wildcard_parse(pattern, units), !ignore_case, arena);
}

/* ---- matching ---- */

/* Bytes of the character at the front of a text that is not empty. */
static size_t character_len(struct span text)
{
	unsigned char lead = (unsigned char)text.data[0];
	size_t len = lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;

	if (lead >= 0xf8 || len > text.len)
		return 1;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)text.data[i] & 0xc0) != 0x80)
			return 1;
	return len;
}

/* How far the piece reaches that begins at `at`, or NOWHERE. */
static size_t fits(const struct wildcard_piece *piece, bool cased, struct span text, size_t at)
{
	if (piece->bytes.data) {
		if (piece->len > text.len - at)
			return NOWHERE;
		bool same = cased ? memcmp(text.data + at, piece->bytes.data, piece->len) == 0
				  : fold_equal(text.data + at, piece->bytes.data, piece->len);
		return same ? at + piece->len : NOWHERE;
	}
	for (size_t i = 0; i < piece->len; i++) {
		if (at >= text.len)
			return NOWHERE;
		if (piece->units[i] == WILDCARD_ONE) {
			at += character_len(span_skip(text, at));
			continue;
		}
		unsigned char byte = cased ? (unsigned char)text.data[at] : fold(text.data[at]);
		if (byte != piece->units[i])
			return NOWHERE;
		at++;
	}
	return at;
}

/* Case is ignored, and there are no signs in the piece. */
static size_t find_folded(struct span bytes, struct span text, size_t from)
{
	unsigned char head = (unsigned char)bytes.data[0];

	for (size_t at = from; at + bytes.len <= text.len; at++)
		if (fold(text.data[at]) == head && fold_equal(text.data + at + 1, bytes.data + 1, bytes.len - 1))
			return at + bytes.len;
	return NOWHERE;
}

/* The end of its first place at or behind `from`, or NOWHERE. */
static size_t find(const struct wildcard_piece *piece, bool cased, struct span text, size_t from)
{
	if (piece->bytes.data && cased) {
		struct span rest = span_skip(text, from);
		size_t at = span_find(rest, piece->bytes);
		return at < rest.len ? from + at + piece->len : NOWHERE;
	}
	if (piece->bytes.data)
		return find_folded(piece->bytes, text, from);
	for (size_t at = from; at < text.len; at++) {
		size_t end = fits(piece, cased, text, at);
		if (end != NOWHERE)
			return end;
	}
	return NOWHERE;
}

/* Whether it fits exactly between some place at or behind `from` and the end. */
static bool fits_at_end(const struct wildcard_piece *piece, bool cased, struct span text, size_t from)
{
	size_t longest = piece->bytes.data ? piece->len : 4 * piece->len;

	if (text.len - from < piece->len)
		return false;
	size_t at = text.len - from > longest ? text.len - longest : from;
	for (; at + piece->len <= text.len; at++)
		if (fits(piece, cased, text, at) == text.len)
			return true;
	return false;
}

bool wildcard_matches(const struct wildcard *wildcard, struct span text)
{
	size_t first = 0, last = wildcard->count, at = 0;

	if (wildcard->count == 0)
		return wildcard->open_start || text.len == 0;
	if (!wildcard->open_start) {
		at = fits(&wildcard->pieces[first++], wildcard->cased, text, 0);
		if (at == NOWHERE)
			return false;
		if (first == last && !wildcard->open_end)
			return at == text.len;
	}
	if (!wildcard->open_end)
		last--;
	for (; first < last; first++) {
		at = find(&wildcard->pieces[first], wildcard->cased, text, at);
		if (at == NOWHERE)
			return false;
	}
	return wildcard->open_end || fits_at_end(&wildcard->pieces[last], wildcard->cased, text, at);
}

struct span wildcard_longest(const struct wildcard *wildcard, struct arena *arena)
{
	const uint16_t *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i < wildcard->count; i++) {
		const struct wildcard_piece *piece = &wildcard->pieces[i];
		for (size_t from = 0, j = 0; j <= piece->len; j++) {
			if (j < piece->len && piece->units[j] != WILDCARD_ONE)
				continue;
			if (j - from > best_len) {
				best = piece->units + from;
				best_len = j - from;
			}
			from = j + 1;
		}
	}
	char *bytes = best_len ? arena_alloc(arena, best_len) : NULL;
	for (size_t i = 0; bytes && i < best_len; i++)
		bytes[i] = (char)best[i];
	return (struct span){ bytes, bytes ? best_len : 0 };
}
