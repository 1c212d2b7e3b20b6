/* quantity: numbers as people read them, the same in every locale. */
#ifndef SINK_QUANTITY_H
#define SINK_QUANTITY_H

#include <stdint.h>

#define QUANTITY_ROOM 32

/* The digits alone, somewhere in `room`: for programs, and without printf, because millions are written. */
const char *quantity_digits(uint64_t number, char room[QUANTITY_ROOM]);

/* Each writes to `room` and returns it. */
const char *quantity_count(uint64_t count, char room[QUANTITY_ROOM]);	/* 4,812,332 */
const char *quantity_bytes(uint64_t bytes, char room[QUANTITY_ROOM]);	/* 812 bytes, 1.2 GB (powers of 1000) */
const char *quantity_seconds(double seconds, char room[QUANTITY_ROOM]); /* 0.04 s, 1.3 s, 2 min 5 s, 3 h 7 min */

#endif
