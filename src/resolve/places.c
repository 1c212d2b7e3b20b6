/*
 * places: mounts, chroots and fds: what changes the meaning of later names.
 */
#include "resolve/resolver.h"

#define MOUNT_REMOUNT 0x20u
#define MOUNT_PROPAGATION 0x1e0000u   /* MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED */
#define NEW_PID_NAMESPACE 0x20000000u /* CLONE_NEWPID, uapi/linux/sched.h */
#define COMMAND_DUPFD 0
#define COMMAND_DUPFD_CLOEXEC 1030

/* The text of the i-th PATH, from the host's root; data NULL when it is not known. */
static struct span place_text(struct resolver *resolver, size_t i, int64_t dirfd)
{
	const struct call *call = &resolver->call;
	struct base base;

	if (i >= call->path_count || !call->paths[i].name.data ||
	    !resolver_walk(resolver, call->paths[i].name, dirfd, &base))
		return (struct span){ 0 };
	struct span text = resolver_numbered(resolver, path_text(&resolver->walk));
	const struct known_mount *mount = history_mount(&resolver->history, resolver->event->boot, text);
	if (!mount || !mount->source.len)
		return arena_copy(&resolver->arena, text);
	struct span rest = span_skip(text, mount->target.len);
	char *room = arena_alloc(&resolver->arena, mount->source.len + rest.len);
	if (!room)
		return (struct span){ 0 };
	memcpy(room, mount->source.data, mount->source.len);
	memcpy(room + mount->source.len, rest.data, rest.len);
	return (struct span){ room, mount->source.len + rest.len };
}

static struct span own_text(struct resolver *resolver, size_t i, int64_t dirfd)
{
	struct base base;

	if (i >= resolver->call.path_count || !resolver->call.paths[i].name.data ||
	    !resolver_walk(resolver, resolver->call.paths[i].name, dirfd, &base))
		return (struct span){ 0 };
	return arena_copy(&resolver->arena, resolver_numbered(resolver, path_text(&resolver->walk)));
}

/* A source that is procfs gives its inode a name: a bind mount of /proc/<pid>/mem is then known by it. */
static void learn_source(struct resolver *resolver, const struct path_item *item, const struct place *place)
{
	if (place->kind >= PLACE_PROC_ROOT && place->kind <= PLACE_ENTRY && place->pid != UNKNOWN_ID && !place->self)
		history_put_inode(&resolver->history, resolver->event, item, place, true);
}

static uint32_t item_dev(const struct call *call, size_t i)
{
	return i < call->path_count && call->paths[i].has_dev ? call->paths[i].dev : UINT32_MAX;
}

/* The devices of the two ends; UINT32_MAX for one that is not told. */
static void put_mount(struct resolver *resolver, struct span target, struct span source, const struct place *place,
		      uint32_t covered_dev, uint32_t source_dev)
{
	struct known_mount *mount =
		history_put_mount(&resolver->history, resolver->event->boot, resolver->call.actor.pid, target, source);

	mount->place = *place;
	mount->covered_dev = covered_dev;
	mount->source_dev = source_dev;
}

static void take_mount(struct resolver *resolver)
{
	const struct call *call = &resolver->call;
	struct place place = { .kind = PLACE_NONE, .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };

	if (call->has_a[3] && call->a[3] & (MOUNT_REMOUNT | MOUNT_PROPAGATION))
		return;
	struct span target = own_text(resolver, 0, DIRFD_CWD);
	struct span source = place_text(resolver, 1, DIRFD_CWD);
	if (!target.data || (call->path_count > 1 && !source.data))
		return;
	if (source.data) {
		place = place_of(source);
		learn_source(resolver, &call->paths[1], &place);
	}
	put_mount(resolver, target, source, &place, item_dev(call, 0), item_dev(call, 1));
}

static int64_t dirfd_of(const struct call *call, size_t argument)
{
	return call->has_a[argument] ? (int32_t)(uint32_t)call->a[argument] : DIRFD_CWD;
}

static const struct known_fd *own_fd(struct resolver *resolver, uint64_t fd)
{
	bool certain;

	return history_fd(&resolver->history, resolver->event->boot, resolver->call.actor.pid, fd & 0xffffffffu,
			  &certain);
}

/*
 * move_mount(from_dirfd, from, to_dirfd, to). PATH 0 is the source; where that is the empty name, for an fd of
 * open_tree or fsmount, newer kernels (6.18) leave its record out, and PATH 0 is the target.
 */
static void take_move_mount(struct resolver *resolver)
{
	const struct call *call = &resolver->call;
	struct place place = { .kind = PLACE_NONE, .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };
	bool by_fd = call->path_count == 1 || !call->paths[0].name.len;
	size_t to = call->path_count == 1 ? 0 : 1;
	uint32_t source_dev = to ? item_dev(call, 0) : UINT32_MAX;
	struct span source = { 0 };

	if (by_fd) {
		const struct known_fd *known = call->has_a[0] ? own_fd(resolver, call->a[0]) : NULL;
		source = known ? arena_copy(&resolver->arena, memo_span(&known->text)) : source;
		source_dev = known ? known->dev : source_dev;
	} else {
		source = place_text(resolver, 0, dirfd_of(call, 0));
	}
	struct span target = own_text(resolver, to, dirfd_of(call, 2));
	if (!target.data)
		return;
	if (source.len)
		place = place_of(source);
	put_mount(resolver, target, source, &place, item_dev(call, to), source_dev);
}

