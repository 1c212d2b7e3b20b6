#include "drill/exercise.h"

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

uint64_t exercise_clock_ns(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static bool stopping(struct exercise *exercise)
{
	if (exercise->options->stop && exercise->options->stop())
		exercise->drill->stopped = true;
	return exercise->drill->stopped;
}

bool exercise_users(const struct variant *variant, uid_t *actor, uid_t *target)
{
	uid_t own = geteuid();
	bool other = variant->who == WHO_OWNER || variant->who == WHO_STRANGER;

	*actor = other ? USER_UID : own;
	*target = variant->who == WHO_OWNER ? USER_UID : own;
	return !other || own == 0;
}

/* ---- what the sensor says ---- */

static bool has_room(struct exercise *exercise)
{
	if (exercise->sight_count < exercise->sight_capacity)
		return true;
	size_t capacity = exercise->sight_capacity ? 2 * exercise->sight_capacity : 1024;
	if (capacity > EXERCISE_SIGHTS_MAX)
		return false;
	struct sight *sights = realloc(exercise->sights, capacity * sizeof(*sights));
	if (!sights)
		return false;
	exercise->sights = sights;
	exercise->sight_capacity = capacity;
	return true;
}

static void take_line(void *context, struct span line)
{
	struct exercise *exercise = context;
	struct sight sight;

	exercise->drill->lines++;
	sight_parse(&sight, line);
	sight.arrived_ns = exercise_clock_ns(CLOCK_MONOTONIC);
	sight.arrived_ms = exercise_clock_ns(CLOCK_REALTIME) / 1000000;
	switch (sight.kind) {
	case SIGHT_BAD:
		exercise->drill->bad_lines++;
		return;
	case SIGHT_STARTED:
		exercise->drill->ready = true;
		snprintf(exercise->drill->sensor, sizeof(exercise->drill->sensor), "%s", sight.sensors);
		return;
	case SIGHT_STATUS:
		exercise->drill->lost = sight.lost;
		return;
	case SIGHT_ACCESS:
		break;
	}
	if (exercise->marker && sight.actor == (uint64_t)exercise->marker)
		exercise->drill->marker_seen = true;
	if (has_room(exercise))
		exercise->sights[exercise->sight_count++] = sight;
	else
		exercise->drill->left_out++;
}

bool exercise_listen(struct exercise *exercise, int fd, int ms)
{
	uint64_t end = exercise_clock_ns(CLOCK_MONOTONIC) + (uint64_t)ms * 1000000;

	while (!stopping(exercise)) {
		struct pollfd fds[] = { { .fd = exercise->eye.fd, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
		uint64_t now = exercise_clock_ns(CLOCK_MONOTONIC);

		if (now >= end)
			break;
		if (poll(fds, 2, (int)((end - now + 999999) / 1000000)) < 0)
			continue;
		if (fds[0].revents)
			eye_read(&exercise->eye, take_line, exercise);
		if (fds[1].revents)
			return true;
	}
	return false;
}

/* ---- beginning ---- */

void exercise_init(struct exercise *exercise, const struct drill_options *options, struct drill *drill)
{
	ssize_t len;

	*exercise = (struct exercise){
		.options = options, .drill = drill, .eye = { .fd = -1, .life = -1 }, .place.pipe = -1
	};
	for (size_t i = 0; i < EXERCISE_DECOYS; i++)
		exercise->decoys[i].pidfd = -1;
	len = readlink("/proc/self/exe", exercise->program, sizeof(exercise->program) - 1);
	/* Where the name is too long or gone, the link itself is read. */
	if (len <= 0 || len == sizeof(exercise->program) - 1 || access(exercise->program, R_OK) != 0)
		snprintf(exercise->program, sizeof(exercise->program), "/proc/self/exe");
}

struct decoy *exercise_decoy(struct exercise *exercise, uid_t uid, struct err *err)
{
	struct decoy *decoy = &exercise->decoys[uid != geteuid()];

	if (decoy_lives(decoy))
		return decoy;
	decoy_stop(decoy);
	const char *name = uid == geteuid() ? "sshd" : "gnome-keyring-daemon";
	return decoy_start(decoy, &exercise->place, exercise->program, name, uid, err) < 0 ? NULL : decoy;
}

int exercise_prepare(struct exercise *exercise, struct err *err)
{
	int result = place_make(&exercise->place, err);

	if (result == 0 && !exercise_decoy(exercise, geteuid(), err))
		return err->number;
	for (size_t i = 0; i < exercise->drill->count && result == 0; i++) {
		if (exercise->drill->trials[i].variant->who == WHO_EARLY)
			result = exercise_begin_early(exercise, &exercise->drill->trials[i], err);
		if (stopping(exercise))
			return -EINTR;
	}
	return result;
}

int exercise_start_sensor(struct exercise *exercise, struct err *err)
{
	const struct drill_options *options = exercise->options;
	char errors[PLACE_PATH_ROOM + 16];
	char *shell[] = { (char *)"sh", (char *)"-c", (char *)options->from, NULL };
	char *watch[] = { (char *)"proctor",
			  (char *)"watch",
			  (char *)"--json",
			  (char *)"--accesses",
			  options->sensor ? (char *)"--sensor" : NULL,
			  (char *)options->sensor,
			  NULL };

	snprintf(errors, sizeof(errors), "%s/sensor.err", exercise->place.path);
	return eye_start(&exercise->eye, options->from ? "/bin/sh" : "/proc/self/exe", options->from ? shell : watch,
			 errors, err);
}

/* The last line that it wrote to standard error. */
static int explain_end(const struct exercise *exercise, struct err *err)
{
	char path[PLACE_PATH_ROOM + 16], text[400] = "";

	snprintf(path, sizeof(path), "%s/sensor.err", exercise->place.path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	return err_set(err, -EPIPE, "the sensor ended before the drill did%s%s", *text ? ": " : "", text);
}

static int check_alive(const struct exercise *exercise, struct err *err)
{
	if (exercise->drill->stopped)
		return -EINTR;
	return exercise->eye.fd < 0 ? explain_end(exercise, err) : 0;
}

int exercise_await_sensor(struct exercise *exercise, struct err *err)
{
	int result = 0;

	for (int ms = 0; ms < READY_MS && !exercise->drill->ready && !exercise->drill->marker_seen && result == 0;
	     ms += STEP_MS) {
		exercise_marker(exercise);
		exercise_listen(exercise, -1, STEP_MS);
		result = check_alive(exercise, err);
	}
	return result;
}

/* ---- the variants ---- */

static int finish_listening(struct exercise *exercise, struct err *err)
{
	exercise->drill->marker_seen = false;
	for (int ms = 0; ms < MARKER_MS && !exercise->drill->marker_seen; ms += STEP_MS) {
		if (ms % 1000 == 0)
			exercise_marker(exercise);
		exercise_listen(exercise, -1, STEP_MS);
		int result = check_alive(exercise, err);
		if (result)
			return result;
	}
	exercise_listen(exercise, -1, LATE_MS);
	eye_stop(&exercise->eye);
	uint64_t end = exercise_clock_ns(CLOCK_MONOTONIC) + (uint64_t)END_MS * 1000000;
	while (exercise->eye.fd >= 0 && exercise_clock_ns(CLOCK_MONOTONIC) < end && !exercise->drill->stopped)
		exercise_listen(exercise, -1, STEP_MS);
	return 0;
}

int exercise_variants(struct exercise *exercise, struct err *err)
{
	struct drill *drill = exercise->drill;
	int result = 0;

	for (size_t i = 0; i < drill->count && result == 0; i++) {
		if (exercise->options->progress)
			exercise->options->progress(exercise->options->context, i, drill->count,
						    drill->trials[i].variant->name);
		exercise_trial(exercise, &drill->trials[i]);
		result = check_alive(exercise, err);
	}
	return result ? result : finish_listening(exercise, err);
}

/* ---- the end ---- */

void exercise_end(struct exercise *exercise)
{
	eye_finish(&exercise->eye);
	for (size_t i = 0; i < exercise->early_count; i++) {
		struct early *early = &exercise->early[i];
		if (early->pid > 0) {
			kill(-early->pid, SIGKILL);
			waitpid(early->pid, NULL, 0);
			close(early->pidfd);
			close(early->turn);
		}
		munmap(early->notes, sizeof(*early->notes));
	}
	exercise->early_count = 0;
	for (size_t i = 0; i < EXERCISE_DECOYS; i++)
		decoy_stop(&exercise->decoys[i]);
	place_remove(&exercise->place);
}

void exercise_finish(struct exercise *exercise)
{
	free(exercise->sights);
	exercise->sights = NULL;
	exercise->sight_count = exercise->sight_capacity = 0;
}
