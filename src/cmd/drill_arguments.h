/* drill_arguments: the options of `proctor drill`. */
#ifndef CMD_DRILL_ARGUMENTS_H
#define CMD_DRILL_ARGUMENTS_H

#include "cmd/terminal.h"
#include "drill/drill.h"

struct drill_arguments {
	struct drill_options drill;
	bool list, json, quiet;
	enum choice progress;
	const char *html_path, *navigator_path;
	int decoy; /* --as-decoy FD: be one; -1 */
};

/* Usage errors exit with 2. */
void drill_arguments_parse(struct drill_arguments *arguments, int argc, char **argv);

#endif
