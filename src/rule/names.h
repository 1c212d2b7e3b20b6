/*
 * names: what a name says of a program: known tool, credential holder,
 * debugger, interpreter. The tables are names.def.
 */
#ifndef RULE_NAMES_H
#define RULE_NAMES_H

#include "model/access.h"

/* What kind of place the name of a known tool was found in; the better it proves, the higher. */
enum tool_match { TOOL_NONE, TOOL_IN_TEXT, TOOL_IN_ARGUMENTS, TOOL_IS_PROGRAM };

struct tool {
	enum tool_match match;
	const char *what; /* "LaZagne (S0349)" */
};

/*
 * The known tool that a process is or names. The ClusterLabs cluster manager
 * never is one: "pacemaker" counts only as the whole basename of a program
 * outside the cluster manager's directories.
 */
struct tool tool_of_process(const struct process *process);

/* Likewise in a line of text, such as sudo's COMMAND= or a shell's history. */
struct tool tool_of_text(struct span program, struct span message);

/* LaZagne's arguments that reach for memory: memory, all, --memdump. */
bool has_memory_argument(struct span cmdline);

bool is_credential_holder(struct span comm, struct span exe);
bool is_debugger(struct span exe);
bool is_interpreter(struct span exe);

/* A file that is gone or never was one: memfd, "(deleted)"; or in a directory that anyone can write. */
bool is_fileless(struct span exe);
bool is_temporary(struct span path);

#endif
