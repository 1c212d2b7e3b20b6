#include "cmd/rules.h"

#include <stdio.h>

#include "cmd/rules_audit.h"
#include "cmd/tell.h"

static const struct command *const commands[] = {
	&rules_list, &rules_check, &rules_show, &rules_test, &rules_suggest, &rules_navigator, &rules_audit,
};
#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *to)
{
	fputs("Usage: proctor rules COMMAND [OPTION...] [ARGUMENT...]\n"
	      "Lists, checks and tests the rules by which proctor judges.\n\n"
	      "Commands:\n",
	      to);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n`proctor rules COMMAND --help` lists a command's options; proctor-rules(1) is the manual.\n", to);
}

static int run_rules(int argc, char **argv)
{
	char name[64];

	if (argc < 2) {
		print_help(stderr);
		return STATUS_ERROR;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return 0;
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i]->name, argv[1]) == 0) {
			snprintf(name, sizeof(name), "proctor rules %s", commands[i]->name);
			argv[1] = name;
			return commands[i]->run(argc - 1, argv + 1);
		}
	tell("there is no command 'rules %s'; `proctor rules --help` lists them", argv[1]);
	return STATUS_ERROR;
}

const struct command command_rules = {
	.name = "rules",
	.summary = "list, check and test the rules",
	.run = run_rules,
};
