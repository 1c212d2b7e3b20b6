/*
 * What journald knows of an entry, whatever the file it comes in. Names that
 * begin with '_' are journald's own and cannot be written by a client
 * (systemd.journal-fields(7)), so they decide how far the entry is trusted:
 *
 *   _TRANSPORT=audit    journald read it from the kernel's audit socket
 *   _TRANSPORT=kernel   from the kernel's log; not all of that is the kernel's own
 *   all others          any process, known by _UID
 *
 *   MESSAGE=SYSCALL arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c …
 *   _AUDIT_TYPE=1300  _AUDIT_TYPE_NAME=SYSCALL  _AUDIT_ID=15558
 *   _SOURCE_REALTIME_TIMESTAMP=1615114232375000  _AUDIT_FIELD_A0=ffffff9c
 *
 * journalctl leaves long values out (null, without --all); then the body is
 * built from the fields that journald split off.
 */
#include "decode/journal.h"

#include "decode/canonical.h"
#include "decode/carried.h"

#define FIELD_NAME_MAX_LEN 63

#define MEMBER(name, member)                                       \
	{                                                          \
		SPAN(name), offsetof(struct journal_entry, member) \
	}

static const struct {
	struct span name;
	size_t offset;
} members[] = {
	MEMBER("MESSAGE", message),
	MEMBER("_TRANSPORT", transport),
	MEMBER("SYSLOG_IDENTIFIER", identifier),
	MEMBER("_COMM", comm),
	MEMBER("_PID", pid),
	MEMBER("_UID", uid),
	MEMBER("_HOSTNAME", hostname),
	MEMBER("_AUDIT_ID", audit_id),
	MEMBER("_AUDIT_TYPE", audit_type),
	MEMBER("_AUDIT_TYPE_NAME", audit_type_name),
	MEMBER("_SOURCE_REALTIME_TIMESTAMP", source_realtime_us),
	MEMBER("__REALTIME_TIMESTAMP", realtime_us),
};

/* systemd src/journal/journald-audit.c: map_fields_kernel; what it does not name there becomes _AUDIT_FIELD_*. */
static const struct {
	struct span journal, audit;
} mapped[] = {
	{ SPAN("_PID"), SPAN("pid") },
	{ SPAN("_UID"), SPAN("uid") },
	{ SPAN("_GID"), SPAN("gid") },
	{ SPAN("_COMM"), SPAN("comm") },
	{ SPAN("_EXE"), SPAN("exe") },
	{ SPAN("_CMDLINE"), SPAN("proctitle") },
	{ SPAN("_AUDIT_LOGINUID"), SPAN("auid") },
	{ SPAN("_AUDIT_SESSION"), SPAN("ses") },
};

bool journal_is_mark(struct span name)
{
	static const struct span marks[] = {
		SPAN("__CURSOR"),    SPAN("__REALTIME_TIMESTAMP"),	 SPAN("_BOOT_ID"),
		SPAN("_TRANSPORT"),  SPAN("_SOURCE_REALTIME_TIMESTAMP"), SPAN("_AUDIT_ID"),
		SPAN("_AUDIT_TYPE"),
	};

	if (name.len == 0 || name.data[0] != '_')
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (span_equal(name, marks[i]))
			return true;
	return false;
}

/* Values of _AUDIT_FIELD_* are the kernel's text, quotes included, up to the blank that ends them. */
static bool is_kernel_text(struct span value)
{
	bool quoted = value.len >= 2 && value.data[0] == '"' && value.data[value.len - 1] == '"';
	struct span inner = quoted ? (struct span){ value.data + 1, value.len - 2 } : value;

	if (inner.len == 0)
		return quoted;
	for (size_t i = 0; i < inner.len; i++)
		if ((unsigned char)inner.data[i] <= ' ' || strchr("\"'={}", inner.data[i]))
			return false;
	return true;
}

static void add_audit_field(struct buffer *body, struct span name, struct span value)
{
	char room[FIELD_NAME_MAX_LEN];
	size_t len = name.len < sizeof(room) ? name.len : sizeof(room);

	for (size_t i = 0; i < len; i++)
		room[i] = (char)(name.data[i] >= 'A' && name.data[i] <= 'Z' ? name.data[i] | 32 : name.data[i]);
	name = (struct span){ room, len };
	if (!is_kernel_text(value)) {
		canonical_add(body, name, value);
		return;
	}
	if (body->len)
		buffer_add_byte(body, ' ');
	buffer_add(body, name);
	buffer_add_byte(body, '=');
	buffer_add(body, value);
}

