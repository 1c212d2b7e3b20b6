/*
 * Microsoft Defender for Endpoint's advanced hunting tables, as the portal,
 * the API and the streaming API export them (learn.microsoft.com,
 * defender-xdr/advanced-hunting-device{process,file,network}events-table):
 *
 *   Timestamp,DeviceName,ActionType,FileName,FolderPath,ProcessId,ProcessCommandLine,…
 *   2024-03-01T10:11:12.1234567Z,web1,ProcessCreated,cat,/usr/bin/cat,4711,"cat /proc/12/maps",…
 *
 * The sensor tells processes and files, not system calls, so the records that
 * come of a row say op= instead of syscall=:
 *
 *   process   SYSCALL op=exec (the new process), EXECVE, PROCTITLE
 *   file      SYSCALL op=open (the initiating process), PATH with action=, PROCTITLE
 *   network   a log line of the initiating process
 *
 * A file's FolderPath is the whole path on Linux; where it is the folder, the
 * name is added.
 */
#include "decode/canonical.h"
#include "decode/defender_stamp.h"
#include "model/fields.h"

#define COMM_MAX_LEN 15 /* TASK_COMM_LEN without its NUL */

enum table { TABLE_NONE, TABLE_PROCESS, TABLE_FILE, TABLE_NETWORK, TABLE_OTHER };

struct row {
	const struct document *document;
	const struct defender_row *columns;
	struct queue *queue;
};

static struct span column(const struct row *row, const char *name)
{
	return row->columns->column(row->columns->row, span_of(name));
}

/* The first of two names that has a value: the later schema renamed some. */
static struct span either(const struct row *row, const char *name, const char *other)
{
	struct span value = column(row, name);

	return value.len ? value : column(row, other);
}

static bool table_from_name(struct span name, enum table *table)
{
	static const struct {
		struct span name;
		enum table table;
	} tables[] = {
		{ SPAN("DeviceProcessEvents"), TABLE_PROCESS }, { SPAN("DeviceFileEvents"), TABLE_FILE },
		{ SPAN("DeviceNetworkEvents"), TABLE_NETWORK }, { SPAN("DeviceEvents"), TABLE_OTHER },
		{ SPAN("DeviceLogonEvents"), TABLE_OTHER },	{ SPAN("ProcessCreationEvents"), TABLE_PROCESS },
		{ SPAN("FileCreationEvents"), TABLE_FILE },	{ SPAN("NetworkCommunicationEvents"), TABLE_NETWORK },
	};

	if (span_starts(name, SPAN("AdvancedHunting-")))
		name = span_skip(name, 16);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (span_equal(name, tables[i].name)) {
			*table = tables[i].table;
			return true;
		}
	*table = TABLE_NONE;
	return name.len > 0;
}

/* Rows of a portal export do not name their table; ActionType does, or else what is filled in. */
static enum table table_of(const struct row *row)
{
	struct span action = column(row, "ActionType");
	enum table table;

	if (table_from_name(either(row, "category", "Type"), &table))
		return table;
	if (span_starts(action, SPAN("Connection")) || span_find(action, SPAN("Connection")) < action.len ||
	    column(row, "RemoteIP").len || column(row, "RemoteUrl").len)
		return TABLE_NETWORK;
	if (span_equal(action, SPAN("ProcessCreated")))
		return TABLE_PROCESS;
	if (span_starts(action, SPAN("File")))
		return TABLE_FILE;
	if (action.len)
		return TABLE_OTHER;
	if (column(row, "ProcessCommandLine").len || column(row, "ProcessId").len)
		return TABLE_PROCESS;
	return column(row, "FolderPath").len || column(row, "FileName").len ? TABLE_FILE : TABLE_NONE;
}

/* "4711", or "4711.0" where a table with gaps went through a data frame. */
static bool number_of(struct span text, uint64_t *value)
{
	size_t used = span_decimal(text, value);

	return used && (used == text.len || text.data[used] == '.');
}

