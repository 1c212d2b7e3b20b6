/*
 * places: where rules come from, and what of them is left when all are read.
 *
 *   pack    the rules that proctor ships: $PROCTOR_RULES where it is set (empty: none); else of a proctor that
 *           runs from its build folder rules/ of its source; else DATADIR/proctor/rules
 *   host    /etc/proctor/rules.d
 *   user    $XDG_CONFIG_HOME/proctor/rules.d, where that is not set ~/.config/proctor/rules.d; where there is no
 *           rules.d, the folder that it would be in
 *   named   what --rules names: folders and files, in their order
 *
 *   init ── add … ── settle ── load, of … ── finish
 *
 * A place is a folder of .yml and .yaml files, at any depth; its lists/ holds lists (rule/lists.h), not rules. A
 * rule of a later place takes the place of all of the same id in earlier ones, with a warning that says so. A
 * missing pack, host or user folder is no error. The folders of host and user must belong to root or to who runs
 * proctor, and not be for everybody to write: else whoever wrote there could silence what another one is to see.
 */
#ifndef RULE_PLACES_H
#define RULE_PLACES_H

#include "rule/sigma/load.h"

#define RULE_PLACES_MAX 64

enum rule_place_kind { RULE_PLACE_PACK, RULE_PLACE_HOST, RULE_PLACE_USER, RULE_PLACE_NAMED };

struct rule_place {
	enum rule_place_kind kind;
	char *path; /* without a / at its end */
	bool is_file;
	uint64_t device, inode;
};

struct rule_places {
	struct rule_place items[RULE_PLACES_MAX]; /* in the order in which they are read */
	size_t count;
	bool only; /* nothing but what is named; to be set before `settle` */
};

void rule_places_init(struct rule_places *places);
void rule_places_finish(struct rule_places *places); /* zeroed memory is valid, and empty */

/* What --rules names. 0, or a negative errno with err: it is not there, it is neither file nor folder, too many. */
int rule_places_add(struct rule_places *places, const char *path, struct err *err);

/* Puts pack, host and user before what was added, unless `only`. Once. 0 or -ENOMEM with err. */
int rule_places_settle(struct rule_places *places, struct err *err);

/*
 * Reads and links all rules. What is broken or unreadable is in the rules' diagnostics and stops nothing else. The
 * rules do not need the places any more. NULL with err: memory is out.
 */
struct sigma_rules *rule_places_load(const struct rule_places *places, struct err *err);

/* The place that a file belongs to: the last one that it lies in; NULL: none. */
const struct rule_place *rule_places_of(const struct rule_places *places, const char *file);

const char *rule_place_kind_name(enum rule_place_kind kind); /* "pack", "host", "user", "named" */

#endif
