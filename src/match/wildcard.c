#include "match/wildcard.h"

/* ---- compiling ---- */

static size_t count_stars(struct span pattern)
{
	size_t stars = 0;

	for (size_t i = 0; i < pattern.len; i++)
		stars += pattern.data[i] == '*';
	return stars;
}

static bool is_escape(struct span pattern, size_t at)
{
	return pattern.data[at] == '\\' && at + 1 < pattern.len &&
	       (pattern.data[at + 1] == '*' || pattern.data[at + 1] == '?' || pattern.data[at + 1] == '\\');
}

/* The piece at *at, up to a star or the end; its bytes are written to text and any. */
static struct wildcard_piece take_piece(struct span pattern, size_t *at, char *text, unsigned char *any)
{
	struct wildcard_piece piece = { .text = { text, 0 } };

	for (; *at < pattern.len && pattern.data[*at] != '*'; ++*at) {
		bool wild = pattern.data[*at] == '?';
		*at += is_escape(pattern, *at);
		text[piece.text.len] = pattern.data[*at];
		any[piece.text.len++] = wild;
		if (wild)
			piece.any = any;
	}
	return piece;
}

bool wildcard_compile(struct wildcard *wildcard, struct span pattern, bool ignore_case, struct arena *arena)
{
	size_t most = count_stars(pattern) + 1, at = 0;
	char *text = arena_alloc(arena, pattern.len + 1);
	unsigned char *any = arena_alloc(arena, pattern.len + 1);

	*wildcard = (struct wildcard){ .ignore_case = ignore_case };
	wildcard->pieces = arena_alloc(arena, most * sizeof(*wildcard->pieces));
	if (!text || !any || !wildcard->pieces)
		return false;
	wildcard->open_start = pattern.len && pattern.data[0] == '*';
	while (at < pattern.len) {
		wildcard->open_end = pattern.data[at] == '*';
		if (wildcard->open_end) {
			at++;
			continue;
		}
		struct wildcard_piece piece = take_piece(pattern, &at, text, any);
		text += piece.text.len;
		any += piece.text.len;
		wildcard->pieces[wildcard->count++] = piece;
	}
	return true;
}

/* ---- matching ---- */

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool stands_at(const struct wildcard *wildcard, const struct wildcard_piece *piece, const char *at)
{
	if (!piece->any && !wildcard->ignore_case)
		return memcmp(at, piece->text.data, piece->text.len) == 0;
	for (size_t i = 0; i < piece->text.len; i++) {
		if (piece->any && piece->any[i])
			continue;
		char a = at[i], b = piece->text.data[i];
		if (wildcard->ignore_case ? lower(a) != lower(b) : a != b)
			return false;
	}
	return true;
}

/* Offset of the first place of the piece, or text.len + 1. */
static size_t find_piece(const struct wildcard *wildcard, const struct wildcard_piece *piece, struct span text)
{
	if (!piece->any) {
		size_t at = wildcard->ignore_case ? span_find_nocase(text, piece->text) : span_find(text, piece->text);
		return at < text.len ? at : text.len + 1;
	}
	for (size_t at = 0; at + piece->text.len <= text.len; at++)
		if (stands_at(wildcard, piece, text.data + at))
			return at;
	return text.len + 1;
}

bool wildcard_matches(const struct wildcard *wildcard, struct span text)
{
	size_t first = 0, last = wildcard->count;

	if (wildcard->count == 0)
		return text.len == 0 || wildcard->open_start;
	if (!wildcard->open_start) {
		const struct wildcard_piece *piece = &wildcard->pieces[first++];
		if (piece->text.len > text.len || !stands_at(wildcard, piece, text.data))
			return false;
		text = span_skip(text, piece->text.len);
		if (first == last && !wildcard->open_end)
			return text.len == 0;
	}
	if (!wildcard->open_end && first < last) {
		const struct wildcard_piece *piece = &wildcard->pieces[--last];
		if (piece->text.len > text.len || !stands_at(wildcard, piece, text.data + text.len - piece->text.len))
			return false;
		text.len -= piece->text.len;
	}
	for (; first < last; first++) {
		size_t at = find_piece(wildcard, &wildcard->pieces[first], text);
		if (at > text.len)
			return false;
		text = span_skip(text, at + wildcard->pieces[first].text.len);
	}
	return true;
}
