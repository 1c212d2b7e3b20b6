/* Who, and what. */
#include "sink/explain_parts.h"

#include "sink/explain_class.h"
#include "sink/explain_when.h"

#define AUID_UNSET 4294967295u
#define LINEAGE_MAX 16
#define TARGETS_SHOWN 32

static void put(struct explanation *explanation, enum explain_section section, const char *label, struct buffer *text)
{
	explain_take(explanation, section, EXPLAIN_FACT, span_of(label), text);
}

static void put_number(struct explanation *explanation, enum explain_section section, const char *label,
		       uint64_t number)
{
	struct buffer text = { 0 };

	if (number != UNKNOWN_ID)
		words_number(&text, number);
	put(explanation, section, label, &text);
	buffer_finish(&text);
}

/* ---- who ---- */

static void add_users(struct explanation *explanation, const struct process *actor)
{
	struct buffer text = { 0 };

	put_number(explanation, EXPLAIN_WHO, "user", actor->uid);
	if (actor->euid != actor->uid)
		put_number(explanation, EXPLAIN_WHO, "acts as", actor->euid);
	if (actor->auid == AUID_UNSET)
		buffer_text(&text, "nobody logged in for it: a daemon, a job, or a login from before auditing");
	else if (actor->auid != UNKNOWN_ID)
		buffer_printf(&text, "user %llu", (unsigned long long)actor->auid);
	put(explanation, EXPLAIN_WHO, "login", &text);
	if (actor->ses != AUID_UNSET)
		put_number(explanation, EXPLAIN_WHO, "session", actor->ses);
	explain_fact(explanation, EXPLAIN_WHO, "terminal", actor->tty);
	buffer_finish(&text);
}

static void add_script(struct explanation *explanation, const struct process *actor)
{
	struct buffer text = { 0 };

	explain_fact(explanation, EXPLAIN_WHO, "script", actor->script);
	if (actor->script.len && actor->script_uid != UNKNOWN_ID) {
		buffer_printf(&text, "user %llu when it was started", (unsigned long long)actor->script_uid);
		put(explanation, EXPLAIN_WHO, "its owner", &text);
	}
	buffer_finish(&text);
}

/* Programs of the same lineage, by process, as the steps show them. */
static void add_lineage(struct explanation *explanation, const struct incident *incident)
{
	uint64_t seen[LINEAGE_MAX];
	size_t count = 0;
	struct buffer text = { 0 };

	for (size_t i = 0; incident && i < incident->step_count && count < LINEAGE_MAX; i++) {
		const struct incident_step *step = &incident->steps[i];
		bool again = step->pid == UNKNOWN_ID || !step->program.len;
		for (size_t j = 0; j < count; j++)
			again |= seen[j] == step->pid;
		if (again)
			continue;
		seen[count++] = step->pid;
		buffer_text(&text, text.len ? ", " : "");
		words_name(&text, step->program);
		buffer_printf(&text, " (%llu)", (unsigned long long)step->pid);
	}
	put(explanation, EXPLAIN_WHO, "lineage", &text);
	buffer_finish(&text);
}

static void add_actor(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;
	const struct process *actor = &subject->finding->access.actor;
	const char *note;
	struct buffer text = { 0 };

	explain_fact(explanation, EXPLAIN_WHO, "host", subject->finding->access.host);
	explain_fact(explanation, EXPLAIN_WHO, "program", actor->exe.len ? actor->exe : SPAN("not named by the log"));
	explain_fact(explanation, EXPLAIN_WHO, "class", span_of(program_class_name(program_class_of(actor, &note))));
	add_script(explanation, actor);
	explain_fact(explanation, EXPLAIN_WHO, "name", actor->comm);
	put_number(explanation, EXPLAIN_WHO, "process", actor->pid);
	put_number(explanation, EXPLAIN_WHO, "parent", actor->ppid);
	explain_fact(explanation, EXPLAIN_WHO, "its program", subject->finding->access.parent_exe);
	explain_fact(explanation, EXPLAIN_WHO, "its command", subject->finding->access.parent_cmdline);
	if (actor->start_ms != TIME_UNKNOWN) {
		words_time(&text, actor->start_ms);
		put(explanation, EXPLAIN_WHO, "started", &text);
	}
	add_users(explanation, actor);
	explain_fact(explanation, EXPLAIN_WHO, "container", actor->container);
	explain_fact(explanation, EXPLAIN_WHO, "directory", actor->cwd);
	explain_fact(explanation, EXPLAIN_WHO, "command", actor->cmdline);
	add_lineage(explanation, subject->incident);
	buffer_finish(&text);
}

/* ---- what ---- */

/* linux/ptrace.h */
static const char *request_name(uint64_t request)
{
	return request == 16 ? " (PTRACE_ATTACH)" : request == 0x4206 ? " (PTRACE_SEIZE)" : "";
}

static void add_target(struct explanation *explanation)
{
	const struct access *access = &explanation->subject->finding->access;
	struct process target = words_target(explanation->subject);
	struct buffer text = { 0 };

	if (access->verb >= VERB_LOG && target.pid == UNKNOWN_ID)
		return;
	if (words_of_host(access))
		buffer_text(&text, "the whole host");
	else if (access->self)
		buffer_text(&text, "itself");
	else
		words_process(&text, &target);
	put(explanation, EXPLAIN_WHAT, "target", &text);
	explain_fact(explanation, EXPLAIN_WHAT, "its program", target.exe);
	explain_fact(explanation, EXPLAIN_WHAT, "its container", target.container);
	if (target.start_ms != TIME_UNKNOWN) {
		words_time(&text, target.start_ms);
		put(explanation, EXPLAIN_WHAT, "it started", &text);
	}
	put_number(explanation, EXPLAIN_WHAT, "its user", target.uid);
	buffer_finish(&text);
}

