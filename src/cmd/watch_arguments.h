/* watch_arguments: the command line of `proctor watch`. */
#ifndef CMD_WATCH_ARGUMENTS_H
#define CMD_WATCH_ARGUMENTS_H

#include "cmd/rulebook.h"
#include "cmd/sensors.h"
#include "cmd/terminal.h"
#include "engine/watch.h"

struct watch_arguments {
	struct watch_options watch; /* borrows from argv; sensors, output and callbacks are the command's */
	const char *format;	    /* of the sink */
	struct sensors_wish wish;
	struct rulebook rulebook;
	struct steward_options steward;
	enum choice colour;
	bool quiet;
};

/* Answers --help, and exits with status 2 when the command line is wrong. */
void watch_arguments_parse(struct watch_arguments *arguments, int argc, char **argv);

#endif
