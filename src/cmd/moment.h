/*
 * moment: times as people type them.
 *
 *   2026-11-23               a day           1615114232.375   seconds since the epoch
 *   2026-11-23T22:56         a minute        90m, 2h, 3d, 1w  so long before now
 *   2026-11-23T22:56:01.786  also with a blank for the T, and with Z or +02:00 behind
 *
 * Times without a zone are UTC, as those that proctor prints.
 */
#ifndef CMD_MOMENT_H
#define CMD_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds since the epoch, both inclusive: a day is as long as a day. */
struct moment {
	int64_t first_ms, last_ms;
};

/* False when the text is no time. The clock is an argument. */
bool moment_parse(const char *text, int64_t now_ms, struct moment *moment);

#endif
