#include "source/rotation.h"

/* Dates rank below numbers: a series that has both changed from dates to numbers or is not one series. */
#define AGE_NUMBERED (1ull << 62)

static const struct span compressions[] = {
	SPAN(".gz"), SPAN(".xz"), SPAN(".zst"), SPAN(".bz2"), SPAN(".lz4"), SPAN(".zstd"), SPAN(".lzma"), SPAN(".Z"),
};

struct span rotation_uncompressed(struct span name)
{
	for (size_t i = 0; i < sizeof(compressions) / sizeof(*compressions); i++)
		if (name.len > compressions[i].len && span_ends(name, compressions[i]))
			return span_first(name, name.len - compressions[i].len);
	return name;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * 20240101, 2024-01-01, and what logrotate's dateformat may add: an hour, a
 * time, epoch seconds (-20240101-1704067200). The digits in a row, cut to 18,
 * order as the dates do. Returns the length used, or 0.
 */
static size_t read_date(struct span s, uint64_t *age)
{
	uint64_t digits = 0;
	size_t count = 0, i = 0;

	for (; i < s.len; i++) {
		bool joins = s.data[i] == '-' || s.data[i] == '_' || s.data[i] == 'T' || s.data[i] == ':';
		if (!is_digit(s.data[i]) && !(joins && i && i + 1 < s.len && is_digit(s.data[i + 1])))
			break;
		if (is_digit(s.data[i]) && count++ < 18)
			digits = digits * 10 + (uint64_t)(s.data[i] - '0');
	}
	size_t shown = count;
	for (; shown < 18; shown++)
		digits *= 10;
	uint64_t year = digits / 100000000000000u, month = digits / 1000000000000u % 100,
		 day = digits / 10000000000u % 100;
	if (count < 8 || year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	*age = digits;
	return i;
}

static size_t read_number(struct span s, uint64_t *age)
{
	uint64_t number;
	size_t used = span_decimal(s, &number);

	if (used == 0 || used > 5)
		return 0;
	*age = (AGE_NUMBERED << 1) - number;
	return used;
}

/* 10.0.0.5.log is a host's log and no rotation, so what stands before the number must end in a word. */
static bool ends_in_word(struct span stem)
{
	for (size_t i = stem.len; i > 0 && stem.data[i - 1] != '.'; i--)
		if (!is_digit(stem.data[i - 1]))
			return true;
	return false;
}

/* Whether everything from `at` is the mark of a rotation, alone or before ".log". */
static bool split_at(struct span name, size_t at, struct rotation *rotation)
{
	struct span mark = span_skip(name, at + 1);
	uint64_t age = 0;
	size_t used = read_date(mark, &age);

	if (used == 0 && name.data[at] == '.' && ends_in_word(span_first(name, at)))
		used = read_number(mark, &age);
	struct span rest = span_skip(mark, used);
	if (used == 0 || (rest.len && !span_equal(rest, SPAN(".log"))))
		return false;
	rotation->stem = span_first(name, at);
	rotation->ending = rest;
	rotation->age = age;
	return true;
}

/* The number in the group of hex digits that begins s; *s goes behind it and its '-'. */
static uint64_t take_hex(struct span *s)
{
	uint64_t value = 0;
	size_t end = span_index(*s, '-');

	span_hex(span_first(*s, end), &value);
	*s = span_skip(*s, end + 1);
	return value;
}

/*
 * journald archives system.journal as system@SEQNUMID-SEQNUM-REALTIME.journal,
 * and after a crash as system@REALTIME-RANDOM.journal~; REALTIME is the first
 * entry's, in hex microseconds.
 */
static bool split_journal(struct span name, struct rotation *rotation)
{
	bool dirty = span_ends(name, SPAN(".journal~"));
	size_t at = span_index(name, '@');

	if (at == name.len || !(dirty || span_ends(name, SPAN(".journal"))))
		return false;
	struct span rest = span_skip(name, at + 1);
	if (!dirty) {
		take_hex(&rest);
		take_hex(&rest);
	}
	rotation->age = take_hex(&rest);
	rotation->stem = span_first(name, at);
	rotation->ending = SPAN(".journal");
	return true;
}

struct rotation rotation_of(struct span place)
{
	struct span base = span_basename(place);
	struct span name = rotation_uncompressed(base);
	struct rotation rotation = { .folder = span_first(place, place.len - base.len), .age = ROTATION_CURRENT };

	if (split_journal(name, &rotation))
		return rotation;
	for (size_t i = 1; i < name.len; i++)
		if ((name.data[i] == '.' || name.data[i] == '-') && split_at(name, i, &rotation))
			return rotation;
	rotation.stem = name;
	return rotation;
}

static int compare_bytes(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.data, b.data, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* The byte at i of stem and ending in a row, or -1 behind them. */
static int series_byte(const struct rotation *rotation, size_t i)
{
	if (i < rotation->stem.len)
		return (unsigned char)rotation->stem.data[i];
	i -= rotation->stem.len;
	return i < rotation->ending.len ? (unsigned char)rotation->ending.data[i] : -1;
}

static int compare_series(const struct rotation *a, const struct rotation *b)
{
	int order = compare_bytes(a->folder, b->folder);

	for (size_t i = 0; order == 0; i++) {
		int left = series_byte(a, i), right = series_byte(b, i);
		order = left - right;
		if (left < 0 && right < 0)
			break;
	}
	return order;
}

bool rotation_same_series(const struct rotation *a, const struct rotation *b)
{
	return compare_series(a, b) == 0;
}

int rotation_compare(const struct rotation *a, const struct rotation *b)
{
	int order = compare_series(a, b);

	return order ? order : (a->age > b->age) - (a->age < b->age);
}
