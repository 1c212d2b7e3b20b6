#include "source/opening.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/ahead.h"
#include "source/decompress.h"
#include "source/journal.h"

static enum content look(struct stream *stream)
{
	return stream ? sniff_content(stream_peek(stream)) : CONTENT_EMPTY;
}

/* True: it was. */
static bool decompress(struct stream **stream, enum content *content)
{
	*content = look(*stream);
	if (*content != CONTENT_COMPRESSED)
		return false;
	*stream = decompress_stream(*stream);
	*content = look(*stream);
	return *stream;
}

/* Threads do not nest: of an archive the members have theirs, not the whole. */
static bool is_worth_a_thread(enum content content)
{
	return content == CONTENT_TEXT || content == CONTENT_BINARY;
}

struct stream *opening_member(struct stream *stream, bool ahead, bool packed, enum content *content)
{
	bool compressed = stream && decompress(&stream, content);

	if (!stream)
		*content = CONTENT_EMPTY;
	return ahead && (compressed || packed) && is_worth_a_thread(*content) ? ahead_stream(stream) : stream;
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

struct stream *opening_stream(struct input *input, bool ahead, enum content *content, struct err *err)
{
	int fd = input->path ? open_again(input->path, err) : input->fd;
	struct stream *stream;

	input->fd = -1;
	if (fd < 0)
		return NULL;
	if (input->content == CONTENT_JOURNAL && input->path) {
		*content = CONTENT_JOURNAL;
		stream = journal_stream(fd);
	} else {
		stream = opening_member(stream_of_fd(fd), ahead, false, content);
	}
	if (!stream)
		err_set(err, -ENOMEM, "out of memory");
	return stream;
}
