/*
 * parts: the inputs one after the other, each as one stream or, for an
 * archive, as one stream a member.
 */
#ifndef SOURCE_PARTS_H
#define SOURCE_PARTS_H

#include "source/inputs.h"
#include "source/stream.h"

struct part {
	struct stream *stream; /* NULL once it is closed; the rest stays */
	struct frame frame;    /* what its frames have in common; origin, host and format live as long as the inputs */
	uint64_t expected;     /* bytes that it had when it was found, 0 not known */
	uint64_t base;	       /* offset in the lines where it begins; the source's */
	bool started;	       /* it has given a frame; the source's */
};

struct parts;

/* Borrows inputs. NULL when memory is out. */
struct parts *parts_create(struct inputs *inputs);
void parts_destroy(struct parts *parts);

/* Opens the next that can be read; what cannot is a note. False at the end. Close a part before the next is opened. */
bool parts_next(struct parts *parts, struct part *part);

/* `broke`: why reading it failed, number 0 when it did not. Notes what was lost. */
void parts_close(struct parts *parts, struct part *part, const struct err *broke);

/* The name of what is being read; never NULL. */
const char *parts_current(const struct parts *parts);

/* Somebody else reads the inputs, and is through with so many bytes of them; 0: nobody does. */
void parts_show(struct parts *parts, uint64_t done);

/* Bytes on disk that were read, of those that there are; *total is 0 when a pipe is among them. */
void parts_progress(const struct parts *parts, uint64_t *done, uint64_t *total);

#endif
