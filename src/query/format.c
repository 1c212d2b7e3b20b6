#include "query/format.h"

/* ---- reading ---- */

static size_t take_number(struct span *rest, size_t *number)
{
	uint64_t value = 0;
	size_t len = span_decimal(*rest, &value);

	*number = value < SIZE_MAX ? (size_t)value : SIZE_MAX;
	*rest = span_skip(*rest, len);
	return len;
}

static void take_argument(struct span *rest, struct format_spec *spec, size_t last)
{
	struct span behind = *rest;

	if (span_starts(*rest, SPAN("<"))) {
		spec->argument = last;
		*rest = span_skip(*rest, 1);
	} else if (rest->len && rest->data[0] != '0' && take_number(&behind, &spec->argument) &&
		   span_starts(behind, SPAN("$"))) {
		*rest = span_skip(behind, 1);
	} else {
		spec->argument = 0;
	}
}

static bool *flag_of(struct format_spec *spec, char c)
{
	switch (c) {
	case '-':
		return &spec->left;
	case '+':
		return &spec->plus;
	case ' ':
		return &spec->space;
	case '0':
		return &spec->zero;
	case ',':
		return &spec->group;
	case '(':
		return &spec->parentheses;
	case '#':
		return &spec->alternate;
	default:
		return NULL;
	}
}

static const char *take_sizes(struct span *rest, struct format_spec *spec)
{
	spec->has_width = take_number(rest, &spec->width) > 0;
	if (span_starts(*rest, SPAN("."))) {
		*rest = span_skip(*rest, 1);
		spec->has_precision = take_number(rest, &spec->precision) > 0;
		if (!spec->has_precision)
			return "format: behind the point of a conversion stands how many digits are wanted";
	}
	if (spec->width > FORMAT_WIDTH_MAX)
		return "format: a conversion is wider than 4096 characters";
	if (spec->precision > FORMAT_PRECISION_MAX && rest->len && (rest->data[0] | 0x20) != 's')
		return "format: a conversion wants more than 512 digits";
	return (spec->left || spec->zero) && !spec->has_width ? "format: the flags - and 0 need a width" : NULL;
}

/* The flags that a conversion takes, as Java has it for long and double. */
static const char *flags_of(char conversion)
{
	switch (conversion) {
	case 'd':
		return "-+ 0,(";
	case 'o':
	case 'x':
		return "-0#";
	case 'e':
		return "-+ 0(#";
	case 'f':
		return "-+ 0,(#";
	case 'g':
		return "-+ 0,(";
	case 'n':
		return "";
	default: /* b c s % */
		return "-";
	}
}

static const char *check_flags(struct format_spec *spec)
{
	for (const char *flag = "-+ 0,(#"; *flag; flag++)
		if (*flag_of(spec, *flag) && !strchr(flags_of(spec->conversion), *flag))
			return "format: a flag does not go with its conversion";
	if ((spec->left && spec->zero) || (spec->plus && spec->space))
		return "format: the flags - and 0 exclude each other, and so do + and the space";
	return NULL;
}

static const char *take_conversion(struct span *rest, struct format_spec *spec)
{
	char c = rest->len ? rest->data[0] : '\0';
	bool upper = c >= 'A' && c <= 'Z';

	if (c == '\0')
		return "format: a % at the end begins no conversion; a percent sign is %%";
	spec->upper = upper;
	spec->conversion = (char)(upper ? c | 0x20 : c);
	*rest = span_skip(*rest, 1);
	if (!strchr("bcdefgnosx%", spec->conversion) || (upper && strchr("DFNO", c)))
		return "format: the conversions are b, c, d, e, f, g, n, o, s, x and %";
	if (spec->has_precision && strchr("cdox%n", spec->conversion))
		return "format: this conversion takes no precision";
	return check_flags(spec);
}

static const char *take_spec(struct span *rest, struct format_spec *spec, size_t last)
{
	bool *flag;
	const char *why;

	take_argument(rest, spec, last);
	while (rest->len && (flag = flag_of(spec, rest->data[0]))) {
		*flag = true;
		*rest = span_skip(*rest, 1);
	}
	why = take_sizes(rest, spec);
	return why ? why : take_conversion(rest, spec);
}

bool format_next(struct format_reader *reader, struct format_spec *spec)
{
	size_t len = span_index(reader->rest, '%');

	reader->before = span_first(reader->rest, len);
	if (len == reader->rest.len || reader->why)
		return false;
	reader->rest = span_skip(reader->rest, len + 1);
	*spec = (struct format_spec){ 0 };
	reader->why = take_spec(&reader->rest, spec, reader->last);
	if (spec->argument == 0 && spec->conversion != 'n' && spec->conversion != '%')
		spec->argument = ++reader->ordinary;
	if (spec->argument)
		reader->last = spec->argument;
	return !reader->why;
}

/* ---- writing ---- */

void format_add_padded(struct text_maker *maker, const struct format_spec *spec, struct span text, bool zeros)
{
	size_t len = letters_count(text), padding = spec->width > len ? spec->width - len : 0;

	if (!spec->left)
		text_maker_repeat(maker, zeros ? '0' : ' ', padding);
	text_maker_add(maker, text);
	if (spec->left)
		text_maker_repeat(maker, ' ', padding);
}

/* Thousands are parted by commas, counted from the right. */
static void add_grouped(struct text_maker *maker, struct span whole, bool group)
{
	for (size_t i = 0; i < whole.len; i++) {
		if (group && i > 0 && (whole.len - i) % 3 == 0)
			text_maker_byte(maker, ',');
		text_maker_byte(maker, whole.data[i]);
	}
}

void format_add_number(struct text_maker *maker, const struct format_spec *spec, const struct format_digits *digits)
{
	const char *head = digits->negative ? spec->parentheses ? "(" : "-" : spec->plus ? "+" : spec->space ? " " : "";
	const char *end = digits->negative && spec->parentheses ? ")" : "";
	size_t commas = spec->group && digits->whole.len ? (digits->whole.len - 1) / 3 : 0;
	size_t len = strlen(head) + strlen(end) + digits->whole.len + commas + digits->tail.len;
	size_t padding = spec->width > len ? spec->width - len : 0;

	if (!spec->left && !spec->zero)
		text_maker_repeat(maker, ' ', padding);
	text_maker_add(maker, span_of(head));
	if (spec->zero)
		text_maker_repeat(maker, '0', padding);
	add_grouped(maker, digits->whole, spec->group);
	text_maker_add(maker, digits->tail);
	text_maker_add(maker, span_of(end));
	if (spec->left)
		text_maker_repeat(maker, ' ', padding);
}
