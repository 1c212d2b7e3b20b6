#include "cmd/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define WIDTH_MAX 4096

int choice_from_name(const char *name)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (int i = 0; i < 3; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

bool terminal_colours(int fd, enum choice choice)
{
	const char *type = getenv("TERM");

	switch (choice) {
	case CHOICE_ALWAYS:
		return true;
	case CHOICE_NEVER:
		return false;
	case CHOICE_AUTO:
		break;
	}
	return !is_set("NO_COLOR") && type && strcmp(type, "dumb") != 0 && isatty(fd);
}

unsigned terminal_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	long width = columns ? strtol(columns, NULL, 10) : 0;
	struct winsize size;

	if (width > 0)
		return width < WIDTH_MAX ? (unsigned)width : WIDTH_MAX;
	return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool terminal_same(int one, int other)
{
	struct stat a, b;

	return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
