#include "source/opening.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/decompress.h"
#include "source/journal.h"
#include "source/place.h"

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

struct stream *opening_member(struct stream *stream, struct ahead *ahead, bool packed, enum content *content)
{
	bool compressed = stream && decompress(&stream, content);

	if (!stream)
		*content = CONTENT_EMPTY;
	return ahead && (compressed || packed) && is_worth_a_thread(*content) ? ahead_stream(ahead, stream) : stream;
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

struct stream *opening_stream(struct input *input, struct ahead *ahead, enum content *content, struct err *err)
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

bool opening_wants(const struct inputs *inputs, const struct input *input, enum content content, struct span head)
{
	if (inputs->format != FORMAT_AUTO || place_is_host_log(span_of(input->place)))
		return true;
	return content == CONTENT_TEXT && (input->named || input->chosen || sniff_is_log(head));
}

static bool is_packed(const void *context, size_t i)
{
	const struct inputs *inputs = context;

	return inputs->items[i].path && inputs->items[i].content == CONTENT_COMPRESSED;
}

static struct ahead_opened open_ahead(void *context, size_t i)
{
	const struct inputs *inputs = context;
	const struct input *input = &inputs->items[i];
	struct ahead_opened opened = { 0 };
	int fd = open_again(input->path, NULL);

	opened.stream = fd < 0 ? NULL : stream_of_fd(fd);
	if (!opened.stream)
		return opened;
	bool packed = decompress(&opened.stream, &opened.content);
	if (packed)
		opened.memory = decompress_memory(opened.stream);
	opened.wanted = packed && is_worth_a_thread(opened.content) &&
			opening_wants(inputs, input, opened.content, stream_peek(opened.stream));
	return opened;
}

struct ahead_inputs opening_ahead(struct inputs *inputs)
{
	return (struct ahead_inputs){ inputs->count, inputs, is_packed, open_ahead };
}
