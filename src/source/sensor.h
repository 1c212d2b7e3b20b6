/*
 * sensor: a source that lives. It never ends by itself, may have nothing to
 * tell for now, and may have lost something, which it counts.
 *
 * A sensor hands out frames, as a source does, when what it reads is text
 * that the decoders know; or records of kind RECORD_ACCESS when it saw the
 * access whole.
 *
 *   x_sensor_open (with all rights) ─▶ confinement ─▶ (poll ─▶ sensor_next*)* ─▶ sensor_close
 *
 * What is opened is opened by the time x_sensor_open returns: afterwards a
 * sensor only reads descriptors that it has, unless it says so (trees).
 */
#ifndef SOURCE_SENSOR_H
#define SOURCE_SENSOR_H

#include "base/err.h"
#include "model/frame.h"
#include "model/record.h"
#include "model/sensor_count.h"

enum sensor_answer {
	SENSOR_NOTHING, /* for now: wait for the descriptor */
	SENSOR_FRAME,	/* item.frame */
	SENSOR_RECORD,	/* item.record */
	SENSOR_END,	/* whoever wrote to it has closed it */
};

struct sensor_item {
	struct frame frame;
	struct record record;
};

struct sensor {
	const char *name; /* "audit", "audisp", "journal", "fanotify", "bpf" */
	unsigned bit;	  /* SEEN_BY_* of model/access.h; marks the accesses that come of it */
	/*
	 * An enum sensor_answer, or a negative errno with err when it broke and is of no more use. What is handed out
	 * lives until the following call. Never waits.
	 */
	int (*next)(struct sensor *sensor, struct sensor_item *item, struct err *err);
	/* SIGHUP came; may be NULL. */
	void (*reload)(struct sensor *sensor);
	/* Updates what is counted elsewhere (the kernel's ring, a map), before the counts are read; may be NULL. */
	void (*account)(struct sensor *sensor);
	/* Milliseconds after which next is to be called though the descriptor is silent; 0: never. */
	int poll_ms;
	/* Frees the sensor, too. */
	void (*close)(struct sensor *sensor);
	/* Directories and files that it goes on opening, for reading; NULL-terminated, or NULL: none. */
	const char *const *trees;
	int fd;			      /* readable when there may be something */
	uint64_t counts[COUNT_COUNT]; /* the sensor adds to them; they only grow, but for COUNT_BACKLOG */
	const char *with; /* what it has on this host that it does without elsewhere, in words; NULL: nothing */
	char blind[320];  /* what it cannot see on this host, in words; "" nothing that is known */
};

static inline int sensor_next(struct sensor *sensor, struct sensor_item *item, struct err *err)
{
	return sensor->next(sensor, item, err);
}

static inline void sensor_close(struct sensor *sensor) /* NULL is allowed */
{
	if (sensor)
		sensor->close(sensor);
}

/*
 * The sensors. NULL with err when it does not work here: what was attempted, why not, and what to do. `host` is this
 * host's name and outlives the sensor.
 */
struct sensor *netlink_sensor_open(const char *host, struct err *err); /* the audit records of the kernel */
struct sensor *audisp_sensor_open(const char *host, struct err *err); /* those that auditd sends its plugin, on stdin */
/* The journal as it grows: this host's, or the files in a directory (NULL: none). */
struct sensor *follow_sensor_open(const char *host, const char *directory, struct err *err);

#endif
