#include "source/stream.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long an abandoned read may go on waiting. */
#define TURN_MS 50

struct fd_stream {
	struct stream stream;
	int fd;
	atomic_uint_least64_t position; /* asked for by the thread that shows progress, while another reads */
	const atomic_bool *abandoned;	/* NULL: reads wait as long as it takes */
};

static ssize_t take_head(struct stream *stream, char *to, size_t room)
{
	struct span left = span_skip((struct span){ stream->head, stream->head_len }, stream->head_used);
	struct span taken = span_first(left, room);

	memcpy(to, taken.data, taken.len);
	stream->head_used += taken.len;
	if (stream->head_used == stream->head_len) {
		free(stream->head);
		stream->head = NULL;
	}
	return (ssize_t)taken.len;
}

ssize_t stream_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	if (room == 0)
		return 0;
	if (stream->head)
		return take_head(stream, to, room);
	if (stream->head_end < 0 && err)
		*err = stream->head_err;
	return stream->head_end > 0 ? stream->read(stream, to, room, err) : stream->head_end;
}

struct span stream_peek(struct stream *stream)
{
	char *head = stream->head ? NULL : malloc(STREAM_PEEK_MAX);
	size_t len = 0;

	if (!head)
		return stream->head ? (struct span){ stream->head, stream->head_len } : SPAN("");
	while (len < STREAM_PEEK_MAX && stream->head_end > 0) {
		ssize_t got = stream->read(stream, head + len, STREAM_PEEK_MAX - len, &stream->head_err);
		if (got <= 0)
			stream->head_end = got;
		else
			len += (size_t)got;
	}
	if (len == 0) {
		free(head);
		return SPAN("");
	}
	stream->head = head;
	stream->head_len = len;
	stream->head_used = 0;
	return (struct span){ head, len };
}

uint64_t stream_position(const struct stream *stream)
{
	return stream->position ? stream->position(stream) : 0;
}

static void drop_head(struct stream *stream)
{
	free(stream->head);
	stream->head = NULL;
	stream->head_end = 1;
}

int64_t stream_seek(struct stream *stream, int64_t offset, int whence)
{
	if (!stream->seek)
		return -ESPIPE;
	if (whence == SEEK_CUR && stream->head)
		offset -= (int64_t)(stream->head_len - stream->head_used);
	drop_head(stream);
	return stream->seek(stream, offset, whence);
}

void stream_heed(struct stream *stream, const atomic_bool *abandoned)
{
	if (stream->heed)
		stream->heed(stream, abandoned);
}

void stream_close(struct stream *stream)
{
	if (!stream)
		return;
	free(stream->head);
	stream->close(stream);
}

/*
 * A hole reads as zeros without end (`truncate -s 8E`), so it is jumped over;
 * zeros that are really on disk are handed on.
 */
static bool jump_hole(struct fd_stream *file, const char *bytes, size_t len)
{
	if (len < 4096 || bytes[0] || memcmp(bytes, bytes + 1, len - 1) != 0)
		return false;
	off_t data = lseek(file->fd, (off_t)file->position, SEEK_DATA);
	if (data < 0 && errno == ENXIO)
		data = lseek(file->fd, 0, SEEK_END);
	if (data < 0 || (uint64_t)data < file->position + len) {
		if (data >= 0)
			lseek(file->fd, (off_t)(file->position + len), SEEK_SET);
		return false;
	}
	file->position = (uint64_t)data;
	return true;
}

/*
 * In turns, each of which looks at the descriptor anew: no signal ends the
 * wait of a thread that has them blocked, and whoever caught one may have put
 * another file into the descriptor's place (cmd/stop.c).
 */
static bool await_bytes(const struct fd_stream *file)
{
	struct pollfd wanted = { .fd = file->fd, .events = POLLIN };

	while (!atomic_load(file->abandoned)) {
		int result = poll(&wanted, 1, TURN_MS);
		if (result > 0 || (result < 0 && errno != EINTR))
			return true;
	}
	return false;
}

static ssize_t fd_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct fd_stream *file = (struct fd_stream *)stream;
	ssize_t got;

	if (file->abandoned && !await_bytes(file))
		return err_set(err, -ECANCELED, "nobody waits for it any more");
	do {
		do
			got = read(file->fd, to, room);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return err_set(err, -errno, "%s", strerror(errno));
	} while (got > 0 && jump_hole(file, to, (size_t)got));
	file->position += (uint64_t)got;
	return got;
}

static uint64_t fd_position(const struct stream *stream)
{
	return ((const struct fd_stream *)stream)->position;
}

static int64_t fd_seek(struct stream *stream, int64_t offset, int whence)
{
	struct fd_stream *file = (struct fd_stream *)stream;
	off_t position = lseek(file->fd, offset, whence);

	if (position < 0)
		return -errno;
	file->position = (uint64_t)position;
	return position;
}

static void fd_heed(struct stream *stream, const atomic_bool *abandoned)
{
	((struct fd_stream *)stream)->abandoned = abandoned;
}

static void fd_close(struct stream *stream)
{
	struct fd_stream *file = (struct fd_stream *)stream;

	if (file->fd > STDERR_FILENO)
		close(file->fd);
	free(file);
}

struct stream *stream_of_fd(int fd)
{
	struct fd_stream *file = calloc(1, sizeof(*file));

	if (!file) {
		if (fd > STDERR_FILENO)
			close(fd);
		return NULL;
	}
	file->stream = (struct stream){
		.read = fd_read, .position = fd_position, .seek = fd_seek, .close = fd_close, .head_end = 1
	};
	file->fd = fd;
	if (lseek(fd, 0, SEEK_CUR) < 0) {
		file->stream.seek = NULL;
		file->stream.heed = fd_heed;
	}
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return &file->stream;
}
