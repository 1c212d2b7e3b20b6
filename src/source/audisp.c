/*
 * A plugin of auditd: it gets on standard input, a socket or a pipe, the lines
 * that auditd writes to its log (auditd-plugins(5), format = string):
 *
 *	type=SYSCALL msg=audit(1795430914.650:7388): arch=c000003e syscall=257 …
 *	type=EOE msg=audit(1795430914.650:7388):
 *
 * auditd ends a plugin by closing it, and starts one that has died again, ten
 * times. Records of the time in between are lost; how many, the serials tell,
 * but not to the one that is new. That it is not the first shows in auditd
 * having started long before it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "model/access.h"
#include "source/process_look.h"
#include "source/sensor.h"

#define PIECE (64u << 10)
#define LINE_MAX (1u << 20) /* a record has 9 KiB at most */
#define RESTART_MS 5000	    /* the first plugin starts with auditd */

struct audisp_sensor {
	struct sensor sensor;
	const char *host;
	struct buffer held; /* what was read, and the length of the lines in it that were handed out */
	size_t used;
	uint64_t offset;
	bool started, ended, skips; /* skips: the rest of a line that was too long */
};

/* Without O_NONBLOCK: the descriptor may be shared with who started us. */
static ssize_t read_some(struct audisp_sensor *audisp)
{
	struct pollfd wait = { .fd = audisp->sensor.fd, .events = POLLIN };

	if (poll(&wait, 1, 0) <= 0)
		return -EAGAIN;
	if (!buffer_reserve(&audisp->held, PIECE))
		return -ENOMEM;
	ssize_t len = read(audisp->sensor.fd, audisp->held.data + audisp->held.len, PIECE);
	if (len > 0)
		audisp->held.len += (size_t)len;
	return len < 0 ? -errno : len;
}

static void drop_used(struct audisp_sensor *audisp)
{
	size_t left = audisp->held.len - audisp->used;

	if (audisp->used && left)
		memmove(audisp->held.data, audisp->held.data + audisp->used, left);
	audisp->held.len = left;
	audisp->offset += audisp->used;
	audisp->used = 0;
}

/* The length of the whole lines; at the end, of all. What no line can be is given up. */
static size_t whole_lines(struct audisp_sensor *audisp)
{
	struct span held = buffer_span(&audisp->held);
	const char *newline = held.len ? memrchr(held.data, '\n', held.len) : NULL;
	size_t len = newline ? (size_t)(newline - held.data) + 1 : audisp->ended ? held.len : 0;

	if (len == 0 && held.len > LINE_MAX) {
		audisp->sensor.counts[COUNT_CUT]++;
		audisp->skips = true;
		audisp->used = held.len;
	}
	return len;
}

static int hand_out(struct audisp_sensor *audisp, size_t len, struct sensor_item *item)
{
	struct span lines = span_first(buffer_span(&audisp->held), len);

	audisp->used = len;
	if (audisp->skips)
		lines = span_skip(lines, span_index(lines, '\n') + 1);
	audisp->skips = false;
	item->frame = (struct frame){
		.bytes = lines,
		.origin = { .file = "audit plugin", .offset = audisp->offset },
		.host = audisp->host,
		.format = FORMAT_AUDIT,
		.trust = TRUST_KERNEL,
		.starts = !audisp->started,
	};
	audisp->started = true;
	audisp->sensor.counts[COUNT_MESSAGES] += span_count(lines, '\n');
	return SENSOR_FRAME;
}

static int audisp_next(struct sensor *sensor, struct sensor_item *item, struct err *err)
{
	struct audisp_sensor *audisp = (struct audisp_sensor *)sensor;

	drop_used(audisp);
	if (!audisp->ended) {
		ssize_t len = read_some(audisp);
		if (len == -EAGAIN || len == -EINTR)
			return SENSOR_NOTHING;
		if (len < 0 && len != -ECONNRESET)
			return err_set(err, (int)len, "cannot read what auditd sends: %s", strerror((int)-len));
		audisp->ended = len <= 0;
	}
	size_t lines = whole_lines(audisp);
	if (lines)
		return hand_out(audisp, lines, item);
	return audisp->ended ? SENSOR_END : SENSOR_NOTHING;
}

static void audisp_close(struct sensor *sensor)
{
	struct audisp_sensor *audisp = (struct audisp_sensor *)sensor;

	buffer_finish(&audisp->held);
	free(audisp);
}

static bool is_process(int proc, pid_t pid, struct process_look *look, struct process *process)
{
	return process_look(proc, (uint32_t)pid, look) && process_told(look, process_boot_ms(), process);
}

/* Whether auditd, whose child we are, had been running for long when we were started. */
static bool is_restarted(void)
{
	struct process_look *looks = calloc(2, sizeof(*looks));
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct process own, parent;

	bool restarted = looks && proc >= 0 && is_process(proc, getpid(), &looks[0], &own) &&
			 is_process(proc, getppid(), &looks[1], &parent) && span_equal(parent.comm, SPAN("auditd")) &&
			 own.start_ms - parent.start_ms > RESTART_MS;
	if (proc >= 0)
		close(proc);
	free(looks);
	return restarted;
}

struct sensor *audisp_sensor_open(const char *host, struct err *err)
{
	struct audisp_sensor *audisp = calloc(1, sizeof(*audisp));

	if (!audisp || isatty(STDIN_FILENO)) {
		free(audisp);
		err_set(err, -ENOTTY,
			"audisp: standard input is a terminal: this sensor is for auditd, which starts it as a plugin");
		return NULL;
	}
	audisp->sensor = (struct sensor){
		.name = "audisp", .bit = SEEN_BY_AUDISP, .next = audisp_next, .close = audisp_close, .fd = STDIN_FILENO
	};
	audisp->host = host;
	audisp->sensor.counts[COUNT_RESTARTS] = is_restarted();
	return &audisp->sensor;
}
