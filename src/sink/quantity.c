#include "sink/quantity.h"

#include <stdio.h>
#include <string.h>

const char *quantity_digits(uint64_t number, char room[QUANTITY_ROOM])
{
	char *at = &room[QUANTITY_ROOM - 1];

	*at = '\0';
	do
		*--at = (char)('0' + number % 10);
	while (number /= 10);
	return at;
}

const char *quantity_count(uint64_t count, char room[QUANTITY_ROOM])
{
	char digits_room[QUANTITY_ROOM] = "";
	const char *digits = quantity_digits(count, digits_room);
	size_t len = strlen(digits);
	char *at = room;

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
	return room;
}

const char *quantity_bytes(uint64_t bytes, char room[QUANTITY_ROOM])
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
	uint64_t tenths = bytes / 100;
	unsigned unit = 0;

	if (bytes < 1000) {
		snprintf(room, QUANTITY_ROOM, bytes == 1 ? "%u byte" : "%u bytes", (unsigned)bytes);
		return room;
	}
	for (; tenths >= 10000; tenths /= 1000)
		unit++;
	if (tenths < 100)
		snprintf(room, QUANTITY_ROOM, "%u.%u %s", (unsigned)tenths / 10, (unsigned)tenths % 10, units[unit]);
	else
		snprintf(room, QUANTITY_ROOM, "%u %s", (unsigned)tenths / 10, units[unit]);
	return room;
}

const char *quantity_seconds(double seconds, char room[QUANTITY_ROOM])
{
	if (!(seconds >= 0))
		seconds = 0;
	if (seconds > 1e9)
		seconds = 1e9;
	unsigned whole = (unsigned)(seconds + 0.5);
	if (seconds < 0.095)
		snprintf(room, QUANTITY_ROOM, "0.%02u s", (unsigned)(seconds * 100 + 0.5));
	else if (seconds < 59.95)
		snprintf(room, QUANTITY_ROOM, "%u.%u s", (unsigned)(seconds * 10 + 0.5) / 10,
			 (unsigned)(seconds * 10 + 0.5) % 10);
	else if (whole < 3600)
		snprintf(room, QUANTITY_ROOM, "%u min %u s", whole / 60, whole % 60);
	else
		snprintf(room, QUANTITY_ROOM, "%u h %u min", whole / 3600, whole / 60 % 60);
	return room;
}
