/*
 * opens: which object an open is about, when the log tells it by name, by
 * directory, by fd, by inode, by mount, or only by its mode on procfs.
 *
 * In this order, and the first that says so wins:
 *   1. the name, from where the process stands (path, cwd, dirfd, fd, chroot)
 *   2. the mounts that lie on that name
 *   3. the inode, when it had an explicit name before (one against what an fd is taken for, too)
 *   4. <pid>/entry at the end of the name, with that entry's mode (not certain)
 *   5. the inode, when it was opened through an fd before (not certain)
 *   6. mem's mode, or the entry's name and mode, on a device that is procfs
 *      (the target stays unknown)
 */
#include <fcntl.h>
#include <stdio.h>

#include "model/fields.h"
#include "resolve/resolver.h"

#define KERNEL_O_PATH 010000000u /* the same on every architecture of syscalls.def */
#define KERNEL_O_CLOEXEC 02000000u
#define KERNEL_RESOLVE_IN_ROOT 0x10u /* uapi/linux/openat2.h */

struct opened {
	const struct path_item *item;
	struct place place;
	enum resolved_by how;
	bool certain, literal; /* literal: an absolute /proc/… name */
	bool other_pids;       /* on a procfs of another pid namespace */
	struct span text;      /* from the host's root; data NULL when not known */
	uint64_t flags;
	bool has_flags;
};

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

static void read_flags(struct resolver *resolver, struct opened *opened)
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

static bool fits_mode(const struct path_item *item, enum entry entry)
{
	return !item->has_mode || !entry_mode(entry) || item->mode == entry_mode(entry);
}

static bool is_elsewhere(const struct path_item *item)
{
	return item->has_dev && dev_major(item->dev) != 0;
}

/*
 * An object that still lies on the device that the mount covered: the
 * process does not see that mount, made in another mount namespace.
 */
static bool is_below(const struct known_mount *mount, const struct path_item *item)
{
	return item->has_dev && mount->covered_dev == item->dev && mount->source_dev != item->dev;
}

/* /proc/self leads to /proc/<pid>, and over that something can be mounted, too. */
static const struct known_mount *mount_over(struct resolver *resolver, struct opened *opened)
{
	struct history *history = &resolver->history;
	uint32_t boot = resolver->event->boot;
	struct span numbered = resolver_numbered(resolver, opened->text);
	const struct known_mount *mount = history_mount(history, boot, numbered);

	if (!opened->place.self || !mount || mount->target.len <= SPAN("/proc").len)
		return history_mount(history, boot, opened->text);
	opened->text = numbered;
	return mount;
}

/*
 * A process's directory over another's, on one procfs: what was opened could be of either, for a mount may be of
 * another mount namespace. Whoever has the mount's maker for a relative is taken to see it.
 */
static bool sees(struct resolver *resolver, const struct known_mount *mount, struct opened *opened)
{
	struct history *history = &resolver->history;
	uint32_t boot = resolver->event->boot, dev = opened->item->dev;
	uint64_t pid = resolver->call.actor.pid;

	if (!opened->item->has_dev || mount->covered_dev != dev || mount->source_dev != dev ||
	    place_of(memo_span(&mount->target)).kind == PLACE_ELSEWHERE ||
	    history_descends(history, boot, pid, mount->pid))
		return true;
	opened->certain = false;
	return history_is_kin(history, boot, pid, mount->pid);
}

