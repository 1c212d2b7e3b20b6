/*
 * command: what was executed, and what a command line alone tells. A name of
 * a procfs entry among the arguments is evidence of intent, never proof.
 */
#include "model/fields.h"
#include "resolve/resolver.h"

#define MENTIONS_MAX 4
#define HANDED_MAX 8 /* arguments: the options of "env -S" stand before the script */

/* A path may begin behind these in an argument: if=/proc/…, "cat </proc/…", a:/proc/… */
static bool is_boundary(char c)
{
	return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
		 c == '-' || c == '~');
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
	       c == '-' || c == '/';
}

/* "*" and "[0-9]*" stand for every process. */
static size_t read_glob(struct span text)
{
	if (span_starts(text, SPAN("*")))
		return 1;
	return span_starts(text, SPAN("[0-9]*")) ? 6 : 0;
}

/* /proc/<pid>/mem, /proc/<pid>/task/<tid>/maps, /proc/<any>/environ at the start of text. */
static bool read_mention(struct span text, struct place *place)
{
	struct span rest = span_skip(text, 6);
	size_t glob = read_glob(rest);
	size_t len = 0;

	if (glob) {
		struct span entry = span_skip(rest, glob + 1);
		while (len < entry.len && is_name_byte(entry.data[len]))
			len++;
		*place = (struct place){ .kind = PLACE_ENTRY, .pid = UNKNOWN_ID, .tid = UNKNOWN_ID };
		place->entry = rest.len > glob && rest.data[glob] == '/' ? entry_from_name(span_first(entry, len))
									 : ENTRY_NONE;
	} else {
		while (len < text.len && is_name_byte(text.data[len]))
			len++;
		*place = place_of(span_first(text, len));
	}
	return place->kind == PLACE_ENTRY && place->entry != ENTRY_NONE && !place->self &&
	       entry_tier(place->entry) <= ENTRY_TIER_SECRET;
}

/* Whether text tells of an access by name; *at and *place say where and what. */
static bool find_mention(struct span text, size_t *at, struct place *place)
{
	for (size_t from = *at; from < text.len;) {
		size_t found = from + span_find(span_skip(text, from), SPAN("/proc/"));
		if (found >= text.len)
			return false;
		from = found + 6;
		if (found && text.data[found - 1] != '/' && !is_boundary(text.data[found - 1]))
			continue;
		if (read_mention(span_skip(text, found), place)) {
			*at = from;
			return true;
		}
	}
	return false;
}

static void add_mention(struct resolver *resolver, const struct place *place, struct span path)
{
	bool foreign = (resolver->actor && resolver->actor->foreign_pids) || resolver_has_own_proc(resolver);
	uint64_t pid = foreign ? UNKNOWN_ID : place->pid;

	if (pid == resolver->call.actor.pid && pid != UNKNOWN_ID)
		return;
	struct access *access = resolver_add(resolver, SIGHTING_ACCESS, VERB_EXEC);
	if (!access)
		return;
	access->entry = place->entry;
	access->path = path;
	access->resolved_by = RESOLVED_COMMAND;
	access->certain = false;
	access->outcome = 0;
	resolver_target(resolver, access, pid);
	if (pid != UNKNOWN_ID)
		access->resolved_path = path;
}

static bool is_told(const struct place *told, size_t count, const struct place *place)
{
	for (size_t i = 0; i < count; i++)
		if (told[i].pid == place->pid && told[i].entry == place->entry)
			return true;
	return false;
}

static size_t add_mentions(struct resolver *resolver, struct span text)
{
	struct place told[MENTIONS_MAX], place;
	size_t count = 0, at = 0;

	while (count < MENTIONS_MAX && find_mention(text, &at, &place)) {
		size_t start = at - 6, len = 0;
		while (start + len < text.len &&
		       (is_name_byte(text.data[start + len]) || strchr("*[]", text.data[start + len])) &&
		       text.data[start + len])
			len++;
		if (is_told(told, count, &place))
			continue;
		told[count++] = place;
		add_mention(resolver, &place, span_first(span_skip(text, start), len));
	}
	return resolver->count;
}

static struct span join_arguments(struct resolver *resolver, const struct span *arguments, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += arguments[i].len + 1;
	char *room = len ? arena_alloc(&resolver->arena, len) : NULL;
	if (!room)
		return (struct span){ 0 };
	char *at = room;
	for (size_t i = 0; i < count; i++) {
		if (arguments[i].len)
			memcpy(at, arguments[i].data, arguments[i].len);
		at += arguments[i].len;
		*at++ = ' ';
	}
	return (struct span){ room, len - 1 };
}

/*
 * The kernel ran a script when PATH item 0, the file that execve was asked
 * for, comes back as an argument behind the interpreter (fs/binfmt_script.c
 * puts it there). argv alone proves nothing: anyone can write it.
 */
