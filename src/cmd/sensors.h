/* sensors: which of them a watch uses. */
#ifndef CMD_SENSORS_H
#define CMD_SENSORS_H

#include "model/watch_status.h"
#include "source/sensor.h"

struct sensors {
	struct sensor *items[STATUS_SENSORS_MAX];
	size_t count;
};

/*
 * Opens those that are named, with commas between; NULL: the best that work here. Tells why a better one did not.
 * False once it has told why there is none.
 */
bool sensors_open(struct sensors *sensors, const char *names, const char *host);
void sensors_close(struct sensors *sensors);

#endif
