#include "resolve/resolve.h"

#include <stdlib.h>

#include "base/digits.h"
#include "resolve/resolver.h"

struct resolver *resolver_create(void)
{
	struct resolver *resolver = calloc(1, sizeof(*resolver));

	if (!resolver)
		return NULL;
	arena_init(&resolver->arena, 0);
	if (history_init(&resolver->history) == 0)
		return resolver;
	free(resolver);
	return NULL;
}

void resolver_destroy(struct resolver *resolver)
{
	if (!resolver)
		return;
	history_finish(&resolver->history);
	arena_finish(&resolver->arena);
	free(resolver);
}

static struct span or_known(struct span told, const struct memo *known)
{
	return told.data ? told : memo_span(known);
}

/* A title's arguments end with NUL; between them a blank reads better. */
static struct span readable_title(struct resolver *resolver)
{
	struct span title = call_title(&resolver->call, &resolver->arena);
	char *room = title.len ? arena_alloc(&resolver->arena, title.len) : NULL;

	if (!room)
		return (struct span){ 0 };
	for (size_t i = 0; i < title.len; i++)
		room[i] = title.data[i] ? title.data[i] : ' ';
	while (title.len && room[title.len - 1] == ' ')
		title.len--;
	return (struct span){ room, title.len };
}

static uint64_t first_known(uint64_t told, uint64_t known)
{
	return told != UNKNOWN_ID ? told : known;
}

/* Something was mounted over it: what runs from there is not what the package put there. A /usr of its own is usual. */
static bool is_mounted_over(struct resolver *resolver, const struct memo *path)
{
	const struct known_mount *mount =
		path->len ? history_mount(&resolver->history, resolver->event->boot, memo_span(path)) : NULL;

	return mount && (mount->source.len || mount->target.len > 4);
}

/* No chroot of its own, and what was executed belongs to root and is nobody else's to write. */
static bool is_trusted(struct resolver *resolver)
{
	const struct known_process *process = resolver->actor;

	if (!process)
		return true;
	bool foreign_owner = process->exe_uid != UNKNOWN_ID && (process->exe_uid != 0 || process->exe_mode & 022);
	return !process->root.len && !foreign_owner && !is_mounted_over(resolver, &process->exe) &&
	       !is_mounted_over(resolver, &process->script);
}

void resolver_actor(struct resolver *resolver, struct process *actor)
{
	const struct known_process *known = resolver->actor;

	call_read_actor(&resolver->call, &resolver->arena);
	if (resolver->call.created)
		call_details(&resolver->call, resolver->event, &resolver->arena);
	*actor = resolver->call.actor;
	actor->cwd = resolver->call.cwd;
	if (known) {
		actor->ppid = first_known(actor->ppid, known->ppid);
		actor->auid = first_known(actor->auid, known->auid);
		actor->ses = first_known(actor->ses, known->ses);
		actor->uid = first_known(actor->uid, known->uid);
		actor->comm = or_known(actor->comm, &known->comm);
		actor->exe = or_known(actor->exe, &known->exe);
		actor->tty = or_known(actor->tty, &known->tty);
		actor->script = memo_span(&known->script);
		actor->script_uid = known->script_uid;
		actor->cmdline = memo_span(&known->cmdline);
		actor->start_ms = known->start_ms;
	}
	if (!actor->cmdline.data)
		actor->cmdline = readable_title(resolver);
}

static void fill_parent(struct resolver *resolver, struct access *access)
{
	uint64_t ppid = access->actor.ppid;
	const struct known_process *parent =
		ppid != UNKNOWN_ID ? history_process(&resolver->history, resolver->event->boot, ppid) : NULL;

	if (!parent)
		return;
	access->parent_exe = memo_span(&parent->exe);
	access->parent_cmdline = memo_span(&parent->cmdline);
}

static void fill_raw(struct resolver *resolver, struct access *access)
{
	const struct event *event = resolver->event;
	struct span *raw = arena_alloc(&resolver->arena, event->count * sizeof(*raw));
	size_t count = 0;

	/* The mark of the end says nothing, and comes before the event is handed out or behind that, as it happens. */
	for (size_t i = 0; raw && i < event->count; i++)
		if (event->records[i].type != AUDIT_TYPE_EOE &&
		    (!count || raw[count - 1].data != event->records[i].raw.data))
			raw[count++] = event->records[i].raw;
	access->raw = raw;
	access->raw_count = count;
}

struct access *resolver_add(struct resolver *resolver, enum sighting sighting, enum verb verb)
{
	const struct event *event = resolver->event;
	const struct call *call = &resolver->call;