static void by_mount(struct resolver *resolver, struct opened *opened)
{
	const struct known_mount *mount = mount_over(resolver, opened);

	if (!mount || is_below(mount, opened->item) || !sees(resolver, mount, opened))
		return;
	if (!mount->source.len && span_equal(memo_span(&mount->target), SPAN("/proc"))) {
		if (!resolver_has_own_proc(resolver))
			return;
		const struct known_device *device =
			opened->item->has_dev
				? history_device(&resolver->history, resolver->event->boot, opened->item->dev)
				: NULL;
		/* Numbers of devices come back: one that only another mount told of may be this one's now. */
		if (device && !device->foreign && device->evidence & DEVICE_NAMED)
			return;
		opened->other_pids = true;
	}
	struct span rest = span_skip(opened->text, mount->target.len);
	struct span source = memo_span(&mount->source);
	struct buffer text = { 0 };
	buffer_add(&text, source.len ? source : SPAN("/proc"));
	if (text.len == 1)
		text.len = 0; /* "/" and a rest that begins with "/" */
	buffer_add(&text, rest);
	struct span whole = arena_copy(&resolver->arena, buffer_span(&text));
	buffer_finish(&text);
	struct place place = place_of(whole.len ? whole : SPAN("/"));
	if (!source.len &&
	    (place.kind != PLACE_ENTRY || !opened->item->has_mode || !fits_mode(opened->item, place.entry)))
		return;
	opened->place = place;
	opened->text = whole;
	/* A bind mount of the entry itself: the mount event named it with this very inode. */
	bool known = !rest.len && history_inode(&resolver->history, resolver->event, opened->item);
	opened->how = known ? RESOLVED_INODE : RESOLVED_MOUNT;
	opened->certain &= source.len > 0;
	opened->literal = false;
	if (!source.len && opened->item->has_dev)
		history_put_device(&resolver->history, resolver->event->boot, opened->item->dev, DEVICE_MOUNTED,
				   opened->other_pids || (resolver->actor && resolver->actor->foreign_pids),
				   opened->other_pids);
}

/* An fd that was closed or replaced unaudited stands for something else now: the object's own inode knows better. */
static void doubt_fd(struct resolver *resolver, struct opened *opened)
{
	const struct known_inode *known = history_inode(&resolver->history, resolver->event, opened->item);

	if (!known || !known->named || opened->place.kind != PLACE_ENTRY || known->place.kind != PLACE_ENTRY ||
	    known->place.pid == opened->place.pid || !fits_mode(opened->item, known->place.entry))
		return;
	opened->place = known->place;
	opened->how = RESOLVED_INODE;
	opened->certain = false;
}

static void by_name(struct resolver *resolver, struct opened *opened)
{
	const struct call *call = &resolver->call;
	const struct path_item *item = opened->item;
	bool at = (call->id == CALL_openat || call->id == CALL_openat2) && !call->from_ring;
	int64_t dirfd = at && call->has_a[0] ? (int32_t)(uint32_t)call->a[0] : DIRFD_CWD;
	struct base base;

	opened->how = RESOLVED_NONE;
	if (!item->name.data || !resolver_walk(resolver, item->name, dirfd, &base))
		return;
	opened->text = arena_copy(&resolver->arena, path_text(&resolver->walk));
	opened->place = place_of(opened->text);
	opened->how = base.how;
	opened->certain = base.certain;
	opened->literal = base.how == RESOLVED_PATH;
	if (base.how == RESOLVED_DIRFD && item->has_dev && base.dev != UINT32_MAX && base.dev != item->dev)
		opened->certain = false;
	by_mount(resolver, opened);
	if (base.how == RESOLVED_DIRFD || base.how == RESOLVED_FD)
		doubt_fd(resolver, opened);
	opened->place.self |= base.own && opened->place.pid == call->actor.pid;
	if (opened->place.kind == PLACE_ENTRY && !fits_mode(item, opened->place.entry) &&
	    opened->place.entry != ENTRY_MAP_FILES)
		opened->certain = false;
}

static bool by_inode(struct resolver *resolver, struct opened *opened, bool named)
{
	const struct known_inode *known = history_inode(&resolver->history, resolver->event, opened->item);

	if (!known || known->named != named || known->place.kind != PLACE_ENTRY ||
	    !fits_mode(opened->item, known->place.entry))
		return false;
	opened->place = known->place;
	opened->how = RESOLVED_INODE;
	opened->certain = named;
	opened->literal = false;
	return true;
}