void journal_entry_add(struct journal_entry *entry, struct span name, struct span value, struct queue *queue)
{
	if (!value.data || name.len == 0 || (name.data[0] != '_' && name.data[0] != 'M' && name.data[0] != 'S'))
		return;
	if (span_starts(name, SPAN("_AUDIT_FIELD_"))) {
		add_audit_field(&queue->body, span_skip(name, 13), value);
		return;
	}
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct span *member = (struct span *)((char *)entry + members[i].offset);
		if (span_equal(name, members[i].name) && !member->data)
			*member = value;
	}
	for (size_t i = 0; i < sizeof(mapped) / sizeof(*mapped); i++)
		if (span_equal(name, mapped[i].journal))
			canonical_add(&queue->body, mapped[i].audit, value);
}

enum dress_result journal_entry_finish(const struct document *document, struct journal_entry *entry,
				       struct queue *queue)
{
	if (entry->message.data)
		buffer_reset(&queue->body);
	else
		entry->audit_fields = queue_body(queue);
	return decode_journal_entry(document, entry, queue);
}

static int64_t time_of(const struct journal_entry *entry)
{
	uint64_t us;
	const struct span *stamps[] = { &entry->source_realtime_us, &entry->realtime_us };

	for (size_t i = 0; i < 2; i++)
		if (stamps[i]->len && span_decimal(*stamps[i], &us) == stamps[i]->len && us <= INT64_MAX)
			return (int64_t)(us / 1000);
	return TIME_UNKNOWN;
}

/* "SYSCALL arch=…", or in old versions "<audit-1300> arch=…" */
static struct span audit_body(struct span message)
{
	size_t blank = span_index(message, ' ');
	struct span word = span_first(message, blank);

	if (record_type_of(word) || span_starts(word, SPAN("<audit-")))
		message = span_skip(message, blank);
	return span_trim(span_first(message, span_index(message, 0x1d)));
}

static enum dress_result audit_entry(const struct document *document, const struct journal_entry *entry,
				     struct queue *queue)
{
	uint64_t serial = 0;
	uint16_t type = record_type_of(entry->audit_type.len ? entry->audit_type : entry->audit_type_name);

	if (entry->audit_id.len && span_decimal(entry->audit_id, &serial) != entry->audit_id.len)
		return DRESS_BROKEN;
	if (!type)
		type = record_type_of(span_first(entry->message, span_index(entry->message, ' ')));
	struct record *record = canonical_record(queue, document);
	if (!record)
		return DRESS_BROKEN;
	record->kind = RECORD_AUDIT;
	record->type = type;
	record->serial = serial;
	record->time_ms = time_of(entry);
	record->body = entry->message.data ? audit_body(entry->message) : entry->audit_fields;
	if (entry->hostname.len)
		record->node = entry->hostname;
	if (canonical_is_user_type(type) && record->trust > TRUST_DAEMON)
		record->trust = TRUST_DAEMON;
	record->whole_event = !entry->audit_id.len;
	return DRESS_DONE;
}

/* Whose messages may hold audit records. Anywhere else, text that looks like one stays text. */
static bool relays_audit(struct span program)
{
	return span_equal(program, SPAN("kernel")) || span_equal(program, SPAN("audispd")) ||
	       span_equal(program, SPAN("auditd")) || span_starts(program, SPAN("audisp"));
}

enum dress_result decode_journal_entry(const struct document *document, const struct journal_entry *entry,
				       struct queue *queue)
{
	uint64_t pid = 0;
	bool kernel = span_equal(entry->transport, SPAN("kernel"));
	bool root = span_equal(entry->uid, SPAN("0"));
	struct carried carried = {
		.line = { .host = entry->hostname,
			  .program = entry->identifier.len ? entry->identifier : entry->comm,
			  .message = entry->message,
			  .time_ms = time_of(entry) },
		.trust = root ? TRUST_DAEMON : TRUST_ANY_USER,
	};

	if (span_equal(entry->transport, SPAN("audit")))
		return audit_entry(document, entry, queue);
	if (kernel && !carried.line.program.len)
		carried.line.program = SPAN("kernel");
	/* User space can write to /dev/kmsg as root; journald takes the tag of such lines for the identifier. */
	if (kernel)
		carried.trust = span_equal(carried.line.program, SPAN("kernel")) ? TRUST_KERNEL : TRUST_DAEMON;
	if (span_decimal(entry->pid, &pid) && pid <= UINT32_MAX)
		carried.line.pid = (uint32_t)pid;
	if ((kernel || root) && relays_audit(carried.line.program)) {
		enum dress_result result = carried_audit(document, &carried, queue);
		if (result == DRESS_DONE)
			return result;
	}
	return carried_log(document, &carried, queue);
}
