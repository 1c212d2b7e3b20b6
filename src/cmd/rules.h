/* rules: what the sub-commands of `proctor rules` share. */
#ifndef CMD_RULES_H
#define CMD_RULES_H

#include <argp.h>

#include "base/buffer.h"
#include "cmd/command.h"
#include "rule/places.h"

/* One a file; argv[0] is "proctor rules NAME". rules.c has the table. */
extern const struct command rules_check, rules_list, rules_navigator, rules_show, rules_suggest, rules_test;

/*
 * The options --rules and --only, as a child of a command's argp: its input is the places, which are settled when the
 * rules are read. Also for commands that only use rules.
 */
extern const struct argp rules_places_argp;

/* Rules, as a sub-command reads them. */
struct rules_session {
	struct rule_places places;
	const char *const *paths; /* added to the places; where there are some, only what lies in them is asked for */
	size_t path_count;
	struct sigma_rules *rules;
	bool utf8;
};

void rules_session_init(struct rules_session *session);
void rules_session_close(struct rules_session *session);

/* Reads and links all rules. 0, or the exit status once it has told why not. */
int rules_session_open(struct rules_session *session);

/* Whether the file lies in one of the paths, or there are none. */
bool rules_session_wants(const struct rules_session *session, const char *file);

/* Errors go to standard error. STATUS_LOSS when there are some, else 0. */
int rules_session_tell_errors(const struct rules_session *session);

/* The rule of that id or name, else of that title. NULL once it has told that there is none, or several. */
const struct sigma_rule *rules_session_find(const struct rules_session *session, const char *name);

/* "file:line:column: error: text" and a newline, for a terminal. */
void rules_put_diagnostic(struct buffer *to, const struct sigma_diagnostic *diagnostic, bool utf8);

struct span rules_name(const struct sigma_rule *rule);			/* id, else name, else title */
const char *rules_kind(const struct sigma_rule *rule);			/* "detection", "correlation", "filter" */
struct span rules_source(const struct sigma_rule *rule, char room[64]); /* its log source, in a word */

/* Prints it, and empties it. STATUS_ERROR when memory was out, else 0. */
int rules_print(struct buffer *text);

#endif
