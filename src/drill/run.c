#include "drill/run.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define USER_UID 65534 /* nobody's: a user who is not root, and has no other processes */
#define READY_MS 10000
#define MARKER_MS 3000
#define STEP_MS 100
#define LATE_MS 200 /* behind the marker: sensors with several processors' buffers */
#define END_MS 2000

uint64_t run_clock_ns(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static bool stopping(struct run *run)
{
	if (run->options->stop && run->options->stop())
		run->drill->stopped = true;
	return run->drill->stopped;
}

bool run_users(const struct variant *variant, uid_t *actor, uid_t *target)
{
	uid_t own = geteuid();
	bool other = variant->who == WHO_OWNER || variant->who == WHO_STRANGER;

	*actor = other ? USER_UID : own;
	*target = variant->who == WHO_OWNER ? USER_UID : own;
	return !other || own == 0;
}

/* ---- what the sensor says ---- */

static bool has_room(struct run *run)
{
	if (run->sight_count < run->sight_capacity)
		return true;
	size_t capacity = run->sight_capacity ? 2 * run->sight_capacity : 1024;
	if (capacity > RUN_SIGHTS_MAX)
		return false;
	struct sight *sights = realloc(run->sights, capacity * sizeof(*sights));
	if (!sights)
		return false;
	run->sights = sights;
	run->sight_capacity = capacity;
	return true;
}

static void take_line(void *context, struct span line)
{
	struct run *run = context;
	struct sight sight;

	run->drill->lines++;
	sight_parse(&sight, line);
	sight.arrived_ns = run_clock_ns(CLOCK_MONOTONIC);
	sight.arrived_ms = run_clock_ns(CLOCK_REALTIME) / 1000000;
	switch (sight.kind) {
	case SIGHT_BAD:
		run->drill->bad_lines++;
		return;
	case SIGHT_STARTED:
		run->drill->ready = true;
		snprintf(run->drill->sensor, sizeof(run->drill->sensor), "%s", sight.sensors);
		return;
	case SIGHT_STATUS:
		run->drill->lost = sight.lost;
		return;
	case SIGHT_ACCESS:
		break;
	}
	if (run->marker && sight.actor == (uint64_t)run->marker)
		run->drill->marker_seen = true;
	if (has_room(run))
		run->sights[run->sight_count++] = sight;
	else
		run->drill->left_out++;
}

bool run_listen(struct run *run, int fd, int ms)
{
	uint64_t end = run_clock_ns(CLOCK_MONOTONIC) + (uint64_t)ms * 1000000;

	while (!stopping(run)) {
		struct pollfd fds[] = { { .fd = run->eye.fd, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
		uint64_t now = run_clock_ns(CLOCK_MONOTONIC);

		if (now >= end)
			break;
		if (poll(fds, 2, (int)((end - now + 999999) / 1000000)) < 0)
			continue;
		if (fds[0].revents)
			eye_read(&run->eye, take_line, run);
		if (fds[1].revents)
			return true;
	}
	return false;
}

/* ---- beginning ---- */

void run_init(struct run *run, const struct drill_options *options, struct drill *drill)
{
	ssize_t len;

	*run = (struct run){ .options = options, .drill = drill, .eye.fd = -1, .place.pipe = -1 };
	for (size_t i = 0; i < RUN_DECOYS; i++)
		run->decoys[i].pidfd = -1;
	len = readlink("/proc/self/exe", run->program, sizeof(run->program) - 1);
	/* Where the name is too long or gone, the link itself is read. */
	if (len <= 0 || len == sizeof(run->program) - 1 || access(run->program, R_OK) != 0)
		snprintf(run->program, sizeof(run->program), "/proc/self/exe");
}

struct decoy *run_decoy(struct run *run, uid_t uid, struct err *err)
{
	struct decoy *decoy = &run->decoys[uid != geteuid()];

	if (decoy_lives(decoy))
		return decoy;
	decoy_stop(decoy);
	const char *name = uid == geteuid() ? "sshd" : "gnome-keyring-daemon";
	return decoy_start(decoy, &run->place, run->program, name, uid, err) < 0 ? NULL : decoy;
}

int run_prepare(struct run *run, struct err *err)
{
	int result = place_make(&run->place, err);

	if (result == 0 && !run_decoy(run, geteuid(), err))
		result = err->number;
	for (size_t i = 0; i < run->drill->count && result == 0; i++) {
		if (run->drill->trials[i].variant->who == WHO_EARLY)
			result = run_begin_early(run, &run->drill->trials[i], err);
		if (stopping(run))
			return -EINTR;
	}
	return result;
}

int run_start_sensor(struct run *run, struct err *err)
{
	const struct drill_options *options = run->options;
	char errors[PLACE_PATH_ROOM + 16];
	char *shell[] = { (char *)"sh", (char *)"-c", (char *)options->from, NULL };
	char *watch[] = { (char *)"proctor",
			  (char *)"watch",
			  (char *)"--json",
			  (char *)"--accesses",
			  options->sensor ? (char *)"--sensor" : NULL,
			  (char *)options->sensor,
			  NULL };

	snprintf(errors, sizeof(errors), "%s/sensor.err", run->place.path);
	return eye_start(&run->eye, options->from ? "/bin/sh" : "/proc/self/exe", options->from ? shell : watch, errors,
			 err);
}

/* The last line that it wrote to standard error. */
static int explain_end(const struct run *run, struct err *err)
{
	char path[PLACE_PATH_ROOM + 16], text[400] = "";

	snprintf(path, sizeof(path), "%s/sensor.err", run->place.path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	return err_set(err, -EPIPE, "the sensor ended before the drill did%s%s", *text ? ": " : "", text);
}

static int check_alive(const struct run *run, struct err *err)
{
	if (run->drill->stopped)
		return -EINTR;
	return run->eye.fd < 0 ? explain_end(run, err) : 0;
}

int run_await_sensor(struct run *run, struct err *err)
{
	int result = 0;

	for (int ms = 0; ms < READY_MS && !run->drill->ready && !run->drill->marker_seen && result == 0;
	     ms += STEP_MS) {
		run_marker(run);
		run_listen(run, -1, STEP_MS);
		result = check_alive(run, err);
	}
	return result;
}

/* ---- the variants ---- */

static int finish_listening(struct run *run, struct err *err)
{
	run->drill->marker_seen = false;
	for (int ms = 0; ms < MARKER_MS && !run->drill->marker_seen; ms += STEP_MS) {
		if (ms % 1000 == 0)
			run_marker(run);
		run_listen(run, -1, STEP_MS);
		int result = check_alive(run, err);
		if (result)
			return result;
	}
	run_listen(run, -1, LATE_MS);
	eye_stop(&run->eye);
	uint64_t end = run_clock_ns(CLOCK_MONOTONIC) + (uint64_t)END_MS * 1000000;
	while (run->eye.fd >= 0 && run_clock_ns(CLOCK_MONOTONIC) < end && !run->drill->stopped)
		run_listen(run, -1, STEP_MS);
	return 0;
}

int run_variants(struct run *run, struct err *err)
{
	struct drill *drill = run->drill;
	int result = 0;

	for (size_t i = 0; i < drill->count && result == 0; i++) {
		if (run->options->progress)
			run->options->progress(run->options->context, i, drill->count, drill->trials[i].variant->name);
		run_trial(run, &drill->trials[i]);
		result = check_alive(run, err);
	}
	return result ? result : finish_listening(run, err);
}

/* ---- the end ---- */

void run_end(struct run *run)
{
	eye_finish(&run->eye);
	for (size_t i = 0; i < run->early_count; i++) {
		struct early *early = &run->early[i];
		if (early->pid > 0) {
			kill(-early->pid, SIGKILL);
			waitpid(early->pid, NULL, 0);
			close(early->pidfd);
			close(early->turn);
		}
		munmap(early->notes, sizeof(*early->notes));
	}
	run->early_count = 0;
	for (size_t i = 0; i < RUN_DECOYS; i++)
		decoy_stop(&run->decoys[i]);
	place_remove(&run->place);
}

void run_finish(struct run *run)
{
	free(run->sights);
	run->sights = NULL;
	run->sight_count = run->sight_capacity = 0;
}
