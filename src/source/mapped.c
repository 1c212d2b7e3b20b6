#include "source/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/place.h"
#include "source/sniff.h"
#include "source/stream.h"

struct mapped {
	struct mapped_input *items;
	int *fds;
	size_t count;
	struct sigaction before; /* of SIGBUS */
	volatile sig_atomic_t shrank;
};

/* Whom the signal is about. */
static struct mapped *current;

static bool holds(const struct mapped *mapped, const char *address)
{
	for (size_t i = 0; i < mapped->count; i++) {
		struct span bytes = mapped->items[i].bytes;
		if (bytes.len && address >= bytes.data && address < bytes.data + bytes.len)
			return true;
	}
	return false;
}

/* The page is gone from the file: a page of zeros takes its place, and the reader goes on. */
static void take_signal(int number, siginfo_t *info, void *context)
{
	static const size_t page = 4096;
	char *address = (char *)((uintptr_t)info->si_addr & ~(page - 1));
	int kept = errno;

	(void)context;
	if (current && holds(current, info->si_addr) &&
	    mmap(address, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == address) {
		current->shrank = 1;
		errno = kept;
		return;
	}
	signal(number, SIG_DFL);
	raise(number);
}

static const char *map_one(struct mapped *mapped, const struct inputs *inputs, const struct input *input)
{
	struct mapped_input *item = &mapped->items[mapped->count];
	struct stat st;

	if (!input->path)
		return "the input is a pipe";
	if (input->content != CONTENT_TEXT || inputs->format > FORMAT_AUDIT)
		return "an input is no plain text of audit records";
	int fd = open(input->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return "an input cannot be opened";
	mapped->fds[mapped->count] = fd;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != input->size || !st.st_size) {
		close(fd);
		return "an input is empty, or has changed since it was looked at";
	}
	char *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED) {
		close(fd);
		return "an input cannot be mapped";
	}
	madvise(bytes, (size_t)st.st_size, MADV_SEQUENTIAL);
	item->bytes = (struct span){ bytes, (size_t)st.st_size };
	item->frame = (struct frame){ .bytes = item->bytes,
				      .origin.file = input->name,
				      .host = input->host,
				      .format = inputs->format,
				      .trust = place_trust(span_of(input->place)),
				      .continues = input->continues,
				      .modified_ms = input->modified_ms };
	mapped->count++;
	struct span head = span_first(item->bytes, STREAM_PEEK_MAX);
	if (sniff_content(head) != CONTENT_TEXT || (!input->named && !input->chosen && !sniff_is_log(head)))
		return "an input does not look like a log";
	return NULL;
}

static bool same_host(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

struct mapped *mapped_create(const struct inputs *inputs, const char **why)
{
	struct mapped *mapped = calloc(1, sizeof(*mapped));

	*why = "memory is out";
	if (!mapped)
		return NULL;
	mapped->items = calloc(inputs->count + 1, sizeof(*mapped->items));
	mapped->fds = calloc(inputs->count + 1, sizeof(*mapped->fds));
	if (mapped->items && mapped->fds)
		*why = inputs->count ? NULL : "there is no input";
	current = mapped;
	struct sigaction action = { .sa_sigaction = take_signal, .sa_flags = SA_SIGINFO | SA_NODEFER };
	sigaction(SIGBUS, &action, &mapped->before);
	for (size_t i = 0; i < inputs->count && !*why; i++) {
		*why = map_one(mapped, inputs, &inputs->items[i]);
		if (!*why && !same_host(inputs->items[i].host, inputs->items[0].host))
			*why = "the inputs are of more than one host";
	}
	if (!*why)
		return mapped;
	mapped_destroy(mapped);
	return NULL;
}

void mapped_destroy(struct mapped *mapped)
{
	if (!mapped)
		return;
	sigaction(SIGBUS, &mapped->before, NULL);
	current = NULL;
	for (size_t i = 0; i < mapped->count; i++) {
		munmap((char *)mapped->items[i].bytes.data, mapped->items[i].bytes.len);
		close(mapped->fds[i]);
	}
	free(mapped->items);
	free(mapped->fds);
	free(mapped);
}

size_t mapped_count(const struct mapped *mapped)
{
	return mapped->count;
}

const struct mapped_input *mapped_input(const struct mapped *mapped, size_t i)
{
	return &mapped->items[i];
}

bool mapped_shrank(const struct mapped *mapped)
{
	struct stat st;

	for (size_t i = 0; i < mapped->count; i++)
		if (fstat(mapped->fds[i], &st) != 0 || (uint64_t)st.st_size < mapped->items[i].bytes.len)
			return true;
	return mapped->shrank;
}