static void add_number(struct buffer *body, const char *name, struct span text)
{
	uint64_t value;

	if (number_of(text, &value) && value <= INT64_MAX)
		field_add_number(body, name, (int64_t)value);
}

static struct span path_of(const struct row *row, struct span folder, struct span name)
{
	struct buffer *body = &row->queue->body;

	if (!folder.len || !name.len)
		return folder.len ? folder : name;
	if (span_equal(span_basename(folder), name))
		return folder;
	struct span path = { arena_alloc(&row->queue->arena, folder.len + 1 + name.len), 0 };
	char *to = (char *)path.data;
	if (!to) {
		body->failed = true;
		return folder;
	}
	memcpy(to, folder.data, folder.len);
	path.len = folder.len;
	if (to[path.len - 1] != '/')
		to[path.len++] = '/';
	memcpy(to + path.len, name.data, name.len);
	path.len += name.len;
	return path;
}

static void add_text(struct buffer *body, const char *name, struct span value)
{
	if (value.len)
		field_add_text(body, name, value);
}

/* Who it is: only root's number is known from a name. */
static void add_account(struct buffer *body, struct span account)
{
	uint64_t uid;

	if (span_equal(account, SPAN("root")))
		field_add_number(body, "uid", 0);
	else if (account.len && span_decimal(account, &uid) == account.len && uid <= UINT32_MAX)
		field_add_number(body, "uid", (int64_t)uid);
	add_text(body, "acct", account);
}

static void add_program(const struct row *row, struct span folder, struct span name)
{
	struct buffer *body = &row->queue->body;
	struct span exe = path_of(row, folder, name);

	add_text(body, "comm", span_first(name.len ? name : span_basename(exe), COMM_MAX_LEN));
	add_text(body, "exe", exe);
}

/*
 * Takes the next word of a command line; quotes hold words together and go. A
 * quote that nothing closes is a letter. `room` has space for all of `rest`.
 */
static bool next_word(struct span *rest, char *room, struct span *word)
{
	size_t len = 0, i = 0;

	while (rest->len && (rest->data[0] == ' ' || rest->data[0] == '\t'))
		*rest = span_skip(*rest, 1);
	if (!rest->len)
		return false;
	while (i < rest->len && rest->data[i] != ' ' && rest->data[i] != '\t') {
		char c = rest->data[i++];
		struct span behind = span_skip(*rest, i);
		size_t quoted = c == '"' || c == '\'' ? span_index(behind, c) : behind.len;
		if (quoted == behind.len) {
			room[len++] = c;
			continue;
		}
		memcpy(room + len, behind.data, quoted);
		len += quoted;
		i += quoted + 1;
	}
	*word = (struct span){ room, len };
	*rest = span_skip(*rest, i);
	return true;
}

static void queue_execve(const struct row *row, struct span command)
{
	struct buffer *body = &row->queue->body;
	struct span rest = command, word;
	char *room = command.len ? arena_alloc(&row->queue->arena, command.len) : NULL;
	int64_t argc = 0;

	if (!room)
		return;
	while (next_word(&rest, room, &word))
		argc++;
	field_add_number(body, "argc", argc);
	rest = command;
	for (uint64_t i = 0; i < CANONICAL_ARGUMENTS_MAX && next_word(&rest, room, &word); i++)
		canonical_add_argument(body, i, word);
	canonical_queue(row->queue, row->document, AUDIT_TYPE_EXECVE);
}

static void queue_title(const struct row *row, struct span command)
{
	if (!command.len)
		return;
	field_add_text(&row->queue->body, "proctitle", command);
	canonical_queue(row->queue, row->document, AUDIT_TYPE_PROCTITLE);
}

