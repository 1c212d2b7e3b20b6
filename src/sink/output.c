/*
 * Invariant: `pending` holds whole lines only, and all that was written
 * before it ends with a newline. So what a failed write leaves behind its
 * last newline is the one partial line there can be.
 */
#include "sink/output.h"

#include "base/buffer.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PENDING_MAX 65536

struct output {
	int fd, status;
	bool owned, regular, started;
	bool (*wait)(void *context, int fd); /* NULL: a write may take as long as it does */
	void *wait_context;
	char *name;
	struct buffer pending;
};

static int fail(struct output *output, int number, struct err *err)
{
	output->status = -number;
	if (number == ECANCELED)
		return err_set(err, -number, "%s took nothing more when the end came: what was not written is lost",
			       output->name);
	if (number == EPIPE) {
		if (err)
			*err = (struct err){ .number = -EPIPE };
		return -EPIPE;
	}
	return err_set(
		err, -number, "cannot write %s: %s; what it holds ends with a whole line, the rest is missing: %s",
		output->name, strerror(number),
		number == ENOSPC || number == EDQUOT || number == EFBIG ? "make room or choose another place with -o"
									: "choose another place with -o");
}

static struct output *create(int fd, const char *name, bool owned, struct err *err)
{
	struct output *output = calloc(1, sizeof(*output));
	struct stat st;

	if (!output || !(output->name = strdup(name))) {
		free(output);
		err_set(err, -ENOMEM, "cannot write %s: memory is out", name);
		return NULL;
	}
	output->fd = fd;
	output->owned = owned;
	output->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	return output;
}

struct output *output_create(int fd, const char *name, struct err *err)
{
	return create(fd, name, false, err);
}

static struct output *open_path(const char *path, int flags, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | flags, 0600);

	if (fd < 0) {
		int number = errno;
		err_set(err, -number, "cannot write %s: %s; choose another place with -o", path, strerror(number));
		return NULL;
	}
	struct output *output = create(fd, path, true, err);
	if (!output)
		close(fd);
	return output;
}

struct output *output_open(const char *path, struct err *err)
{
	return open_path(path, 0, err);
}

struct output *output_append(const char *path, struct err *err)
{
	struct output *output = open_path(path, O_APPEND, err);

	if (output)
		output->started = true;
	return output;
}

void output_set_patience(struct output *output, bool (*wait)(void *context, int fd), void *context)
{
	output->wait = wait;
	output->wait_context = context;
}

void output_swap(struct output *output, int fd)
{
	struct stat st;

	if (output->owned && output->fd >= 0)
		close(output->fd);
	output->fd = fd;
	output->owned = output->started = true;
	output->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

uint64_t output_size(const struct output *output)
{
	struct stat st;

	return output->regular && fstat(output->fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

int output_sync(struct output *output, struct err *err)
{
	if (!output->regular || output->status || fdatasync(output->fd) == 0 || errno == EINVAL)
		return 0;
	return fail(output, errno, err);
}

bool output_is(const struct output *output, const char *path)
{
	struct stat ours, theirs;

	return output->regular && fstat(output->fd, &ours) == 0 && stat(path, &theirs) == 0 &&
	       ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

/* Empties the file that output_open opened, once. */
static int start(struct output *output)
{
	if (output->started || !output->owned || !output->regular)
		return 0;
	output->started = true;
	return ftruncate(output->fd, 0) == 0 ? 0 : errno;
}

/* Cuts `tail` bytes of a partial line off, unless somebody else has written behind them. */
static void cut_back(struct output *output, size_t tail)
{
	struct stat st;

	if (tail == 0 || !output->regular || fstat(output->fd, &st) != 0)
		return;
	off_t at = lseek(output->fd, 0, SEEK_CUR), whole = at - (off_t)tail;
	if (at == st.st_size && whole >= 0 && ftruncate(output->fd, whole) == 0)
		lseek(output->fd, whole, SEEK_SET);
}

/* A pipe that can be written to takes PIPE_BUF bytes at least. */
static int write_some(const struct output *output, struct span bytes, size_t *written)
{
	bool patient = output->wait && !output->regular;
	size_t piece = patient ? PIPE_BUF : 1u << 30;
	int fd = output->fd;

	if (patient && !output->wait(output->wait_context, fd))
		return ECANCELED;
	ssize_t n = write(fd, bytes.data, bytes.len < piece ? bytes.len : piece);

	if (n >= 0) {
		*written += (size_t)n;
		return n == 0 ? EIO : 0;
	}
	if (errno == EAGAIN) { /* a pipe that another process made non-blocking */
		struct pollfd wait = { .fd = fd, .events = POLLOUT };
		poll(&wait, 1, -1);
		return 0;
	}
	return errno == EINTR ? 0 : errno;
}

static size_t partial_line(struct span written)
{
	const char *newline = written.len ? memrchr(written.data, '\n', written.len) : NULL;

	return newline ? written.len - (size_t)(newline - written.data) - 1 : written.len;
}

int output_flush(struct output *output, struct err *err)
{
	struct span bytes = buffer_span(&output->pending);
	size_t written = 0;
	int number = 0;

	if (output->status)
		return fail(output, -output->status, err);
	if (bytes.len == 0)
		return 0;
	number = start(output);
	while (!number && written < bytes.len)
		number = write_some(output, span_skip(bytes, written), &written);
	if (number) {
		cut_back(output, partial_line(span_first(bytes, written)));
		return fail(output, number, err);
	}
	if (output->pending.capacity > 16 * PENDING_MAX)
		buffer_finish(&output->pending);
	buffer_reset(&output->pending);
	return 0;
}

int output_write(struct output *output, struct span lines, struct err *err)
{
	if (output->status)
		return fail(output, -output->status, err);
	if (!buffer_reserve(&output->pending, lines.len))
		return fail(output, ENOMEM, err);
	buffer_add(&output->pending, lines);
	return output->pending.len >= PENDING_MAX ? output_flush(output, err) : 0;
}

int output_finish(struct output *output, struct err *err)
{
	int status = output_flush(output, err), number = 0;

	if (!output->owned || output->fd < 0)
		return status;
	if (status == 0)
		number = start(output);
	if (close(output->fd) != 0 && !number && errno != EINTR)
		number = errno;
	output->fd = -1;
	return status == 0 && number ? fail(output, number, err) : status;
}

void output_destroy(struct output *output)
{
	if (!output)
		return;
	if (output->owned && output->fd >= 0)
		close(output->fd);
	buffer_finish(&output->pending);
	free(output->name);
	free(output);
}
