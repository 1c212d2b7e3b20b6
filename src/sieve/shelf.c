#include "sieve/shelf.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct shelf {
	int fd;
	uint64_t end;
	char *mapped;
};

struct shelf *shelf_create(int fd)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));

	if (!shelf) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	shelf->fd = fd;
	return shelf;
}

void shelf_clear(struct shelf *shelf)
{
	if (shelf->mapped)
		munmap(shelf->mapped, shelf->end);
	shelf->mapped = NULL;
	shelf->end = 0;
}

void shelf_destroy(struct shelf *shelf)
{
	if (!shelf)
		return;
	shelf_clear(shelf);
	if (shelf->fd >= 0)
		close(shelf->fd);
	free(shelf);
}

bool shelf_put(struct shelf *shelf, const void *bytes, size_t len, uint64_t *place)
{
	size_t done = 0;

	if (shelf->fd < 0 || shelf->mapped)
		return false;
	while (done < len) {
		ssize_t n = pwrite(shelf->fd, (const char *)bytes + done, len - done, (off_t)(shelf->end + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	*place = shelf->end;
	shelf->end = (shelf->end + len + 7) & ~UINT64_C(7);
	return true;
}

char *shelf_map(struct shelf *shelf)
{
	if (!shelf->end || ftruncate(shelf->fd, (off_t)shelf->end) != 0)
		return NULL;
	char *mapped = mmap(NULL, shelf->end, PROT_READ | PROT_WRITE, MAP_SHARED, shelf->fd, 0);
	shelf->mapped = mapped == MAP_FAILED ? NULL : mapped;
	return shelf->mapped;
}
