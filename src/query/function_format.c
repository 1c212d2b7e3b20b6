/*
 * format("%s has %05.1f %%", a, b): as Java's Formatter has it, of %s %d %i
 * %f %e %g %x %X %o %c %b %n %%, with flags, width and precision. What a
 * conversion cannot take makes the whole null.
 */
#include <math.h>
#include <stdio.h>

#include "query/functions.h"

#define WIDTH_MAX 4096
#define PRECISION_MAX 64

struct conversion {
	char flags[8];
	size_t flag_count;
	unsigned width, precision;
	bool has_precision;
	char type;
};

static unsigned read_number(struct span text, size_t *at, unsigned most)
{
	unsigned number = 0;

	for (; *at < text.len && text.data[*at] >= '0' && text.data[*at] <= '9'; ++*at)
		number = number > most ? number : number * 10 + (unsigned)(text.data[*at] - '0');
	return number < most ? number : most;
}

/* Behind the percent sign. False when it breaks off. */
static bool read_conversion(struct span text, size_t *at, struct conversion *conversion)
{
	*conversion = (struct conversion){ 0 };
	while (*at < text.len && text.data[*at] && strchr("-+ 0,#(", text.data[*at])) {
		char flag = text.data[(*at)++];
		if (conversion->flag_count < sizeof(conversion->flags) - 1 &&
		    !memchr(conversion->flags, flag, conversion->flag_count))
			conversion->flags[conversion->flag_count++] = flag;
	}
	conversion->width = read_number(text, at, WIDTH_MAX);
	if (*at < text.len && text.data[*at] == '.') {
		++*at;
		conversion->precision = read_number(text, at, PRECISION_MAX);
		conversion->has_precision = true;
	}
	if (*at == text.len)
		return false;
	conversion->type = text.data[(*at)++];
	return true;
}

static bool has_flag(const struct conversion *conversion, char flag)
{
	return memchr(conversion->flags, flag, conversion->flag_count);
}

static void pad(struct buffer *to, size_t times, char with)
{
	while (times-- > 0)
		buffer_add_byte(to, with);
}

static void add_text(struct buffer *to, const struct conversion *conversion, struct span text)
{
	if (conversion->has_precision)
		text = span_first(text, conversion->precision);
	size_t missing = conversion->width > text.len ? conversion->width - text.len : 0;
	if (!has_flag(conversion, '-'))
		pad(to, missing, ' ');
	buffer_add(to, text);
	if (has_flag(conversion, '-'))
		pad(to, missing, ' ');
}

/* 1234567.5 → 1,234,567.5 */
static void add_groups(struct buffer *to, struct span number)
{
	size_t sign = number.len && (number.data[0] == '-' || number.data[0] == '+'), end = sign;

	while (end < number.len && number.data[end] >= '0' && number.data[end] <= '9')
		end++;
	for (size_t i = 0; i < number.len; i++) {
		if (i > sign && i < end && (end - i) % 3 == 0)
			buffer_add_byte(to, ',');
		buffer_add_byte(to, number.data[i]);
	}
}

/* Digits, as printf has them. */
static bool make_number(struct buffer *digits, const struct conversion *conversion, double number)
{
	const char *sign = has_flag(conversion, '+') ? "+" : has_flag(conversion, ' ') ? " " : "";
	int precision = conversion->has_precision ? (int)conversion->precision : 6;
	char room[512];

	if (number < 0)
		sign = "";
	switch (conversion->type) {
	case 'd':
	case 'i':
		if (fabs(number) > 9e18)
			return false;
		snprintf(room, sizeof(room), "%s%lld", sign, (long long)number);
		break;
	case 'x':
	case 'X':
	case 'o':
		if (fabs(number) > 9e18)
			return false;
		snprintf(room, sizeof(room),
			 conversion->type == 'x'   ? "%llx"
			 : conversion->type == 'X' ? "%llX"
						   : "%llo",
			 (unsigned long long)(long long)number);
		break;
	case 'f':
		snprintf(room, sizeof(room), "%s%.*f", sign, precision, number);
		break;
	case 'e':
		snprintf(room, sizeof(room), "%s%.*e", sign, precision, number);
		break;
	case 'g':
		snprintf(room, sizeof(room), "%s%.*g", sign, precision, number);
		break;
	default:
		return false;
	}
	if (has_flag(conversion, ','))
		add_groups(digits, span_of(room));
	else
		buffer_text(digits, room);
	return !digits->failed;
}

static bool add_number(struct buffer *to, struct conversion *conversion, double number)
{
	struct buffer digits = { 0 };
	bool made = isfinite(number) && make_number(&digits, conversion, number);
	struct span text = buffer_span(&digits);

	conversion->has_precision = false;
	if (made && has_flag(conversion, '0') && !has_flag(conversion, '-') && conversion->width > text.len) {
		size_t sign = text.len && (text.data[0] == '-' || text.data[0] == '+' || text.data[0] == ' ');
		buffer_add(to, span_first(text, sign));
		pad(to, conversion->width - text.len, '0');
		buffer_add(to, span_skip(text, sign));
	} else if (made) {
		add_text(to, conversion, text);
	}
	buffer_finish(&digits);
	return made;
}

static bool add_conversion(struct buffer *to, struct conversion *conversion, const struct node *node, struct row *row,
			   size_t *argument)
{
	struct span text = SPAN("null");
	double number;

	if (conversion->type == '%' || conversion->type == 'n') {
		buffer_add_byte(to, conversion->type == 'n' ? '\n' : '%');
		return true;
	}
	if (*argument >= node->count)
		return false;
	if (conversion->type && strchr("sScbB", conversion->type)) {
		argument_text(node, (*argument)++, row, &text);
		add_text(to, conversion, text);
		return true;
	}
	return argument_number(node, (*argument)++, row, &number) && add_number(to, conversion, number);
}

static bool add_all(struct buffer *to, struct span pattern, const struct node *node, struct row *row)
{
	struct conversion conversion;
	size_t argument = 1;

	for (size_t at = 0; at < pattern.len;) {
		if (pattern.data[at] != '%') {
			buffer_add_byte(to, pattern.data[at++]);
			continue;
		}
		at++;
		if (to->len > TEXT_MAX || !read_conversion(pattern, &at, &conversion) ||
		    !add_conversion(to, &conversion, node, row, &argument))
			return false;
	}
	return true;
}

void run_format(const struct node *node, struct row *row, struct value *result)
{
	struct buffer text = { 0 };
	struct span pattern;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &pattern))
		return;
	if (add_all(&text, pattern, node, row) && !text.failed) {
		char *room = result_room(row, text.len, result);
		if (room && text.len)
			memcpy(room, text.data, text.len);
	}
	buffer_finish(&text);
}
