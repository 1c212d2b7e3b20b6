/* iso_time: event times as every output shows them, 2026-11-23T22:56:01.786Z (ISO 8601, UTC, milliseconds). */
#ifndef SINK_ISO_TIME_H
#define SINK_ISO_TIME_H

#include <stdint.h>

#define ISO_TIME_ROOM 32

/* NULL for TIME_UNKNOWN and for what no four-digit year can hold; otherwise `room`. */
const char *iso_time(int64_t time_ms, char room[ISO_TIME_ROOM]);

#endif
