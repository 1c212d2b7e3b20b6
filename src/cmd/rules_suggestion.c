#include "cmd/rules_suggestion.h"

#include <inttypes.h>
#include <time.h>

#include "base/hash.h"
#include "sink/escape.h"

/* ---- why not ---- */

/* Where the list of that name says so, and where no list can be asked. */
static bool is_temporary(struct span path, const struct sigma_rules *rules)
{
	static const struct span known[] = { SPAN("/tmp/"), SPAN("/var/tmp/"), SPAN("/dev/shm/"), SPAN("/run/user/") };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (span_starts(path, known[i]))
			return true;
	for (size_t i = 0; i < rules->placeholder_count; i++)
		for (size_t j = 0; j < rules->placeholders[i].count; j++)
			if (span_equal(rules->placeholders[i].name, SPAN("temporary_directories")) &&
			    span_starts(path, rules->placeholders[i].values[j]))
				return true;
	return false;
}

static bool is_one_of(struct span name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal(name, span_of(names[i])))
			return true;
	return false;
}

/* "python3.11" and its like. */
static bool is_interpreter(struct span exe)
{
	static const char *const names[] = { "python", "perl", "ruby", "php",	"node",	  "nodejs", "lua",     "tclsh",
					     "bash",   "dash", "sh",   "zsh",	"ksh",	  "fish",   "busybox", "java",
					     "awk",    "gawk", "mawk", "guile", "expect", "env" };
	struct span name = span_basename(exe);

	while (name.len && name.data[name.len - 1] <= '9' && strchr("0123456789.-", name.data[name.len - 1]))
		name.len--;
	return is_one_of(name, names, sizeof(names) / sizeof(names[0]));
}

/* Whose use says nothing of who uses it. */
static bool is_for_anything(struct span exe)
{
	static const char *const names[] = { "cat",  "dd",  "grep",    "egrep", "fgrep", "rg",	"head", "tail", "sed",
					     "od",   "xxd", "hexdump", "cp",	"mv",	 "tee", "less", "more", "cut",
					     "sort", "tar", "base64",  "find",	"xargs", "nc",	"ncat", "vim",	"vi",
					     "nano", "tac", "strings", "rsync", "socat", "zip", "gzip", "curl", "wc" };

	return is_one_of(span_basename(exe), names, sizeof(names) / sizeof(names[0]));
}

/* What cannot be shown as it is, cannot be read and judged by who is to put it into a folder of rules. */
static bool is_plain(struct span text)
{
	struct buffer shown = { 0 };

	escape_terminal(&shown, text, 0, true);
	bool plain = !shown.failed && span_equal(buffer_span(&shown), text);
	buffer_finish(&shown);
	return plain;
}

static const char *refusal_of_place(struct span path, const struct sigma_rules *rules)
{
	if (path.data[0] != '/' || span_ends(path, SPAN(" (deleted)")) || span_starts(path, SPAN("/memfd:")))
		return "its program or script is no file at a place that is known";
	if (is_temporary(path, rules))
		return "its program or script lies in a directory that anyone can write";
	return is_plain(path) ? NULL : "the name of its program or script holds characters that do not show";
}

static const char *refusal_of_actor(const struct access *access, const struct sigma_rules *rules)
{
	const struct process *actor = &access->actor;
	const char *why;

	if (!actor->exe.len)
		return "the log does not say which program it was";
	why = refusal_of_place(actor->exe, rules);
	if (!why && actor->script.len)
		why = refusal_of_place(actor->script, rules);
	if (why)
		return why;
	if (!access->trusted_exe || (actor->script.len && actor->script_uid != 0))
		return "others than root could have written its program or script";
	if (is_interpreter(actor->exe) && !actor->script.len)
		return "the program is an interpreter, and the log does not say which script it ran";
	if (is_for_anything(actor->exe))
		return "the program does what it is told, whoever tells it: the filter would be for everybody";
	return NULL;
}

static const char *refusal_of_access(const struct access *access)
{
	bool memory = access->entry == ENTRY_NONE || entry_tier(access->entry) == ENTRY_TIER_MEMORY ||
		      entry_tier(access->entry) == ENTRY_TIER_SYSTEM;

	if (access->verb == VERB_EXEC || access->verb == VERB_LOG)
		return "it is a command or a log line that names something: there is no access to describe";
	if (access->verb == VERB_WRITE)
		return "it is a file that was written: there is no access to describe";
	if (access->verb != VERB_OPEN || memory || access->write)
		return "it reaches the memory itself: nobody but a debugger should, and that is told by a rule of its "
		       "own";
	if (!access->certain)
		return "it is not certain which process and entry was meant";
	if (access->trust == TRUST_ANY_USER)
		return "any user could have written this record";
	return is_plain(access->target.exe) && is_plain(access->target.comm)
		       ? NULL
		       : "the target's name holds characters that do not show";
}

static const struct sigma_rule *rule_of(const struct sigma_rules *rules, struct span id)
{
	for (size_t i = 0; id.len && i < rules->count; i++)
		if (span_equal(rules->items[i].id, id))
			return &rules->items[i];
	return NULL;
}