static void take_open_tree(struct resolver *resolver)
{
	const struct call *call = &resolver->call;
	struct span text = place_text(resolver, 0, dirfd_of(call, 0));

	if (!text.data || call->exit < 0)
		return;
	struct place place = place_of(text);
	learn_source(resolver, &call->paths[0], &place);
	history_put_fd(&resolver->history, resolver->event->boot, call->actor.pid, (uint64_t)call->exit, &place, text,
		       call->paths[0].has_dev ? call->paths[0].dev : UINT32_MAX, false);
}

static void take_root(struct resolver *resolver)
{
	struct span text = own_text(resolver, 0, DIRFD_CWD);

	if (!text.data)
		return;
	struct span root = text.len > 1 ? text : (struct span){ 0 };
	memo_set(&resolver->history, &resolver->actor->root, root, PATH_TEXT_MAX / 2);
}

static void copy_fd(struct resolver *resolver, bool close_on_exec)
{
	const struct call *call = &resolver->call;
	bool certain;

	if (!call->has_a[0] || call->exit < 0 || (uint64_t)call->exit == call->a[0])
		return;
	const struct known_fd *known = history_fd(&resolver->history, resolver->event->boot, call->actor.pid,
						  call->a[0] & 0xffffffffu, &certain);
	if (!known) {
		history_drop_fd(&resolver->history, resolver->event->boot, call->actor.pid, (uint64_t)call->exit);
		return;
	}
	struct place place = known->place;
	struct span text = arena_copy(&resolver->arena, memo_span(&known->text));
	history_put_fd(&resolver->history, resolver->event->boot, call->actor.pid, (uint64_t)call->exit, &place, text,
		       known->dev, close_on_exec);
}

static void take_pidfd(struct resolver *resolver)
{
	const struct call *call = &resolver->call;
	uint64_t pid = call->a[0] & 0xffffffffu;
	bool foreign = resolver->actor->foreign_pids;

	if (!call->has_a[0] || call->exit < 0)
		return;
	struct place place = { .kind = PLACE_PIDFD, .pid = foreign ? UNKNOWN_ID : pid, .tid = UNKNOWN_ID };
	history_put_fd(&resolver->history, resolver->event->boot, call->actor.pid, (uint64_t)call->exit, &place,
		       SPAN("pidfd"), UINT32_MAX, true);
}

/* setns(fd, type); type 0 takes whatever the fd is: in doubt it is a pid namespace. */
static bool joins_pid_namespace(struct resolver *resolver)
{
	const struct call *call = &resolver->call;
	bool certain;

	if (!call->has_a[0] || !call->has_a[1])
		return false;
	if (call->a[1])
		return call->a[1] & NEW_PID_NAMESPACE;
	const struct known_fd *known = history_fd(&resolver->history, resolver->event->boot, call->actor.pid,
						  call->a[0] & 0xffffffffu, &certain);
	return !known || known->place.kind == PLACE_PIDFD || span_ends(memo_span(&known->text), SPAN("/ns/pid"));
}

bool resolve_place(struct resolver *resolver)
{
	const struct call *call = &resolver->call;

	if (call->failed || !resolver->actor)
		return false;
	switch (call->id) {
	case CALL_mount:
		take_mount(resolver);
		break;
	case CALL_move_mount:
		take_move_mount(resolver);
		break;
	case CALL_open_tree:
		take_open_tree(resolver);
		break;
	case CALL_umount2: {
		struct span target = own_text(resolver, 0, DIRFD_CWD);
		if (target.data)
			history_drop_mount(&resolver->history, resolver->event->boot, target);
		break;
	}
	case CALL_chroot:
	case CALL_pivot_root:
		take_root(resolver);
		break;
	case CALL_dup:
	case CALL_dup2:
	case CALL_dup3:
		copy_fd(resolver, call->id == CALL_dup3 && call->has_a[2] && call->a[2]);
		break;
	case CALL_fcntl:
	case CALL_fcntl64:
		if (call->has_a[1] && (call->a[1] == COMMAND_DUPFD || call->a[1] == COMMAND_DUPFD_CLOEXEC))
			copy_fd(resolver, call->a[1] == COMMAND_DUPFD_CLOEXEC);
		break;
	case CALL_close:
		if (call->has_a[0])
			history_drop_fd(&resolver->history, resolver->event->boot, call->actor.pid,
					call->a[0] & 0xffffffffu);
		break;
	case CALL_pidfd_open:
		take_pidfd(resolver);
		break;
	case CALL_unshare:
	case CALL_clone:
		resolver->actor->foreign_children |= call->has_a[0] && call->a[0] & NEW_PID_NAMESPACE;
		break;
	case CALL_setns:
		resolver->actor->foreign_children |= joins_pid_namespace(resolver);
		break;
	default:
		return false;
	}
	return true;
}
