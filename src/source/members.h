/*
 * members: the logs in a tar or zip archive, rotations in order.
 *
 * The first pass lists; then as many passes as the order takes, each of which
 * gives the members that lie one behind the other in the archive. A pipe can
 * be read once only, so its members come as they lie.
 */
#ifndef SOURCE_MEMBERS_H
#define SOURCE_MEMBERS_H

#include "source/inputs.h"
#include "source/parts.h"

struct members;

/*
 * `stream` is the archive's, as opening_stream gave it, and is taken over;
 * names go into inputs->names. NULL when memory is out.
 */
struct members *members_create(struct inputs *inputs, struct input *input, struct stream *stream);
void members_destroy(struct members *members);

/* As parts_next. */
bool members_next(struct members *members, struct part *part);

/* Of the bytes of the archive on disk, what share of the work is done, in those bytes. */
uint64_t members_done(const struct members *members);

#endif
