#include "resolve/history.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/hash.h"
#include "resolve/resolve.h"

#define PROCESSES_MAX 16384
#define FDS_MAX 16384
#define INODES_MAX 32768
#define DEVICES_MAX 4096
#define THREADS_MAX 16384
#define KEYS_MAX 1024
#define TEXT_MAX (6u << 20)
#define CMDLINE_KEPT 4096
#define PATH_KEPT 4096
#define INODE_AGE_MAX (3600 * 1000) /* ms of event time */
#define THREAD_AGE_MAX (600 * 1000) /* thread numbers are given out again */
#define PARENTS_MAX 4

struct known_thread {
	uint64_t pid;
	int64_t time_ms;
};

static void memo_free(struct history *history, struct memo *memo)
{
	history->text_bytes -= memo->capacity;
	free(memo->data);
	*memo = (struct memo){ 0 };
}

bool memo_set(struct history *history, struct memo *memo, struct span text, size_t max)
{
	text.len = text.len < max ? text.len : max;
	if (!text.data) {
		bool had = memo->data;
		memo_free(history, memo);
		return had;
	}
	if (memo->data && span_equal(memo_span(memo), text))
		return false;
	if (!memo->data || text.len > memo->capacity) {
		uint32_t capacity = (uint32_t)(text.len + 16) & ~15u;
		char *data = realloc(memo->data, capacity);
		if (!data)
			return false;
		history->text_bytes += capacity - memo->capacity;
		memo->data = data;
		memo->capacity = capacity;
	}
	memcpy(memo->data, text.data, text.len);
	memo->len = (uint32_t)text.len;
	return true;
}

static void release_process(void *entry)
{
	struct known_process *process = entry;
	struct memo *memos[] = { &process->comm, &process->exe,	 &process->script, &process->cmdline,
				 &process->tty,	 &process->root, &process->handed };

	for (size_t i = 0; i < sizeof(memos) / sizeof(memos[0]); i++)
		memo_free(process->owner, memos[i]);
}

static void release_fd(void *entry)
{
	struct known_fd *fd = entry;

	memo_free(fd->owner, &fd->text);
}

int history_init(struct history *history)
{
	*history = (struct history){ 0 };
	history->mounts = calloc(HISTORY_MOUNTS_MAX, sizeof(*history->mounts));
	if (history->mounts &&
	    table_init(&history->processes, sizeof(struct known_process), PROCESSES_MAX, release_process) == 0 &&
	    table_init(&history->fds, sizeof(struct known_fd), FDS_MAX, release_fd) == 0 &&
	    table_init(&history->inodes, sizeof(struct known_inode), INODES_MAX, NULL) == 0 &&
	    table_init(&history->devices, sizeof(struct known_device), DEVICES_MAX, NULL) == 0 &&
	    table_init(&history->threads, sizeof(struct known_thread), THREADS_MAX, NULL) == 0 &&
	    table_init(&history->keys, sizeof(uint8_t), KEYS_MAX, NULL) == 0)
		return 0;
	history_finish(history);
	return -ENOMEM;
}

void history_finish(struct history *history)
{
	table_finish(&history->processes);
	table_finish(&history->fds);
	table_finish(&history->inodes);
	table_finish(&history->devices);
	table_finish(&history->threads);
	table_finish(&history->keys);
	for (size_t i = 0; history->mounts && i < history->mount_count; i++) {
		memo_free(history, &history->mounts[i].target);
		memo_free(history, &history->mounts[i].source);
	}
	free(history->mounts);
	history->mounts = NULL;
}

uint64_t history_evicted(const struct history *history)
{
	return history->processes.evicted + history->fds.evicted + history->inodes.evicted + history->devices.evicted +
	       history->threads.evicted + history->keys.evicted + history->mounts_lost;
}

void history_trim(struct history *history)
{
	while (history->text_bytes > TEXT_MAX) {
		struct table *larger =
			history->processes.count >= history->fds.count ? &history->processes : &history->fds;
		if (!table_evict(larger))
			break;
		larger->evicted++;
	}
}

