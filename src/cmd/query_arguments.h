/* query_arguments: the command line of `proctor query`. */
#ifndef CMD_QUERY_ARGUMENTS_H
#define CMD_QUERY_ARGUMENTS_H

#include "cmd/terminal.h"
#include "engine/search.h"
#include "query/lookup_table.h"
#include "query/parse.h"

struct query_arguments {
	const char *text; /* the search, or NULL: it is in `file` */
	const char *file;
	struct parse_options parse;
	struct run_options run;
	struct search_options search; /* borrows from argv and from categories */
	struct category_map *categories;
	struct lookup_tables tables;
	const char *format; /* of the rows */
	enum choice colour, progress;
	bool quiet, lint, check;
};

/* Answers --help, and exits with status 2 when the command line is wrong. The clock is an argument. */
void query_arguments_parse(struct query_arguments *arguments, int argc, char **argv, int64_t now_ms);
void query_arguments_finish(struct query_arguments *arguments);

#endif
