#include "sink/explain_parts.h"

#include "sink/iso_time.h"
#include "sink/quantity.h"
#include "sink/shell_word.h"

#define NAME_MAX_BYTES 200 /* in a sentence; facts have it whole */

void words_name(struct buffer *to, struct span name)
{
	bool cut = name.len > NAME_MAX_BYTES;

	if (!shell_word(to, span_first(name, NAME_MAX_BYTES)))
		buffer_text(to, name.len ? "(a name with NUL bytes)" : "''");
	if (cut)
		buffer_text(to, "...");
}

void words_number(struct buffer *to, uint64_t number)
{
	char room[QUANTITY_ROOM];

	buffer_text(to, quantity_digits(number, room));
}

void words_time(struct buffer *to, int64_t time_ms)
{
	char room[ISO_TIME_ROOM];
	const char *time = iso_time(time_ms, room);

	buffer_text(to, time ? time : "an unknown time");
}

void words_process(struct buffer *to, const struct process *process)
{
	struct span name = process->script.len ? span_basename(process->script)
			   : process->exe.len  ? span_basename(process->exe)
					       : process->comm;
	bool known = process->pid != UNKNOWN_ID;

	if (!name.len && !known) {
		buffer_text(to, "a process that the log does not name");
		return;
	}
	if (name.len)
		words_name(to, name);
	buffer_text(to, name.len && known ? " (pid " : known ? "process " : "");
	if (known)
		words_number(to, process->pid);
	buffer_text(to, name.len && known ? ")" : "");
}

struct process words_target(const struct explain_subject *subject)
{
	struct process target = subject->finding->access.target;
	const struct incident *incident = subject->incident;

	if (target.pid == UNKNOWN_ID || target.comm.len || target.exe.len || !incident)
		return target;
	for (size_t i = 0; i < incident->target_count; i++) {
		if (incident->targets[i].pid != target.pid)
			continue;
		target.comm = incident->targets[i].comm;
		target.exe = incident->targets[i].exe;
	}
	return target;
}

bool words_of_host(const struct access *access)
{
	return access->entry != ENTRY_NONE && entry_tier(access->entry) == ENTRY_TIER_SYSTEM;
}

static void add_target(struct buffer *to, const struct access *access)
{
	if (words_of_host(access))
		buffer_text(to, "the whole host");
	else if (access->self)
		buffer_text(to, "itself");
	else
		words_process(to, &access->target);
}

static void add_verb(struct buffer *to, const struct access *access, bool worked)
{
	switch (access->verb) {
	case VERB_OPEN:
		buffer_printf(to, "%s %s of ", worked ? "opened" : "tried to open",
			      access->entry == ENTRY_NONE ? "an entry" : entry_name(access->entry));
		break;
	case VERB_PROCESS_VM_READV:
		buffer_text(to, worked ? "copied memory out of " : "tried to copy memory out of ");
		break;
	case VERB_PROCESS_VM_WRITEV:
		buffer_text(to, worked ? "wrote into the memory of " : "tried to write into the memory of ");
		break;
	case VERB_PTRACE:
		buffer_text(to, worked ? "attached by ptrace to " : "tried to attach by ptrace to ");
		break;
	case VERB_PIDFD_GETFD:
		buffer_text(to, worked ? "took a file descriptor out of " : "tried to take a file descriptor out of ");
		break;
	case VERB_EXEC:
		buffer_printf(to, "ran a command line that names %s of ", entry_name(access->entry));
		break;
	case VERB_WRITE:
		buffer_text(to, "made the file, or opened it for writing: ");
		buffer_add(to, access->resolved_path.len ? access->resolved_path : access->path);
		break;
	case VERB_LOG:
		break;
	}
}

void words_did(struct buffer *to, const struct access *access)
{
	bool worked = access->outcome == 0;
	char room[16];

	if (access->verb == VERB_EXEC && access->entry == ENTRY_NONE) {
		buffer_text(to, "was started");
		return;
	}
	add_verb(to, access, worked);
	if (access->verb == VERB_WRITE)
		return;
	add_target(to, access);
	if (access->verb == VERB_OPEN)
		buffer_text(to, access->path_only ? ", as a path only (O_PATH)"
				: access->write	  ? " for writing"
						  : " for reading");
	if (!worked)
		buffer_printf(to, ", and was refused (%s)", outcome_name(access->outcome, room));
}
