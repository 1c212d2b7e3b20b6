#include "sink/shape.h"

#include "sink/quantity.h"

struct span shape_title(const struct finding *finding)
{
	return finding->reason_count ? finding->reasons[0] : finding->rule;
}

struct span shape_rule_title(const struct finding *finding)
{
	return finding->rule_title.len ? finding->rule_title : shape_title(finding);
}

struct span shape_path(const struct access *access)
{
	return access->resolved_path.len ? access->resolved_path : access->path;
}

struct span shape_process_name(const struct process *process)
{
	return process->comm.len ? process->comm : span_basename(process->exe);
}

static void add_process(struct buffer *to, struct span name, uint64_t pid)
{
	char room[QUANTITY_ROOM];

	buffer_add(to, name.len ? name : SPAN("unknown"));
	if (pid != UNKNOWN_ID)
		buffer_printf(to, " (%s)", quantity_digits(pid, room));
}

void shape_message(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	const struct process *actor = &access->actor, *target = &access->target;

	if (actor->pid == UNKNOWN_ID && !actor->exe.len && !actor->comm.len && !access_has_target(access))
		buffer_add(to, access->message.len ? access->message : SPAN("unknown"));
	else
		add_process(to, actor->exe.len ? actor->exe : actor->comm, actor->pid);
	buffer_printf(to, ": %s", access_action(access));
	if (access->entry != ENTRY_NONE)
		buffer_printf(to, " %s", entry_name(access->entry));
	if (target->pid != UNKNOWN_ID || target->comm.len || target->exe.len) {
		buffer_text(to, " of ");
		add_process(to, shape_process_name(target), target->pid);
	}
	for (size_t i = 0; i < finding->reason_count; i++) {
		buffer_text(to, i ? "; " : ": ");
		buffer_add(to, finding->reasons[i]);
	}
}
