#include <stdlib.h>

#include "query/date_pattern.h"

static void add_padded(struct text_maker *maker, int64_t number, unsigned count)
{
	char room[NUMBER_ROOM];
	size_t len = number_to_text((double)number, room);

	if (len < count)
		text_maker_repeat(maker, '0', count - len);
	text_maker_add(maker, (struct span){ room, len });
}

/* Years before the first are counted back: 1 BC is year 0. */
static void add_year(struct text_maker *maker, int64_t year, unsigned count)
{
	year = year > 0 ? year : 1 - year;
	add_padded(maker, count == 2 ? year % 100 : year, count);
}

static void add_name(struct text_maker *maker, struct span name, unsigned count)
{
	text_maker_add(maker, count < 4 ? span_first(name, 3) : name);
}

static void add_month(struct text_maker *maker, int month, unsigned count)
{
	if (count < 3)
		add_padded(maker, month, count);
	else
		add_name(maker, calendar_months[month - 1], count);
}

/* Z: +0100. X: +01, +0100, +01:00, or Z for no offset. */
static void add_offset(struct text_maker *maker, int32_t offset, const struct date_part *part)
{
	int minutes = abs(offset) / 60;

	if (part->letter == 'X' && offset == 0) {
		text_maker_byte(maker, 'Z');
		return;
	}
	text_maker_byte(maker, offset < 0 ? '-' : '+');
	add_padded(maker, minutes / 60, 2);
	if (part->letter == 'X' && part->count == 1)
		return;
	if (part->letter == 'X' && part->count == 3)
		text_maker_byte(maker, ':');
	add_padded(maker, minutes % 60, 2);
}

/* The number that a letter stands for. */
static int number_of(char letter, const struct calendar *calendar)
{
	switch (letter) {
	case 'w':
		return calendar->week_of_year;
	case 'W':
		return calendar->week_of_month;
	case 'D':
		return calendar->day_of_year;
	case 'd':
		return calendar->day;
	case 'F':
		return (calendar->day - 1) / 7 + 1;
	case 'u':
		return calendar->weekday ? calendar->weekday : 7;
	case 'H':
		return calendar->hour;
	case 'k':
		return calendar->hour ? calendar->hour : 24;
	case 'K':
		return calendar->hour % 12;
	case 'h':
		return (calendar->hour + 11) % 12 + 1;
	case 'm':
		return calendar->minute;
	case 's':
		return calendar->second;
	default: /* S */
		return calendar->ms;
	}
}

static void add_part(struct text_maker *maker, const struct date_part *part, const struct calendar *calendar,
		     const struct zone_type *type)
{
	switch (part->letter) {
	case '\0':
		text_maker_add(maker, part->text);
		break;
	case 'G':
		text_maker_add(maker, calendar->year > 0 ? SPAN("AD") : SPAN("BC"));
		break;
	case 'y':
		add_year(maker, calendar->year, part->count);
		break;
	case 'Y':
		add_year(maker, calendar->week_year, part->count);
		break;
	case 'M':
	case 'L':
		add_month(maker, calendar->month, part->count);
		break;
	case 'E':
		add_name(maker, calendar_weekdays[calendar->weekday], part->count);
		break;
	case 'a':
		text_maker_add(maker, calendar->hour < 12 ? SPAN("AM") : SPAN("PM"));
		break;
	case 'z':
		text_maker_add(maker, type->name);
		break;
	case 'Z':
	case 'X':
		add_offset(maker, type->offset, part);
		break;
	default:
		add_padded(maker, number_of(part->letter, calendar), part->count);
	}
}

void date_format(struct text_maker *maker, const struct date_pattern *pattern, int64_t ms, const struct zone *zone)
{
	struct zone_type type = zone_at(zone, ms / 1000 - (ms % 1000 < 0));
	struct calendar calendar;

	calendar_of(&calendar, ms + (int64_t)type.offset * 1000);
	for (size_t i = 0; i < pattern->count; i++)
		add_part(maker, &pattern->parts[i], &calendar, &type);
}
