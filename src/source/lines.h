/*
 * lines: a stream cut into runs of whole lines.
 *
 * One buffer, reused, which grows for an overlong line only. Where a run ends
 * depends on the size of the reads; what the lines are does not: a line is
 * cut at line_max bytes wherever the reads happen to fall.
 */
#ifndef SOURCE_LINES_H
#define SOURCE_LINES_H

#include "source/stream.h"

struct lines {
	char *data;
	size_t capacity, start, end;
	size_t partial; /* this many bytes at the end are known to hold no newline */
	size_t chunk, line_max;
	uint64_t offset;	       /* of data[start] in the stream */
	bool ended;		       /* the stream said so, or broke */
	struct err broke;	       /* number 0: it did not */
	bool skipping;		       /* inside the rest of a line that was cut */
	uint64_t cut_lines, cut_bytes; /* over the life of the lines; the caller may reset them */
};

struct lines_run {
	struct span bytes; /* lives until the next call */
	uint64_t offset;
	bool cut; /* the last line is the beginning of a longer one, without its newline */
};

/* Zero means the default: 256 KiB reads. The chunk is at most line_max. Allocates with the first read. */
void lines_init(struct lines *lines, size_t chunk, size_t line_max);
void lines_finish(struct lines *lines);

/* Ready for another stream; what is left of the one before goes. */
void lines_restart(struct lines *lines);

/*
 * 1: *run is the next one. 0: the stream ended. Negative errno: it broke or
 * memory is out, err says why. Behind the end, lines_rest is the last line
 * when its newline was missing: the caller takes it, or calls lines_go_on and
 * reads the stream in which it goes on.
 */
int lines_next(struct lines *lines, struct stream *stream, struct lines_run *run, struct err *err);
struct lines_run lines_rest(const struct lines *lines);
void lines_go_on(struct lines *lines);

#endif
