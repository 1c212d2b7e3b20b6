#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/tell.h"

static const struct command *const commands[] = {
	&command_scan, &command_explain, &command_watch, &command_drill, &command_query, &command_rules,
};
#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static void print_help(FILE *to)
{
	fputs("Usage: proctor COMMAND [OPTION...] [ARGUMENT...]\n"
	      "Finds who read whose memory, from Linux audit and system logs (ATT&CK T1003.007).\n\n"
	      "Commands:\n",
	      to);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("  help       this list, or `proctor help COMMAND`\n\n"
	      "`proctor COMMAND --help` lists a command's options; proctor(1) is the manual.\n",
	      to);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	char name[64];

	snprintf(name, sizeof(name), "proctor %s", command->name);
	argv[0] = name;
	return command->run(argc, argv);
}

static int no_such_command(const char *name)
{
	tell("there is no command '%s'; `proctor --help` lists them", name);
	return STATUS_ERROR;
}

static int run_help(int argc, char **argv)
{
	char *arguments[] = { argv[0], (char *)"--help", NULL };

	if (argc < 2) {
		print_help(stdout);
		return 0;
	}
	const struct command *command = find_command(argv[1]);
	return command ? run_command(command, 2, arguments) : no_such_command(argv[1]);
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

static int run(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return STATUS_ERROR;
	}
	if (is_one_of(argv[1], "help", "--help", "-h"))
		return run_help(argc - 1, argv + 1);
	if (is_one_of(argv[1], "--version", "-V", "version")) {
		puts("proctor " PROCTOR_VERSION);
		return 0;
	}
	const struct command *command = find_command(argv[1]);
	return command ? run_command(command, argc - 1, argv + 1) : no_such_command(argv[1]);
}

/*
 * A descriptor that is closed would be given to the next file that is
 * opened, and a message would end up in it. Input stands in as empty, output
 * fails when it is used.
 */
static void hold_standard_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) != fd)
			exit(STATUS_ERROR);
}

int main(int argc, char **argv)
{
	hold_standard_descriptors();
	/* A closed pipe and a file that may not grow are errors of a write, to be told. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	/* Only this: other messages than English ones would need files that a confined process cannot open. */
	setlocale(LC_CTYPE, "");

	int status = run(argc, argv);
	bool failed = fflush(stdout) != 0 || ferror(stdout);
	if (failed && errno != EPIPE && status < STATUS_ERROR) {
		tell("cannot write standard output: %s; make room or send it elsewhere", strerror(errno));
		status = STATUS_ERROR;
	}
	return status;
}