static void tell_asked(uint64_t *asked, uint64_t pid)
{
	uint64_t bit = pid & ((1u << RESOLVE_ASKED_BITS) - 1);

	if (asked)
		asked[bit / 64] |= UINT64_C(1) << bit % 64;
}

struct known_process *history_process(struct history *history, uint32_t boot, uint64_t pid)
{
	if (pid == UNKNOWN_ID)
		return NULL;
	tell_asked(history->asked, pid);
	return table_find(&history->processes, history_key(boot, pid), 0);
}

static void copy_memo(struct history *history, struct memo *to, const struct memo *from)
{
	memo_set(history, to, memo_span(from), PATH_KEPT);
}

/* What fork gives. The script only when the child runs the same program: then it has not executed another. */
static void inherit(struct history *history, struct known_process *child, const struct known_process *parent,
		    struct span exe)
{
	child->foreign_pids = child->foreign_children = parent->foreign_children;
	child->inherits = parent->fds || parent->inherits;
	copy_memo(history, &child->root, &parent->root);
	if (!parent->exe.len || !span_equal(memo_span(&parent->exe), exe))
		return;
	copy_memo(history, &child->script, &parent->script);
	copy_memo(history, &child->cmdline, &parent->cmdline);
	child->script_uid = parent->script_uid;
	child->exe_uid = parent->exe_uid;
	child->exe_mode = parent->exe_mode;
	child->command_told = parent->command_told;
}

static void set_number(uint64_t *to, uint64_t value)
{
	if (value != UNKNOWN_ID)
		*to = value;
}

static void set_text(struct history *history, struct memo *to, struct span text)
{
	if (text.data)
		memo_set(history, to, text, PATH_KEPT);
}

static void be_born(struct history *history, const struct event *event, const struct process *actor,
		    struct known_process *process)
{
	process->owner = history;
	process->born = history->serial;
	process->pid = actor->pid;
	process->ppid = process->auid = process->uid = process->euid = process->ses = UNKNOWN_ID;
	process->script_uid = process->exe_uid = UNKNOWN_ID;
	process->start_ms = TIME_UNKNOWN;
	const struct known_process *parent = history_process(history, event->boot, actor->ppid);
	if (parent && parent != process)
		inherit(history, process, parent, actor->exe);
}

/*
 * Another process under the same number: another program in another session
 * (a program may change its own session), or a parent that is neither init
 * nor an ancestor that adopted it.
 */
static bool is_another(struct history *history, const struct event *event, const struct known_process *process,
		       const struct process *actor)
{
	uint64_t ancestor = process->ppid;

	bool other_session = process->ses != UNKNOWN_ID && process->ses != UINT32_MAX && actor->ses != UNKNOWN_ID &&
			     actor->ses != process->ses;

	if (other_session && !span_equal(actor->exe, memo_span(&process->exe)))
		return true;
	if (actor->ppid == UNKNOWN_ID || process->ppid == UNKNOWN_ID || actor->ppid <= 1)
		return false;
	for (unsigned i = 0; i < PARENTS_MAX && ancestor != UNKNOWN_ID; i++) {
		if (ancestor == actor->ppid)
			return false;
		const struct known_process *known = history_process(history, event->boot, ancestor);
		ancestor = known ? known->ppid : UNKNOWN_ID;
	}
	return true;
}

static struct known_process *put_process(struct history *history, const struct event *event, const struct call *call,
					 bool *created)
{
	const struct process *actor = &call->actor;
	struct known_process *process = history_process(history, event->boot, actor->pid);

	*created = false;
	if (process && !is_another(history, event, process, actor))
		return process;
	if (process) {
		uint32_t incarnation = process->incarnation + 1;
		release_process(process);
		*process = (struct known_process){ .incarnation = incarnation };
		*created = true;
	} else {
		process = table_put(&history->processes, history_key(event->boot, actor->pid), 0, created);
	}
	be_born(history, event, actor, process);
	return process;
}

