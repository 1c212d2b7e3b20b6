/*
 * shelf: what is noted of pieces that are through, in a temporary file that
 * is mapped again: of a large log that is more than memory should hold.
 */
#ifndef SIEVE_SHELF_H
#define SIEVE_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shelf;

/* Takes the descriptor of a file for reading and writing over, or -1: then nothing can be put. NULL: memory is out. */
struct shelf *shelf_create(int fd);
void shelf_destroy(struct shelf *shelf);

/* Empties it; what was mapped is gone. */
void shelf_clear(struct shelf *shelf);

/* Writes them behind what is there, and says where. False: it could not, and nothing has changed. */
bool shelf_put(struct shelf *shelf, const void *bytes, size_t len, uint64_t *place);

/* All that was put, writable, until shelf_clear; NULL: it cannot be mapped. Nothing may be put any more. */
char *shelf_map(struct shelf *shelf);

#endif
