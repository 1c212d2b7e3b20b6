#include "engine/naming.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

#define SNAPSHOT_MAX 16384 /* as many as history keeps */
#define RECENT 128
#define BELIEVED_MS 100
#define START_SLACK_MS 50 /* the start is told in ticks, and the clock may have been set since the boot */

/* An answer of the steward. */
struct recent {
	uint32_t pid; /* 0: none */
	int64_t when_ms;
	bool known;
	struct process process;
	char comm[64], container[72], exe[4096];
};

struct naming {
	struct steward *steward;
	struct process *snapshot;
	size_t snapshot_count;
	struct arena arena; /* its texts */
	struct recent recent[RECENT];
	size_t next; /* to be overwritten */
};

/* ---- the processes that were there ---- */

static void keep(struct naming *naming, const struct process_look *look, int64_t boot_ms)
{
	struct process *to = &naming->snapshot[naming->snapshot_count];

	if (!process_told(look, boot_ms, to))
		return;
	to->comm = arena_copy(&naming->arena, to->comm);
	if (to->exe.data)
		to->exe = arena_copy(&naming->arena, to->exe);
	to->container = (struct span){ 0 };
	naming->snapshot_count++;
}

static void take_snapshot(struct naming *naming, DIR *directory)
{
	struct process_look *look = malloc(sizeof(*look));
	int64_t boot_ms = process_boot_ms();
	const struct dirent *item;
	uint64_t pid;

	while (look && naming->snapshot_count < SNAPSHOT_MAX && (item = readdir(directory))) {
		size_t used = span_decimal(span_of(item->d_name), &pid);
		if (used && !item->d_name[used] && pid <= UINT32_MAX &&
		    process_look(dirfd(directory), (uint32_t)pid, look))
			keep(naming, look, boot_ms);
	}
	free(look);
}

static void forget_snapshot(struct naming *naming)
{
	free(naming->snapshot);
	naming->snapshot = NULL;
	naming->snapshot_count = 0;
	arena_finish(&naming->arena);
	arena_init(&naming->arena, 0);
}

struct naming *naming_create(struct steward *steward)
{
	struct naming *naming = calloc(1, sizeof(*naming));
	DIR *directory = opendir("/proc");

	if (naming) {
		arena_init(&naming->arena, 0);
		naming->steward = steward;
		naming->snapshot = calloc(SNAPSHOT_MAX, sizeof(*naming->snapshot));
	}
	if (naming && naming->snapshot && directory)
		take_snapshot(naming, directory);
	if (directory)
		closedir(directory);
	return naming;
}

void naming_destroy(struct naming *naming)
{
	if (!naming)
		return;
	forget_snapshot(naming);
	arena_finish(&naming->arena);
	free(naming);
}

void naming_teach(struct naming *naming, struct resolver *resolver, uint32_t boot)
{
	if (!naming->snapshot)
		return;
	for (size_t i = 0; i < naming->snapshot_count; i++)
		resolver_learn_process(resolver, boot, &naming->snapshot[i]);
	forget_snapshot(naming);
}

/* ---- a process that is there now ---- */

static struct span put(char *room, size_t size, struct span text)
{
	text.len = text.len < size ? text.len : size;
	if (!text.data)
		return text;
	memcpy(room, text.data, text.len);
	return (struct span){ room, text.len };
}

static struct recent *look_up(struct naming *naming, uint32_t pid, int64_t now_ms)
{
	for (size_t i = 0; i < RECENT; i++)
		if (naming->recent[i].pid == pid && now_ms - naming->recent[i].when_ms < BELIEVED_MS)
			return &naming->recent[i];
	struct recent *recent = &naming->recent[naming->next];
	const struct process_look *look = steward_look(naming->steward, pid);
	naming->next = (naming->next + 1) % RECENT;
	recent->pid = pid;
	recent->when_ms = now_ms;
	recent->known = look && process_told(look, process_boot_ms(), &recent->process);
	if (recent->known) {
		struct process *process = &recent->process;
		process->comm = put(recent->comm, sizeof(recent->comm), process->comm);
		process->exe = put(recent->exe, sizeof(recent->exe), process->exe);
		process->container = put(recent->container, sizeof(recent->container), process->container);
	}
	return recent;
}

static void fill(struct process *to, const struct process *from)
{
	to->pid = from->pid;
	if (from->comm.data)
		to->comm = from->comm;
	if (from->exe.data)
		to->exe = from->exe;
	if (from->container.data)
		to->container = from->container;
	if (from->ppid != UNKNOWN_ID)
		to->ppid = from->ppid;
	if (from->uid != UNKNOWN_ID)
		to->uid = from->uid;
	if (from->euid != UNKNOWN_ID)
		to->euid = from->euid;
	if (from->start_ms != TIME_UNKNOWN)
		to->start_ms = from->start_ms;
}

void naming_fill(struct naming *naming, struct process *process, int64_t event_ms, int64_t now_ms)
{
	if (!naming->steward || process->pid == UNKNOWN_ID || process->pid == 0 || process->pid > UINT32_MAX)
		return;
	const struct recent *recent = look_up(naming, (uint32_t)process->pid, now_ms);
	bool later = recent->process.start_ms != TIME_UNKNOWN && recent->process.start_ms > event_ms + START_SLACK_MS;
	if (recent->known && !later)
		fill(process, &recent->process);
}
