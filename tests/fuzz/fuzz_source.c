/*
 * Any bytes as a file, and as two files that continue each other: text,
 * archive or journal, what comes out is whole lines, and the same for every
 * size of the reads.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "source/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int file_of(const uint8_t *data, size_t size, char path[32])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size))
		abort();
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

static void check_frame(const struct frame *frame)
{
	if (frame->bytes.len == 0 || (frame->continues && !frame->starts) || !frame->origin.file)
		abort();
	if (frame->cut && frame->bytes.len < SOURCE_LINE_MAX)
		abort();
}

/* *damaged: some of it could not be read. */
static struct buffer read_all(const char *const *paths, size_t count, size_t read_size, bool *damaged)
{
	static struct summary summary;
	struct source_options options = { .read_size = read_size, .threads = 1 };
	struct buffer bytes = { 0 };
	struct frame frame;
	struct err err;

	memset(&summary, 0, sizeof(summary));
	struct source *source = source_create(paths, count, &options, &summary, &err);
	while (source && source_next(source, &frame) == 1) {
		check_frame(&frame);
		buffer_add(&bytes, frame.bytes);
		if (bytes.len > 16u << 20)
			break; /* a bomb: it is bounded, but long */
	}
	source_destroy(source);
	*damaged = false;
	for (size_t i = 0; i < SUMMARY_NOTES_MAX; i++)
		*damaged |= summary.notes[i].loss;
	return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t cut = size > 1 ? data[0] * size / 256 : 0;
	char whole[32], first[32], second[32];
	int fds[] = { file_of(data, size, whole), file_of(data, cut, first), file_of(data + cut, size - cut, second) };
	const char *const one[] = { whole }, *const two[] = { first, second };

	bool damaged;
	struct buffer large = read_all(one, 1, 0, &damaged), small = read_all(one, 1, 1 + size % 97, &damaged);
	/*
	 * Of the call in which libbz2 or libzstd finds a block damaged, it drops the output: how much that is hangs on
	 * the room.
	 */
	bool drops = size > 3 && (memcmp(data, "BZh", 3) == 0 || memcmp(data, "\x28\xb5\x2f\xfd", 4) == 0);
	if (!(damaged && drops) && large.len <= 16u << 20 &&
	    (large.len != small.len || (large.len && memcmp(large.data, small.data, large.len) != 0)))
		abort();
	struct buffer parts = read_all(two, 2, 0, &damaged);
	buffer_finish(&large);
	buffer_finish(&small);
	buffer_finish(&parts);
	for (size_t i = 0; i < 3; i++)
		close(fds[i]);
	return 0;
}
