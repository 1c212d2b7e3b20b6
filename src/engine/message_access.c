#include "engine/message_access.h"

#include "base/hash.h"

/* Every add_ function leaves a blank behind its value; the last one gives way. */
static void add_escaped(struct buffer *to, struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte == '"' || byte == '\\')
			buffer_printf(to, "\\%c", byte);
		else if (byte == '\n')
			buffer_add(to, SPAN("\\n"));
		else if (byte == '\r')
			buffer_add(to, SPAN("\\r"));
		else if (byte == '\t')
			buffer_add(to, SPAN("\\t"));
		else if (byte < 0x20 || byte == 0x7f)
			buffer_printf(to, "\\x%02x", byte);
		else
			buffer_add_byte(to, (char)byte);
	}
}

static void open_value(struct buffer *to, const char *name)
{
	buffer_text(to, name);
	buffer_add(to, SPAN("=\""));
}

static void close_value(struct buffer *to)
{
	buffer_add(to, SPAN("\" "));
}

static void add_text(struct buffer *to, const char *name, struct span text)
{
	open_value(to, name);
	add_escaped(to, text);
	close_value(to);
}

static void add_word(struct buffer *to, const char *name, const char *word)
{
	add_text(to, name, span_of(word));
}

static void add_number(struct buffer *to, const char *name, uint64_t number)
{
	open_value(to, name);
	buffer_printf(to, "%llu", (unsigned long long)number);
	close_value(to);
}

static void add_id(struct buffer *to, const char *name, uint64_t id)
{
	if (id == UNKNOWN_ID)
		add_word(to, name, "");
	else
		add_number(to, name, id);
}

static void add_bool(struct buffer *to, const char *name, bool value)
{
	add_word(to, name, value ? "true" : "false");
}

static void add_time(struct buffer *to, const char *name, int64_t time_ms)
{
	open_value(to, name);
	if (time_ms != TIME_UNKNOWN)
		buffer_printf(to, "%lld", (long long)time_ms);
	close_value(to);
}

/* The same for all that one process did, as far as the log tells one process from another. */
static void add_process_uid(struct buffer *to, const struct access *access)
{
	const struct process *actor = &access->actor;
	uint64_t uid = hash_join(hash_bytes(access->host), actor->pid);

	open_value(to, "processUid");
	if (actor->pid != UNKNOWN_ID && actor->start_ms != TIME_UNKNOWN)
		buffer_printf(to, "%016llx", (unsigned long long)hash_join(uid, (uint64_t)actor->start_ms));
	close_value(to);
}

static void add_schema_fields(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	struct span path = access->resolved_path.len ? access->resolved_path : access->path;

	add_time(to, "timestamp", access->time_ms);
	add_text(to, "device_hostname", access->host);
	add_id(to, "user_userId", access->actor.uid);
	add_text(to, "baseImage", access->actor.exe);
	add_text(to, "commandLine", access->actor.cmdline);
	add_id(to, "pid", access->actor.pid);
	add_id(to, "parentPid", access->actor.ppid);
	add_process_uid(to, access);
	add_id(to, "sessionId", access->actor.ses);
	add_text(to, "file_path", path);
	add_text(to, "file_basename", span_basename(path));
	add_word(to, "action", access->sighting == SIGHTING_CRASH ? "crash" : verb_name(access->verb));
	add_word(to, "normalizedAction", access_action(access));
	add_bool(to, "success", access->outcome == 0);
	if (finding->threat.data)
		add_text(to, "threat_name", finding->threat);
}

static void add_access_fields(struct buffer *to, const struct access *access)
{
	char room[16];

	add_word(to, "verb", verb_name(access->verb));
	add_word(to, "entry", entry_name(access->entry));
	add_id(to, "target_pid", access->target.pid);
	add_text(to, "target_name", access->target.comm.len ? access->target.comm : span_basename(access->target.exe));
	add_text(to, "target_exe", access->target.exe);
	add_id(to, "target_uid", access->target.uid);
	add_text(to, "path", access->path);
	add_text(to, "resolved_path", access->resolved_path);
	add_word(to, "resolved_by", resolved_by_name(access->resolved_by));
	add_bool(to, "certain", access->certain);
	add_text(to, "syscall", access->syscall);
	add_word(to, "outcome", outcome_name(access->outcome, room));
	add_bool(to, "write", access->write);
	add_bool(to, "path_only", access->path_only);
	add_bool(to, "self", access->self);
}

static void add_actor_fields(struct buffer *to, const struct process *actor)
{
	add_text(to, "comm", actor->comm);
	add_text(to, "script", actor->script);
	add_text(to, "cwd", actor->cwd);
	add_text(to, "tty", actor->tty);
	add_id(to, "auid", actor->auid);
	add_id(to, "euid", actor->euid);
}

static void add_judgement(struct buffer *to, const struct finding *finding)
{
	add_word(to, "risk", finding->risk == RISK_NONE ? "" : risk_name(finding->risk));
	add_number(to, "score", finding->score);
	add_number(to, "severity", finding->severity);
	add_text(to, "rule", finding->rule);
	open_value(to, "reasons");
	for (size_t i = 0; i < finding->reason_count; i++) {
		buffer_add(to, i ? SPAN("; ") : SPAN(""));
		add_escaped(to, finding->reasons[i]);
	}
	close_value(to);
	add_text(to, "suppressed_by", finding->suppressed_by);
}

void message_access_write(struct buffer *to, const struct finding *finding)
{
	static const char *const trust_names[] = {
		[TRUST_ANY_USER] = "user",
		[TRUST_DAEMON] = "daemon",
		[TRUST_KERNEL] = "kernel",
	};
	const struct access *access = &finding->access;

	add_schema_fields(to, finding);
	add_access_fields(to, access);
	add_actor_fields(to, &access->actor);
	add_judgement(to, finding);
	add_word(to, "trust", trust_names[access->trust]);
	add_id(to, "serial", access->serial ? access->serial : UNKNOWN_ID);
	add_text(to, "message", access->message);
	if (!to->failed)
		to->len--;
}
