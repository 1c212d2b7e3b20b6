/*
 * decode: frame → records, whatever the dress.
 *
 * Formats are detected line by line, mixed files included. A line that is
 * nobody's is counted with a sample by its kind, never an error.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "model/record.h"
#include "model/summary.h"

struct decoder;

struct decoder *decoder_create(struct summary *summary); /* NULL when memory is out; the summary outlives it */
void decoder_destroy(struct decoder *decoder);

/*
 * Takes the next frame, whose bytes live until the next call. Its records are
 * then read with decoder_next.
 */
void decoder_feed(struct decoder *decoder, const struct frame *frame);

/* The input has ended: what is still held back becomes records. */
void decoder_end(struct decoder *decoder);

/* Hands out the next record, which lives until the following call on the decoder; false when the frame is used up. */
bool decoder_next(struct decoder *decoder, struct record *record);

#endif