	if (resolver->count == SIGHTINGS_MAX)
		return NULL;
	struct access *access = &resolver->sightings[resolver->count++];
	*access = (struct access){
		.sighting = sighting,
		.verb = verb,
		.time_ms = event->time_ms,
		.host = event->node.len ? event->node : (struct span){ 0 },
		.serial = event->serial,
		.boot = event->boot,
		.origin = event->origin,
		.trust = event->trust,
		.again = event->again,
		.incomplete = event->incomplete,
		.outcome = call->failed && call->exit < 0 && call->exit > -4096 ? (int)call->exit : 0,
		.syscall = call->name,
		.request = UNKNOWN_ID,
		.trusted_exe = is_trusted(resolver),
	};
	if (call->failed && !access->outcome)
		access->outcome = -EIO; /* a failure whose errno the log does not tell */
	access->target = process_unknown;
	resolver_actor(resolver, &access->actor);
	fill_parent(resolver, access);
	fill_raw(resolver, access);
	return access;
}

void resolver_target(struct resolver *resolver, struct access *access, uint64_t pid)
{
	struct process *target = &access->target;

	target->pid = pid;
	if (pid == UNKNOWN_ID)
		return;
	const struct known_process *known = history_process(&resolver->history, resolver->event->boot, pid);
	access->self = access->self || pid == access->actor.pid;
	if (!known) {
		/* Records name processes only, so a number without one may be a thread: the actor's own? */
		access->self |= history_thread(&resolver->history, resolver->event->boot, pid) == access->actor.pid;
		return;
	}
	target->comm = memo_span(&known->comm);
	target->exe = memo_span(&known->exe);
	target->uid = known->uid;
	target->euid = known->euid;
	target->ppid = known->ppid;
	target->start_ms = known->start_ms;
}

struct span resolver_numbered(struct resolver *resolver, struct span text)
{
	size_t at = span_starts(text, SPAN("/proc/self")) ? 10 : span_starts(text, SPAN("/proc/thread-self")) ? 17 : 0;
	struct span rest = span_skip(text, at);
	uint64_t pid = resolver->call.actor.pid;

	if (!at || (rest.len && rest.data[0] != '/') || pid == UNKNOWN_ID)
		return text;
	struct span before = SPAN("/proc/");
	char *room = arena_alloc(&resolver->arena, before.len + DIGITS_MAX + rest.len);
	if (!room)
		return text;
	memcpy(room, before.data, before.len);
	size_t len = before.len + digits_decimal(room + before.len, pid);
	memcpy(room + len, rest.data, rest.len);
	return (struct span){ room, len + rest.len };
}

bool resolver_has_own_proc(struct resolver *resolver)
{
	const struct known_mount *mount = history_mount(&resolver->history, resolver->event->boot, SPAN("/proc"));

	return mount && !mount->source.len &&
	       history_descends(&resolver->history, resolver->event->boot, resolver->call.actor.pid, mount->pid);
}

static struct span fd_text(void *context, uint64_t fd)
{
	struct resolver *resolver = context;
	bool certain;
	const struct known_fd *known =
		history_fd(&resolver->history, resolver->event->boot, resolver->call.actor.pid, fd, &certain);

	resolver->links_certain &= certain;
	return known ? memo_span(&known->text) : (struct span){ 0 };
}

bool resolver_walk(struct resolver *resolver, struct span name, int64_t dirfd, struct base *base)
{
	struct path_walk *walk = &resolver->walk;
	struct span root = resolver->actor ? memo_span(&resolver->actor->root) : (struct span){ 0 };
	bool absolute = name.len && name.data[0] == '/' && !resolver->in_root;
	uint64_t pid = resolver->call.actor.pid;

	*base = (struct base){ .how = root.len ? RESOLVED_CHROOT : RESOLVED_PATH, .certain = true, .dev = UINT32_MAX };
	walk->pid = pid;
	walk->cwd = resolver->call.cwd;
	walk->descriptor = fd_text;
	walk->context = resolver;
	resolver->links_certain = true;
	path_start(walk, root);
	if (!absolute && dirfd != DIRFD_CWD) {
		const struct known_fd *known = dirfd < 0 ? NULL
							 : history_fd(&resolver->history, resolver->event->boot, pid,
								      (uint64_t)dirfd, &base->certain);
		if (!known || !known->text.len)
			return false;
		base->how = RESOLVED_DIRFD;
		base->dev = known->dev;
		base->own = known->own && base->certain;
		walk->floor = 0; /* the fd's text is from the host's root */
		walk->len = 0;
		path_add(walk, memo_span(&known->text));
	} else if (!absolute) {
		if (!walk->cwd.len)
			return false;
		if (!root.len)
			base->how = RESOLVED_CWD;
		path_add(walk, walk->cwd);
	}
	if (resolver->in_root)
		walk->floor = walk->len;
	path_add(walk, name);
	if (walk->used_cwd && base->how == RESOLVED_PATH)
		base->how = RESOLVED_CWD;
	if (walk->used_fd)
		base->how = RESOLVED_FD;
	if (walk->foreign_root || !resolver->links_certain)
		base->certain = false;
	return !walk->too_long;
}

static void resolve_crash(struct resolver *resolver);

static bool is_open(enum syscall_id id)
{
	return id == CALL_open || id == CALL_openat || id == CALL_openat2 || id == CALL_creat ||
	       id == CALL_open_by_handle_at;
}

