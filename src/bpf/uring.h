/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * uring: opens by io_uring, which no system call's end shows.
 *
 * A request is done by the task that asked or by a worker of its process,
 * and told as done there too: so the current task is the actor here as well.
 */
#ifndef BPF_URING_H
#define BPF_URING_H

#include "bpf/named.h"

#define OPCODE_OPENAT 18
#define OPCODE_OPENAT2 28
#define FLAG_NO_COMPLETION (1 << 6) /* IOSQE_CQE_SKIP_SUCCESS */
#define SLOT_ANY 0xffffffffu	    /* IORING_FILE_INDEX_ALLOC: the result says which */
#define FILE_BITS 7ul		    /* flags in the low bits of a slot's pointer */

static __always_inline bool is_open(struct io_kiocb *request, struct found *found)
{
	uint8_t opcode = BPF_CORE_READ(request, opcode);

	if (opcode != OPCODE_OPENAT && opcode != OPCODE_OPENAT2)
		return false;
	found->call = opcode == OPCODE_OPENAT ? WIRE_CALL_IO_URING : WIRE_CALL_IO_URING2;
	return true;
}

/* A file that has a slot of the ring's own table instead of a descriptor. */
static __always_inline struct file *file_in_slot(struct io_kiocb *request, uint32_t slot)
{
	struct io_ring_ctx *ring = BPF_CORE_READ(request, ctx);
	unsigned long pointer = 0;

	if (bpf_core_field_exists(ring->file_table.data)) {
		struct io_rsrc_node *node = NULL;
		if (slot < BPF_CORE_READ(ring, file_table.data.nr))
			bpf_probe_read_kernel(&node, sizeof(node), BPF_CORE_READ(ring, file_table.data.nodes) + slot);
		pointer = node ? BPF_CORE_READ(node, file_ptr) : 0;
	} else {
		struct io_ring_ctx___before_6_13 *old = (void *)ring;
		struct io_fixed_file *files = BPF_CORE_READ(old, file_table.files);
		if (slot < BPF_CORE_READ(old, nr_user_files))
			pointer =
				BPF_CORE_READ((struct io_fixed_file *)((void *)files +
								       slot * bpf_core_type_size(struct io_fixed_file)),
					      file_ptr);
	}
	pointer &= ~FILE_BITS;
	return pointer ? AS(file, (void *)pointer) : NULL;
}

static __always_inline struct file *file_of_request(struct io_kiocb *request, int result)
{
	uint32_t slot = BPF_CORE_READ((struct io_open *)request, file_slot);

	if (!slot)
		return file_of(bpf_get_current_task_btf(), result);
	return file_in_slot(request, slot == SLOT_ANY ? (uint32_t)result : slot - 1);
}

/* The path is the kernel's copy, and gone when the request is done. */
static __always_inline void submitted(struct io_kiocb *request)
{
	struct found found = { 0 };
	uint64_t key = (uint64_t)request;
	uint32_t zero = 0;
	struct script *room = bpf_map_lookup_elem(&script_rooms, &zero);

	if (!room || !is_open(request, &found))
		return;
	struct io_open *open = (void *)request;
	if (bpf_probe_read_kernel_str(room->name, sizeof(room->name), BPF_CORE_READ(open, filename, name)) < 0)
		return;
	bpf_map_update_elem(&paths, &key, room->name, BPF_ANY);
	/* Success will not be told: then the attempt is what there is to tell. */
	if (!(BPF_CORE_READ((struct io_kiocb___before_6_13 *)request, flags) & FLAG_NO_COMPLETION))
		return;
	found.kept = room->name;
	if (is_named(room->name, BPF_CORE_READ(open, dfd), &found))
		matched(&found);
}

static __always_inline void completed(struct io_kiocb *request)
{
	struct found found = { 0 };
	uint64_t key = (uint64_t)request;

	if (!request || !is_open(request, &found))
		return;
	int result = BPF_CORE_READ(request, cqe.res);
	found.kept = bpf_map_lookup_elem(&paths, &key);
	if (result >= 0) {
		struct file *file = file_of_request(request, result);
		if (file && is_file_of_interest(file, &found)) {
			found.open_flags = READ(file, f_flags);
			matched(&found);
		}
	} else if (found.kept && (result == -EACCES || result == -EPERM)) {
		found.outcome = result;
		if (is_named(found.kept, BPF_CORE_READ((struct io_open *)request, dfd), &found))
			matched(&found);
	}
	bpf_map_delete_elem(&paths, &key);
}

#endif
