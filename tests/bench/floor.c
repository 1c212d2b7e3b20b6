/*
 * floor: the least that reading a file can cost: maps it and sums its bytes,
 * in one thread or in several, each its part.
 *
 * What any scanner is measured against. Prints the sum, so that no compiler
 * can leave the work out.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LANES 4
#define THREADS_MAX 64

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

struct part {
	const char *data;
	size_t len;
	uint64_t sum;
};

static void *sum_part(void *argument)
{
	struct part *part = argument;

	part->sum = sum_words(part->data, part->len);
	return NULL;
}

/* Parts begin at pages, as their mapping does. */
static uint64_t sum_all(const char *data, size_t len, unsigned threads)
{
	struct part parts[THREADS_MAX];
	pthread_t ids[THREADS_MAX];
	size_t share = (len / threads + 4095) & ~(size_t)4095, at = 0;
	unsigned started = 0;
	uint64_t sum = 0;

	for (unsigned i = 0; i < threads; i++) {
		size_t part = i + 1 < threads && share < len - at ? share : len - at;
		parts[i] = (struct part){ .data = data + at, .len = part };
		at += part;
	}
	while (started + 1 < threads && pthread_create(&ids[started], NULL, sum_part, &parts[started]) == 0)
		started++;
	for (unsigned i = started; i < threads; i++)
		sum_part(&parts[i]);
	for (unsigned i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	for (unsigned i = 0; i < threads; i++)
		sum += parts[i].sum;
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

	unsigned long threads = argc == 3 ? strtoul(argv[2], NULL, 10) : 1;
	if (argc < 2 || argc > 3 || threads < 1 || threads > THREADS_MAX) {
		fputs("usage: floor FILE [THREADS]\n", stderr);
		return 2;
	}
	int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		return fail(argv[1]);
	size_t len = (size_t)st.st_size;
	const char *data = len ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : "";
	if (data == MAP_FAILED)
		return fail(argv[1]);
	printf("%" PRIu64 "\n", sum_all(data, len, (unsigned)threads));
	return 0;
}
