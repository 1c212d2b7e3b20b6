#include "incident/purpose.h"

struct name {
	struct span name;
	enum step_kind kind;
};

static const struct name names[] = {
#define PURPOSE(text, step) { SPAN(text), STEP_##step },
#include "incident/purposes.def"
#undef PURPOSE
};

#define NAME_MAX_LEN 16

static const struct name *find_name(struct span text)
{
	if (text.len < 2 || text.len > NAME_MAX_LEN)
		return NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_equal(names[i].name, text))
			return &names[i];
	return NULL;
}

/* The script of an interpreter counts (pip), and the name that the program goes by (busybox). */
static const struct name *name_of(const struct process *process)
{
	const struct name *name = find_name(span_basename(process->exe));

	if (!name && process->script.len)
		name = find_name(span_basename(process->script));
	return name ? name : find_name(process->comm);
}

static bool says(struct span text, struct span word)
{
	return span_find(text, word) < text.len;
}

static bool says_any(struct span text, const struct span *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (says(text, words[i]))
			return true;
	return false;
}

#define SAYS_ANY(text, ...)                                  \
	says_any(text, (const struct span[]){ __VA_ARGS__ }, \
		 sizeof((const struct span[]){ __VA_ARGS__ }) / sizeof(struct span))

/* git and pip do much that fetches nothing; curl and wget always name a host. */
static bool fetches(struct span name, struct span cmdline)
{
	if (span_equal(name, SPAN("git")))
		return SAYS_ANY(cmdline, SPAN(" clone "), SPAN(" fetch"), SPAN(" pull"), SPAN(" submodule "));
	if (span_starts(name, SPAN("pip")))
		return SAYS_ANY(cmdline, SPAN(" install "), SPAN(" download "), SPAN(" run "));
	return cmdline.len > 0;
}

static bool sends(struct span cmdline)
{
	return SAYS_ANY(cmdline, SPAN(" -T "), SPAN(" --upload-file"), SPAN(" -F "), SPAN(" --form"), SPAN(" --data"),
			SPAN(" -d "), SPAN(" --post-file"), SPAN(" --body-file"));
}

/* Rules that are added watch; those removed, or an auditing that is stopped, blind. */
static bool blinds(struct span name, struct span cmdline)
{
	if (span_equal(name, SPAN("auditctl")))
		return SAYS_ANY(cmdline, SPAN(" -D"), SPAN(" -d "), SPAN(" -W "), SPAN(" -e 0"), SPAN(" -e0"),
				SPAN("never"));
	if (!SAYS_ANY(cmdline, SPAN("auditd"), SPAN("laurel"), SPAN("rsyslog"), SPAN("falco"), SPAN("osquery")))
		return false;
	return SAYS_ANY(name, SPAN("kill")) ||
	       SAYS_ANY(cmdline, SPAN(" stop"), SPAN("disable"), SPAN("mask"), SPAN(" kill"));
}

static bool dumps(struct span name, struct span cmdline)
{
	if (span_equal(name, SPAN("dd")))
		return says(cmdline, SPAN("if=/proc/")) && says(cmdline, SPAN("/mem")) && says(cmdline, SPAN(" of="));
	return span_equal(name, SPAN("gcore")) || SAYS_ANY(cmdline, SPAN("dump memory"), SPAN("dump binary memory"),
							   SPAN("gcore"), SPAN("generate-core-file"));
}

static bool cleans(struct span name, struct span cmdline)
{
	if (span_equal(name, SPAN("journalctl")))
		return SAYS_ANY(cmdline, SPAN("--vacuum"), SPAN("--rotate"));
	return cmdline.len > name.len;
}

static bool fits(const struct name *name, struct span cmdline)
{
	switch (name->kind) {
	case STEP_DOWNLOAD:
		return fetches(name->name, cmdline);
	case STEP_BLINDING:
		return blinds(name->name, cmdline);
	case STEP_DUMP:
		return dumps(name->name, cmdline);
	case STEP_CLEANUP:
		return cleans(name->name, cmdline);
	default:
		return true;
	}
}

/* A renamed debugger is told what to write all the same. */
static bool tells_dump(struct span cmdline)
{
	return SAYS_ANY(cmdline, SPAN("dump memory "), SPAN("dump binary memory "), SPAN("generate-core-file"));
}

static bool reads_hashes(struct span cmdline)
{
	return SAYS_ANY(cmdline, SPAN("/etc/shadow"), SPAN("/etc/gshadow"), SPAN("/etc/security/opasswd"));
}

static bool clears_history(struct span cmdline)
{
	return SAYS_ANY(cmdline, SPAN("_history")) && SAYS_ANY(cmdline, SPAN("/dev/null"), SPAN("ln -s"));
}

bool purpose_of(const struct process *process, struct purpose *purpose)
{
	const struct name *name = name_of(process);
	struct span cmdline = process->cmdline;

	*purpose = (struct purpose){ 0 };
	if (name && fits(name, cmdline)) {
		purpose->kind = name->kind;
		purpose->output = name->kind == STEP_DUMP;
		purpose->sends = name->kind == STEP_DOWNLOAD && sends(cmdline);
		return true;
	}
	if (tells_dump(cmdline))
		*purpose = (struct purpose){ .kind = STEP_DUMP, .output = true };
	else if (reads_hashes(cmdline))
		purpose->kind = STEP_SHADOW;
	else if (clears_history(cmdline))
		purpose->kind = STEP_CLEANUP;
	else
		return false;
	return true;
}
