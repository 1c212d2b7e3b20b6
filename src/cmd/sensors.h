/* sensors: which of them a watch uses. */
#ifndef CMD_SENSORS_H
#define CMD_SENSORS_H

#include "bpf/wire.h"
#include "model/watch_status.h"
#include "source/sensor.h"

struct sensors {
	struct sensor *items[STATUS_SENSORS_MAX];
	size_t count;
};

struct sensors_wish {
	const char *names;     /* with commas between; NULL: the best that work here */
	const char *host;      /* this host's name; outlives the sensors */
	const char *journal;   /* directory of the journal's files; NULL: this host's */
	enum wire_scope scope; /* bpf and fanotify: whose accesses count */
	uint64_t scope_of;
};

/*
 * Opens them. Tells why a better one does not work, and what auditing does not record where they live by it. False
 * once it has told why there is none.
 */
bool sensors_open(struct sensors *sensors, const struct sensors_wish *wish);
void sensors_close(struct sensors *sensors);

#endif
