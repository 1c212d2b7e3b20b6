/*
 * floor: the least that reading a file can cost: maps it and sums its bytes.
 *
 * What any scanner is measured against. Prints the sum, so that no compiler
 * can leave the work out.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LANES 4

typedef uint64_t block __attribute__((vector_size(64)));

/* Eight bytes at a time, as the machine's words: the sum means nothing but that all were looked at. */
static uint64_t sum_words(const char *data, size_t len)
{
	block sums[LANES] = { { 0 } };
	uint64_t sum = 0;
	size_t at = 0;

	for (; at + sizeof(sums) <= len; at += sizeof(sums))
		for (size_t lane = 0; lane < LANES; lane++)
			sums[lane] += *(const block *)(const void *)(data + at + lane * sizeof(block));
	for (; at < len; at++)
		sum += (unsigned char)data[at];
	for (size_t lane = 0; lane < LANES; lane++)
		for (size_t i = 0; i < sizeof(block) / sizeof(uint64_t); i++)
			sum += sums[lane][i];
	return sum;
}

static int fail(const char *path)
{
	fprintf(stderr, "floor: %s: %s\n", path, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	struct stat st;

	if (argc != 2) {
		fputs("usage: floor FILE\n", stderr);
		return 2;
	}
	int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return fail(argv[1]);
	size_t len = (size_t)st.st_size;
	const char *data = len ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : "";
	if (data == MAP_FAILED)
		return fail(argv[1]);
	printf("%" PRIu64 "\n", sum_words(data, len));
	return 0;
}
