/*
 * live_open SENSOR [ROUNDS]   what a live sensor costs those whom it watches: nanoseconds an open, by turns with the
 * sensor and without it; events that it takes a second; how late it tells; what it takes at rest.
 *
 * A worker, which is the scope, opens its own copies of files and the entries of a decoy, both started here. Nobody
 * else's accesses are handed out.
 *
 * For audit, the commands LIVE_ON and LIVE_OFF of the environment make the rules and take them away
 * (tests/bench/live.sh): a sensor of audit is nothing without them, and what they cost is what it costs.
 *
 *	bpf	not_matching	+NN ns	(without: NN ns)
 */
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "model/access.h"
#include "source/bpf.h"
#include "source/fanotify.h"

#define OPENS 5000
#define SLICES 8
#define ROUNDS_MAX 64
#define SINGLES 200

struct order {
	char path[64]; /* empty: getppid */
	unsigned count, pause_us;
};

struct worker {
	pid_t pid, decoy;
	int orders, answers;
};

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t carry_out(const struct order *order)
{
	uint64_t start = now_ns(CLOCK_PROCESS_CPUTIME_ID);

	for (unsigned i = 0; i < order->count; i++) {
		long fd = order->path[0] ? syscall(SYS_openat, AT_FDCWD, order->path, O_RDONLY) : syscall(SYS_getppid);
		if (order->path[0])
			close((int)fd);
		if (order->pause_us)
			usleep(order->pause_us);
	}
	return now_ns(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static void work(int orders, int answers)
{
	struct order order;

	while (read(orders, &order, sizeof(order)) == sizeof(order)) {
		uint64_t took = carry_out(&order);
		if (write(answers, &took, sizeof(took)) != sizeof(took))
			break;
	}
	_exit(0);
}

static void start(struct worker *worker)
{
	int orders[2], answers[2];

	if (pipe2(orders, O_CLOEXEC) || pipe2(answers, O_CLOEXEC))
		exit(2);
	worker->decoy = fork();
	if (worker->decoy == 0) {
		close(orders[1]); /* and with the other copies, the worker's orders end */
		pause();
	}
	worker->pid = fork();
	if (worker->pid == 0) {
		close(orders[1]);
		work(orders[0], answers[1]);
	}
	worker->orders = orders[1];
	worker->answers = answers[0];
}

static bool is_audit(const char *name)
{
	return strcmp(name, "audit") == 0;
}

static void rules(const char *name, const char *variable)
{
	const char *command = getenv(variable);

	if (is_audit(name) && (!command || system(command) != 0)) { /* NOLINT(cert-env33-c): the script's own */
		printf("unavailable: the command of %s\n", variable);
		exit(77);
	}
}

static struct sensor *open_sensor(const char *name, pid_t scope)
{
	struct bpf_options bpf = { .host = "here", .scope = WIRE_SCOPE_PID, .scope_of = (uint64_t)scope };
	struct fanotify_options other = { .host = "here", .scope = bpf.scope, .scope_of = bpf.scope_of };
	struct err err;

	rules(name, "LIVE_ON");
	struct sensor *sensor = is_audit(name)		   ? netlink_sensor_open("here", &err)
				: strcmp(name, "bpf") == 0 ? bpf_sensor_open_with(&bpf, &err)
							   : fanotify_sensor_open_with(&other, &err);
	if (!sensor) {
		printf("unavailable: %s\n", err.text);
		exit(77);
	}
	return sensor;
}

static void close_sensor(const char *name, struct sensor *sensor)
{
	sensor_close(sensor);
	rules(name, "LIVE_OFF");
}

struct seen {
	uint64_t count;
	uint64_t late_ms[SINGLES];
};

static void drain(struct sensor *sensor, struct seen *seen)
{
	struct sensor_item item;
	struct err err;

	for (int answer; sensor && (answer = sensor_next(sensor, &item, &err)) > SENSOR_NOTHING;) {
		if (answer != SENSOR_RECORD) {
			seen->count++; /* audit: frames, of several records each */
			continue;
		}
		int64_t late = (int64_t)(now_ns(CLOCK_REALTIME) / 1000000) - item.record.access->time_ms;
		if (seen->count < SINGLES)
			seen->late_ms[seen->count] = late > 0 ? (uint64_t)late : 0;
		seen->count++;
	}
}

/* The worker's nanoseconds for all of it. */
static uint64_t run(struct worker *worker, struct sensor *sensor, const struct order *order, struct seen *seen)
{
	struct pollfd fds[] = { { .fd = worker->answers, .events = POLLIN },
				{ .fd = sensor ? sensor->fd : -1, .events = POLLIN } };
	uint64_t took = 0;

	*seen = (struct seen){ 0 };
	if (write(worker->orders, order, sizeof(*order)) != sizeof(*order))
		exit(2);
	while (!fds[0].revents) {
		poll(fds, 2, sensor && sensor->poll_ms ? sensor->poll_ms : -1);
		drain(sensor, seen);
	}
	if (read(worker->answers, &took, sizeof(took)) != sizeof(took))
		exit(2);
	usleep(30000);
	drain(sensor, seen);
	return took;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The least of several: what else runs on the machine only adds. */
static uint64_t least(struct worker *worker, struct sensor *sensor, const struct order *order, uint64_t *taken)
{
	uint64_t best = UINT64_MAX;
	struct seen seen;

	for (unsigned i = 0; i < SLICES; i++) {
		uint64_t took = run(worker, sensor, order, &seen);
		best = took < best ? took : best;
		*taken += seen.count;
	}
	return best;
}

static void measure(const char *name, struct worker *worker, pid_t scope, const char *what, const char *path,
		    unsigned rounds)
{
	uint64_t with = UINT64_MAX, without = UINT64_MAX, taken = 0, lost = 0;
	struct order order = { .count = OPENS };

	snprintf(order.path, sizeof(order.path), "%s", path);
	for (unsigned i = 0; i < rounds; i++) {
		uint64_t took = least(worker, NULL, &order, &taken);
		without = took < without ? took : without;
		struct sensor *sensor = open_sensor(name, scope);
		took = least(worker, sensor, &order, &taken);
		with = took < with ? took : with;
		if (sensor->account)
			sensor->account(sensor);
		lost += sensor->counts[COUNT_RING_DROPS] + sensor->counts[COUNT_OVERFLOWS] +
			sensor->counts[COUNT_DROPPED];
		close_sensor(name, sensor);
	}
	printf("%s\t%s\t%+.0f ns\t(without: %.0f ns; told %" PRIu64 " of %u, lost %" PRIu64 ")\n", name, what,
	       ((double)with - (double)without) / OPENS, (double)without / OPENS, taken, rounds * SLICES * OPENS, lost);
	fflush(stdout);
}

static void measure_lateness(const char *name, struct worker *worker, const char *path)
{
	struct order order = { .count = SINGLES, .pause_us = 7000 };
	struct sensor *sensor = open_sensor(name, worker->pid);
	struct seen seen;

	snprintf(order.path, sizeof(order.path), "%s", path);
	run(worker, sensor, &order, &seen);
	unsigned count = seen.count < SINGLES ? (unsigned)seen.count : SINGLES;
	qsort(seen.late_ms, count, sizeof(seen.late_ms[0]), by_size);
	if (count)
		printf("%s\tlateness\tp50 %" PRIu64 " ms, p99 %" PRIu64 " ms\t(%u accesses)\n", name,
		       seen.late_ms[count / 2], seen.late_ms[count * 99 / 100], count);
	close_sensor(name, sensor);
}

static void measure_rest(const char *name)
{
	struct sensor *sensor = open_sensor(name, getpid());
	struct pollfd fd = { .fd = sensor->fd, .events = POLLIN };
	struct seen seen = { 0 };
	struct rusage before, after;
	uint64_t end = now_ns(CLOCK_MONOTONIC) + 3000000000u;

	getrusage(RUSAGE_SELF, &before);
	while (now_ns(CLOCK_MONOTONIC) < end) {
		poll(&fd, 1, sensor->poll_ms ? sensor->poll_ms : 500);
		drain(sensor, &seen);
	}
	getrusage(RUSAGE_SELF, &after);
	double used = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec -
			       before.ru_stime.tv_sec) +
		      (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec -
			       before.ru_stime.tv_usec) /
			      1e6;
	printf("%s\tat rest\t%.2f %% of a core\t(the reader's own; %ld KiB resident)\n", name, used / 3 * 100,
	       after.ru_maxrss);
	close_sensor(name, sensor);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "bpf";
	unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 9;
	struct worker worker;
	char entry[64];

	rounds = rounds < 1 ? 1 : rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds;
	start(&worker);
	snprintf(entry, sizeof(entry), "/proc/%d/environ", worker.decoy);
	measure(name, &worker, worker.pid, "getppid", "", rounds);
	measure(name, &worker, worker.pid, "open, not matching", "/etc/passwd", rounds);
	measure(name, &worker, worker.pid, "open that fails", "/etc/there-is-none", rounds);
	measure(name, &worker, worker.pid, "procfs, not matching", "/proc/version", rounds);
	measure(name, &worker, worker.decoy, "matching, not in scope", entry, rounds);
	measure(name, &worker, worker.pid, "matching and told", entry, rounds);
	if (!is_audit(name)) /* its frames have no time; tests/bench/live.sh measures it */
		measure_lateness(name, &worker, entry);
	measure_rest(name);
	close(worker.orders);
	kill(worker.decoy, SIGKILL);
	kill(worker.pid, SIGKILL);
	while (wait(NULL) > 0)
		;
	return 0;
}