const char *suggestion_refusal(const struct finding *finding, const struct sigma_rules *rules)
{
	const struct sigma_rule *rule = rule_of(rules, finding->rule_id);
	const char *why = refusal_of_access(&finding->access);

	if (finding->suppressed_by.data)
		return "a filter takes it already";
	if (finding->access.self)
		return "it is the process's own: no finding";
	if (!why)
		why = refusal_of_actor(&finding->access, rules);
	if (why)
		return why;
	if (!rule)
		return "the rule that made it has no id";
	if (rule->document != SIGMA_DETECTION)
		return "several accesses together made it: a filter can only take one of them from the rules that are "
		       "correlated (`proctor rules show` names them)";
	return NULL;
}

/* ---- the filter ---- */

/* In YAML's single quotes a quote is doubled; in Sigma a backslash stands before what would be a wildcard. */
static void put_quoted(struct buffer *to, struct span value, bool is_pattern)
{
	for (size_t i = 0; i < value.len; i++) {
		char byte = value.data[i];
		if (is_pattern && (byte == '*' || byte == '?' || byte == '\\'))
			buffer_add_byte(to, '\\');
		if (byte == '\'')
			buffer_add_byte(to, '\'');
		buffer_add_byte(to, byte);
	}
}

static void put_value(struct buffer *to, const char *key, struct span value)
{
	buffer_printf(to, "        %s: '", key);
	put_quoted(to, value, true);
	buffer_text(to, "'\n");
}

/* A target that is not known is not every target. */
static void put_target(struct buffer *to, const struct process *target)
{
	if (!target->exe.len && !target->comm.len)
		buffer_text(to, "        # the log does not say what it was: only such targets are meant\n"
				"        TargetImage: null\n        TargetName: null\n");
	if (target->exe.len)
		put_value(to, "TargetImage|cased", target->exe);
	if (target->comm.len)
		put_value(to, "TargetName|cased", target->comm);
}

/* Of a UUID's form (RFC 9562, version 8), by what the filter is for. */
static void put_id(struct buffer *to, const struct finding *finding)
{
	const struct access *access = &finding->access;
	uint64_t high = hash_join(hash_bytes(access->actor.exe), hash_bytes(access->actor.script));
	uint64_t low = hash_join(hash_bytes(access->target.exe), hash_bytes(access->target.comm));

	high = hash_join(high, hash_bytes(finding->rule_id));
	low = hash_join(low, (uint64_t)access->entry);
	buffer_printf(to, "id: %08" PRIx64 "-%04" PRIx64 "-8%03" PRIx64 "-%x%03" PRIx64 "-%012" PRIx64 "\n", high >> 32,
		      high >> 16 & 0xffff, high & 0xfff, (unsigned)(8 | (low >> 62)), low >> 48 & 0xfff,
		      low & 0xffffffffffff);
}

static void put_title(struct buffer *to, const struct access *access)
{
	struct span actor = span_basename(access->actor.script.len ? access->actor.script : access->actor.exe);
	struct span target = access->target.comm.len ? access->target.comm : span_basename(access->target.exe);
	const struct span parts[] = { span_first(actor, 64), SPAN(" reads "), span_of(entry_name(access->entry)),
				      SPAN(" of "), target.len ? span_first(target, 64) : SPAN("what is not known") };

	buffer_text(to, "title: '");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		put_quoted(to, parts[i], false);
	buffer_text(to, "'\n");
}

static void put_head(struct buffer *to, const struct finding *finding, int64_t now_ms)
{
	time_t seconds = (time_t)(now_ms / 1000);
	struct tm tm;

	buffer_printf(to,
		      "# For finding %s. Say in the description why this is normal on which hosts, and what shows it;\n"
		      "# then put the file into a folder of rules (proctor-rules(1)).\n",
		      finding->id);
	if (finding->credentials)
		buffer_text(to,
			    "# The target holds credentials: nothing that only may be normal should be taken here.\n");
	put_title(to, &finding->access);
	put_id(to, finding);
	buffer_text(to, "status: experimental\ndescription: ''\n");
	if (gmtime_r(&seconds, &tm))
		buffer_printf(to, "date: %04d-%02d-%02d\n", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

void suggestion_write(struct buffer *to, const struct finding *finding, int64_t now_ms)
{
	const struct access *access = &finding->access;

	put_head(to, finding, now_ms);
	buffer_text(to,
		    "logsource:\n    product: linux\n    category: process_access\nfilter:\n    rules:\n        - ");
	buffer_add(to, finding->rule_id);
	buffer_text(to, "\n    selection:\n");
	put_value(to, "SourceImage|cased", access->actor.exe);
	if (access->actor.script.len) {
		put_value(to, "SourceScript|cased", access->actor.script);
		put_value(to, "SourceScriptUser", SPAN("0"));
	}
	put_value(to, "SourceTrusted", SPAN("true"));
	put_value(to, "AccessType", span_of(verb_name(access->verb)));
	put_value(to, "AccessMode", access->path_only ? SPAN("path") : SPAN("read"));
	put_value(to, "ProcEntry", span_of(entry_name(access->entry)));
	put_value(to, "Certain", SPAN("true"));
	put_target(to, &access->target);
	buffer_text(to, "        Trust:\n            - kernel\n            - daemon\n    condition: selection\n");
}