static bool by_suffix(struct opened *opened)
{
	struct place place;
	const struct path_item *item = opened->item;
	struct span name = opened->text.data ? opened->text : item->name;

	if (!item->has_dev || !item->has_mode || !place_of_suffix(name, &place) || !fits_mode(item, place.entry))
		return false;
	opened->place = place;
	opened->how = RESOLVED_PATH;
	opened->certain = opened->literal = false;
	return true;
}

static bool by_device(struct resolver *resolver, struct opened *opened)
{
	const struct path_item *item = opened->item;
	enum entry entry = entry_from_name(span_basename(item->name));

	if (!item->has_dev || !item->has_mode || !history_device(&resolver->history, resolver->event->boot, item->dev))
		return false;
	if (item->mode == entry_mode(ENTRY_MEM))
		entry = ENTRY_MEM;
	else if (entry == ENTRY_NONE || entry_tier(entry) == ENTRY_TIER_SYSTEM || item->mode != entry_mode(entry))
		return false;
	opened->place = (struct place){ .kind = PLACE_ENTRY, .entry = entry, .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };
	opened->how = RESOLVED_DEVICE;
	opened->certain = opened->literal = false;
	return true;
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
	if (named && item->has_mode && (kind != PLACE_ENTRY || fits_mode(item, opened->place.entry)))
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

static struct span canonical_path(struct resolver *resolver, const struct opened *opened, uint64_t pid)
{
	const struct place *place = &opened->place;
	char text[96];
	int len;

	if (pid == UNKNOWN_ID || place->entry == ENTRY_MAP_FILES || entry_tier(place->entry) == ENTRY_TIER_SYSTEM)
		return opened->text;
	if (place->tid != UNKNOWN_ID)
		len = snprintf(text, sizeof(text), "/proc/%llu/task/%llu/%s", (unsigned long long)pid,
			       (unsigned long long)place->tid, entry_name(place->entry));
	else
		len = snprintf(text, sizeof(text), "/proc/%llu/%s", (unsigned long long)pid, entry_name(place->entry));
	return arena_copy(&resolver->arena, (struct span){ text, (size_t)len });
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
}

/*
 * A path that ends in an entry's name, with its mode, and yet is none where the descriptor is said to be: then it was
 * another one, inherited and replaced unaudited. Nothing else below /proc/<pid> has those names.
 */
static bool is_misled(const struct opened *opened)
{
	const struct path_item *item = opened->item;
	enum entry entry = entry_from_name(span_basename(item->name));

	return (opened->how == RESOLVED_DIRFD || opened->how == RESOLVED_FD) && opened->place.kind < PLACE_ENTRY &&
	       entry != ENTRY_NONE && item->has_mode && item->mode == entry_mode(entry);
}

void resolve_open(struct resolver *resolver)
{
	struct opened opened = { .item = call_object(&resolver->call) };

	if (!opened.item)
		return;
	opened.place = (struct place){ .kind = PLACE_ELSEWHERE, .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };
	read_flags(resolver, &opened);
	by_name(resolver, &opened);
	if (is_elsewhere(opened.item) && opened.place.entry != ENTRY_MAP_FILES)
		opened.place.kind = PLACE_ELSEWHERE;
	learn_device(resolver, &opened);
	bool found = opened.place.kind == PLACE_ENTRY;
	bool misled = is_misled(&opened);
	bool astray = opened.place.kind == PLACE_ELSEWHERE || opened.place.kind == PLACE_LINK || misled;
	if (misled)
		opened.text = (struct span){ 0 };
	if (astray && !is_elsewhere(opened.item))
		found = by_inode(resolver, &opened, true) || by_suffix(&opened) || by_inode(resolver, &opened, false) ||
			by_device(resolver, &opened);
	resolver->coverage.procfs_seen |= found || !astray;
	learn(resolver, &opened);
	if (found)
		add_access(resolver, &opened);
}
