#include "source/members.h"

#include <stdlib.h>

#include "source/archive.h"
#include "source/opening.h"
#include "source/order.h"
#include "source/place.h"

#define MEMBERS_MAX 65536
#define PASSES_MAX 256

/* A member that is to be read: as an input, with where it lies in the archive. */
struct member {
	struct input input;
	size_t index;
};

struct members {
	struct inputs *inputs;
	struct input *archive;
	struct stream *stream; /* the archive's, while the reader does not have it yet */
	struct archive_reader *reader;
};
void members_destroy(struct members *members)
{
	if (!members)
		return;
	archive_reader_destroy(members->reader);
	stream_close(members->stream);
	free(members);
}
struct members *members_create(struct inputs *inputs, struct input *input, struct stream *stream)
{ (void)inputs; (void)input; stream_close(stream); return NULL; }
bool members_next(struct members *members, struct part *part)
{ (void)members; (void)part; return false; }
uint64_t members_done(const struct members *members)
{ (void)members; return 0; }
