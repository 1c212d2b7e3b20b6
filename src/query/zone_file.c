/*
 * TZif, RFC 8536: a header, a block of 32-bit data for old readers, and from
 * version 2 on another header with 64-bit data and a rule behind it in a line
 * of its own. Only the second is read.
 *
 *	TZif2 … counts[6] │ … │ TZif2 … counts[6] │ times │ indexes │ types │ names │ … │ \nPST8PDT,M3.2.0,M11.1.0\n
 */
#include "query/zone.h"

#define HEADER 44
#define TYPE_SIZE 6

enum { UT_COUNT, STANDARD_COUNT, LEAP_COUNT, TIME_COUNT, TYPE_COUNT, NAME_COUNT, COUNTS };

static uint64_t read_big(const char *p, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | (unsigned char)p[i];
	return value;
}

static bool take_header(struct span *bytes, size_t counts[COUNTS])
{
	if (bytes->len < HEADER || !span_starts(*bytes, SPAN("TZif")) || bytes->data[4] < '2')
		return false;
	for (size_t i = 0; i < COUNTS; i++)
		counts[i] = (size_t)read_big(bytes->data + 20 + 4 * i, 4);
	*bytes = span_skip(*bytes, HEADER);
	return true;
}

static size_t block_size(const size_t counts[COUNTS], size_t time_size)
{
	return counts[TIME_COUNT] * (time_size + 1) + counts[TYPE_COUNT] * TYPE_SIZE + counts[NAME_COUNT] +
	       counts[LEAP_COUNT] * (time_size + 4) + counts[STANDARD_COUNT] + counts[UT_COUNT];
}

static bool read_types(struct zone *zone, struct span types, struct span names)
{
	for (size_t i = 0; i < zone->type_count; i++) {
		const char *p = types.data + i * TYPE_SIZE;
		struct span name = span_skip(names, (unsigned char)p[5]);
		zone->types[i] = (struct zone_type){ .offset = (int32_t)read_big(p, 4), .daylight = p[4] != 0 };
		zone->types[i].name = span_first(name, span_index(name, '\0'));
		if (zone->types[i].offset < -90000 || zone->types[i].offset > 90000)
			return false;
	}
	return true;
}

static bool read_times(struct zone *zone, int64_t *times, struct span bytes, struct span indexes)
{
	for (size_t i = 0; i < zone->count; i++) {
		times[i] = (int64_t)read_big(bytes.data + 8 * i, 8);
		if ((i > 0 && times[i] < times[i - 1]) || (unsigned char)indexes.data[i] >= zone->type_count)
			return false;
	}
	zone->times = times;
	zone->indexes = (const unsigned char *)indexes.data;
	return true;
}

static void read_rule(struct zone *zone, struct span footer)
{
	if (footer.len < 2 || footer.data[0] != '\n')
		return;
	footer = span_skip(footer, 1);
	footer = span_first(footer, span_index(footer, '\n'));
	zone->has_rule = zone_rule_read(&zone->rule, footer);
}

bool zone_read(struct zone *zone, struct span bytes, struct arena *arena)
{
	size_t counts[COUNTS], size;
	int64_t *times;

	if (!take_header(&bytes, counts) || (size = block_size(counts, 4)) > bytes.len)
		return false;
	bytes = span_skip(bytes, size);
	if (!take_header(&bytes, counts) || (size = block_size(counts, 8)) > bytes.len)
		return false;
	zone->count = counts[TIME_COUNT];
	zone->type_count = counts[TYPE_COUNT];
	if (zone->type_count == 0 || zone->type_count > ZONE_TYPES_MAX)
		return false;
	times = arena_alloc(arena, zone->count * sizeof(*times));
	zone->types = arena_alloc(arena, zone->type_count * sizeof(*zone->types));
	if (!times || !zone->types)
		return false;
	struct span indexes = span_skip(bytes, zone->count * 8), types = span_skip(indexes, zone->count);
	struct span names = span_first(span_skip(types, zone->type_count * TYPE_SIZE), counts[NAME_COUNT]);
	read_rule(zone, span_skip(bytes, size));
	return read_times(zone, times, bytes, indexes) && read_types(zone, types, names);
}
