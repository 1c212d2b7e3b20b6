#include "match/regex_java.h"

/* Java's POSIX classes; PCRE2 knows their names only inside of brackets. */
static const struct {
	struct span java, posix;
} classes[] = {
	{ { "Alpha", 5 }, { "alpha", 5 } },   { { "Digit", 5 }, { "digit", 5 } }, { { "Alnum", 5 }, { "alnum", 5 } },
	{ { "Upper", 5 }, { "upper", 5 } },   { { "Lower", 5 }, { "lower", 5 } }, { { "Punct", 5 }, { "punct", 5 } },
	{ { "Graph", 5 }, { "graph", 5 } },   { { "Print", 5 }, { "print", 5 } }, { { "Blank", 5 }, { "blank", 5 } },
	{ { "Cntrl", 5 }, { "cntrl", 5 } },   { { "Space", 5 }, { "space", 5 } }, { { "ASCII", 5 }, { "ascii", 5 } },
	{ { "XDigit", 6 }, { "xdigit", 6 } },
};

/* \p{Alpha} or \P{Alpha} at the start of `rest`: its length, or 0. */
static size_t add_class(struct buffer *to, struct span rest, bool in_class)
{
	bool negated = span_starts(rest, SPAN("\\P{"));

	if (!negated && !span_starts(rest, SPAN("\\p{")))
		return 0;
	struct span name = span_skip(rest, 3);
	name.len = span_index(name, '}');
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (!span_equal(name, classes[i].java))
			continue;
		buffer_printf(to, "%s[:%s%s:]%s", in_class ? "" : "[", negated ? "^" : "", classes[i].posix.data,
			      in_class ? "" : "]");
		return name.len + 4;
	}
	return 0;
}

static void add_utf8(struct buffer *to, unsigned code)
{
	if (code >= 0x800)
		buffer_printf(to, "%c%c", (char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3f)));
	else
		buffer_add_byte(to, (char)(0xc0 | code >> 6));
	buffer_add_byte(to, (char)(0x80 | (code & 0x3f)));
}

/* \u00e9 at the start of `rest`: its length, or 0. */
static size_t add_code_point(struct buffer *to, struct span rest)
{
	uint64_t code;

	if (!span_starts(rest, SPAN("\\u")) || span_hex(span_first(span_skip(rest, 2), 4), &code) != 4)
		return 0;
	if (code < 0x80)
		buffer_printf(to, "\\x%02x", (unsigned)code);
	else
		add_utf8(to, (unsigned)code);
	return 6;
}

/* Whether the escape of that length stands for many characters, none of which can begin a range. */
static bool is_many(struct span escape)
{
	struct span letters = SPAN("wWdDsShHvVpP");

	return escape.len >= 2 && span_index(letters, escape.data[1]) < letters.len;
}

/* Java takes the hyphen of [\w-.] for itself. */
static size_t add_hyphen(struct buffer *to, struct span escape, struct span rest)
{
	if (!is_many(escape) || rest.len < 2 || rest.data[0] != '-' || rest.data[1] == ']')
		return 0;
	buffer_add(to, SPAN("\\-"));
	return 1;
}

/* Two bytes, but for \p{Name}. */
static size_t escape_len(struct span rest)
{
	if (span_starts(rest, SPAN("\\p{")) || span_starts(rest, SPAN("\\P{")))
		return span_first(rest, span_index(rest, '}') + 1).len;
	return span_first(rest, 2).len;
}

static size_t add_escape(struct buffer *to, struct span rest, bool in_class)
{
	size_t used = add_class(to, rest, in_class);

	if (used == 0)
		used = add_code_point(to, rest);
	if (used == 0) {
		used = escape_len(rest);
		buffer_add(to, span_first(rest, used));
	}
	return in_class ? used + add_hyphen(to, span_first(rest, used), span_skip(rest, used)) : used;
}

void regex_from_java(struct buffer *to, struct span pattern)
{
	bool in_class = false;

	for (struct span rest = pattern; rest.len;) {
		char byte = rest.data[0];
		if (byte == '\\') {
			rest = span_skip(rest, add_escape(to, rest, in_class));
			continue;
		}
		if (byte == '[' && !in_class) {
			in_class = true;
			size_t opening = span_starts(rest, SPAN("[^")) ? 2 : 1;
			/* A bracket that closes at once is a letter of the class. */
			opening += rest.len > opening && rest.data[opening] == ']';
			buffer_add(to, span_first(rest, opening));
			rest = span_skip(rest, opening);
			continue;
		}
		in_class &= byte != ']';
		buffer_add_byte(to, byte);
		rest = span_skip(rest, 1);
	}
	buffer_reserve(to, 1);
}
