/*
 * ast: a parsed search. Scope, then a pipeline of operators, each with its
 * place in the text, so that errors, lint and --explain can point at it.
 *
 * Nodes live in the arena of their query and are not changed after parsing.
 * Text in nodes is unescaped, and lives in that arena or in the search text.
 */
#ifndef QUERY_AST_H
#define QUERY_AST_H

#include "base/arena.h"

/* A piece of the search text, for carets. Lines and columns count from 1, columns in code points. */
struct place_in_text {
	size_t offset, len; /* bytes */
	unsigned line, column;
};

/* ---- expressions ---- */

enum expr_kind {
	EXPR_NULL,
	EXPR_BOOL,	/* true, false: number is 1 or 0 */
	EXPR_NUMBER,	/* also with a suffix: 5k, 10Mi, 15m (then in ms) */
	EXPR_STRING,
	EXPR_FIELD,	/* a field's value; text is its name as written */
	EXPR_UNARY,	/* op: ! - */
	EXPR_BINARY,	/* op: or and = != < <= > >= + - * / % */
	EXPR_CONDITION, /* if(c, a, b) and c ? a : b: children c, a, b */
	EXPR_IN,	/* children: value, then the list; negated for not in */
	EXPR_MATCHES,	/* child: value; text is the wildcard pattern or the regex; negated for !matches */
	EXPR_CALL,	/* text is the function's name as written; children are the arguments */
	EXPR_SUBQUERY,	/* parses; running it is an error that says so */
};

enum expr_op {
	OP_OR,
	OP_AND,
	OP_NOT,
	OP_EQUAL,
	OP_NOT_EQUAL,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_DIVIDE,
	OP_MODULO,
	OP_NEGATE,
};

struct expr {
	enum expr_kind kind;
	enum expr_op op;
	struct place_in_text place;
	struct span text;
	double number;
	bool negated;
	bool is_regex;	      /* matches: /…/ rather than "…" */
	bool ignore_case;     /* matches /…/i */
	bool quoted_name;     /* field: %"odd name" */
	struct expr **children;
	size_t child_count;
};

/* ---- scope: what stands before the first pipe ---- */

enum scope_kind {
	SCOPE_ALL,	/* empty, or * */
	SCOPE_AND,
	SCOPE_OR,
	SCOPE_NOT,
	SCOPE_TERM,	/* text: a keyword, * and ? are wildcards within one term */
	SCOPE_PHRASE,	/* text: "in quotes", white-space runs equal */
	SCOPE_METADATA, /* name = text: _sourceCategory=linux*; quoted means exact */
	SCOPE_SUBQUERY,
	SCOPE_PARAMETER, /* {{name}} */
};

struct scope {
	enum scope_kind kind;
	struct place_in_text place;
	struct span name, text;
	bool quoted;
	struct scope **children;
	size_t child_count;
};

/* ---- operators ---- */

/* `expr as name`, or only one of them. */
struct named_expr {
	struct expr *expr;  /* NULL when it is a field's name alone */
	struct span name;   /* empty when there is no `as` */
	struct place_in_text place;
};

/* A sort key or a `by` entry. */
struct order_key {
	struct expr *expr; /* a field, or a call such as timeslice(1h) */
	bool ascending;
	bool direction_given;
};

/* One aggregate: count, sum(x) as y, pct(x, 95). */
struct aggregate {
	struct span function; /* as written */
	struct expr **arguments;
	size_t argument_count;
	struct span name; /* after `as`; empty: the default name */
	struct place_in_text place;
};

enum operator_kind {
	OPERATOR_WHERE,
	OPERATOR_ASSIGN,      /* expr as f; eval f = expr (is_dialect) */
	OPERATOR_PARSE_REGEX, /* parse regex, extract */
	OPERATOR_PARSE_ANCHOR,
	OPERATOR_JSON,
	OPERATOR_KEYVALUE,
	OPERATOR_CSV,
	OPERATOR_SPLIT,
	OPERATOR_PARSE_XML,
	OPERATOR_FIELDS,
	OPERATOR_SORT,
	OPERATOR_LIMIT,
	OPERATOR_TOP,	    /* top N field [by aggregate] */
	OPERATOR_TOPK,
	OPERATOR_DEDUP,
	OPERATOR_AGGREGATE, /* one or more aggregates, by … */
	OPERATOR_TIMESLICE,
	OPERATOR_TRANSPOSE,
	OPERATOR_FILLMISSING,
	OPERATOR_LOOKUP,
	OPERATOR_CAT,
	OPERATOR_ACCUM,
	OPERATOR_TOTAL,
	OPERATOR_DIFF,
	OPERATOR_BACKSHIFT,
	OPERATOR_SMOOTH,
	OPERATOR_ROLLINGSTD,
	OPERATOR_RATEOF,
	OPERATOR_OTHER, /* in the reference, parsed and not run: outlier, transaction, join, geoip, …; name says which */
};

struct operator {
	enum operator_kind kind;
	struct span name; /* the keyword(s) as written, for messages */
	struct place_in_text place;
	struct span text; /* the whole operator as written */
	struct operator *next;
	bool is_dialect; /* eval f = expr: an error under --strict */

	struct expr *expr;	    /* where, assign; field= of the parsers; limit's or top's number */
	struct named_expr *names;   /* targets: assign's one; parse's as x, y; json's "path" as x; split's extract 1 as a; fields' list */
	size_t name_count;
	struct span *patterns;	    /* parse regex: one for each chained pattern; parse anchor: the anchors; json: the paths */
	struct place_in_text *pattern_places;
	size_t pattern_count;
	bool nodrop, multi, auto_mode, negated /* fields - */, ignore_case;
	struct aggregate *aggregates;
	size_t aggregate_count;
	struct order_key *keys;	    /* by …, sort keys, dedup's fields, timeslice's 1h is in options */
	size_t key_count;
	struct named_expr *options; /* everything else: delim=",", window=5, buckets: name and expr */
	size_t option_count;
};

struct query {
	struct arena arena;
	struct span text;	/* a copy of the search, owned by the arena */
	struct scope *scope;	/* never NULL */
	struct operator *first; /* NULL: no pipe */
	size_t operator_count;
};

#endif
