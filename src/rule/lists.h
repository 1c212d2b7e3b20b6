/*
 * lists: what %name% stands for in rules, from files that people read and
 * change. One list a document:
 *
 *	name: credential_holders
 *	description: programs whose memory holds passwords or keys
 *	values:
 *	    - sshd
 *	    - gnome-keyring-d
 *	replace: false
 *
 * A list that is there already grows by the values, unless the document says
 * `replace: true`. What is broken is told in the diagnostics and left out.
 */
#ifndef RULE_LISTS_H
#define RULE_LISTS_H

#include "rule/sigma/load.h"

#define RULE_LISTS_MAX 256

struct rule_list {
	struct span name, description;
	struct span *values;
	size_t count, capacity;
};

struct rule_lists {
	struct rule_list *items;
	size_t count, capacity;
};

void rule_lists_finish(struct rule_lists *lists); /* zeroed memory is valid, and empty */

/* Every .yml and .yaml in the directory, in the order of their names. Texts go to the rules' arena, as errors to their diagnostics. */
void rule_lists_add_directory(struct rule_lists *lists, const char *path, struct sigma_rules *rules);
void rule_lists_add_text(struct rule_lists *lists, const char *name, struct span text, struct sigma_rules *rules);

/* From now on %name% is what the lists say, as long as the rules live. 0 or -ENOMEM. */
int rule_lists_give(const struct rule_lists *lists, struct sigma_rules *rules);

#endif
