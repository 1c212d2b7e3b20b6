/*
 * witness: an access as the kernel half of the eBPF sensor saw it, out of its
 * bytes (bpf/wire.h).
 *
 * The bytes come from the kernel, but what stands in them (names, paths,
 * arguments) is the attacker's. Any bytes give an access that points into
 * this structure, or none.
 */
#ifndef SOURCE_WITNESS_H
#define SOURCE_WITNESS_H

#include "bpf/wire.h"
#include "model/access.h"

struct witness {
	struct access access; /* points into what follows; host and origin are the sensor's to set */
	struct wire_access head;
	int64_t boot_ns;
	char texts[WIRE_ACCESS_MAX];
	char room[2 * WIRE_ACCESS_MAX]; /* texts that were turned round or joined */
	size_t used;			/* of room */
};

/*
 * False when the bytes are no access; then nothing of `witness` may be used. boot_ns is when the host was started, since
 * the epoch: the bytes count from there. The bytes are not needed any more afterwards.
 */
bool witness_read(struct witness *witness, struct span bytes, int64_t boot_ns);

#endif
