/*
 * sniff: what the first bytes of a file are.
 */
#ifndef SOURCE_SNIFF_H
#define SOURCE_SNIFF_H

#include "base/span.h"

enum content {
	CONTENT_EMPTY,
	CONTENT_TEXT,
	CONTENT_COMPRESSED, /* gz, xz, zst, bz2, lz4; what is inside shows only then */
	CONTENT_TAR,
	CONTENT_ZIP,
	CONTENT_JOURNAL,
	CONTENT_BINARY,
};

/* `head` is the beginning of the file, a few KiB or more unless the file is shorter. */
enum content sniff_content(struct span head);

/*
 * Whether some line of it has the shape of a log that we decode: an audit
 * record, a syslog stamp, a JSON object, a journal entry, an export's header.
 * Generous: what it refuses is skipped in directories, and told.
 */
bool sniff_is_log(struct span head);

/* Whether these bytes look like the beginning of a line of a log. */
bool sniff_begins_line(struct span line);

#endif
