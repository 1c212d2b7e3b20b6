/* explain_arguments: the command line of `proctor explain`. */
#ifndef CMD_EXPLAIN_ARGUMENTS_H
#define CMD_EXPLAIN_ARGUMENTS_H

#include "cmd/rulebook.h"
#include "cmd/terminal.h"
#include "engine/scan.h"

struct explain_arguments {
	struct scan_options scan; /* borrows from argv */
	struct rulebook rulebook; /* its places are set */
	char id[17];		  /* hex digits in lower case */
	const char *from;	  /* findings to read instead of logs, or NULL */
	enum choice colour, progress;
	bool json;
};

/* Answers --help, and exits with status 2 when the command line is wrong. */
void explain_arguments_parse(struct explain_arguments *arguments, int argc, char **argv);

#endif