/*
 * Whether the record tells of its process in the very words of the record before it: then there is nothing to learn.
 * Only history_learn_actor sets what these words say, and with the same words twice it changes nothing.
 */
static bool is_told(const struct known_process *process, struct span who)
{
	return process->told_len && who.len >= process->told_len &&
	       memcmp(process->told, who.data, process->told_len) == 0;
}

/* The byte behind goes with the words, so that they end in the next record where they end here. */
static void keep_told(struct known_process *process, const struct call *call)
{
	size_t len = call->who_len + 1;

	process->told_len = 0;
	if (!call->who_len || len > call->who.len || len > TOLD_MAX)
		return;
	memcpy(process->told, call->who.data, len);
	process->told_len = (uint16_t)len;
}

static bool learn_exe(struct history *history, struct known_process *process, struct span exe)
{
	bool had_exe = process->exe.len;
	bool other = exe.data && memo_set(history, &process->exe, exe, PATH_KEPT);

	if (other && had_exe) {
		/* Another program: executed unseen, or another process under the same pid. */
		memo_set(history, &process->script, (struct span){ 0 }, 0);
		memo_set(history, &process->cmdline, (struct span){ 0 }, 0);
		process->script_uid = process->exe_uid = UNKNOWN_ID;
		process->generation++;
		process->command_told = false;
	}
	return other;
}

struct known_process *history_learn_actor(struct history *history, const struct event *event, struct call *call,
					  struct arena *arena, bool *news)
{
	const struct process *actor = &call->actor;
	bool created;

	*news = false;
	if (actor->pid == UNKNOWN_ID || !call->has_record)
		return NULL;
	struct known_process *process = call->unread ? history_process(history, event->boot, actor->pid) : NULL;
	if (process && is_told(process, call->who)) {
		call_skip_actor(call, process->told_len - 1u);
		return process;
	}
	call_read_actor(call, arena);
	if (actor->pid == UNKNOWN_ID)
		return NULL;
	process = put_process(history, event, call, &created);
	set_number(&process->ppid, actor->ppid);
	set_number(&process->auid, actor->auid);
	set_number(&process->uid, actor->uid);
	set_number(&process->euid, actor->euid);
	set_number(&process->ses, actor->ses);
	set_text(history, &process->comm, actor->comm);
	set_text(history, &process->tty, actor->tty);
	*news = learn_exe(history, process, actor->exe) || created;
	keep_told(process, call);
	return process;
}

bool history_descends(struct history *history, uint32_t boot, uint64_t pid, uint64_t ancestor)
{
	for (unsigned i = 0; i < 2 * PARENTS_MAX && pid != UNKNOWN_ID && pid > 1; i++) {
		if (pid == ancestor)
			return true;
		const struct known_process *process = history_process(history, boot, pid);
		pid = process ? process->ppid : UNKNOWN_ID;
	}
	return false;
}

bool history_is_kin(struct history *history, uint32_t boot, uint64_t pid, uint64_t other)
{
	const struct known_process *process = history_process(history, boot, other);
	uint64_t parent = process ? process->ppid : UNKNOWN_ID;

	return parent != UNKNOWN_ID && parent > 1 && history_descends(history, boot, pid, parent);
}

/* Whether an fd of `owner`'s is one of `process`, which is the owner or a descendant that is known since `born`. */
static bool is_open_in(const struct known_fd *fd, const struct known_process *owner,
		       const struct known_process *process, uint64_t born)
{
	if (fd->closed || (owner && fd->incarnation != owner->incarnation))
		return false;
	if (process != owner && (fd->serial > born || (fd->close_on_exec && process && process->executed)))
		return false;
	return !fd->close_on_exec || !owner || fd->generation == owner->generation;
}

