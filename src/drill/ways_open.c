/* Names of the entry, and the system calls that take them. */
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "drill/int80.h"
#include "drill/stage.h"
#include "drill/variant.h"

#define PLAIN "/proc/{pid}/{entry}"
#define LONG_NAME 4000

int way_path(struct stage *stage)
{
	const char *path = stage_path(stage, stage->variant->detail);

	return stage_take(stage, stage_open_at(stage, AT_FDCWD, path, O_RDONLY));
}

/* "/proc/./././…/PID/mem": longer than audit's buffer for a path of 4,096 bytes allows anybody to be careless. */
int way_long_path(struct stage *stage)
{
	char tail[64];
	size_t len = 5;

	if (!stage_fill(stage, "/{pid}/{entry}", tail, sizeof(tail)))
		return -ENAMETOOLONG;
	memcpy(stage->path, "/proc", len);
	for (; len < LONG_NAME; len += 2)
		memcpy(stage->path + len, "/.", 2);
	memcpy(stage->path + len, tail, strlen(tail) + 1);
	return stage_take(stage, stage_open_at(stage, AT_FDCWD, stage->path, O_RDONLY));
}

/* detail: "DIRECTORY|NAME" */
int way_in_directory(struct stage *stage)
{
	char text[PLACE_PATH_ROOM];
	size_t len = span_index(span_of(stage->variant->detail), '|');

	snprintf(text, sizeof(text), "%.*s", (int)len, stage->variant->detail);
	if (chdir(stage_path(stage, text)) < 0)
		return stage_fail(stage, "chdir", -errno);
	return stage_take(
		stage, stage_open_at(stage, AT_FDCWD, stage_path(stage, stage->variant->detail + len + 1), O_RDONLY));
}

int way_fchdir(struct stage *stage)
{
	int directory = open(stage_path(stage, "/proc/{pid}"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (directory < 0 || fchdir(directory) < 0)
		return stage_fail(stage, "fchdir", -errno);
	close(directory);
	return stage_take(stage, stage_open_at(stage, AT_FDCWD, stage_entry(stage), O_RDONLY));
}

int way_open(struct stage *stage)
{
#ifdef SYS_open
	const char *path = stage_path(stage, PLAIN);

	stage_moment(stage);
	int fd = (int)syscall(SYS_open, path, O_RDONLY | O_CLOEXEC, 0);
	return stage_take(stage, fd < 0 ? -errno : fd);
#else
	return stage_fail(stage, "open", -ENOSYS);
#endif
}

/* The secret, written over itself. */
static int write_same(struct stage *stage, int fd)
{
	size_t len = strlen(stage->decoy->secret);

	if (fd < 0)
		return fd;
	ssize_t written = pwrite(fd, stage->decoy->secret, len, (off_t)stage->decoy->address);
	int number = -errno;
	close(fd);
	return written == (ssize_t)len ? 0 : written < 0 ? number : -STAGE_UNPROVEN;
}

int way_creat(struct stage *stage)
{
#ifdef SYS_creat
	const char *path = stage_path(stage, PLAIN);

	stage_moment(stage);
	int fd = (int)syscall(SYS_creat, path, 0600);
	return write_same(stage, fd < 0 ? -errno : fd);
#else
	return stage_fail(stage, "creat", -ENOSYS);
#endif
}

int way_read_write(struct stage *stage)
{
	const char *path = stage_path(stage, PLAIN);
	int fd = stage_open_at(stage, AT_FDCWD, path, O_RDWR), copy = fd < 0 ? -1 : dup(fd);
	int result = stage_take(stage, fd);

	if (copy < 0)
		return result;
	int written = write_same(stage, copy);
	return result ? result : written;
}

static int open_how(struct stage *stage, int directory, const char *path, uint64_t resolve)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC, .resolve = resolve };

	stage_moment(stage);
	int fd = (int)syscall(SYS_openat2, directory, path, &how, sizeof(how));
	return stage_take(stage, fd < 0 ? -errno : fd);
}

int way_openat2(struct stage *stage)
{
	return open_how(stage, AT_FDCWD, stage_path(stage, PLAIN), 0);
}

static int open_directory(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int way_beneath(struct stage *stage)
{
	int directory = open_directory("/proc");

	return open_how(stage, directory, stage_path(stage, "{pid}/{entry}"), RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

int way_in_root(struct stage *stage)
{
	int directory = open_directory(stage_path(stage, "/proc/{pid}"));

	return open_how(stage, directory, stage_path(stage, "/{entry}"), RESOLVE_IN_ROOT);
}

int way_path_then_reopen(struct stage *stage)
{
	int held = open(stage_path(stage, PLAIN), O_PATH | O_CLOEXEC);

	if (held < 0)
		return stage_fail(stage, "O_PATH", -errno);
	snprintf(stage->path, sizeof(stage->path), "%s%d", stage->variant->detail, held);
	return stage_take(stage, stage_open_at(stage, AT_FDCWD, stage->path, O_RDONLY));
}

/* Nothing can be read through it. */
int way_path_only(struct stage *stage)
{
	int held = stage_open_at(stage, AT_FDCWD, stage_path(stage, PLAIN), O_PATH);
	char byte;

	if (held < 0)
		return held;
	ssize_t len = pread(held, &byte, 1, (off_t)stage->decoy->address);
	int result = len < 0 && errno == EBADF ? 0 : -STAGE_UNPROVEN;
	close(held);
	return result;
}

int way_int80_open(struct stage *stage)
{
	const char *path = int80_text(stage_path(stage, PLAIN));

	if (!path)
		return stage_fail(stage, "memory below 4 GiB", -errno);
	stage_moment(stage);
	return stage_take(stage, (int)int80(INT80_OPEN, (long)path, O_RDONLY, 0, 0));
}

int way_int80_openat(struct stage *stage)
{
	const char *path = int80_text(stage_path(stage, PLAIN));

	if (!path)
		return stage_fail(stage, "memory below 4 GiB", -errno);
	stage_moment(stage);
	return stage_take(stage, (int)int80(INT80_OPENAT, AT_FDCWD, (long)path, O_RDONLY, 0));
}
