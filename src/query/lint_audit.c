/*
 * Rules for searches on audit records. What the kernel writes:
 *
 * type=SYSCALL msg=audit(1:2): … ppid=10 pid=11 auid=1000 uid=0 … comm="cat" exe="/usr/bin/cat" key="procfs"
 * type=PATH msg=audit(1:2): item=0 name="/proc/12/mem" inode=… nametype=NORMAL …
 *
 * A value with a blank, a quote or a byte outside of ASCII is written in hex,
 * without quotes. hostname=, addr=, acct= are of records that programs write.
 */
#include "query/lint_parts.h"

static char at(struct span text, size_t i)
{
	return i < text.len ? text.data[i] : '\0';
}

static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_';
}

/* Whether what stands before `i` holds off a letter: a blank, \b, a closed group or class, other punctuation. */
static bool is_bounded(struct span text, size_t i)
{
	char before = at(text, i - 1), earlier = i > 1 ? at(text, i - 2) : '\0';

	if (i == 0)
		return false;
	if (earlier == '\\')
		return strchr("bsWtnr", before) || !is_word_byte(before);
	return !strchr("(|>*+?.", before) && !(before == ':' && earlier == '?');
}

enum boundary { ANY, UNBOUNDED };

/* Where `key` (with its =) stands as a whole, or text.len. UNBOUNDED: only where it may match inside a longer one. */
static size_t find_key(struct span text, struct span key, enum boundary boundary)
{
	for (size_t from = 0; from < text.len;) {
		struct span rest = span_skip(text, from);
		size_t found = span_find(rest, key);
		if (found == rest.len)
			break;
		size_t i = from + found;
		bool escaped = i > 1 && text.data[i - 2] == '\\' && (i < 3 || text.data[i - 3] != '\\');
		bool is_part = i > 0 && is_word_byte(text.data[i - 1]) && !escaped;
		if (!is_part && (boundary == ANY || !is_bounded(text, i)))
			return i;
		from = i + key.len;
	}
	return text.len;
}

/* ---- keys inside of longer keys ---- */

static const struct shadow {
	const char *code;
	struct span key;
	const char *longer, *harm;
} shadows[] = {
	{ "pid-in-ppid", SPAN("pid="), "ppid=", "the parent's" },
	{ "uid-in-auid", SPAN("uid="), "auid=, ouid=", "the login's or the file's owner's" },
	{ "gid-in-egid", SPAN("gid="), "ogid=", "the file's" },
	{ "name-in-hostname", SPAN("name="), "hostname=", "the host's" },
	{ "comm-in-ocomm", SPAN("comm="), "ocomm=", "the other process's" },
};

static void check_shadow(struct lint *lint, const struct lint_pattern *pattern, const struct shadow *shadow)
{
	struct span text = pattern->text;
	size_t found = find_key(text, shadow->key, UNBOUNDED);
	bool is_quoted = at(text, found + shadow->key.len) == '"' || at(text, found + shadow->key.len) == '\\';

	/* hostname= and ogid= stand behind what is looked for, where the value is no quoted one */
	if (found == text.len || (is_quoted && span_equal(shadow->key, SPAN("name="))))
		return;
	struct place_in_text place = lint_place(pattern, found, shadow->key.len);
	struct lint_finding *finding = lint_add(lint, shadow->code, &place);
	lint_say(finding, "%s also matches inside %s, which may come first: this takes %s", shadow->key.data,
		 shadow->longer, shadow->harm);
	lint_rewrite(finding, pattern, found, 0, pattern->is_regex ? "(?:^|\\s)" : " ");
}

/* ---- keys that not every record has ---- */

static const struct optional {
	struct span key;
	const char *where;
} optional[] = {
	{ SPAN("hostname="), "only records of programs (login, sudo, sshd) have it" },
	{ SPAN("addr="), "only records of programs have it" },
	{ SPAN("terminal="), "only records of programs have it" },
	{ SPAN("acct="), "only records of programs have it" },
	{ SPAN("res="), "only records of programs have it" },
	{ SPAN("op="), "few records have it" },
	{ SPAN("key=\\\""), "a record that no rule with a key made says key=(null)" },
};

static void append_nodrop(struct lint_finding *finding, const struct operator* operator)
{
	lint_append(finding, operator->text);
	lint_append(finding, SPAN(" nodrop"));
}

