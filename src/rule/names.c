#include "rule/names.h"

#include "rule/pattern.h"

static const struct {
	struct span name;
	const char *what;
} tools[] = {
#define TOOL(name, what) { { name, sizeof(name) - 1 }, what },
#include "rule/names.def"
#undef TOOL
};

static const struct span holders[] = {
#define HOLDER(name) { name, sizeof(name) - 1 },
#include "rule/names.def"
#undef HOLDER
};

static const char *const debuggers[] = {
#define DEBUGGER(pattern) pattern,
#include "rule/names.def"
#undef DEBUGGER
};

static const struct span interpreters[] = {
#define INTERPRETER(prefix) { prefix, sizeof(prefix) - 1 },
#include "rule/names.def"
#undef INTERPRETER
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char PACEMAKER[] = "PACEMAKER (S1109)";

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* A bit for each letter that a tool's name begins with; some other bytes share it. */
static inline uint64_t letter_bit(char c)
{
	return UINT64_C(1) << ((c | 32) & 63);
}

/* One pass for all tools: their first letters pick the few places that are compared. */
static const char *named_in(struct span text)
{
#define TOOL(name, what) | letter_bit((name)[0])
	const uint64_t first = 0
#include "rule/names.def"
		;
#undef TOOL

	for (size_t at = 0; at + 1 < text.len; at++) {
		if (!(first & letter_bit(text.data[at])))
			continue;
		char second = lower(text.data[at + 1]);
		for (size_t i = 0; i < COUNT(tools); i++)
			if (second == tools[i].name.data[1] &&
			    span_equal_nocase(span_first(span_skip(text, at), tools[i].name.len), tools[i].name))
				return tools[i].what;
	}
	return NULL;
}

/* ClusterLabs: /usr/sbin/pacemakerd, /usr/lib/pacemaker/…, /usr/libexec/pacemaker/…, and its unit. */
static bool is_cluster_path(struct span path)
{
	return span_starts(path, SPAN("/usr/sbin/")) || span_starts(path, SPAN("/usr/lib")) ||
	       span_starts(path, SPAN("/etc/")) || span_starts(path, SPAN("/var/lib/")) ||
	       span_starts(path, SPAN("/sbin/"));
}

static bool is_pacemaker(struct span path)
{
	return path.len && span_equal_nocase(span_basename(path), SPAN("pacemaker")) && !is_cluster_path(path);
}

/* The word of a command line that a program is started by. */
static struct span first_word(struct span cmdline)
{
	return span_first(cmdline, span_index(cmdline, ' '));
}

struct tool tool_of_process(const struct process *process)
{
	struct span word = first_word(process->cmdline);
	/* What the whole does not hold, none of its parts does. */
	const char *in_exe = named_in(process->exe), *in_cmdline = named_in(process->cmdline);
	const char *what = in_exe ? named_in(span_basename(process->exe)) : NULL;

	if (!what)
		what = named_in(span_basename(process->script));
	if (!what && in_cmdline)
		what = named_in(span_basename(word));
	if (!what)
		what = named_in(process->comm);
	if (!what && (is_pacemaker(process->exe) || is_pacemaker(process->script) ||
		      (word.len && memchr(word.data, '/', word.len) && is_pacemaker(word))))
		what = PACEMAKER;
	if (what)
		return (struct tool){ TOOL_IS_PROGRAM, what };
	what = in_exe ? in_exe : in_cmdline;
	return (struct tool){ what ? TOOL_IN_ARGUMENTS : TOOL_NONE, what };
}

static struct span sudo_command(struct span message)
{
	size_t at = span_find(message, SPAN("COMMAND="));

	return at < message.len ? span_skip(message, at + 8) : (struct span){ 0 };
}

struct tool tool_of_text(struct span program, struct span message)
{
	struct span command = first_word(sudo_command(message));
	const char *what = named_in(program);

	if (!what && command.len)
		what = is_pacemaker(command) ? PACEMAKER : named_in(command);
	if (what)
		return (struct tool){ TOOL_IS_PROGRAM, what };
	what = named_in(message);
	return (struct tool){ what ? TOOL_IN_TEXT : TOOL_NONE, what };
}

bool has_memory_argument(struct span cmdline)
{
	while (cmdline.len) {
		size_t len = span_index(cmdline, ' ');
		struct span word = span_first(cmdline, len);
		if (span_equal(word, SPAN("memory")) || span_equal(word, SPAN("all")) ||
		    span_equal(word, SPAN("--memdump")) || span_equal(word, SPAN("-memdump")))
			return true;
		cmdline = span_skip(cmdline, len + 1);
	}
	return false;
}

bool is_credential_holder(struct span comm, struct span exe)
{
	struct span base = span_basename(exe);

	for (size_t i = 0; i < COUNT(holders); i++) {
		struct span cut = span_first(holders[i], 15); /* TASK_COMM_LEN less its NUL */
		if ((comm.len && span_equal(comm, cut)) || (base.len && span_equal(base, holders[i])))
			return true;
	}
	return false;
}

bool is_debugger(struct span exe)
{
	for (size_t i = 0; exe.len && i < COUNT(debuggers); i++)
		if (pattern_matches(debuggers[i], exe))
			return true;
	return false;
}

bool is_interpreter(struct span exe)
{
	struct span base = span_basename(exe);

	for (size_t i = 0; i < COUNT(interpreters); i++)
		if (span_starts(base, interpreters[i]) &&
		    (base.len == interpreters[i].len ||
		     !(base.data[interpreters[i].len] >= 'a' && base.data[interpreters[i].len] <= 'z')))
			return true;
	return false;
}

bool is_fileless(struct span exe)
{
	return span_starts(exe, SPAN("/memfd:")) || span_ends(exe, SPAN(" (deleted)"));
}

bool is_temporary(struct span path)
{
	return span_starts(path, SPAN("/tmp/")) || span_starts(path, SPAN("/var/tmp/")) ||
	       span_starts(path, SPAN("/dev/shm/")) || span_starts(path, SPAN("/run/user/"));
}
