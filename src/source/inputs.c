#include "source/inputs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "source/directory.h"
#include "source/order.h"
#include "source/place.h"
#include "source/stream.h"

void inputs_init(struct inputs *inputs, enum format format, struct summary *summary)
{
	*inputs = (struct inputs){ .format = format, .summary = summary };
	arena_init(&inputs->names, 0);
}

void inputs_finish(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		if (inputs->items[i].fd > STDERR_FILENO)
			close(inputs->items[i].fd);
	free(inputs->items);
	arena_finish(&inputs->names);
	*inputs = (struct inputs){ 0 };
}

int inputs_append(struct inputs *inputs, const struct input *input)
{
	if (inputs->count == inputs->capacity) {
		size_t capacity = inputs->capacity ? inputs->capacity * 2 : 16;
		struct input *items = reallocarray(inputs->items, capacity, sizeof(*items));
		if (!items)
			return -ENOMEM;
		inputs->items = items;
		inputs->capacity = capacity;
	}
	inputs->items[inputs->count++] = *input;
	return 0;
}

const char *inputs_keep(struct inputs *inputs, struct span text)
{
	char *copy = arena_alloc(&inputs->names, text.len + 1);

	if (!copy)
		return NULL;
	if (text.len)
		memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	return copy;
}

static const char *remedy(int number)
{
	switch (number) {
	case EACCES:
	case EPERM:
		return "run as root, or scan a copy that you may read";
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
		return "check the path";
	case EMFILE:
	case ENFILE:
		return "raise the limit of open files (ulimit -n)";
	default:
		return "check the file system, or scan a copy";
	}
}

void inputs_note_unreadable(struct summary *summary, const char *path, int number)
{
	number = number < 0 ? -number : number;
	summary_note(summary, false, true, "cannot open %s: %s; %s", place_shown(path).text, strerror(number),
		     remedy(number));
}

static ssize_t read_head(int fd, char *head, size_t room)
{
	size_t len = 0;

	while (len < room) {
		ssize_t got = read(fd, head + len, room - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

static void describe(struct input *input, const struct stat *st)
{
	input->size = S_ISREG(st->st_mode) ? (uint64_t)st->st_size : 0;
	input->modified_ms = (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000;
}

int inputs_probe(struct inputs *inputs, struct input *input, bool *is_log)
{
	char head[STREAM_PEEK_MAX];
	struct stat st = { 0 };
	ssize_t len = -1;

	*is_log = false;
	int fd = open(input->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int result = fd < 0 || fstat(fd, &st) != 0 ? -errno : 0;
	if (result == 0) {
		describe(input, &st);
		len = read_head(fd, head, sizeof(head));
		result = len < 0 ? (int)len : 0;
	}
	if (fd >= 0)
		close(fd);
	if (result) {
		inputs_note_unreadable(inputs->summary, input->path, result);
		return result;
	}
	input->content = sniff_content((struct span){ head, (size_t)len });
	*is_log = input->content == CONTENT_TEXT && sniff_is_log((struct span){ head, (size_t)len });
	return 0;
}

/* A terminal and /dev/null are what people give; other devices may never end. */
static bool is_readable(int fd, const struct stat *st)
{
	if (S_ISCHR(st->st_mode))
		return isatty(fd) || st->st_rdev == makedev(1, 3);
	return S_ISREG(st->st_mode) || S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode);
}

/*
 * The kernel's pipes hold 64 KiB, so writer and reader wait for each other all
 * the time: with 256 KiB a scan of what zstd writes took a fifth less. Where
 * it is not allowed, the pipe stays as it is.
 */
static void widen_pipe(int fd)
{
	enum { ENOUGH = 256 << 10 };

	if (fcntl(fd, F_GETPIPE_SZ) < ENOUGH)
		fcntl(fd, F_SETPIPE_SZ, ENOUGH);
}

static int add_open(struct inputs *inputs, const char *name, int fd)
{
	struct input input = { .name = name, .place = "", .fd = fd, .content = CONTENT_TEXT, .named = true };
	struct stat st;

	int result = 0;
	bool readable = fstat(fd, &st) == 0 && is_readable(fd, &st);
	if (readable) {
		if (S_ISFIFO(st.st_mode))
			widen_pipe(fd);
		describe(&input, &st);
		result = inputs_append(inputs, &input);
	} else {
		summary_note(inputs->summary, false, true, "cannot read %s: it is no file and no pipe; give it a log",
			     strcmp(name, "-") == 0 ? "standard input" : place_shown(name).text);
		inputs->failed++;
	}
	if ((result || !readable) && fd > STDERR_FILENO)
		close(fd);
	return result;
}

/* Opened now and kept: as /dev/fd/63 of a shell's <(…) it may not be there, or not for us, when confined. */
static int add_pipe(struct inputs *inputs, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		return add_open(inputs, path, fd);
	inputs_note_unreadable(inputs->summary, path, errno);
	inputs->failed++;
	return 0;
}

static int add_file(struct inputs *inputs, const char *path)
{
	struct input input = { .path = path, .name = path, .place = path, .fd = -1, .named = true, .chosen = true };
	struct summary *summary = inputs->summary;
	bool is_log;

	if (inputs_probe(inputs, &input, &is_log) < 0) {
		inputs->failed++;
		return 0;
	}
	if (input.content == CONTENT_BINARY && inputs->format == FORMAT_AUTO && !place_is_host_log(span_of(path))) {
		summary_note(summary, false, true,
			     "%s is binary and no log, archive or journal that proctor knows; name a log, or force its "
			     "format with --source",
			     place_shown(path).text);
		inputs->failed++;
		return 0;
	}
	return inputs_append(inputs, &input);
}

static int add_path(struct inputs *inputs, const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return add_open(inputs, path, STDIN_FILENO);
	if (stat(path, &st) != 0) {
		inputs_note_unreadable(inputs->summary, path, errno);
		inputs->failed++;
		return 0;
	}
	if (S_ISDIR(st.st_mode))
		return directory_add(inputs, path);
	if (S_ISREG(st.st_mode))
		return add_file(inputs, path);
	if (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))
		return add_pipe(inputs, path);
	summary_note(inputs->summary, false, true, "%s is a device or a socket; name a file, a pipe or a directory",
		     place_shown(path).text);
	inputs->failed++;
	return 0;
}

int inputs_add(struct inputs *inputs, const char *const *paths, size_t count)
{
	size_t first = inputs->count;
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = add_path(inputs, paths[i]);
	if (inputs->count > first)
		order_named(inputs->items + first, inputs->count - first);
	return result;
}