static void dispatch(struct resolver *resolver)
{
	struct call *call = &resolver->call;

	if (call->id == CALL_UNKNOWN && !call->op.len && !call->execve)
		return;
	if (is_open(call->id) && !call->op.len && !call->execve && call_is_ordinary(call, resolver->event)) {
		resolve_ordinary_open(resolver);
		return;
	}
	/* From rename on they only give a file a name: files.c is asked about them, if anybody wants to know. */
	if (call->id >= CALL_connect && call->id <= CALL_mknodat) {
		if (resolver->wants_deeds && call->id < CALL_rename)
			deed_of_call(resolver);
		return;
	}
	call_details(call, resolver->event, &resolver->arena);
	if (call->op.len && span_equal(call->op, SPAN("open"))) {
		resolve_open(resolver);
		return;
	}
	if (call->execve || span_equal(call->op, SPAN("exec"))) {
		resolve_exec(resolver);
		return;
	}
	switch (call->id) {
	case CALL_open:
	case CALL_creat:
	case CALL_openat:
	case CALL_openat2:
	case CALL_open_by_handle_at:
		resolve_open(resolver);
		break;
	case CALL_process_vm_readv:
	case CALL_process_vm_writev:
	case CALL_ptrace:
	case CALL_pidfd_getfd:
		resolve_memory(resolver);
		break;
	case CALL_execve:
	case CALL_execveat:
		resolve_exec(resolver);
		break;
	default:
		resolve_place(resolver);
	}
}

/* Cheap, and true whenever resolve_command could find something. */
static bool may_tell_command(const struct resolver *resolver)
{
	const struct known_process *actor = resolver->actor;

	if (resolver->news || resolver->call.note_type)
		return true;
	return actor && !actor->executed && !actor->command_told && call_title_names_proc(&resolver->call);
}

void resolver_take(struct resolver *resolver, const struct event *event)
{
	arena_reset(&resolver->arena);
	resolver->count = resolver->next = 0;
	resolver->deed_count = resolver->deed_next = 0;
	resolver->in_root = false;
	resolver->event = event;
	resolver->boot = event->boot;
	resolver->history.serial = event->serial;
	resolver->history.time_ms = event->time_ms;
	call_parse(&resolver->call, event, &resolver->arena);
	resolver->actor =
		history_learn_actor(&resolver->history, event, &resolver->call, &resolver->arena, &resolver->news);
	if (resolver->call.has_record)
		dispatch(resolver);
	if (resolver->call.note_type == AUDIT_TYPE_ANOM_ABEND)
		resolve_crash(resolver);
	if (resolver->call.note_type)
		resolve_rules(resolver);
	if (!resolver->count && may_tell_command(resolver))
		resolve_command(resolver);
	if (resolver->count && resolver->wants_deeds)
		deed_note_reached(resolver);
	history_trim(&resolver->history);
}

/* ANOM_ABEND auid=… uid=… pid=12 comm="sshd" exe="/usr/sbin/sshd" sig=11 */
static void resolve_crash(struct resolver *resolver)
{
	struct access *access = resolver_add(resolver, SIGHTING_CRASH, VERB_LOG);

	if (access)
		access->message = resolver->call.note;
}

bool resolver_event(struct resolver *resolver, struct access *access)
{
	size_t count = resolver->count;
	const struct access *made = resolver_add(resolver, SIGHTING_EVENT, VERB_LOG);

	resolver->count = count;
	if (!made)
		return false;
	*access = *made;
	access->message = resolver->event->count ? resolver->event->records[0].body : (struct span){ 0 };
	return true;
}

bool resolver_next(struct resolver *resolver, struct access *access)
{
	if (resolver->next == resolver->count)
		return false;
	*access = resolver->sightings[resolver->next++];
	return true;
}

void resolver_watch(struct resolver *resolver, uint64_t *asked, uint64_t *descriptors)
{
	resolver->history.asked = asked;
	resolver->history.asked_fds = descriptors;
}

void resolver_want_deeds(struct resolver *resolver)
{
	resolver->wants_deeds = true;
}

bool resolver_next_deed(struct resolver *resolver, struct deed *deed)
{
	if (resolver->deed_next == resolver->deed_count)
		return false;
	*deed = resolver->deeds[resolver->deed_next++];
	return true;
}

void resolver_account(const struct resolver *resolver, struct summary *summary)
{
	const struct coverage *coverage = &resolver->coverage;

	summary->evicted += history_evicted(&resolver->history);
	summary->coverage_seen_procfs |= coverage->procfs_seen;
	if (coverage->blinded)
		summary_note(summary, false, false,
			     "the log shows audit rules being loaded that leave procfs or all tasks out (never): what "
			     "was opened while they held is not in it");
	if (coverage->switched_off)
		summary_note(summary, false, false,
			     "the log shows auditing being switched off (audit_enabled=0): what happened until it was "
			     "on again is not in it");
	if (coverage->died)
		summary_note(
			summary, false, false,
			"auditd started without having ended before (%llu times): events in between may be missing",
			(unsigned long long)coverage->died);
}
