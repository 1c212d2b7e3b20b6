#include "sink/explain_class.h"

#include <fnmatch.h>

static const struct {
	const char *name, *normal, *unusual;
} classes[] = {
#define CLASS(id, name, normal, unusual) [CLASS_##id] = { name, normal, unusual },
#include "sink/explain_normal.def"
#undef CLASS
};

static const struct {
	const char *pattern;
	enum program_class class;
	const char *note;
} programs[] = {
#define PROGRAM(pattern, class, note) { pattern, CLASS_##class, note },
#include "sink/explain_normal.def"
#undef PROGRAM
};

const char *program_class_name(enum program_class class)
{
	return classes[class].name;
}

const char *program_class_normal(enum program_class class)
{
	return classes[class].normal;
}

const char *program_class_unusual(enum program_class class)
{
	return classes[class].unusual;
}

bool program_is_fileless(struct span exe)
{
	return span_starts(exe, SPAN("/memfd:")) || span_starts(exe, SPAN("memfd:")) ||
	       span_ends(exe, SPAN(" (deleted)"));
}

static bool is_temporary(struct span path)
{
	return span_starts(path, SPAN("/tmp/")) || span_starts(path, SPAN("/var/tmp/")) ||
	       span_starts(path, SPAN("/dev/shm/"));
}

/* One asterisk stands for one name of a path, but where a pattern begins or ends with a whole part that may be any. */
static bool matches(const char *pattern, const char *path)
{
	size_t len = strlen(pattern);
	bool deep = pattern[0] == '*' || (len > 2 && strcmp(pattern + len - 2, "/*") == 0);

	return fnmatch(pattern, path, deep ? 0 : FNM_PATHNAME) == 0;
}

static bool find_program(struct span path, size_t *found)
{
	char room[4096 + 8];
	bool merged = span_starts(path, SPAN("/bin/")) || span_starts(path, SPAN("/sbin/")) ||
		      span_starts(path, SPAN("/lib/")); /* hosts on which these are not links below /usr */
	size_t before = merged ? strlen("/usr") : 0;

	if (!path.len || path.len > 4096 || memchr(path.data, 0, path.len))
		return false;
	memcpy(room, "/usr", before);
	memcpy(room + before, path.data, path.len);
	room[before + path.len] = 0;
	for (*found = 0; *found < sizeof(programs) / sizeof(programs[0]); ++*found)
		if (matches(programs[*found].pattern, room))
			return true;
	return false;
}

enum program_class program_class_of(const struct process *process, const char **note)
{
	size_t found;

	*note = "";
	if (program_is_fileless(process->exe))
		return CLASS_FILELESS;
	if (is_temporary(process->script) || is_temporary(process->exe))
		return CLASS_TEMPORARY;
	if (!process->exe.len && !process->script.len)
		return CLASS_NAMELESS;
	if (!find_program(process->script, &found) && !find_program(process->exe, &found))
		return CLASS_UNKNOWN;
	*note = programs[found].note;
	return programs[found].class;
}
