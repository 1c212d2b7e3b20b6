/*
 * Who an actor is. An event says a pid, and comes to us later: the process
 * may be gone by then, or run another program.
 *
 *	the kernel's word (proc_events): pid starts, pid executes
 *	      │                 executes: we look at once, it is still loading its libraries
 *	      ▼
 *	lives   parent and last execution of each pid       actors   what was seen of a pid
 *
 * 1. What was seen of a pid is believed as long as it executes nothing.
 * 2. Who started and executed nothing is the program that its parent was.
 * 3. An event is younger than the moment at which the queue was last found
 *    empty, or at which a mark was put in that came out before it. If the pid has executed since, it may be older than that: then
 *    the program is told, but not trusted to be the one that did it.
 *
 * Without the kernel's word, only a process that is there still has a name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "source/fanotify_parts.h"
#include "source/proc_events.h"

#define FRESH_NS 10000000    /* names and users change without an execution */
#define HAPPENINGS_MAX 16384 /* in a row: whoever is that far behind knows nothing for sure */
#define ANCESTORS_MAX 64

int64_t fanotify_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- looking ---- */

/*
 * What /proc says; false when it does not say which program: the process is gone, or is about to. Each execution on the
 * host costs a glance, so that leaves out what takes long: users, session and cgroup.
 */
static bool look(const struct fanotify_reader *reader, uint32_t pid, bool whole, struct fanotify_actor *actor)
{
	actor->seen_ns = fanotify_now_ns();
	actor->pid = actor_look(reader->proc, pid, whole, &actor->seen) ? pid : 0;
	return actor->pid && actor->seen.look.exe_len;
}

/* ---- what happened to it ---- */

/* NULL: nothing was heard of it, so it is older than the sensor. */
static struct fanotify_life *life_of(struct fanotify_reader *reader, uint32_t pid)
{
	struct fanotify_life *life = &reader->lives[pid % FANOTIFY_LIVES];

	return life->pid == pid ? life : NULL;
}

/* NULL: it was not seen, or runs another program since. */
static struct fanotify_actor *actor_of(struct fanotify_reader *reader, uint32_t pid)
{
	struct fanotify_actor *actor = &reader->actors[pid % FANOTIFY_ACTORS];

	return actor->pid == pid && actor->seen.look.exe_len ? actor : NULL;
}

static void take_happening(struct fanotify_reader *reader, const struct proc_happening *happening)
{
	uint32_t pid = happening->pid;
	struct fanotify_life *life = &reader->lives[pid % FANOTIFY_LIVES];
	struct fanotify_actor *actor = &reader->actors[pid % FANOTIFY_ACTORS];

	if (happening->kind == PROC_EVENT_STARTS) {
		*life = (struct fanotify_life){ .pid = pid,
						.parent = happening->parent,
						.began_ns = happening->time_ns };
		actor->pid = actor->pid == pid ? 0 : actor->pid;
		return;
	}
	if (life->pid != pid)
		*life = (struct fanotify_life){ .pid = pid };
	life->executed_ns = happening->time_ns;
	reader->wants_mark = true;
	if (pid == (uint32_t)getpid() || pid == (uint32_t)reader->watch)
		return;
	look(reader, pid, false, actor);
	actor->seen_ns = 0; /* it only begins: looked at again when it does something */
}

/* Of what was not heard, anything may be. */
static void forget(struct fanotify_reader *reader)
{
	memset(reader->lives, 0, sizeof(reader->lives));
	for (size_t i = 0; i < FANOTIFY_ACTORS; i++)
		reader->actors[i].pid = 0;
	reader->deaf_ns = fanotify_now_ns();
}

void fanotify_take_processes(struct fanotify_reader *reader)
{
	struct proc_happening happening;
	int answer = 0;

	for (unsigned i = 0; reader->processes >= 0 && i < HAPPENINGS_MAX; i++) {
		answer = proc_events_next(reader->processes, &happening);
		if (answer == 0)
			return;
		if (answer < 0)
			break;
		take_happening(reader, &happening);
	}
	if (reader->processes < 0)
		return;
	forget(reader);
	if (answer < 0 && answer != -ENOBUFS) {
		close(reader->processes);
		reader->processes = -1;
	}
}

