/* Not strtod: the decimal point is a point in every locale. */
#include "query/lexer_number.h"

static const struct suffix {
	struct span text;
	double factor;
	bool is_time;
} suffixes[] = {
	{ SPAN("k"), 1e3, false },	  { SPAN("K"), 1e3, false },	 { SPAN("M"), 1e6, false },
	{ SPAN("G"), 1e9, false },	  { SPAN("T"), 1e12, false },	 { SPAN("P"), 1e15, false },
	{ SPAN("E"), 1e18, false },	  { SPAN("ki"), 0x1p10, false }, { SPAN("Ki"), 0x1p10, false },
	{ SPAN("Mi"), 0x1p20, false },	  { SPAN("Gi"), 0x1p30, false }, { SPAN("Ti"), 0x1p40, false },
	{ SPAN("Pi"), 0x1p50, false },	  { SPAN("Ei"), 0x1p60, false }, { SPAN("ns"), 1e-6, true },
	{ SPAN("us"), 1e-3, true },	  { SPAN("ms"), 1, true },	 { SPAN("s"), 1e3, true },
	{ SPAN("m"), 60e3, true },	  { SPAN("h"), 3600e3, true },	 { SPAN("d"), 86400e3, true },
	{ SPAN("w"), 7 * 86400e3, true },
};

static const struct suffix *find_suffix(struct span text)
{
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (span_equal(text, suffixes[i].text))
			return &suffixes[i];
	return NULL;
}

static size_t read_digits(struct span s, size_t at, double *value, int *places)
{
	for (; at < s.len && s.data[at] >= '0' && s.data[at] <= '9'; at++) {
		*value = *value * 10 + (s.data[at] - '0');
		if (*places < 400)
			++*places;
	}
	return at;
}

/* The exponent at `at`, behind which nothing but the number's end may stand. Returns the length of all, or 0. */
static size_t read_exponent(struct span s, size_t at, int *exponent)
{
	double value = 0;
	int digits = 0, sign = 1;

	if (at >= s.len || (s.data[at] | 0x20) != 'e')
		return 0;
	at++;
	if (at < s.len && (s.data[at] == '-' || s.data[at] == '+'))
		sign = s.data[at++] == '-' ? -1 : 1;
	size_t end = read_digits(s, at, &value, &digits);
	*exponent = sign * (value < 400 ? (int)value : 400);
	return digits ? end : 0;
}

static double scale(double mantissa, int exponent)
{
	double power = 1;

	if (mantissa == 0)
		return 0;
	for (int i = exponent < 0 ? -exponent : exponent; i > 0; i--)
		power *= 10; /* exact up to 1e22 */
	return exponent < 0 ? mantissa / power : mantissa * power;
}

size_t number_read(struct span word, struct span rest, struct number *number)
{
	double mantissa = 0;
	int digits = 0, places = 0, exponent = 0;
	size_t at = read_digits(word, 0, &mantissa, &digits);

	if (at < word.len && word.data[at] == '.')
		at = read_digits(word, at + 1, &mantissa, &places);
	if (digits + places == 0)
		return 0;
	size_t with_exponent = read_exponent(rest, at, &exponent);
	if (with_exponent >= word.len)
		at = with_exponent;
	else
		exponent = 0;
	exponent -= places;
	*number = (struct number){ .value = scale(mantissa, exponent) };
	if (at >= word.len)
		return at;
	const struct suffix *suffix = find_suffix(span_skip(word, at));
	if (!suffix)
		return 0;
	number->value *= suffix->factor;
	number->is_time = suffix->is_time;
	return word.len;
}

bool number_time_unit(struct span word, double *ms)
{
	const struct suffix *suffix = find_suffix(word);

	*ms = suffix ? suffix->factor : 0;
	return suffix && suffix->is_time;
}
