/*
 * rule: the nouns of a loaded rule. All of them lie in the arena of the
 * struct sigma_rules that loaded them, and do not change once it is linked.
 *
 *   rule ─ selections ─ nodes ─ items ─ tests
 *        └ condition: a node over the selections' nodes
 *
 * Sigma specification 2.1.0 (2025-08-02).
 */
#ifndef RULE_SIGMA_RULE_H
#define RULE_SIGMA_RULE_H

#include "match/cidr.h"
#include "match/regex.h"
#include "match/regex_literal.h"
#include "match/wildcard.h"
#include "model/finding.h"
#include "rule/sigma/diagnostics.h"
#include "rule/sigma/mapping.h"

/* ---- tests: one value of one item ---- */

enum sigma_test_kind {
	SIGMA_TEST_TEXT,   /* wildcard */
	SIGMA_TEST_REGEX,  /* regex; also finds a part of the value */
	SIGMA_TEST_CIDR,   /* network */
	SIGMA_TEST_NUMBER, /* compare, number */
	SIGMA_TEST_TIME,   /* part, compare, number */
	SIGMA_TEST_REFERENCE,
	SIGMA_TEST_EXISTS, /* exists: whether it must or must not */
	SIGMA_TEST_NULL,
};

enum sigma_compare { SIGMA_EQ, SIGMA_NEQ, SIGMA_LT, SIGMA_LTE, SIGMA_GT, SIGMA_GTE };

enum sigma_time_part { SIGMA_MINUTE, SIGMA_HOUR, SIGMA_DAY, SIGMA_WEEK, SIGMA_MONTH, SIGMA_YEAR };

struct sigma_reference {
	struct span name;
	uint32_t field;
	bool open_start, open_end; /* the other field's value may have more before, behind it */
	bool cased;
};

struct sigma_test {
	enum sigma_test_kind kind;
	enum sigma_compare compare;
	enum sigma_time_part part;
	uint32_t value; /* the value's number in the item; those that one value became have the same */
	bool exists;
	double number;
	union {
		struct wildcard wildcard;
		struct {
			struct regex *regex;
			const struct regex_literals *literals; /* compared without case: every match has one of them */
		};
		struct cidr network;
		struct sigma_reference reference;
	};
};

/* ---- items and nodes ---- */

struct sigma_item {
	struct span field; /* as the rule says it; empty: the whole text of the event (keywords) */
	uint32_t index;	   /* of the field, from mapping.h; SIGMA_FIELD_NONE: no event has it */
	bool all, negated; /* all values must match, not one; the outcome is turned round */
	struct sigma_test *tests;
	size_t count;
	struct sigma_place place;
};

enum sigma_node_kind { SIGMA_AND, SIGMA_OR, SIGMA_NOT, SIGMA_AT_LEAST, SIGMA_ITEM, SIGMA_LEAF };

struct sigma_node {
	enum sigma_node_kind kind;
	uint32_t needed; /* SIGMA_AT_LEAST: so many children; SIGMA_LEAF: the number of a correlated rule */
	size_t count;
	const struct sigma_node **children; /* none: AND holds, OR does not */
	struct sigma_item *item;
};

struct sigma_selection {
	struct span name;
	const struct sigma_node *node;
	struct sigma_place place;
	bool used;
};

/* ---- correlations ---- */

enum sigma_correlation_type {
	SIGMA_EVENT_COUNT,
	SIGMA_VALUE_COUNT,
	SIGMA_TEMPORAL,
	SIGMA_TEMPORAL_ORDERED,
	SIGMA_VALUE_SUM,
	SIGMA_VALUE_AVERAGE,
};

#define SIGMA_CORRELATED_MAX 16 /* rules in one correlation */
#define SIGMA_COUNT_MAX 65536	/* the largest number that a condition counts to */
#define SIGMA_GROUP_MAX 8	/* fields to group by, and fields to count */
#define SIGMA_BOUNDS_MAX 3	/* comparisons in one condition */

