#include "incident/purpose.h"

struct name {
	struct span name;
	enum step_kind kind;
};

enum { STEP_STARTER = STEP_KINDS };

static const struct name names[] = {
#define PURPOSE(text, step) { SPAN(text), (enum step_kind)STEP_##step },
#include "incident/purposes.def"
#undef PURPOSE
};

#define NAMES (sizeof(names) / sizeof(names[0]))
#define NAME_MAX_LEN 16
#define PLACES sizeof(((struct purposes *)NULL)->places)

_Static_assert(NAMES < PLACES / 2 && NAMES <= UINT8_MAX, "names find their place at a look or two");

static unsigned place_of(struct span name)
{
	unsigned ends = (unsigned char)name.data[0] * 31u + (unsigned char)name.data[name.len - 1];

	return (unsigned)(name.len * 7 + ends + (unsigned char)name.data[name.len / 2] * 67u) % PLACES;
}

void purposes_init(struct purposes *purposes)
{
	*purposes = (struct purposes){ 0 };
	for (unsigned i = 0; i < NAMES; i++) {
		unsigned place = place_of(names[i].name);
		while (purposes->places[place])
			place = (place + 1) % PLACES;
		purposes->places[place] = (uint8_t)(i + 1);
	}
}

static const struct name *find_name(const struct purposes *purposes, struct span text)
{
	if (text.len < 2 || text.len > NAME_MAX_LEN)
		return NULL;
	for (unsigned place = place_of(text); purposes->places[place]; place = (place + 1) % PLACES) {
		const struct name *name = &names[purposes->places[place] - 1];
		if (span_equal(name->name, text))
			return name;
	}
	return NULL;
}

/* A box of programs goes by the name of one; of an interpreter the script counts (pip). */
static const struct name *name_of(const struct purposes *purposes, const struct process *process)
{
	struct span program = process->exe.len ? span_basename(process->exe) : process->comm;

	if (span_equal(program, SPAN("busybox")) || span_equal(program, SPAN("toybox")))
		program = process->comm;
	const struct name *name = find_name(purposes, program);
	return name || !process->script.len ? name : find_name(purposes, span_basename(process->script));
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

/* "ln -sf /dev/null ~/.bash_history" */
static bool cleans(struct span name, struct span cmdline)
{
	if (span_equal(name, SPAN("ln")))
		return says(cmdline, SPAN("_history"));
	if (span_equal(name, SPAN("journalctl")))
		return SAYS_ANY(cmdline, SPAN("--vacuum"), SPAN("--rotate"));
	return cmdline.len > name.len;
}

static bool reads_hashes(struct span cmdline)
{
	return says(cmdline, SPAN("/etc/")) &&
	       SAYS_ANY(cmdline, SPAN("/etc/shadow"), SPAN("/etc/gshadow"), SPAN("/etc/security/opasswd"));
}

/* A lister from elsewhere than the system's directories is something else by that name. */
static bool is_of_system(struct span exe)
{
	return !exe.len || span_starts(exe, SPAN("/usr/")) || span_starts(exe, SPAN("/bin/")) ||
	       span_starts(exe, SPAN("/sbin/"));
}

static bool fits(const struct name *name, const struct process *process)
{
	struct span cmdline = process->cmdline;

	switch (name->kind) {
	case STEP_RECON:
		return is_of_system(process->exe);
	case STEP_DOWNLOAD:
		return fetches(name->name, cmdline);
	case STEP_BLINDING:
		return blinds(name->name, cmdline);
	case STEP_DUMP:
		return dumps(name->name, cmdline);
	case STEP_SHADOW:
		return reads_hashes(cmdline);
	case STEP_CLEANUP:
		return cleans(name->name, cmdline);
	default:
		return true;
	}
}

/* A debugger under another name is told what to write all the same. */
static bool tells_dump(struct span cmdline)
{
	return SAYS_ANY(cmdline, SPAN("dump memory "), SPAN("dump binary memory "), SPAN("generate-core-file"));
}

struct purpose purpose_of(const struct purposes *purposes, const struct process *process)
{
	const struct name *name = name_of(purposes, process);
	struct purpose purpose = { .kind = STEP_KINDS };

	purpose.starter = name && name->kind == (enum step_kind)STEP_STARTER;
	if (name && !purpose.starter && fits(name, process)) {
		purpose.kind = name->kind;
		purpose.output = name->kind == STEP_DUMP;
		purpose.sends = name->kind == STEP_DOWNLOAD && sends(process->cmdline);
	} else if (!is_of_system(process->exe) && tells_dump(process->cmdline)) {
		purpose.kind = STEP_DUMP;
		purpose.output = true;
	}
	return purpose;
}
