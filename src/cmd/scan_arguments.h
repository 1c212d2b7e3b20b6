/* scan_arguments: the command line of `proctor scan`. */
#ifndef CMD_SCAN_ARGUMENTS_H
#define CMD_SCAN_ARGUMENTS_H

#include "cmd/rulebook.h"
#include "cmd/terminal.h"
#include "engine/scan.h"

struct scan_arguments {
	struct scan_options scan; /* borrows from argv */
	struct rulebook rulebook; /* its places are set */
	const char *format;	  /* of the sink */
	enum choice colour, progress;
	bool quiet;
	bool explain_plan;
};

/* Answers --help, and exits with status 2 when the command line is wrong. The clock is an argument. */
void scan_arguments_parse(struct scan_arguments *arguments, int argc, char **argv, int64_t now_ms);

#endif
