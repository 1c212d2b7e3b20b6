/*
 * What the sensors see is of the kernel, so its trust is the kernel's; a
 * process's own memory (its arguments, the path that it passed) is the
 * exception, and decides nothing where an object was seen.
 */
#include "source/witness.h"

#include <fcntl.h>
#include <stdio.h>

#include "source/process_look.h"

#define MODE_WRITABLE 022 /* by others than its owner */
#define KERNEL_O_PATH 010000000

static const struct {
	const char *name;
	enum verb verb;
	enum resolved_by how;
} calls[] = {
	[WIRE_CALL_OPEN] = { "open", VERB_OPEN, RESOLVED_INODE },
	[WIRE_CALL_OPENAT] = { "openat", VERB_OPEN, RESOLVED_INODE },
	[WIRE_CALL_OPENAT2] = { "openat2", VERB_OPEN, RESOLVED_INODE },
	[WIRE_CALL_CREAT] = { "creat", VERB_OPEN, RESOLVED_INODE },
	[WIRE_CALL_READV] = { "process_vm_readv", VERB_PROCESS_VM_READV, RESOLVED_ARGUMENT },
	[WIRE_CALL_WRITEV] = { "process_vm_writev", VERB_PROCESS_VM_WRITEV, RESOLVED_ARGUMENT },
	[WIRE_CALL_PTRACE] = { "ptrace", VERB_PTRACE, RESOLVED_ARGUMENT },
	[WIRE_CALL_GETFD] = { "pidfd_getfd", VERB_PIDFD_GETFD, RESOLVED_FD },
	[WIRE_CALL_GOTFD] = { "pidfd_getfd", VERB_OPEN, RESOLVED_INODE },
	[WIRE_CALL_IO_URING] = { "openat", VERB_OPEN, RESOLVED_INODE },
	[WIRE_CALL_IO_URING2] = { "openat2", VERB_OPEN, RESOLVED_INODE },
	[WIRE_CALL_EXEC] = { "execve", VERB_EXEC, RESOLVED_NONE },
	[WIRE_CALL_CHECK] = { NULL, VERB_OPEN, RESOLVED_CHECK },
};

/* A piece of room; data NULL when there is no more. */
static char *take_room(struct witness *witness, size_t len)
{
	if (len > sizeof(witness->room) - witness->used)
		return NULL;
	witness->used += len;
	return witness->room + witness->used - len;
}

static struct span fixed_text(const char *text, size_t room)
{
	size_t len = strnlen(text, room);

	return (struct span){ len ? text : NULL, len };
}

/* "b\0a\0" → "/a/b". What does not begin at the root begins with "...". */
static struct span forward_path(struct witness *witness, struct span parts, unsigned flags)
{
	struct span before = { "...", flags & WIRE_EXE_WHOLE ? 0 : 3 };
	struct span after = { " (deleted)", flags & WIRE_EXE_DELETED ? 10 : 0 };
	size_t len = before.len + 1 + parts.len + after.len;
	char *path = take_room(witness, len);
	size_t at = before.len;

	if (!path || !parts.len)
		return (struct span){ 0 };
	if (before.len)
		memcpy(path, before.data, before.len);
	while (parts.len) {
		parts.len -= parts.data[parts.len - 1] == '\0';
		size_t begin = parts.len;
		while (begin && parts.data[begin - 1])
			begin--;
		path[at++] = '/';
		memcpy(path + at, parts.data + begin, parts.len - begin);
		at += parts.len - begin;
		parts.len = begin;
	}
	if (after.len)
		memcpy(path + at, after.data, after.len);
	return (struct span){ path, at + after.len };
}

/* Arguments are told with a space between them, as a title is. */
static struct span joined(struct witness *witness, struct span arguments)
{
	while (arguments.len && !arguments.data[arguments.len - 1])
		arguments.len--;
	char *text = arguments.len ? take_room(witness, arguments.len) : NULL;
	for (size_t i = 0; text && i < arguments.len; i++)
		text[i] = arguments.data[i] ? arguments.data[i] : ' ';
	return (struct span){ text, text ? arguments.len : 0 };
}

static uint64_t number_or_unknown(uint32_t number)
{
	return number == WIRE_NO_ID ? UNKNOWN_ID : number;
}

static int64_t time_of(const struct witness *witness, uint64_t since_boot)
{
	int64_t ns;

	if (since_boot > INT64_MAX || __builtin_add_overflow(witness->boot_ns, (int64_t)since_boot, &ns))
		return TIME_UNKNOWN;
	return ns / 1000000;
}

static void fill_process(struct witness *witness, struct process *process, const struct wire_process *seen,
			 struct span exe, struct span cgroup)
{
	*process = (struct process){
		.pid = seen->pid ? seen->pid : UNKNOWN_ID,
		.ppid = number_or_unknown(seen->ppid),
		.auid = seen->auid, /* unset is known */
		.uid = number_or_unknown(seen->uid),
		.euid = number_or_unknown(seen->euid),
		.ses = seen->ses,
		.comm = fixed_text(seen->comm, sizeof(seen->comm)),
		.exe = forward_path(witness, exe, seen->flags),
		.tty = fixed_text(seen->tty, sizeof(seen->tty)),
		.container = process_container(forward_path(witness, cgroup, WIRE_EXE_WHOLE)),
		.script_uid = UNKNOWN_ID,
		.start_ms = time_of(witness, seen->start_ns),
	};
}

