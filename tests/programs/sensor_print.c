/*
 * sensor_print SENSOR SCOPE [RING]
 *
 * Runs a live sensor and prints what it sees, one access a line, until stdin ends; then the counts.
 *
 *	SENSOR  bpf or fanotify
 *	SCOPE   pid=N (it and all that it starts), uid=N or cgroup=N: nobody else's accesses are printed
 *	RING    bytes of the ring
 *
 * Prints "ready" when the sensor runs, "unavailable: REASON" with status 77 when it cannot.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/access.h"
#include "source/bpf.h"
#include "source/fanotify.h"

static void print_text(const char *name, struct span text)
{
	printf(" %s=", name);
	for (size_t i = 0; i < text.len; i++)
		putchar(text.data[i] > ' ' && text.data[i] < 127 ? text.data[i] : '_');
}

static void print_process(const char *name, const struct process *process)
{
	printf(" %s.pid=%" PRId64 " %s.ppid=%" PRId64 " %s.uid=%" PRId64 " %s.euid=%" PRId64 " %s.auid=%" PRId64
	       " %s.start=%" PRId64,
	       name, (int64_t)process->pid, name, (int64_t)process->ppid, name, (int64_t)process->uid, name,
	       (int64_t)process->euid, name, (int64_t)process->auid, name, process->start_ms);
	char label[32];
	const struct span *texts[] = { &process->comm,	  &process->exe, &process->script,
				       &process->cmdline, &process->tty, &process->container };
	const char *names[] = { "comm", "exe", "script", "cmdline", "tty", "container" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(label, sizeof(label), "%s.%s", name, names[i]);
		print_text(label, *texts[i]);
	}
}

static void print_access(const struct access *access)
{
	char room[16];

	printf("access time=%" PRId64
	       " verb=%s entry=%s outcome=%s write=%d path_only=%d self=%d certain=%d trusted=%d "
	       "by=%s",
	       access->time_ms, access->sighting == SIGHTING_EXECUTION ? "execution" : verb_name(access->verb),
	       access->entry ? entry_name(access->entry) : "-", outcome_name(access->outcome, room), access->write,
	       access->path_only, access->self, access->certain, access->trusted_exe,
	       resolved_by_name(access->resolved_by));
	print_text("syscall", access->syscall);
	print_text("path", access->path);
	print_text("resolved", access->resolved_path);
	print_process("actor", &access->actor);
	print_process("target", &access->target);
	printf(" script_uid=%" PRId64 "\n", (int64_t)access->actor.script_uid);
}

static bool read_scope(const char *text, struct bpf_options *options)
{
	static const struct {
		const char *name;
		enum wire_scope scope;
	} scopes[] = { { "pid=", WIRE_SCOPE_PID }, { "uid=", WIRE_SCOPE_UID }, { "cgroup=", WIRE_SCOPE_CGROUP } };

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		size_t len = strlen(scopes[i].name);
		if (strncmp(text, scopes[i].name, len) != 0)
			continue;
		options->scope = scopes[i].scope;
		options->scope_of = strtoull(text + len, NULL, 10);
		return true;
	}
	return false;
}

static int drain(struct sensor *sensor)
{
	struct sensor_item item;
	struct err err;
	int answer;

	while ((answer = sensor_next(sensor, &item, &err)) == SENSOR_RECORD)
		print_access(item.record.access);
	if (answer < 0)
		printf("broken: %s\n", err.text);
	fflush(stdout);
	return answer;
}

static void run(struct sensor *sensor)
{
	struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = sensor->fd, .events = POLLIN } };

	for (;;) {
		int ready = poll(fds, 2, sensor->poll_ms ? sensor->poll_ms : -1);
		if (drain(sensor) < 0 || (ready > 0 && fds[0].revents))
			break;
	}
	drain(sensor);
}

static void print_counts(struct sensor *sensor)
{
	static const char *const names[] = { "matched", "out_of_scope", "own", "self", "emitted", "dropped" };

	if (sensor->account)
		sensor->account(sensor);
	printf("counts");
	for (unsigned i = 0; sensor->bit == SEEN_BY_BPF && i < WIRE_COUNTERS; i++)
		printf(" %s=%" PRIu64, names[i], bpf_sensor_counter(sensor, (enum wire_counter)i));
	printf(" read=%" PRIu64 " cut=%" PRIu64 " overflows=%" PRIu64 " vanished=%" PRIu64 " unnamed=%" PRIu64 "\n",
	       sensor->counts[COUNT_MESSAGES], sensor->counts[COUNT_CUT], sensor->counts[COUNT_OVERFLOWS],
	       sensor->counts[COUNT_VANISHED], sensor->counts[COUNT_UNNAMED]);
}

static struct sensor *open_sensor(const char *name, const struct bpf_options *options, struct err *err)
{
	struct fanotify_options other = { .host = options->host,
					  .scope = options->scope,
					  .scope_of = options->scope_of };

	return strcmp(name, "bpf") == 0 ? bpf_sensor_open_with(options, err) : fanotify_sensor_open_with(&other, err);
}

int main(int argc, char **argv)
{
	struct bpf_options options = { .host = "here",
				       .executions = getenv("EXECUTIONS"),
				       .ring_size = argc > 3 ? strtoull(argv[3], NULL, 10) : 0 };
	struct err err;

	if (argc < 3 || !read_scope(argv[2], &options)) {
		fprintf(stderr, "usage: sensor_print bpf|fanotify pid=N|uid=N|cgroup=N [RING]\n");
		return 2;
	}
	struct sensor *sensor = open_sensor(argv[1], &options, &err);
	if (!sensor) {
		printf("unavailable: %s\n", err.text);
		return 77;
	}
	printf("ready with=%s blind=%s\n", sensor->with ? sensor->with : "", sensor->blind);
	fflush(stdout);
	run(sensor);
	print_counts(sensor);
	sensor_close(sensor);
	return 0;
}
