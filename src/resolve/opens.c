/*
 * opens: what an open tells: the access, and what later events can learn
 * from it of devices, inodes, threads and descriptors. Which object it is
 * about, object.c says.
 */
#include <fcntl.h>

#include "base/digits.h"
#include "model/fields.h"
#include "resolve/object.h"

#define KERNEL_O_PATH 010000000u /* the same on every architecture of syscalls.def */
#define KERNEL_O_CLOEXEC 02000000u
#define KERNEL_RESOLVE_IN_ROOT 0x10u /* uapi/linux/openat2.h */

static uint64_t octal(struct span digits)
{
	uint64_t value = 0;

	for (size_t i = 0; i < digits.len && digits.data[i] >= '0' && digits.data[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(digits.data[i] - '0');
	return value;
}

/* OPENAT2 oflag=0100000 mode=00 resolve=0x10 */
static void read_how(struct resolver *resolver, struct span body, struct opened *opened)
{
	struct field field;
	uint64_t resolve;

	if (!field_find(body, SPAN("oflag"), &field))
		return;
	opened->flags = octal(field.value);
	opened->has_flags = true;
	if (!field_find(body, SPAN("resolve"), &field))
		return;
	struct span digits = span_skip(field.value, span_starts(field.value, SPAN("0x")) ? 2 : 0);
	if (span_hex(digits, &resolve))
		resolver->in_root = resolve & KERNEL_RESOLVE_IN_ROOT;
}

void open_read_flags(struct resolver *resolver, struct opened *opened)
{
	const struct call *call = &resolver->call;
	int at = call->id == CALL_open ? 1 : call->id == CALL_openat ? 2 : -1;

	if (call->id == CALL_creat)
		opened->flags = O_WRONLY, opened->has_flags = true;
	if (at >= 0 && call->has_a[at] && !call->from_ring)
		opened->flags = call->a[at], opened->has_flags = true;
	for (size_t i = 0; call->id == CALL_openat2 && i < resolver->event->count; i++)
		if (resolver->event->records[i].type == AUDIT_TYPE_OPENAT2)
			read_how(resolver, resolver->event->records[i].body, opened);
}

/* proctor's own rules, and those that the log showed being loaded for procfs. */
static bool has_procfs_key(struct resolver *resolver)
{
	struct span keys = call_keys(&resolver->call, &resolver->arena);

	while (keys.len) {
		size_t len = span_index(keys, '\1');
		struct span key = span_first(keys, len);
		if (span_starts(key, SPAN("proctor_procfs")) ||
		    history_is_procfs_key(&resolver->history, resolver->event->node_id, key))
			return true;
		keys = span_skip(keys, len + 1);
	}
	return false;
}

/* Before the device is asked: a name or a key can be what says that it is procfs. */
static void learn_device(struct resolver *resolver, const struct opened *opened)
{
	const struct path_item *item = opened->item;
	bool foreign = opened->other_pids || (resolver->actor && resolver->actor->foreign_pids);
	enum place_kind kind = opened->place.kind;
	bool named = opened->literal && (kind == PLACE_PID_DIR || kind == PLACE_TASK_DIR || kind == PLACE_ENTRY) &&
		     (kind != PLACE_ENTRY || entry_tier(opened->place.entry) != ENTRY_TIER_SYSTEM);

	if (!item->has_dev || dev_major(item->dev) != 0)
		return;
	if (named && item->has_mode && (kind != PLACE_ENTRY || object_fits(item, opened->place.entry)))
		history_put_device(&resolver->history, resolver->event->boot, item->dev, DEVICE_NAMED, foreign,
				   opened->other_pids);
	if (has_procfs_key(resolver))
		history_put_device(&resolver->history, resolver->event->boot, item->dev, DEVICE_KEY, foreign,
				   opened->other_pids);
}

static bool is_foreign(struct resolver *resolver, const struct opened *opened)
{
	const struct known_device *device =
		opened->item->has_dev ? history_device(&resolver->history, resolver->event->boot, opened->item->dev)
				      : NULL;

	if (opened->other_pids)
		return true;
	if (device)
		return device->foreign;
	return resolver->actor && resolver->actor->foreign_pids;
}

static void learn(struct resolver *resolver, const struct opened *opened)
{
	const struct call *call = &resolver->call;
	const struct place *place = &opened->place;
	struct history *history = &resolver->history;
	uint32_t boot = resolver->event->boot;
	bool on_procfs = place->kind >= PLACE_PROC_ROOT && place->kind <= PLACE_ENTRY;

	if (on_procfs && opened->certain && place->pid != UNKNOWN_ID && !place->self && opened->how != RESOLVED_INODE &&
	    opened->item->has_dev)
		history_put_inode(history, resolver->event, opened->item, place,
				  opened->how != RESOLVED_DIRFD && opened->how != RESOLVED_FD);
	/* Only an open that succeeded proves that the thread is one of that process. */
	if (on_procfs && !call->failed && opened->certain && opened->item->has_mode && place->tid != UNKNOWN_ID &&
	    place->pid != UNKNOWN_ID)
		history_put_thread(history, boot, place->tid, place->pid);
	if (call->failed || call->from_ring || call->exit < 0 || call->exit > INT32_MAX || !resolver->actor)
		return;
	bool directory = opened->item->has_mode && (opened->item->mode & 0170000) == 0040000;
	if (opened->text.data &&
	    (on_procfs || directory || place->kind == PLACE_LINK || opened->flags & KERNEL_O_PATH)) {
		struct span text = resolver_numbered(resolver, opened->text);
		history_put_fd(history, boot, call->actor.pid, (uint64_t)call->exit, place, text,
			       opened->item->has_dev ? opened->item->dev : UINT32_MAX,
			       opened->flags & KERNEL_O_CLOEXEC);
	} else {
		history_drop_fd(history, boot, call->actor.pid, (uint64_t)call->exit);
	}
}

static char *append(char *at, struct span text)
{
	memcpy(at, text.data, text.len);
	return at + text.len;
}

/* "/proc/<pid>/task/<tid>/<entry>", or without a thread. */
static struct span canonical_path(struct resolver *resolver, const struct opened *opened, uint64_t pid)
{
	const struct place *place = &opened->place;
	struct span name = span_of(entry_name(place->entry));

	if (pid == UNKNOWN_ID || place->entry == ENTRY_MAP_FILES || entry_tier(place->entry) == ENTRY_TIER_SYSTEM)
		return opened->text;
	char *text = arena_alloc(&resolver->arena, sizeof("/proc//task//") + 2 * DIGITS_MAX + name.len);
	if (!text)
		return (struct span){ "", 0 };
	char *at = append(text, SPAN("/proc/"));
	at += digits_decimal(at, pid);
	if (place->tid != UNKNOWN_ID) {
		at = append(at, SPAN("/task/"));
		at += digits_decimal(at, place->tid);
	}
	*at++ = '/';
	at = append(at, name);
	return (struct span){ text, (size_t)(at - text) };
}

static void add_access(struct resolver *resolver, const struct opened *opened)
{
	struct access *access = resolver_add(resolver, SIGHTING_ACCESS, VERB_OPEN);

	if (!access)
		return;
	const struct place *place = &opened->place;
	unsigned mode = (unsigned)(opened->flags & O_ACCMODE);
	uint64_t pid = place->self ? access->actor.pid : place->pid;
	bool foreign = !place->self && pid != UNKNOWN_ID && is_foreign(resolver, opened);

	access->entry = place->entry;
	access->path = opened->item->name;
	access->write = opened->has_flags && (mode == O_WRONLY || mode == O_RDWR);
	access->path_only = opened->has_flags && opened->flags & KERNEL_O_PATH;
	access->resolved_by = opened->how;
	access->certain = opened->certain && !foreign;
	access->self = place->self;
	/* The number is of another pid namespace: whose process it is, the log does not say. */
	resolver_target(resolver, access, foreign ? UNKNOWN_ID : pid);
	access->resolved_path = canonical_path(resolver, opened, access->target.pid);
	if (access->self)
		access->resolved_by = RESOLVED_SELF;
	if (place->entry == ENTRY_DEVMEM)
		access->certain = opened->item->rdev == (1u << 20 | 1); /* Documentation/admin-guide/devices.txt */
}

/* Its fd number now stands for something else than history may remember. */
void resolve_ordinary_open(struct resolver *resolver)
{
	const struct call *call = &resolver->call;

	if (!call->failed && !call->from_ring && call->exit >= 0 && resolver->actor)
		history_drop_fd(&resolver->history, resolver->event->boot, call->actor.pid, (uint64_t)call->exit);
	if (resolver->wants_deeds && (call->hashes || (call->created && deed_is_reached(resolver))))
		deed_of_open(resolver);
}

void resolve_open(struct resolver *resolver)
{
	struct opened opened = { .item = call_object(&resolver->call) };

	if (!opened.item)
		return;
	opened.place = (struct place){ .kind = PLACE_ELSEWHERE, .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };
	history_expect_inode(&resolver->history, resolver->event->boot, opened.item, false);
	if (resolver->call.exit >= 0)
		history_expect_fd(&resolver->history, resolver->event->boot, resolver->call.actor.pid,
				  (uint64_t)resolver->call.exit);
	open_read_flags(resolver, &opened);
	object_by_name(resolver, &opened);
	history_expect_inode(&resolver->history, resolver->event->boot, opened.item, true);
	learn_device(resolver, &opened);
	bool found = object_is_told(resolver, &opened);
	resolver->coverage.procfs_seen |=
		found || (opened.place.kind != PLACE_ELSEWHERE && opened.place.kind != PLACE_LINK);
	learn(resolver, &opened);
	if (found)
		add_access(resolver, &opened);
	else if (resolver->wants_deeds)
		deed_of_object(resolver, &opened.text, &opened.place);
}