struct sigma_bound {
	enum sigma_compare compare;
	double number;
};

/* One rule that is correlated: its fields to group by and to count, in the order of the correlation's. */
struct sigma_member {
	struct span name; /* id or name */
	uint32_t rule;	  /* index in the rules */
	struct sigma_place place;
	uint32_t group[SIGMA_GROUP_MAX],
		counted[SIGMA_GROUP_MAX]; /* field; the position in its group for a correlation */
};

struct sigma_alias {
	struct span name, rule, field;
	struct sigma_place place;
};

struct sigma_correlation {
	enum sigma_correlation_type type;
	bool generate;
	bool monotone; /* once the condition holds, more events do not undo it */
	int64_t timespan_ms;
	struct sigma_member *members;
	size_t member_count;
	struct span group_by[SIGMA_GROUP_MAX];
	size_t group_count;
	struct span counted[SIGMA_GROUP_MAX]; /* condition's `field` */
	size_t counted_count;
	struct sigma_bound bounds[SIGMA_BOUNDS_MAX];
	size_t bound_count;
	const struct sigma_node *expression; /* extended condition, over leaves; else NULL */
	struct sigma_alias *aliases;
	size_t alias_count;
};

/* ---- rules ---- */

enum sigma_document { SIGMA_DETECTION, SIGMA_CORRELATION, SIGMA_FILTER };

enum sigma_level { SIGMA_NO_LEVEL, SIGMA_INFORMATIONAL, SIGMA_LOW, SIGMA_MEDIUM, SIGMA_HIGH, SIGMA_CRITICAL };

struct sigma_texts {
	struct span *items;
	size_t count;
};

struct sigma_logsource {
	struct span category, product, service, definition;
};

/*
 * What a match does to a finding: proctor's own key `proctor` in a rule.
 *
 * A rule makes a finding of its tier and score, unless it only adds: then it
 * is a circumstance of findings that others make.
 */
struct sigma_effect {
	bool finds;	    /* makes a finding; true without the key */
	bool adds;	    /* `adds` was given */
	enum risk risk;	    /* from `risk`, else from the level */
	unsigned score;	    /* 0-100, from `score`, else from the level */
	int addition;	    /* of `adds`, -100 to 100: to a graver finding */
	bool final;	    /* it alone sets tier and score, whatever else matches */
	bool credentials;   /* `target: credentials`: it says that the target holds them */
	struct span reason; /* in words, else the title */
	struct span threat; /* the known tool that it tells of */
};

/* Whether events can reach the rule. */
enum sigma_state {
	SIGMA_READY,
	SIGMA_NO_SOURCE, /* proctor has no such log source, or none of a correlation's rules is ready */
	SIGMA_NO_FIELD,	 /* it can never match: each way to match asks for a field that its source does not have */
	SIGMA_BROKEN,	 /* an error was found when the rules were linked */
};

struct sigma_rule {
	enum sigma_document document;
	enum sigma_state state;
	struct sigma_place place; /* of the document */
	struct span title, id, name, taxonomy, status, description, license, author, date, modified;
	struct sigma_texts references, tags, falsepositives, fields, scope, related, related_types;
	enum sigma_level level;
	struct sigma_effect effect;
	struct sigma_logsource logsource;
	enum sigma_source source;
	uint32_t services; /* 1 << enum sigma_service; 0: any */
	bool silent;	   /* only correlations ask for it */
	bool global;	   /* made by `action: global` or `repeat`: may share its id with its like */

	struct sigma_selection *selections;
	size_t selection_count;
	const struct sigma_node *condition; /* NULL for correlations */

	struct sigma_texts targets; /* filter: ids or names; none: any rule of its log source */
	const uint32_t *filters;    /* which filters apply, as indices of rules */
	size_t filter_count;

	struct sigma_correlation *correlation;
};

const char *sigma_level_name(enum sigma_level level);
const char *sigma_state_name(enum sigma_state state); /* "ready", "no log source", … */

#endif
