/* How one variant is carried out: a process of its own, notes that it shares with us, and a limit of time. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "drill/exercise.h"

#define TRIAL_MS 20000
#define UNREACHED 255 /* exit status of a process that did not come as far as its way */

static struct stage_notes *make_notes(void)
{
	void *notes = mmap(NULL, sizeof(struct stage_notes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return notes == MAP_FAILED ? NULL : notes;
}

static bool become(uid_t uid)
{
	if (uid == geteuid())
		return true;
	return syscall(SYS_setgroups, 0, NULL) == 0 && setresgid(uid, uid, uid) == 0 && setresuid(uid, uid, uid) == 0;
}

/* In the variant's process. Invariant 1: the pid is the decoy's, or nothing is done. */
static void act(struct stage *stage, uid_t uid, pid_t parent)
{
	setpgid(0, 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (!become(uid))
		_exit(UNREACHED);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || !decoy_lives(stage->decoy))
		_exit(UNREACHED);
	stage_leave(stage->variant->way(stage));
}

static pid_t start(struct exercise *exercise, struct trial *trial, struct stage_notes *notes, int turn, struct err *err)
{
	uid_t actor, target;
	pid_t parent = getpid();

	if (!exercise_users(trial->variant, &actor, &target)) {
		err_set(err, -EPERM, "it takes root to become another user");
		return -1;
	}
	struct decoy *decoy = exercise_decoy(exercise, target, err);
	if (!decoy)
		return -1;
	trial->target = decoy->pid;
	trial->target_tid = decoy->tid;
	trial->began_ns = exercise_clock_ns(CLOCK_MONOTONIC);
	pid_t child = fork();
	if (child == 0) {
		struct stage stage = { .variant = trial->variant,
				       .decoy = decoy,
				       .place = &exercise->place,
				       .program = exercise->program,
				       .notes = notes,
				       .turn = turn };
		act(&stage, actor, parent);
	}
	if (child < 0)
		err_set(err, -errno, "cannot start a process: %s", strerror(errno));
	else
		setpgid(child, child);
	return child;
}

static void note_failure(struct trial *trial, const struct stage_notes *notes, int number)
{
	const char *words = number == STAGE_NOT_INSTALLED ? "the program is not installed"
			    : number == STAGE_UNPROVEN	  ? "what it read is not what it should be"
							  : strerror(number);

	if (notes->why[0])
		snprintf(trial->failure, sizeof(trial->failure), "%.*s", STAGE_WHY_ROOM - 1, notes->why);
	else
		snprintf(trial->failure, sizeof(trial->failure), "%s", words);
}

/* The status of a process that ended with stage_leave, as an errno. */
static void note_end(struct trial *trial, const struct stage_notes *notes, int status)
{
	int number = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	bool refused = number == EACCES || number == EPERM;

	if (number < 0)
		snprintf(trial->failure, sizeof(trial->failure), "its process was killed by signal %d",
			 WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	else if (number == UNREACHED)
		snprintf(trial->failure, sizeof(trial->failure),
			 "its process could not be prepared, or the decoy was gone");
	else if (trial->variant->who == WHO_STRANGER && number == 0)
		snprintf(trial->failure, sizeof(trial->failure), "it was not refused");
	else if (trial->variant->who == WHO_STRANGER ? refused : number == 0)
		trial->done = true;
	else
		note_failure(trial, notes, number);
}

static void take_notes(struct trial *trial, const struct stage_notes *notes)
{
	unsigned count = notes->actor_count;

	for (unsigned i = 0; i < count && i < STAGE_ACTORS_MAX; i++)
		trial_add_actor(trial, notes->actors[i]);
	trial->moment_ns = notes->moment_ns;
	if (notes->target) {
		trial->target = notes->target;
		trial->target_tid = 0;
	}
}

/* Until it has ended, or its time has; nothing of it is left over then. */
static void see_through(struct exercise *exercise, struct trial *trial, const struct stage_notes *notes, pid_t child,
			int pidfd)
{
	int status = 0;

	trial_add_actor(trial, child);
	if (!exercise_listen(exercise, pidfd, TRIAL_MS))
		snprintf(trial->failure, sizeof(trial->failure), "it did not end in %d s", TRIAL_MS / 1000);
	kill(-child, SIGKILL); /* the child is not reaped yet: the group is still its own */
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	close(pidfd);
	take_notes(trial, notes);
	if (!trial->failure[0])
		note_end(trial, notes, status);
}

static void exercise_early(struct exercise *exercise, struct early *early)
{
	if (early->pid <= 0)
		return;
	ssize_t told = write(early->turn, "", 1);
	if (told != 1)
		kill(early->pid, SIGKILL);
	close(early->turn);
	see_through(exercise, early->trial, early->notes, early->pid, early->pidfd);
	early->pid = 0;
}

int exercise_begin_early(struct exercise *exercise, struct trial *trial, struct err *err)
{
	struct early *early = &exercise->early[exercise->early_count];
	int ends[2];

	if (exercise->early_count == EXERCISE_EARLY_MAX)
		return err_set(err, -E2BIG, "too many early variants");
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, -errno, "cannot make a pipe: %s", strerror(errno));
	*early = (struct early){ .trial = trial, .notes = make_notes(), .turn = ends[1] };
	if (!early->notes)
		return err_set(err, -ENOMEM, "memory is out");
	early->pid = start(exercise, trial, early->notes, ends[0], err);
	close(ends[0]);
	if (early->pid < 0)
		return err->number;
	early->pidfd = (int)syscall(SYS_pidfd_open, early->pid, 0);
	exercise->early_count++;
	return 0;
}

void exercise_trial(struct exercise *exercise, struct trial *trial)
{
	struct err err = { 0 };

	for (size_t i = 0; i < exercise->early_count; i++) {
		if (exercise->early[i].trial == trial) {
			exercise_early(exercise, &exercise->early[i]);
			return;
		}
	}
	struct stage_notes *notes = make_notes();
	pid_t child = notes ? start(exercise, trial, notes, -1, &err) : -1;
	if (child > 0)
		see_through(exercise, trial, notes, child, (int)syscall(SYS_pidfd_open, child, 0));
	else
		snprintf(trial->failure, sizeof(trial->failure), "%.*s", TRIAL_WHY_ROOM - 1,
			 err.text[0] ? err.text : "memory is out");
	if (notes)
		munmap(notes, sizeof(*notes));
}

void exercise_marker(struct exercise *exercise)
{
	static const struct variant marker = {
		.name = "marker", .way = way_path, .detail = "/proc/{pid}/{entry}", .entry = ENTRY_MAPS
	};
	struct stage_notes *notes = make_notes();
	struct trial trial;
	struct err err = { 0 };

	trial_init(&trial, &marker, 0);
	exercise->marker = notes ? start(exercise, &trial, notes, -1, &err) : -1;
	if (exercise->marker > 0)
		see_through(exercise, &trial, notes, exercise->marker,
			    (int)syscall(SYS_pidfd_open, exercise->marker, 0));
	if (notes)
		munmap(notes, sizeof(*notes));
}