static bool is_script(const struct path_item *item, const struct span *arguments, size_t count)
{
	for (size_t i = 1; i < count && i < 3; i++)
		if (item->name.len && span_equal(arguments[i], item->name))
			return !span_equal(arguments[0], item->name);
	return false;
}

/* "#!/usr/bin/env python3": env executes the interpreter, and the script's name is among the arguments again. */
static void take_handed(struct resolver *resolver, const struct span *arguments, size_t count)
{
	struct known_process *process = resolver->actor;
	struct base base;

	for (size_t i = 1; i < count && i < HANDED_MAX && process->handed.len; i++) {
		if (!resolver_walk(resolver, arguments[i], DIRFD_CWD, &base) ||
		    !span_equal(path_text(&resolver->walk), memo_span(&process->handed)))
			continue;
		memo_set(&resolver->history, &process->script, memo_span(&process->handed), 4096);
		process->script_uid = process->handed_uid;
		break;
	}
}

static bool is_env(struct span exe)
{
	return span_equal(exe, SPAN("/usr/bin/env")) || span_equal(exe, SPAN("/bin/env"));
}

static void learn_exec(struct resolver *resolver, const struct span *arguments, size_t count, struct span cmdline)
{
	struct known_process *process = resolver->actor;
	struct history *history = &resolver->history;
	const struct call *call = &resolver->call;
	struct base base;

	process->executed = true;
	process->generation++;
	process->start_ms = resolver->event->time_ms;
	process->command_told = false;
	process->script_uid = process->exe_uid = UNKNOWN_ID;
	memo_set(history, &process->cmdline, cmdline, 4096);
	memo_set(history, &process->script, (struct span){ 0 }, 0);
	if (!call->path_count)
		return;
	const struct path_item *item = &call->paths[0];
	if (!is_script(item, arguments, count)) {
		process->exe_uid = item->has_uid ? item->uid : UNKNOWN_ID;
		process->exe_mode = item->mode;
		take_handed(resolver, arguments, count);
		memo_set(history, &process->handed, (struct span){ 0 }, 0);
		return;
	}
	if (resolver_walk(resolver, item->name, DIRFD_CWD, &base))
		memo_set(history, &process->script, path_text(&resolver->walk), 4096);
	process->script_uid = process->handed_uid = item->has_uid ? item->uid : UNKNOWN_ID;
	memo_set(history, &process->handed,
		 is_env(memo_span(&process->exe)) ? memo_span(&process->script) : (struct span){ 0 }, 4096);
	if (call->path_count > 1 && call->paths[1].has_uid) {
		process->exe_uid = call->paths[1].uid;
		process->exe_mode = call->paths[1].mode;
	}
}

void resolve_exec(struct resolver *resolver)
{
	struct span arguments[ARGUMENTS_MAX];

	if (resolver->call.failed || !resolver->actor)
		return;
	size_t count = call_arguments(resolver->event, &resolver->arena, arguments, ARGUMENTS_MAX);
	struct span cmdline = join_arguments(resolver, arguments, count);
	learn_exec(resolver, arguments, count, cmdline);
	if (span_equal(span_basename(memo_span(&resolver->actor->exe)), SPAN("auditctl")))
		learn_rule(resolver, arguments, count);
	size_t before = resolver->count;
	if (add_mentions(resolver, cmdline) > before) {
		resolver->actor->command_told = true;
		return;
	}
	struct access *access = resolver_add(resolver, SIGHTING_EXECUTION, VERB_EXEC);
	if (access) {
		access->resolved_by = RESOLVED_NONE;
		access->certain = true;
	}
}

/* sudo's own word of what it runs: USER_CMD … cmd=2F746D70… */
static void resolve_user_command(struct resolver *resolver)
{
	struct field field;

	if (!field_find(resolver->call.note, SPAN("msg"), &field))
		return;
	struct span message = field.value;
	if (!field_find(message, SPAN("cmd"), &field))
		return;
	struct span command = field_text(&field, &resolver->arena);
	size_t before = resolver->count;
	if (add_mentions(resolver, command) == before)
		resolver_add(resolver, SIGHTING_EXECUTION, VERB_EXEC);
	for (size_t i = before; i < resolver->count; i++)
		resolver->sightings[i].actor.cmdline = command;
}

/*
 * An event that gave nothing else: its title may name an entry, and its
 * program may be one that was not seen to start.
 */
void resolve_command(struct resolver *resolver)
{
	struct known_process *actor = resolver->actor;

	if (resolver->call.note_type == AUDIT_TYPE_USER_CMD) {
		resolve_user_command(resolver);
		return;
	}
	if (!actor || actor->command_told)
		return;
	if (!actor->executed && add_mentions(resolver, call_title(&resolver->call, &resolver->arena))) {
		actor->command_told = true;
		return;
	}
	if (resolver->news)
		resolver_add(resolver, SIGHTING_EXECUTION, VERB_EXEC);
}