static struct known_fd *find_fd(struct history *history, uint32_t boot, uint64_t pid, uint64_t fd, bool *certain,
				uint64_t *asked)
{
	const struct known_process *process = history_process(history, boot, pid);
	uint64_t born = process ? process->born : UINT64_MAX;

	*certain = true;
	for (unsigned i = 0; i < PARENTS_MAX && pid != UNKNOWN_ID; i++) {
		const struct known_process *owner = history_process(history, boot, pid);
		tell_asked(asked, pid);
		struct known_fd *known = table_find(&history->fds, history_key(boot, pid), fd);
		if (known)
			return is_open_in(known, owner, process, born) ? known : NULL;
		/* Inherited only as far as it was not closed; what is not audited is not known. */
		*certain = false;
		pid = owner ? owner->ppid : UNKNOWN_ID;
		if (owner && owner->born < born)
			born = owner->born;
	}
	return NULL;
}

struct known_fd *history_fd(struct history *history, uint32_t boot, uint64_t pid, uint64_t fd, bool *certain)
{
	return find_fd(history, boot, pid, fd, certain, history->asked_fds);
}

static struct known_fd *put_fd(struct history *history, uint32_t boot, uint64_t pid, uint64_t fd)
{
	bool created;
	struct known_process *process = history_process(history, boot, pid);
	struct known_fd *known = table_put(&history->fds, history_key(boot, pid), fd, &created);

	known->owner = history;
	known->serial = history->serial;
	known->generation = process ? process->generation : 0;
	known->incarnation = process ? process->incarnation : 0;
	if (process)
		process->fds++;
	return known;
}

void history_put_fd(struct history *history, uint32_t boot, uint64_t pid, uint64_t fd, const struct place *place,
		    struct span text, uint32_t dev, bool close_on_exec)
{
	struct known_fd *known = put_fd(history, boot, pid, fd);

	known->place = *place;
	known->own = place->self;
	if (place->self)
		known->place.pid = pid, known->place.self = false;
	known->dev = dev;
	known->close_on_exec = close_on_exec;
	known->closed = false;
	memo_set(history, &known->text, text, PATH_KEPT);
}

void history_drop_fd(struct history *history, uint32_t boot, uint64_t pid, uint64_t fd)
{
	const struct known_process *process = history_process(history, boot, pid);
	bool certain;

	if (process && !process->fds && !process->inherits)
		return;
	table_remove(&history->fds, history_key(boot, pid), fd);
	if (process && process->inherits && find_fd(history, boot, pid, fd, &certain, NULL)) {
		struct known_fd *known = put_fd(history, boot, pid, fd);
		known->closed = true;
		known->place.kind = PLACE_NONE;
	}
}

const struct known_inode *history_inode(struct history *history, const struct event *event,
					const struct path_item *item)
{
	if (!item->has_dev || !item->inode)
		return NULL;
	struct known_inode *known = table_find(&history->inodes, history_key(event->boot, item->dev), item->inode);
	if (!known)
		return NULL;
	int64_t age = event->time_ms - known->time_ms;
	return age <= INODE_AGE_MAX && age >= -INODE_AGE_MAX ? known : NULL;
}

void history_expect_process(const struct history *history, uint64_t key, bool later)
{
	if (later)
		table_expect_entry(&history->processes, key, 0, offsetof(struct known_process, told) + TOLD_MAX);
	else
		table_expect(&history->processes, key, 0);
}

void history_expect_inode(const struct history *history, uint32_t boot, const struct path_item *item, bool later)
{
	uint64_t key = history_key(boot, item->dev);

	if (!item->has_dev || !item->inode)
		return;
	if (later)
		table_expect_entry(&history->inodes, key, item->inode, sizeof(struct known_inode));
	else
		table_expect(&history->inodes, key, item->inode);
}

void history_expect_fd(const struct history *history, uint32_t boot, uint64_t pid, uint64_t fd)
{
	table_expect(&history->fds, history_key(boot, pid), fd);
}

