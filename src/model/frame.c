/* The names of formats, as --source takes them and as messages show them. */
#include "model/frame.h"

static const char *const names[] = {
	[FORMAT_AUTO] = "auto",	    [FORMAT_AUDIT] = "audit", [FORMAT_AUSEARCH] = "ausearch",
	[FORMAT_SYSLOG] = "syslog", [FORMAT_JSON] = "json",   [FORMAT_JOURNAL_EXPORT] = "journal-export",
	[FORMAT_CSV] = "csv",
};

#define FORMAT_COUNT (sizeof(names) / sizeof(names[0]))

const char *format_name(enum format format)
{
	return (unsigned)format < FORMAT_COUNT ? names[format] : NULL;
}

int format_from_name(const char *name)
{
	for (unsigned format = 0; format < FORMAT_COUNT; format++)
		if (strcmp(names[format], name) == 0)
			return (int)format;
	return -1;
}
