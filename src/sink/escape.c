/* Plain ASCII runs are copied whole. */
#include "sink/escape.h"

#include "base/words.h"
#include "sink/escape_unit.h"

#include <langinfo.h>
#include <wchar.h>

bool escape_locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* How many of the first bytes need no look. */
static inline size_t plain_run(struct span text, bool (*is_plain)(unsigned char))
{
	size_t run = 0;

	while (run < text.len && is_plain((unsigned char)text.data[run]))
		run++;
	return run;
}

/* ---- terminal ---- */

/* Columns that the unit takes as it is, or -1 when it must be made visible. */
static int plain_columns(const struct unit *unit, struct span rest, bool utf8)
{
	if (!unit->valid || is_control(unit->point) || is_fake_escape(rest))
		return -1;
	if (unit->point < 0x7f)
		return 1;
	return utf8 && !is_invisible(unit->point) ? wcwidth((wchar_t)unit->point) : -1;
}

static size_t add_terminal_unit(struct buffer *to, const struct unit *unit, struct span rest, bool utf8)
{
	int columns = plain_columns(unit, rest, utf8);
	struct span bytes = span_first(rest, unit->len);

	if (columns < 0) {
		add_bytes_visibly(to, bytes);
		return 4 * bytes.len;
	}
	buffer_add(to, bytes);
	return (size_t)columns;
}

/* Marks of no width cost no columns, so bytes have a bound of their own. */
#define BYTES_A_COLUMN 8

static bool is_plain_terminal(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '\\';
}

size_t escape_terminal(struct buffer *to, struct span text, size_t columns, bool utf8)
{
	struct span dots = utf8 ? SPAN("…") : SPAN("...");
	size_t dots_columns = utf8 ? 1 : 3, start = to->len, cut_at = start, cut_used = 0, used = 0;

	if ((columns == 0 || text.len <= columns) && plain_run(text, is_plain_terminal) == text.len) {
		buffer_add(to, text);
		return text.len;
	}
	while (text.len) {
		struct unit unit = read_unit(text);
		used += add_terminal_unit(to, &unit, text, utf8);
		text = span_skip(text, unit.len);
		if (columns == 0 || to->failed)
			continue;
		if (used > columns || to->len - start > columns * BYTES_A_COLUMN) {
			to->len = cut_at;
			buffer_add(to, dots);
			return cut_used + dots_columns;
		}
		if (used + dots_columns <= columns) {
			cut_at = to->len;
			cut_used = used;
		}
	}
	return used;
}

/* ---- JSON ---- */

static inline bool is_plain_json(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* plain_run, eight bytes at a time: every text of every finding goes through it. */
static size_t plain_json_run(struct span text)
{
	size_t run = 0;

	for (; text.len - run >= 8; run += 8) {
		uint64_t word = word_load(text.data + run);
		uint64_t special = word_less(word, 0x20) | word_equal(word, '"') | word_equal(word, '\\') |
				   word_equal(word, 0x7f) | (word & WORD_ONES << 7);
		if (special)
			return run + word_first(special);
	}
	while (run < text.len && is_plain_json((unsigned char)text.data[run]))
		run++;
	return run;
}

static void add_json_unit(struct buffer *to, const struct unit *unit, struct span rest)
{
	if (!unit->valid)
		add_hex(to, "\\udc", unit->point, 2);
	else if (unit->point == '\n')
		buffer_text(to, "\\n");
	else if (unit->point == '\t')
		buffer_text(to, "\\t");
	else if (is_control(unit->point))
		add_hex(to, "\\u", unit->point, 4);
	else {
		if (unit->point == '"' || unit->point == '\\')
			buffer_add_byte(to, '\\');
		buffer_add(to, span_first(rest, unit->len));
	}
}

void escape_json(struct buffer *to, struct span text)
{
	if (!text.data) {
		buffer_text(to, "null");
		return;
	}
	size_t run = plain_json_run(text);
	if (run == text.len) { /* nearly all texts */
		if (!buffer_reserve(to, text.len + 2))
			return;
		char *at = to->data + to->len;
		*at++ = '"';
		memcpy(at, text.data, text.len);
		at[text.len] = '"';
		to->len += text.len + 2;
		return;
	}
	buffer_add_byte(to, '"');
	for (; text.len; run = plain_json_run(text)) {
		buffer_add(to, span_first(text, run));
		text = span_skip(text, run);
		if (text.len) {
			struct unit unit = read_unit(text);
			add_json_unit(to, &unit, text);
			text = span_skip(text, unit.len);
		}
	}
	buffer_add_byte(to, '"');
}

/* ---- CSV ---- */

static bool is_formula(struct span text)
{
	struct unit first = read_unit(text);

	if (!first.valid)
		return false;
	switch (first.point) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
	case '\'':
	case 0xff1d:
	case 0xff0b:
	case 0xff0d:
	case 0xff20:
		return true;
	}
	return false;
}

static bool is_plain_csv(unsigned char byte)
{
	return byte > 0x20 && byte < 0x7f && byte != '"' && byte != ',' && byte != ';' && byte != '\\';
}

/* Returns whether the cell needs quotes. */
static bool add_csv_unit(struct buffer *to, const struct unit *unit, struct span rest)
{
	struct span bytes = span_first(rest, unit->len);

	if (!unit->valid || is_control(unit->point) || is_fake_escape(rest)) {
		add_bytes_visibly(to, bytes);
		return false;
	}
	if (unit->point == '"')
		buffer_add_byte(to, '"');
	buffer_add(to, bytes);
	return unit->point == '"' || unit->point == ',' || unit->point == ';' || unit->point == ' ';
}

void escape_csv(struct buffer *to, struct span text)
{
	bool quotes = text.len == 0;

	if (!text.data)
		return;
	size_t start = to->len;
	buffer_add_byte(to, '"');
	if (text.len && is_formula(text))
		buffer_add_byte(to, '\'');
	while (text.len) {
		size_t run = plain_run(text, is_plain_csv);
		buffer_add(to, span_first(text, run));
		text = span_skip(text, run);
		if (text.len) {
			struct unit unit = read_unit(text);
			quotes |= add_csv_unit(to, &unit, text);
			text = span_skip(text, unit.len);
		}
	}
	if (to->failed)
		return;
	if (quotes) {
		buffer_add_byte(to, '"');
		return;
	}
	memmove(to->data + start, to->data + start + 1, to->len - start - 1);
	to->len--;
}

/* ---- CEF ---- */

static void add_cef_unit(struct buffer *to, const struct unit *unit, struct span rest, char special)
{
	bool is_header = special == '|';

	if (unit->point == '\n' || unit->point == '\r') {
		buffer_text(to, is_header ? " " : unit->point == '\n' ? "\\n" : "\\r");
		return;
	}
	if (!unit->valid || is_control(unit->point)) {
		for (unsigned i = 0; i < unit->len; i++)
			add_hex(to, "\\\\x", (unsigned char)rest.data[i], 2);
		return;
	}
	if (unit->point == '\\' || unit->point == (unsigned char)special)
		buffer_add_byte(to, '\\');
	buffer_add(to, span_first(rest, unit->len));
}

void escape_cef(struct buffer *to, struct span text, char special)
{
	while (text.len) {
		struct unit unit = read_unit(text);
		add_cef_unit(to, &unit, text, special);
		text = span_skip(text, unit.len);
	}
}