void history_put_inode(struct history *history, const struct event *event, const struct path_item *item,
		       const struct place *place, bool named)
{
	bool created;

	if (!item->has_dev || !item->inode)
		return;
	const struct known_inode *before = named ? NULL : history_inode(history, event, item);
	if (before && before->named)
		return;
	struct known_inode *known =
		table_put(&history->inodes, history_key(event->boot, item->dev), item->inode, &created);
	known->place = *place;
	known->named = named;
	known->time_ms = event->time_ms;
}

struct known_device *history_device(struct history *history, uint32_t boot, uint32_t dev)
{
	return table_find(&history->devices, history_key(boot, dev), 0);
}

void history_put_device(struct history *history, uint32_t boot, uint32_t dev, enum device_evidence evidence,
			bool foreign, bool certainly)
{
	bool created;
	struct known_device *known = table_put(&history->devices, history_key(boot, dev), 0, &created);

	known->evidence |= evidence;
	known->foreign = certainly || (foreign && (created || known->foreign));
}

uint64_t history_thread(struct history *history, uint32_t boot, uint64_t tid)
{
	const struct known_thread *thread = table_find(&history->threads, history_key(boot, tid), 0);
	int64_t age = thread ? history->time_ms - thread->time_ms : 0;

	return thread && age <= THREAD_AGE_MAX && age >= -THREAD_AGE_MAX ? thread->pid : tid;
}

void history_put_thread(struct history *history, uint32_t boot, uint64_t tid, uint64_t pid)
{
	bool created;

	if (tid == pid)
		return;
	struct known_thread *thread = table_put(&history->threads, history_key(boot, tid), 0, &created);
	thread->pid = pid;
	thread->time_ms = history->time_ms;
}

bool history_is_procfs_key(struct history *history, uint32_t node, struct span key)
{
	return key.len && table_find(&history->keys, hash_bytes(key), node);
}

void history_put_procfs_key(struct history *history, uint32_t node, struct span key)
{
	bool created;

	if (key.len)
		table_put(&history->keys, hash_bytes(key), node, &created);
}

struct known_mount *history_put_mount(struct history *history, uint32_t boot, uint64_t pid, struct span target,
				      struct span source)
{
	history_drop_mount(history, boot, target);
	struct known_mount *mount = &history->mounts[history->mount_next];
	history->mounts_lost += history->mount_count == HISTORY_MOUNTS_MAX && mount->target.len;
	history->mount_next = (history->mount_next + 1) % HISTORY_MOUNTS_MAX;
	if (history->mount_count < HISTORY_MOUNTS_MAX)
		history->mount_count++;
	mount->boot = boot;
	mount->pid = pid;
	mount->covered_dev = mount->source_dev = UINT32_MAX;
	memo_set(history, &mount->target, target, PATH_KEPT);
	memo_set(history, &mount->source, source, PATH_KEPT);
	return mount;
}

static bool is_mount(const struct known_mount *mount, uint32_t boot, struct span target)
{
	return mount->boot == boot && mount->target.len && span_equal(memo_span(&mount->target), target);
}

void history_drop_mount(struct history *history, uint32_t boot, struct span target)
{
	for (size_t i = 0; i < history->mount_count; i++)
		if (is_mount(&history->mounts[i], boot, target)) {
			memo_free(history, &history->mounts[i].target);
			memo_free(history, &history->mounts[i].source);
		}
}

static bool lies_in(struct span text, struct span target)
{
	return target.len > 1 && span_starts(text, target) && (text.len == target.len || text.data[target.len] == '/');
}

const struct known_mount *history_mount(const struct history *history, uint32_t boot, struct span text)
{
	const struct known_mount *best = NULL;

	for (size_t i = 0; i < history->mount_count; i++) {
		const struct known_mount *mount = &history->mounts[i];
		if (mount->boot == boot && lies_in(text, memo_span(&mount->target)) &&
		    (!best || mount->target.len > best->target.len))
			best = mount;
	}
	return best;
}
