/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * maps: what the kernel half keeps, and how an access leaves it.
 *
 * One access is built at a time in a `scratch`: a CPU's programs do not
 * interrupt each other, they run with preemption off and none from an
 * interrupt. Only the hook (checks.h) can be preempted: it has a scratch of
 * its own, and the kernel does not run it twice at a time on one CPU.
 */
#ifndef BPF_MAPS_H
#define BPF_MAPS_H

#include "bpf/kernel.h"
#include "bpf/wire.h"

#define TEXT_PIECE 256 /* the most that one read appends */

struct scratch {
	struct wire_access access;
	char text[WIRE_TEXT_MAX + 1 + TEXT_PIECE];
	uint32_t used; /* of text */
};

/* What a process interprets: known from its execve on. */
struct script {
	uint64_t start_ns; /* the process's, so that a pid used again has none */
	uint32_t flags;
	char name[TEXT_PIECE];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, uint32_t); /* 1: the hook's */
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2048);
	__type(key, uint32_t); /* tgid */
	__type(value, struct script);
} scripts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct script);
} script_rooms SEC(".maps");

/* Paths of opens that wait in an io_uring, by request: when they are done, the kernel has forgotten them. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, uint64_t);
	__type(value, char[TEXT_PIECE]);
} paths SEC(".maps");

/* With WIRE_SCOPE_PID: the processes that descend from it, by tgid, with their start. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, uint32_t);
	__type(value, uint64_t);
} descendants SEC(".maps");

const volatile struct wire_config config SEC(".rodata.config");
uint64_t counters[WIRE_COUNTERS] SEC(".data.counters"); /* mapped by the reader */
uint64_t woken_ns;

static __always_inline void count(enum wire_counter counter)
{
	__sync_fetch_and_add(&counters[counter], 1);
}

/*
 * Waking the reader costs ten microseconds and is paid by whoever opens, so
 * it is done once in wake_ns; the reader looks by itself for as long after.
 */
static __always_inline void submit(struct scratch *scratch, uint64_t now)
{
	uint32_t size = sizeof(scratch->access) + scratch->used;
	uint64_t flags = BPF_RB_NO_WAKEUP;

	if (size > sizeof(scratch->access) + sizeof(scratch->text))
		return;
	scratch->access.size = size;
	if (now - woken_ns >= config.wake_ns) {
		woken_ns = now;
		flags = BPF_RB_FORCE_WAKEUP;
	}
	count(bpf_ringbuf_output(&ring, scratch, size, flags) ? WIRE_DROPPED : WIRE_EMITTED);
}

#endif
