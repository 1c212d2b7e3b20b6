/*
 * object: which object an open is about, when the log tells it by name, by
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
#include "resolve/object.h"

#include "base/buffer.h"

bool object_fits(const struct path_item *item, enum entry entry)
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
	    (place.kind != PLACE_ENTRY || !opened->item->has_mode || !object_fits(opened->item, place.entry)))
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
	    known->place.pid == opened->place.pid || !object_fits(opened->item, known->place.entry))
		return;
	opened->place = known->place;
	opened->how = RESOLVED_INODE;
	opened->certain = false;
}

static void walk_name(struct resolver *resolver, struct opened *opened)
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
	if (opened->place.kind == PLACE_ENTRY && !object_fits(item, opened->place.entry) &&
	    opened->place.entry != ENTRY_MAP_FILES)
		opened->certain = false;
}

static bool by_inode(struct resolver *resolver, struct opened *opened, bool named)
{
	const struct known_inode *known = history_inode(&resolver->history, resolver->event, opened->item);

	if (!known || known->named != named || known->place.kind != PLACE_ENTRY ||
	    !object_fits(opened->item, known->place.entry))
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

	if (!item->has_dev || !item->has_mode || !place_of_suffix(name, &place) || !object_fits(item, place.entry))
		return false;
	opened->place = place;
	opened->how = RESOLVED_PATH;
	opened->certain = opened->literal = false;
	return true;
}

static bool by_device(struct resolver *resolver, struct opened *opened)
{
	const struct path_item *item = opened->item;

	if (!item->has_dev || !item->has_mode || !history_device(&resolver->history, resolver->event->boot, item->dev))
		return false;
	enum entry entry = entry_from_name(span_basename(item->name));
	if (item->mode == entry_mode(ENTRY_MEM))
		entry = ENTRY_MEM;
	else if (entry == ENTRY_NONE || entry_tier(entry) == ENTRY_TIER_SYSTEM || item->mode != entry_mode(entry))
		return false;
	opened->place = (struct place){ .kind = PLACE_ENTRY, .entry = entry, .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };
	opened->how = RESOLVED_DEVICE;
	opened->certain = opened->literal = false;
	return true;
}

/*
 * A path that ends in an entry's name, with its mode, and yet is none where the descriptor is said to be: then it was
 * another one, inherited and replaced unaudited. Nothing else below /proc/<pid> has those names.
 */
static bool is_misled(const struct opened *opened)
{
	const struct path_item *item = opened->item;

	if ((opened->how != RESOLVED_DIRFD && opened->how != RESOLVED_FD) || opened->place.kind >= PLACE_ENTRY)
		return false;
	enum entry entry = entry_from_name(span_basename(item->name));
	return entry != ENTRY_NONE && item->has_mode && item->mode == entry_mode(entry);
}

void object_by_name(struct resolver *resolver, struct opened *opened)
{
	walk_name(resolver, opened);
	if (is_elsewhere(opened->item) && opened->place.entry != ENTRY_MAP_FILES)
		opened->place.kind = PLACE_ELSEWHERE;
}

bool object_is_told(struct resolver *resolver, struct opened *opened)
{
	bool misled = is_misled(opened);

	if (!misled && opened->place.kind != PLACE_ELSEWHERE && opened->place.kind != PLACE_LINK)
		return opened->place.kind == PLACE_ENTRY;
	if (misled)
		opened->text = (struct span){ 0 };
	return !is_elsewhere(opened->item) && (by_inode(resolver, opened, true) || by_suffix(opened) ||
					       by_inode(resolver, opened, false) || by_device(resolver, opened));
}
