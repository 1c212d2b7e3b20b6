#include "base/unlinked.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int open_in(const char *directory)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
	char *path;

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	/* file systems without O_TMPFILE: overlayfs before 6.3, NFS */
	if (asprintf(&path, "%s/proctor-XXXXXX", directory) < 0)
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}

int unlinked_open(const char *directory)
{
	const char *chosen = directory ? directory : getenv("TMPDIR");
	const char *const places[] = { chosen && *chosen ? chosen : "/var/tmp", "/var/tmp", "/tmp" };
	int fd = -1;

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]) && fd < 0; i++)
		fd = open_in(places[i]);
	return fd < 0 ? -errno : fd;
}