static struct span resolved_path(struct witness *witness, const struct access *access)
{
	const struct wire_access *head = &witness->head;
	char *text = take_room(witness, 64);
	int len;

	if (access->entry == ENTRY_KCORE)
		return SPAN("/proc/kcore");
	if (access->entry == ENTRY_DEVMEM)
		return SPAN("/dev/mem");
	if (!text || access->entry == ENTRY_NONE || !head->target.pid)
		return (struct span){ 0 };
	if (head->target_tid && head->target_tid != head->target.pid)
		len = snprintf(text, 64, "/proc/%u/task/%u/%s", head->target.pid, head->target_tid,
			       entry_name(access->entry));
	else
		len = snprintf(text, 64, "/proc/%u/%s", head->target.pid, entry_name(access->entry));
	return (struct span){ text, (size_t)len };
}

static bool is_trusted(const struct wire_process *actor)
{
	return actor->exe_uid == 0 && !(actor->exe_mode & MODE_WRITABLE) && actor->flags & WIRE_EXE_WHOLE &&
	       !(actor->flags & (WIRE_EXE_DELETED | WIRE_ROOT_MOVED));
}

static void fill_access(struct witness *witness, struct access *access)
{
	const struct wire_access *head = &witness->head;
	unsigned mode = head->open_flags & O_ACCMODE;

	*access = (struct access){
		.time_ms = time_of(witness, head->time_ns),
		.trust = TRUST_KERNEL,
		.sighting = head->call == WIRE_CALL_EXEC ? SIGHTING_EXECUTION : SIGHTING_ACCESS,
		.verb = calls[head->call].verb,
		.entry = entry_from_name(fixed_text(head->entry, sizeof(head->entry))),
		.resolved_by = head->flags & WIRE_BY_NAME ? RESOLVED_PATH : calls[head->call].how,
		.certain = !(head->flags & WIRE_BY_NAME),
		.outcome = head->outcome < 0 && head->outcome >= -4095 ? head->outcome : 0,
		.syscall = span_of(calls[head->call].name),
		.request = head->call == WIRE_CALL_PTRACE ? head->request : UNKNOWN_ID,
		.trusted_exe = is_trusted(&head->actor),
		.seen_by = SEEN_BY_BPF,
	};
	if (head->call == WIRE_CALL_CHECK && access->entry == ENTRY_NONE)
		access->verb = VERB_PTRACE;
	if (access->verb == VERB_OPEN) {
		access->write = mode == O_WRONLY || mode == O_RDWR;
		access->path_only = head->open_flags & KERNEL_O_PATH;
	}
	access->write |= access->verb == VERB_PROCESS_VM_WRITEV;
	access->resolved_path = resolved_path(witness, access);
	access->self = head->actor.pid == head->target.pid && head->target.pid;
	/* A child that ptraces its parent without having executed anything is the parent's own tracer (LeakSanitizer). */
	access->self |= access->verb == VERB_PTRACE && head->flags & WIRE_SAME_PROGRAM;
	if (access->self)
		access->resolved_by = RESOLVED_SELF;
}

/* The texts lie behind the head, in order; false when they are longer than the bytes. */
static bool split_texts(const struct wire_access *head, struct span bytes, struct span texts[WIRE_TEXTS])
{
	for (size_t i = 0; i < WIRE_TEXTS; i++) {
		if (head->text_len[i] > bytes.len)
			return false;
		texts[i] = (struct span){ head->text_len[i] ? bytes.data : NULL, head->text_len[i] };
		bytes = span_skip(bytes, head->text_len[i]);
	}
	return true;
}

bool witness_read(struct witness *witness, struct span bytes, int64_t boot_ns)
{
	struct wire_access *head = &witness->head;
	struct span texts[WIRE_TEXTS];

	if (bytes.len < sizeof(*head))
		return false;
	memcpy(head, bytes.data, sizeof(*head));
	bytes = span_first(span_skip(bytes, sizeof(*head)), WIRE_ACCESS_MAX);
	memcpy(witness->texts, bytes.data, bytes.len);
	if (head->version != WIRE_VERSION || head->call >= sizeof(calls) / sizeof(calls[0]) || !head->call ||
	    !split_texts(head, (struct span){ witness->texts, bytes.len }, texts))
		return false;
	witness->used = 0;
	witness->boot_ns = boot_ns;
	fill_access(witness, &witness->access);
	struct access *access = &witness->access;
	fill_process(witness, &access->actor, &head->actor, texts[WIRE_ACTOR_EXE], texts[WIRE_ACTOR_CGROUP]);
	if (head->target.pid)
		fill_process(witness, &access->target, &head->target, texts[WIRE_TARGET_EXE],
			     texts[WIRE_TARGET_CGROUP]);
	else
		access->target = process_unknown;
	access->path = texts[WIRE_PATH];
	access->actor.cmdline = joined(witness, texts[WIRE_CMDLINE]);
	access->actor.script = texts[WIRE_SCRIPT];
	return true;
}
