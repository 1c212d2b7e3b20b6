/*
 * bpf: accesses as the eBPF sensor sees them, in the kernel. Built whole only
 * where libbpf and clang are (meson's option "bpf"); else it says so.
 */
#ifndef SOURCE_BPF_H
#define SOURCE_BPF_H

#include "bpf/wire.h"
#include "source/sensor.h"

#define BPF_RING_SIZE (4u << 20)

struct bpf_options {
	const char *host;      /* this host's name; outlives the sensor */
	size_t ring_size;      /* bytes, made a power of two of at least a page; 0: BPF_RING_SIZE */
	bool executions;       /* tell of executions, too, as SIGHTING_EXECUTION */
	enum wire_scope scope; /* whose accesses count: */
	uint64_t scope_of; /* those of this process and of all that it starts, of this uid, or in this cgroup (id) */
};

/*
 * Loads and attaches. NULL with err, in one line, when it does not work here. Needs CAP_BPF and CAP_PERFMON, the
 * kernel's BTF, and the host's pid namespace. Under load the kernel half wakes the reader now and then only: poll_ms
 * says how long to wait at most, and changes from call to call.
 */
struct sensor *bpf_sensor_open_with(const struct bpf_options *options, struct err *err);

/* What the kernel half has counted by now. `sensor` is one of these. */
uint64_t bpf_sensor_counter(const struct sensor *sensor, enum wire_counter counter);

#endif
