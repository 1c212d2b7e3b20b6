/* command: one thing proctor does. One file a command; main.c has the table. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

/* Exit statuses that every command shares. */
enum status { STATUS_NOTHING, STATUS_FOUND, STATUS_ERROR, STATUS_LOSS, STATUS_SIGNAL = 128 };

struct command {
	const char *name;
	const char *summary; /* one line for `proctor --help` */
	/* argv[0] is "proctor NAME". Answers --help itself. Returns the exit status; a usage error exits with 2. */
	int (*run)(int argc, char **argv);
};

extern const struct command command_drill, command_explain, command_query, command_rules, command_scan, command_watch;

#endif
