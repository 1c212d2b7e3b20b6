/*
 * opening: an input becomes a stream of decompressed bytes.
 */
#ifndef SOURCE_OPENING_H
#define SOURCE_OPENING_H

#include "source/inputs.h"
#include "source/stream.h"

/*
 * The stream of an input, decompressed when it is compressed, with what its
 * beginning looks like then in *content: CONTENT_COMPRESSED when that failed
 * from the start. A journal on disk comes as the text of its export. An input without a path gives its
 * descriptor away. With `ahead`, what is compressed and no archive is decompressed in a thread of its own (ahead.h).
 * NULL with err when it cannot be opened.
 */
struct stream *opening_stream(struct input *input, bool ahead, enum content *content, struct err *err);

/*
 * As opening_stream for a member of an archive, whose stream is taken over.
 * `packed`: the archive itself is compressed, so with `ahead` the member is
 * read in a thread of its own whatever it is.
 */
struct stream *opening_member(struct stream *stream, bool ahead, bool packed, enum content *content);

#endif
