/*
 * opening: an input becomes a stream of decompressed bytes.
 */
#ifndef SOURCE_OPENING_H
#define SOURCE_OPENING_H

#include "source/ahead.h"
#include "source/inputs.h"
#include "source/stream.h"

/*
 * The stream of an input, decompressed when it is compressed, with what its
 * beginning looks like then in *content: CONTENT_COMPRESSED when that failed
 * from the start. A journal on disk comes as the text of its export. An input without a path gives its
 * descriptor away. With `ahead`, what is compressed and no archive is read in it.
 * NULL with err when it cannot be opened.
 */
struct stream *opening_stream(struct input *input, struct ahead *ahead, enum content *content, struct err *err);

/*
 * As opening_stream for a member of an archive, whose stream is taken over.
 * `packed`: the archive itself is compressed, so with `ahead` the member is
 * read in it whatever it is.
 */
struct stream *opening_member(struct stream *stream, struct ahead *ahead, bool packed, enum content *content);

/* Whether text, or what looks binary, is read as a log; head is its beginning, decompressed. */
bool opening_wants(const struct inputs *inputs, const struct input *input, enum content content, struct span head);

/* What can be opened ahead: compressed files. An input is what opening_stream would make of it. It borrows inputs. */
struct ahead_inputs opening_ahead(struct inputs *inputs);

#endif