static void queue_process(const struct row *row)
{
	struct buffer *body = &row->queue->body;
	struct span command = column(row, "ProcessCommandLine");

	field_add_plain(body, "op", SPAN("exec"));
	field_add_plain(body, "success", SPAN("yes"));
	add_number(body, "ppid", column(row, "InitiatingProcessId"));
	add_number(body, "pid", column(row, "ProcessId"));
	add_account(body, column(row, "AccountName"));
	add_program(row, column(row, "FolderPath"), column(row, "FileName"));
	canonical_queue(row->queue, row->document, AUDIT_TYPE_SYSCALL);
	queue_execve(row, command);
	queue_title(row, command);
}

static void queue_file(const struct row *row)
{
	struct buffer *body = &row->queue->body;

	field_add_plain(body, "op", SPAN("open"));
	field_add_plain(body, "success", SPAN("yes"));
	field_add_number(body, "items", 1);
	add_number(body, "ppid", column(row, "InitiatingProcessParentId"));
	add_number(body, "pid", column(row, "InitiatingProcessId"));
	add_account(body, column(row, "InitiatingProcessAccountName"));
	add_program(row, column(row, "InitiatingProcessFolderPath"), column(row, "InitiatingProcessFileName"));
	canonical_queue(row->queue, row->document, AUDIT_TYPE_SYSCALL);
	field_add_number(body, "item", 0);
	field_add_text(body, "name", path_of(row, column(row, "FolderPath"), column(row, "FileName")));
	add_text(body, "action", column(row, "ActionType"));
	canonical_queue(row->queue, row->document, AUDIT_TYPE_PATH);
	queue_title(row, column(row, "InitiatingProcessCommandLine"));
}

/* What the log line says: whom a process talked to, or the words of a row that is neither. */
static void build_message(const struct row *row, enum table table)
{
	static const char *const words[] = { "ActionType", "FolderPath", "FileName", "ProcessCommandLine",
					     "InitiatingProcessCommandLine" };
	struct buffer *body = &row->queue->body;
	struct span remote = either(row, "RemoteUrl", "RemoteIP"), port = column(row, "RemotePort");

	if (table == TABLE_NETWORK) {
		buffer_text(body, "connection to ");
		buffer_add(body, remote);
		if (port.len) {
			buffer_add_byte(body, ':');
			buffer_add(body, port);
		}
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct span word = column(row, words[i]);
		if (word.len && body->len)
			buffer_add_byte(body, ' ');
		buffer_add(body, word);
	}
}

static void queue_log(const struct row *row, enum table table)
{
	uint64_t pid;

	build_message(row, table);
	struct span message = queue_body(row->queue);
	struct record *record = canonical_record(row->queue, row->document);
	if (!record)
		return;
	record->kind = RECORD_LOG;
	record->program = column(row, "InitiatingProcessFileName");
	record->message = message;
	if (number_of(column(row, "InitiatingProcessId"), &pid) && pid <= UINT32_MAX)
		record->pid = (uint32_t)pid;
}

static int64_t time_of(const struct row *row)
{
	struct span text = either(row, "Timestamp", "TimeGenerated");
	int64_t time_ms;

	if (!text.len)
		text = either(row, "EventTime", "time");
	return defender_stamp(text, &time_ms) ? time_ms : TIME_UNKNOWN;
}

enum dress_result decode_defender(const struct document *document, const struct defender_row *columns,
				  struct queue *queue)
{
	struct row row = { document, columns, queue };
	size_t first = queue->count;
	uint64_t serial = 0;
	enum table table = table_of(&row);

	switch (table) {
	case TABLE_NONE:
		return DRESS_NO_EVENT;
	case TABLE_PROCESS:
		queue_process(&row);
		break;
	case TABLE_FILE:
		queue_file(&row);
		break;
	case TABLE_NETWORK:
	case TABLE_OTHER:
		queue_log(&row, table);
		break;
	}
	number_of(column(&row, "ReportId"), &serial);
	canonical_stamp(queue, first, either(&row, "DeviceName", "ComputerName"), time_of(&row), serial, true);
	return queue->count > first ? DRESS_DONE : DRESS_BROKEN;
}