static void check_optional(struct lint *lint, const struct lint_pattern *pattern)
{
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		size_t found = find_key(pattern->text, optional[i].key, ANY);
		if (found == pattern->text.len)
			continue;
		struct place_in_text place = lint_place(pattern, found, optional[i].key.len);
		struct lint_finding *finding = lint_add(lint, "nodrop-missing", &place);
		int len = (int)span_index(optional[i].key, '\\');
		lint_say(finding, "without nodrop every message that has no %.*s is dropped; %s", len,
			 optional[i].key.data, optional[i].where);
		append_nodrop(finding, pattern->operator);
	}
}

static void check_hostname(struct lint *lint, const struct lint_pattern *pattern)
{
	size_t found = find_key(pattern->text, SPAN("hostname="), ANY);

	if (found == pattern->text.len)
		return;
	struct place_in_text place = lint_place(pattern, found, 9);
	struct lint_finding *finding = lint_add(lint, "hostname-never", &place);
	lint_say(finding,
		 "no record of a file access has hostname=, the kernel does not write it; the host is _sourceHost");
	lint_append(finding, SPAN("_sourceHost as hostname"));
}

/* ---- values in quotes ---- */

static const struct span untrusted[] = { SPAN("exe="), SPAN("name="), SPAN("comm="), SPAN("cwd="), SPAN("proctitle=") };

/* `\"(?<x>[^\"]+)\"` becomes `\"?(?<x>[^\"\s]+)`. */
static void rewrite_unquoted(struct lint_finding *finding, const struct lint_pattern *pattern, size_t quote)
{
	struct span text = pattern->text;
	size_t class = quote + 2 + span_find(span_skip(text, quote + 2), SPAN("[^\\\"]+)\\\""));

	if (!pattern->is_regex || class >= text.len ||
	    span_find(span_skip(span_first(text, class), quote + 2), SPAN("[")) < class - quote - 2)
		return;
	struct span whole = pattern->operator->text;
	size_t start = (size_t)(text.data - whole.data);
	lint_append(finding, span_first(whole, start + quote + 2));
	lint_append(finding, SPAN("?"));
	lint_append(finding, (struct span){ text.data + quote + 2, class - quote - 2 });
	lint_append(finding, SPAN("[^\\\"\\s]+)"));
	lint_append(finding, span_skip(whole, start + class + sizeof("[^\\\"]+)\\\"") - 1));
}

static void check_quotes(struct lint *lint, const struct lint_pattern *pattern)
{
	struct span text = pattern->text;

	for (size_t i = 0; i < sizeof(untrusted) / sizeof(untrusted[0]); i++) {
		size_t found = find_key(text, untrusted[i], ANY), quote = found + untrusted[i].len;
		if (found == text.len || at(text, quote) != '\\' || at(text, quote + 1) != '"')
			continue;
		if (pattern->is_regex && at(text, quote + 2) == '?')
			continue;
		struct place_in_text place = lint_place(pattern, found, untrusted[i].len + 2);
		struct lint_finding *finding = lint_add(lint, "hex-missed", &place);
		lint_say(finding,
			 "a value with a blank, a quote or a byte that is not ASCII is written as hex without quotes: "
			 "this misses it");
		rewrite_unquoted(finding, pattern, quote);
	}
}

/* ---- /proc/ID ---- */

/* The length of what stands for digits at `i`, with the name of its group: \d+ [0-9]+ (?<x>\d+); or 0. *group: the name's part. */
static size_t digits_len(struct span text, size_t i, size_t *group)
{
	static const struct span forms[] = { SPAN("\\d+"), SPAN("\\d*"), SPAN("[0-9]+"), SPAN("[0-9]*"),
					     SPAN("\\d{1,") };
	size_t from = i;

	if (span_starts(span_skip(text, i), SPAN("(?<")))
		from += span_index(span_skip(text, i), '>') + 1;
	*group = from - i;
	for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++)
		if (span_starts(span_skip(text, from), forms[k]))
			return *group + forms[k].len;
	return 0;
}

