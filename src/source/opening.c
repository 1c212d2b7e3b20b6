#include "source/opening.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/decompress.h"
#include "source/journal.h"

struct stream *opening_decompressed(struct stream *stream, enum content *content, struct err *err)
{
	*content = stream ? sniff_content(stream_peek(stream)) : CONTENT_EMPTY;
	if (stream && *content == CONTENT_COMPRESSED) {
		stream = decompress_stream(stream);
		*content = stream ? sniff_content(stream_peek(stream)) : CONTENT_EMPTY;
	}
	if (!stream)
		err_set(err, -ENOMEM, "out of memory");
	return stream;
}

/* It was a regular file when we looked; a FIFO that took its place would block. */
static int open_again(const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	int number = fd < 0 ? errno : ESTALE;
	if (fd >= 0)
		close(fd);
	return err_set(err, -number, "%s", number == ESTALE ? "it is no longer a file" : strerror(number));
}

struct stream *opening_stream(struct input *input, enum content *content, struct err *err)
{
	int fd = input->path ? open_again(input->path, err) : input->fd;

	input->fd = -1;
	if (fd < 0)
		return NULL;
	if (input->content == CONTENT_JOURNAL && input->path) {
		*content = CONTENT_JOURNAL;
		struct stream *journal = journal_stream(fd);
		if (!journal)
			err_set(err, -ENOMEM, "out of memory");
		return journal;
	}
	return opening_decompressed(stream_of_fd(fd), content, err);
}
