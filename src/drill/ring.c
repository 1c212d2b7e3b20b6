#include "drill/ring.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IDLE_MS 1000

static void find_parts(struct ring *ring, const struct io_uring_params *given)
{
	char *base = ring->rings;

	ring->tail_asked = (uint32_t *)(void *)(base + given->sq_off.tail);
	ring->mask_asked = (uint32_t *)(void *)(base + given->sq_off.ring_mask);
	ring->asked = (uint32_t *)(void *)(base + given->sq_off.array);
	ring->state = (uint32_t *)(void *)(base + given->sq_off.flags);
	ring->head_done = (uint32_t *)(void *)(base + given->cq_off.head);
	ring->tail_done = (uint32_t *)(void *)(base + given->cq_off.tail);
	ring->mask_done = (uint32_t *)(void *)(base + given->cq_off.ring_mask);
	ring->done = (struct io_uring_cqe *)(void *)(base + given->cq_off.cqes);
}

static int map(struct ring *ring, const struct io_uring_params *given)
{
	uint64_t asked = given->sq_off.array + given->sq_entries * sizeof(uint32_t);
	uint64_t done = given->cq_off.cqes + given->cq_entries * sizeof(struct io_uring_cqe);

	/* One mapping for both rings: IORING_FEAT_SINGLE_MMAP, since Linux 5.4. */
	if (!(given->features & IORING_FEAT_SINGLE_MMAP))
		return -ENOSYS;
	ring->ring_bytes = asked > done ? asked : done;
	ring->rings = mmap(NULL, ring->ring_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
			   IORING_OFF_SQ_RING);
	if (ring->rings == MAP_FAILED)
		return -errno;
	ring->requests = mmap(NULL, given->sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
	if (ring->requests == MAP_FAILED)
		return -errno;
	find_parts(ring, given);
	return 0;
}

int ring_open(struct ring *ring, uint32_t flags)
{
	struct io_uring_params given = { .flags = flags, .sq_thread_idle = IDLE_MS };

	*ring = (struct ring){ .flags = flags, .rings = MAP_FAILED, .requests = MAP_FAILED };
	ring->fd = (int)syscall(SYS_io_uring_setup, RING_ENTRIES, &given);
	if (ring->fd < 0)
		return -errno;
	int result = map(ring, &given);
	if (result)
		ring_close(ring);
	return result;
}

void ring_close(struct ring *ring)
{
	if (ring->rings != MAP_FAILED)
		munmap(ring->rings, ring->ring_bytes);
	if (ring->requests != MAP_FAILED)
		munmap(ring->requests, RING_ENTRIES * sizeof(struct io_uring_sqe));
	if (ring->fd >= 0)
		close(ring->fd);
	*ring = (struct ring){ .fd = -1, .rings = MAP_FAILED, .requests = MAP_FAILED };
}

static int enter(struct ring *ring, unsigned submit, unsigned wait)
{
	uint32_t flags = wait ? IORING_ENTER_GETEVENTS : 0;

	if (ring->flags & IORING_SETUP_SQPOLL) {
		submit = 0;
		if (__atomic_load_n(ring->state, __ATOMIC_SEQ_CST) & IORING_SQ_NEED_WAKEUP)
			flags |= IORING_ENTER_SQ_WAKEUP;
	}
	while (syscall(SYS_io_uring_enter, ring->fd, submit, wait, flags, NULL, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int ring_submit(struct ring *ring, const struct io_uring_sqe *requests, unsigned count, int *results)
{
	uint32_t tail = *ring->tail_asked, head = *ring->head_done;

	if (count > RING_ENTRIES)
		return -EINVAL;
	for (unsigned i = 0; i < count; i++) {
		uint32_t at = (tail + i) & *ring->mask_asked;

		ring->requests[at] = requests[i];
		ring->requests[at].user_data = i;
		ring->asked[at] = at;
	}
	__atomic_store_n(ring->tail_asked, tail + count, __ATOMIC_SEQ_CST);
	int result = enter(ring, count, count);
	for (unsigned i = 0; result == 0 && i < count; i++) {
		if (head == __atomic_load_n(ring->tail_done, __ATOMIC_ACQUIRE))
			return -EBADMSG;
		const struct io_uring_cqe *done = &ring->done[head++ & *ring->mask_done];
		if (done->user_data < count)
			results[done->user_data] = done->res;
		__atomic_store_n(ring->head_done, head, __ATOMIC_RELEASE);
	}
	return result;
}

int ring_register_slot(struct ring *ring)
{
	int empty = -1;

	return syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, &empty, 1) < 0 ? -errno : 0;
}
