/* The entry opened by io_uring: no system call of the caller's names it. */
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>

#include "drill/ring.h"
#include "drill/stage.h"
#include "drill/variant.h"

#define PLAIN "/proc/{pid}/{entry}"

static struct io_uring_sqe request_of_open(struct stage *stage, unsigned char flags)
{
	return (struct io_uring_sqe){
		.opcode = IORING_OP_OPENAT,
		.flags = flags,
		.fd = AT_FDCWD,
		.addr = (uint64_t)(uintptr_t)stage_path(stage, PLAIN),
		.open_flags = O_RDONLY | O_CLOEXEC,
	};
}

static int submit(struct stage *stage, uint32_t setup, const struct io_uring_sqe *request)
{
	struct ring ring;
	int fd = -EIO, result = ring_open(&ring, setup);

	if (result)
		return stage_fail(stage, "io_uring_setup", result);
	stage_moment(stage);
	result = ring_submit(&ring, request, 1, &fd);
	if (result == 0)
		result = stage_take(stage, fd);
	ring_close(&ring);
	return result;
}

int way_ring_openat(struct stage *stage)
{
	struct io_uring_sqe request = request_of_open(stage, 0);

	return submit(stage, 0, &request);
}

int way_ring_openat2(struct stage *stage)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC };
	struct io_uring_sqe request = {
		.opcode = IORING_OP_OPENAT2,
		.fd = AT_FDCWD,
		.addr = (uint64_t)(uintptr_t)stage_path(stage, PLAIN),
		.len = sizeof(how),
		.off = (uint64_t)(uintptr_t)&how,
	};

	return submit(stage, 0, &request);
}

int way_ring_async(struct stage *stage)
{
	struct io_uring_sqe request = request_of_open(stage, IOSQE_ASYNC);

	return submit(stage, 0, &request);
}

int way_ring_sqpoll(struct stage *stage)
{
	struct io_uring_sqe request = request_of_open(stage, 0);

	return submit(stage, IORING_SETUP_SQPOLL, &request);
}

/* Opened into the ring's own table and read from there: there is never a descriptor. */
static int fixed(struct stage *stage, struct ring *ring, bool linked)
{
	char secret[DECOY_SECRET_ROOM] = "";
	struct io_uring_sqe requests[2] = { request_of_open(stage, linked ? IOSQE_IO_LINK : 0),
					    { .opcode = IORING_OP_READ,
					      .flags = IOSQE_FIXED_FILE,
					      .fd = 0,
					      .addr = (uint64_t)(uintptr_t)secret,
					      .len = (uint32_t)strlen(stage->decoy->secret),
					      .off = stage->decoy->address } };
	int results[2] = { -EIO, -EIO };

	requests[0].open_flags = O_RDONLY;
	requests[0].file_index = 1;
	int result = ring_register_slot(ring);
	if (result)
		return stage_fail(stage, "a table of descriptors", result);
	stage_moment(stage);
	result = ring_submit(ring, requests, linked ? 2 : 1, results);
	if (!linked && result == 0 && results[0] >= 0)
		result = ring_submit(ring, requests + 1, 1, results + 1);
	if (result)
		return result;
	if (results[0] < 0 || results[1] < 0)
		return results[0] < 0 ? results[0] : results[1];
	return stage_proves(stage, span_of(secret)) ? 0 : -STAGE_UNPROVEN;
}

static int with_slot(struct stage *stage, bool linked)
{
	struct ring ring;
	int result = ring_open(&ring, 0);

	if (result)
		return stage_fail(stage, "io_uring_setup", result);
	result = fixed(stage, &ring, linked);
	ring_close(&ring);
	return result;
}

int way_ring_fixed(struct stage *stage)
{
	return with_slot(stage, false);
}

int way_ring_link(struct stage *stage)
{
	return with_slot(stage, true);
}