static void check_proc(struct lint *lint, const struct lint_pattern *pattern)
{
	struct span text = pattern->text;
	size_t escaped = span_find(text, SPAN("\\/proc\\/")), plain = span_find(text, SPAN("/proc/"));
	bool is_escaped = escaped < plain;
	size_t found = is_escaped ? escaped : plain, digits = found + (is_escaped ? 8 : 6), group = 0;

	if (found >= text.len || span_find(text, SPAN("self")) < text.len)
		return;
	size_t len = digits_len(text, digits, &group);
	if (len == 0)
		return;
	struct place_in_text place = lint_place(pattern, found, digits + len - found);
	struct lint_finding *finding = lint_add(lint, "proc-spellings", &place);
	lint_say(finding, "misses /proc/self, /proc/thread-self, /proc/ID/task/TID, and names relative to cwd=");
	if (at(text, digits + len - 1) == ',')
		return;
	const char *task = is_escaped ? "(?:\\d+|self|thread-self)(?:\\/task\\/\\d+)?"
				      : "(?:\\d+|self|thread-self)(?:/task/\\d+)?";
	if (group)
		task = "(?:\\d+|self|thread-self)";
	lint_rewrite(finding, pattern, digits + group, len - group, task);
}

/* ---- exclusions ---- */

static void check_exclusion(struct lint *lint, const struct lint_pattern *pattern)
{
	struct span text = pattern->text;
	bool regex = pattern->is_regex && text.len > 1 && text.data[0] != '^' && at(text, text.len - 1) == '$';
	bool wildcard = !pattern->is_regex && span_starts(text, SPAN("*/")) && at(text, text.len - 1) != '*';
	struct span start = regex ? span_first(text, 2) : SPAN("");

	if (!pattern->is_excluded || (!wildcard && !span_equal(start, SPAN("\\/")) && at(start, 0) != '/'))
		return;
	struct place_in_text place = lint_place(pattern, 0, text.len);
	struct lint_finding *finding = lint_add(lint, "basename-exclusion", &place);
	lint_say(finding, "anybody can name a file so, in /tmp for one; exclude by the whole path, and know what else "
			  "it lets pass");
	if (wildcard)
		lint_rewrite(finding, pattern, 0, 2, "/usr/bin/");
	else
		lint_rewrite(finding, pattern, 0, 0, "^\\/usr\\/bin");
}

void lint_audit_pattern(struct lint *lint, const struct lint_pattern *pattern)
{
	if (pattern->matches) {
		check_proc(lint, pattern);
		check_exclusion(lint, pattern);
		return;
	}
	for (size_t i = 0; i < sizeof(shadows) / sizeof(shadows[0]); i++)
		check_shadow(lint, pattern, &shadows[i]);
	if (!pattern->operator->nodrop) {
		check_optional(lint, pattern);
		check_hostname(lint, pattern);
	}
	check_quotes(lint, pattern);
	if (pattern->is_regex)
		check_proc(lint, pattern);
}

/* ---- all stages ---- */

static bool is_raw(const struct operator* operator)
{
	return !operator->expr || span_equal_nocase(operator->expr->text, SPAN("_raw"));
}

/* The first stage without nodrop that parses one of the keys from the whole message. */
static const struct operator* find_stage(const struct lint *lint, const struct span *keys, size_t count)
{
	for (const struct operator* operator= lint->query->first; operator; operator= operator->next) {
		bool parses = operator->kind == OPERATOR_PARSE_REGEX || operator->kind == OPERATOR_PARSE_ANCHOR;
		if (!parses || operator->nodrop || !is_raw(operator))
			continue;
		for (size_t i = 0; i < operator->pattern_count; i++)
			for (size_t k = 0; k < count; k++)
				if (find_key(operator->patterns[i], keys[k], ANY) < operator->patterns[i].len)
					return operator;
	}
	return NULL;
}

void lint_audit_stages(struct lint *lint)
{
	static const struct span of_syscall[] = { SPAN("exe="), SPAN("comm="), SPAN("syscall="), SPAN("ppid=") };
	static const struct span of_path[] = { SPAN("name=\""), SPAN("nametype="), SPAN("inode="), SPAN("item=") };
	const struct operator* syscall = find_stage(lint, of_syscall, sizeof(of_syscall) / sizeof(of_syscall[0]));
	const struct operator* path = find_stage(lint, of_path, sizeof(of_path) / sizeof(of_path[0]));

	if (!syscall || !path || syscall == path)
		return;
	const struct operator* later = syscall->place.offset> path->place.offset ? syscall : path;
	struct lint_finding *finding = lint_add(lint, "single-record", &later->place);
	lint_say(finding,
		 "exe= is of a SYSCALL record and name= of a PATH record: where a message is one record none has both; "
		 "run with --assemble, or parse with nodrop");
	append_nodrop(finding, later);
}
