#include "drill/place.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FDS_OF_WALK 16
#define DYING_US 100000 /* what dies with the drill has so long to do it */

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	remove(path);
	return 0;
}

/* Never over a mount point: what is mounted there is not the drill's. */
static void remove_tree(const char *path)
{
	nftw(path, remove_one, FDS_OF_WALK, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* The name outside, if it is still the program in the place that has it. */
static void remove_tool(const char *place)
{
	char path[PLACE_PATH_ROOM + 64];
	struct stat ours, outside;

	snprintf(path, sizeof(path), "%s%s", place, strrchr(PLACE_TOOL, '/'));
	if (lstat(path, &ours) == 0 && lstat(PLACE_TOOL, &outside) == 0 && ours.st_dev == outside.st_dev &&
	    ours.st_ino == outside.st_ino)
		unlink(PLACE_TOOL);
}

/* Away from the drill's terminal and output, of which nobody may wait for the end because of us. */
static void stand_aside(int end)
{
	int nothing = open("/dev/null", O_RDWR);

	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	for (int fd = 0; nothing >= 0 && fd < 3; fd++)
		dup2(nothing, fd);
	close_range(3, (unsigned)end - 1, 0);
	close_range((unsigned)end + 1, ~0u, 0);
	if (chdir("/") != 0)
		_exit(1);
}

static void keep(const struct place *place, int end)
{
	char byte;

	stand_aside(end);
	while (read(end, &byte, 1) < 0 && errno == EINTR)
		;
	usleep(DYING_US);
	remove_tool(place->path);
	remove_tree(place->path);
	_exit(0);
}

static int start_keeper(struct place *place, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	place->keeper = fork();
	if (place->keeper == 0) {
		close(ends[1]);
		keep(place, ends[0]);
	}
	close(ends[0]);
	place->pipe = ends[1];
	if (place->keeper > 0)
		return 0;
	close(ends[1]);
	return err_set(err, -errno, "cannot start a process: %s", strerror(errno));
}

int place_make(struct place *place, struct err *err)
{
	const char *base = getenv("TMPDIR");

	*place = (struct place){ .pipe = -1, .keeper = -1 };
	if (!base || base[0] != '/' || strlen(base) > PLACE_PATH_ROOM / 2)
		base = "/tmp";
	snprintf(place->path, sizeof(place->path), "%s/proctor-drill.XXXXXX", base);
	if (!mkdtemp(place->path)) {
		int number = -errno;

		place->path[0] = '\0';
		return err_set(err, number, "cannot make a directory in %s: %s; set TMPDIR to one that can be written",
			       base, strerror(-number));
	}
	int result = start_keeper(place, err);
	if (result == 0 && chmod(place->path, 0711) == 0)
		return 0;
	if (result == 0)
		result = err_set(err, -errno, "cannot change the mode of %s: %s", place->path, strerror(errno));
	else
		remove_tree(place->path);
	return result;
}

static int copy_bytes(int from, int to)
{
	ssize_t len;

	do
		len = copy_file_range(from, NULL, to, NULL, 1 << 24, 0);
	while (len > 0);
	if (len == 0)
		return 0;
	/* Not between these two file systems. */
	char block[65536];
	while ((len = read(from, block, sizeof(block))) > 0)
		if (write(to, block, (size_t)len) != len)
			return -errno;
	return len < 0 ? -errno : 0;
}

static int copy_file(const char *source, const char *path)
{
	int from = open(source, O_RDONLY | O_CLOEXEC), result = -errno;
	int to = from < 0 ? -1 : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	if (from >= 0)
		result = to < 0 ? -errno : copy_bytes(from, to);
	if (to >= 0) {
		fchmod(to, 0755);
		close(to);
	}
	if (from >= 0)
		close(from);
	return result;
}

/* Basename of what the link stands for, so that one copy serves all names. */
static void original_of(const struct place *place, const char *source, char *path, size_t room)
{
	const char *base = strrchr(source, '/');

	snprintf(path, room, "%s/.%s", place->path, base ? base + 1 : source);
}

int place_program(const struct place *place, const char *source, const char *name, struct err *err)
{
	char original[PLACE_PATH_ROOM + 64], path[PLACE_PATH_ROOM + 64];

	original_of(place, source, original, sizeof(original));
	snprintf(path, sizeof(path), "%s/%s", place->path, name);
	if (access(path, F_OK) == 0)
		return 0;
	int result = access(original, F_OK) == 0 ? 0 : copy_file(source, original);
	if (result == 0 && link(original, path) < 0)
		result = -errno;
	if (result)
		return err_set(err, result, "cannot copy %s to %s: %s", source, path, strerror(-result));
	return 0;
}

void place_remove(struct place *place)
{
	if (place->keeper <= 0)
		return;
	close(place->pipe);
	while (waitpid(place->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	*place = (struct place){ .pipe = -1, .keeper = -1 };
}
