/*
 * ring: as much of io_uring as it takes to submit a few requests one after
 * the other and to see what came of them, by the system calls themselves
 * (uapi linux/io_uring.h; io_uring(7)).
 */
#ifndef DRILL_RING_H
#define DRILL_RING_H

#include <linux/io_uring.h>
#include <stdint.h>

#define RING_ENTRIES 4

struct ring {
	int fd;
	uint32_t flags; /* IORING_SETUP_* */
	void *rings;
	uint64_t ring_bytes;
	struct io_uring_sqe *requests;
	uint32_t *head_done, *tail_done, *mask_done, *tail_asked, *mask_asked, *asked, *state;
	struct io_uring_cqe *done;
};

/* 0 or a negative errno: ENOSYS and EPERM where it is switched off. */
int ring_open(struct ring *ring, uint32_t flags);
void ring_close(struct ring *ring);

/*
 * Submits `count` requests and waits for all of them. results[i] is the
 * result of the request whose user_data is i. 0 or a negative errno.
 */
int ring_submit(struct ring *ring, const struct io_uring_sqe *requests, unsigned count, int *results);

/* A table of one descriptor that is not in use yet: file_index 1 fills it, fd 0 with IOSQE_FIXED_FILE is it. */
int ring_register_slot(struct ring *ring);

#endif
