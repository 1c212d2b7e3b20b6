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
 * descriptor away. NULL with err when it cannot be opened.
 */
struct stream *opening_stream(struct input *input, enum content *content, struct err *err);

/* As opening_stream for a stream that is there already: it is taken over. */
struct stream *opening_decompressed(struct stream *stream, enum content *content, struct err *err);

#endif