/* " exit=4096" of the record that has it as the kernel writes it. */
static bool bytes_copied(const struct access *access, uint64_t *bytes)
{
	for (size_t i = 0; i < access->raw_count; i++) {
		struct span raw = access->raw[i];
		size_t at = span_find(raw, SPAN(" exit="));
		if (span_find(raw, SPAN("SYSCALL")) < at && span_decimal(span_skip(raw, at + 6), bytes))
			return true;
	}
	return false;
}

static void add_outcome(struct explanation *explanation, const struct finding *finding)
{
	const struct access *access = &finding->access;
	uint32_t when = explain_circumstances(finding);
	struct buffer text = { 0 };
	uint64_t bytes;
	char room[16];

	if (access->syscall.len) {
		buffer_add(&text, access->syscall);
		buffer_text(&text, request_name(access->verb == VERB_PTRACE ? access->request : UNKNOWN_ID));
		put(explanation, EXPLAIN_WHAT, "system call", &text);
	}
	if (access->verb != VERB_LOG) {
		buffer_text(&text, outcome_name(access->outcome, room));
		buffer_text(&text, access->outcome ? ": an attempt that was refused" : "");
		put(explanation, EXPLAIN_WHAT, "outcome", &text);
	}
	if (when & UINT32_C(1) << WHEN_COPIED && bytes_copied(access, &bytes)) {
		buffer_printf(&text, "%llu bytes", (unsigned long long)bytes);
		put(explanation, EXPLAIN_WHAT, "copied", &text);
	}
	buffer_finish(&text);
}

static void add_times(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;
	const struct finding *finding = subject->finding;
	const struct incident *whole = subject->whole ? subject->incident : NULL;
	struct buffer text = { 0 };

	words_time(&text, whole ? whole->first_ms : finding->first_ms);
	put(explanation, EXPLAIN_WHAT, "first", &text);
	words_time(&text, whole ? whole->last_ms : finding->last_ms);
	put(explanation, EXPLAIN_WHAT, "last", &text);
	put_number(explanation, EXPLAIN_WHAT, whole ? "findings" : "times", whole ? whole->findings : finding->count);
	if (!whole && subject->incident)
		explain_fact(explanation, EXPLAIN_WHAT, "incident", span_of(subject->incident->id));
	else if (!whole)
		explain_fact(explanation, EXPLAIN_WHAT, "incident", span_of(finding->incident));
	buffer_finish(&text);
}

static void add_bits(struct buffer *text, const struct incident_target *target)
{
	for (unsigned entry = ENTRY_NONE + 1; entry < ENTRY_COUNT; entry++)
		if (target->entries & UINT32_C(1) << entry)
			buffer_printf(text, " %s", entry_name((enum entry)entry));
	for (unsigned verb = VERB_PROCESS_VM_READV; verb <= VERB_PIDFD_GETFD; verb++)
		if (target->verbs & UINT32_C(1) << verb)
			buffer_printf(text, " %s", verb_name((enum verb)verb));
}

static void add_targets(struct explanation *explanation, const struct incident *incident)
{
	size_t shown = incident->target_count < TARGETS_SHOWN ? incident->target_count : TARGETS_SHOWN;
	struct buffer text = { 0 };

	for (size_t i = 0; i < shown; i++) {
		const struct incident_target *target = &incident->targets[i];
		struct process process = { .pid = target->pid, .comm = target->comm, .exe = target->exe };
		words_process(&text, &process);
		buffer_text(&text, ":");
		add_bits(&text, target);
		buffer_text(&text, target->holder ? "; it holds credentials" : "");
		put(explanation, EXPLAIN_WHAT, "target", &text);
	}
	if (incident->target_count + incident->targets_left > shown)
		put_number(explanation, EXPLAIN_WHAT, "more targets",
			   incident->target_count + incident->targets_left - shown);
	buffer_finish(&text);
}

static void add_what(struct explanation *explanation)
{
	const struct explain_subject *subject = explanation->subject;
	const struct finding *finding = subject->finding;
	const struct access *access = &finding->access;
	struct buffer text = { 0 };

	if (subject->whole)
		add_targets(explanation, subject->incident);
	else
		add_target(explanation);
	if (access->entry != ENTRY_NONE) {
		buffer_printf(&text, "%s: %s", entry_name(access->entry), entry_gives(access->entry));
		put(explanation, EXPLAIN_WHAT, "entry", &text);
	}
	explain_fact(explanation, EXPLAIN_WHAT, "path", access->path);
	if (!span_equal(access->path, access->resolved_path))
		explain_fact(explanation, EXPLAIN_WHAT, "which means", access->resolved_path);
	add_outcome(explanation, finding);
	explain_fact(explanation, EXPLAIN_WHAT, "line", access->message);
	add_times(explanation);
	buffer_finish(&text);
}

void explain_facts(struct explanation *explanation)
{
	add_actor(explanation);
	add_what(explanation);
}