/* ---- naming ---- */

static struct fanotify_actor *inherited(struct fanotify_reader *reader, uint32_t pid)
{
	const struct fanotify_life *life = life_of(reader, pid);

	if (!life || !life->parent || life->executed_ns)
		return NULL;
	const struct fanotify_life *parent = life_of(reader, life->parent);
	return parent && parent->executed_ns > life->began_ns ? NULL : actor_of(reader, life->parent);
}

/* What is known of the pid; NULL: nothing. Its pid is the parent's when it is inherited. */
static struct fanotify_actor *find(struct fanotify_reader *reader, uint32_t pid)
{
	struct fanotify_actor *seen = reader->processes >= 0 ? actor_of(reader, pid) : NULL;

	if (seen && fanotify_now_ns() - seen->seen_ns < FRESH_NS)
		return seen;
	if (look(reader, pid, true, &reader->fresh)) {
		seen = &reader->actors[pid % FANOTIFY_ACTORS];
		*seen = reader->fresh;
	}
	if (!seen && reader->processes >= 0)
		seen = inherited(reader, pid);
	return seen ? seen : reader->fresh.pid ? &reader->fresh : NULL;
}

/* Whether the pid may have run another program when the event came to be (3. above). */
static bool is_doubtful(struct fanotify_reader *reader, uint32_t pid)
{
	const struct fanotify_life *life = life_of(reader, pid);

	return reader->deaf_ns > reader->emptied_ns || (life && life->executed_ns > reader->emptied_ns);
}

void fanotify_name_actor(struct fanotify_reader *reader, uint32_t pid)
{
	struct fanotify_message *message = &reader->message;
	const struct fanotify_actor *actor = find(reader, pid);
	const struct fanotify_life *life = life_of(reader, pid);

	message->actor_parent = life ? life->parent : 0;
	message->has_actor = actor != NULL;
	message->inherited = actor && actor->pid != pid;
	message->trusted = actor && actor->seen.trusted && !is_doubtful(reader, pid);
	message->auid = actor ? actor->seen.auid : WIRE_NO_ID;
	message->ses = actor ? actor->seen.ses : WIRE_NO_ID;
	message->command_len = actor ? actor->seen.command_len : 0;
	message->unnamed += !actor || !actor->seen.look.exe_len;
	if (!actor)
		return;
	memcpy(message->command, actor->seen.command, actor->seen.command_len);
	message->actor = actor->seen.look;
}

/* ---- whether it is one that is watched ---- */

/* 0: not known. */
static uint32_t parent_of(struct fanotify_reader *reader, uint32_t pid)
{
	const struct fanotify_life *life = life_of(reader, pid);
	uint32_t parent = process_parent(reader->proc, pid);

	return !parent && life ? life->parent : parent;
}

static bool is_of_user(struct fanotify_reader *reader, uint32_t pid)
{
	char name[16];
	struct stat st;
	const struct fanotify_actor *actor = actor_of(reader, pid);

	snprintf(name, sizeof(name), "%u", pid);
	if (fstatat(reader->proc, name, &st, 0) == 0)
		return st.st_uid == reader->scope_of;
	actor = actor ? actor : inherited(reader, pid);
	return actor && actor->seen.uid == reader->scope_of;
}

bool fanotify_is_in_scope(struct fanotify_reader *reader, uint32_t pid)
{
	if (reader->scope == WIRE_SCOPE_UID)
		return is_of_user(reader, pid);
	for (int i = 0; reader->scope == WIRE_SCOPE_PID && i < ANCESTORS_MAX; i++) {
		if (pid == reader->scope_of)
			return true;
		pid = pid ? parent_of(reader, pid) : 0;
	}
	return reader->scope == WIRE_SCOPE_ALL;
}
