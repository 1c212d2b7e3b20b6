/* What the files of lint share; nobody else includes it. */
#ifndef QUERY_LINT_PARTS_H
#define QUERY_LINT_PARTS_H

#include "query/lint.h"

struct lint {
	const struct query *query;
	struct lint_finding *out;
	size_t max, count;
	bool is_audit;		      /* the search looks at audit records */
	struct lint_finding unwanted; /* what there is no room for */
};

/* A pattern as it stands in the search, between its quotes or slashes. */
struct lint_pattern {
	const struct operator* operator;
	const struct expr *matches; /* NULL in the parse operators */
	struct span text;	    /* borrowed from the search */
	struct place_in_text place; /* where it begins */
	bool is_regex;		    /* else an anchor or a wildcard pattern */
	bool is_excluded;	    /* matches: under a not */
};

/* A finding to be filled in; room that is thrown away when `out` is full. Never NULL. */
struct lint_finding *lint_add(struct lint *lint, const char *code, const struct place_in_text *place);

void lint_say(struct lint_finding *finding, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The operator's text with `len` bytes at `at` of the pattern replaced; stays empty when that is too long. */
void lint_rewrite(struct lint_finding *finding, const struct lint_pattern *pattern, size_t at, size_t len,
		  const char *replacement);

/* Appends to the rewrite, or empties it for good when it is too long. */
void lint_append(struct lint_finding *finding, struct span text);

/* The place of some bytes of a pattern. */
struct place_in_text lint_place(const struct lint_pattern *pattern, size_t at, size_t len);

/* lint_pattern.c: rules for one pattern. */
void lint_regex(struct lint *lint, const struct lint_pattern *pattern);

/* lint_audit.c: rules for one pattern, and for all stages, of a search on audit records. */
void lint_audit_pattern(struct lint *lint, const struct lint_pattern *pattern);
void lint_audit_stages(struct lint *lint);

/* lint_order.c: rules for the order of stages. */
void lint_order(struct lint *lint);

#endif
