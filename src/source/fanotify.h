/*
 * fanotify: opens and reads of procfs entries, as fanotify(7) tells them:
 * by the object, so whatever the path was, and whoever opened the descriptor.
 */
#ifndef SOURCE_FANOTIFY_H
#define SOURCE_FANOTIFY_H

#include "bpf/wire.h"
#include "source/sensor.h"

struct fanotify_options {
	const char *host;      /* this host's name; outlives the sensor */
	enum wire_scope scope; /* as in struct bpf_options, but for WIRE_SCOPE_CGROUP: -ENOTSUP */
	uint64_t scope_of;
};

/*
 * Marks every procfs that is mounted here, and starts the process that reads the events: it keeps the rights that this
 * takes (CAP_SYS_ADMIN, CAP_SYS_PTRACE) when the caller gives them up. NULL with err when it does not work here.
 */
struct sensor *fanotify_sensor_open_with(const struct fanotify_options *options, struct err *err);

#endif
