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
	EXPR_BOOL,   /* true, false: number is 1 or 0 */
	EXPR_NUMBER, /* also with a suffix: 5k, 10Mi, 15m (then in ms, has_time_unit); text as written */
	EXPR_STRING, /* text: \" \\ \n \t \r are resolved, any other backslash stays */
	EXPR_FIELD,  /* a field's value; text is its name as written */
	EXPR_UNARY,  /* op: ! - */
	EXPR_BINARY, /* op: or and = != < <= > >= + - * / %; always two children (long chains of and/or are balanced) */
	EXPR_CONDITION, /* if(c, a, b) and c ? a : b: children c, a, b */
	EXPR_IN,	/* children: value, then the list; negated for not in */
	EXPR_MATCHES,	/* child: value; text is the wildcard pattern or the regex; negated for !matches.
			   A second child is the pattern where it is no literal; then text is empty. */
	EXPR_CALL, /* text is the function's name as written; children are the arguments. `a contains b` is contains(a, b) */
	EXPR_SUBQUERY,	/* text as written, with its brackets; parses; running it is an error that says so */
	EXPR_REGEX,	/* an argument such as replace(f, /x/, "y"): text, ignore_case. Only in calls. */
	EXPR_PARAMETER, /* {{name}} or `macro`, text as written; running it is an error that says so. With a child, the
			   parameter stands for what it is compared with: if(x {{is_so}}, 1, 0) */
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
	struct place_in_text place; /* a literal with its quotes; else from the first child to the last */
	struct span text;
	double number;
	bool negated;
	bool is_regex;	       /* matches: /…/ rather than "…" */
	bool ignore_case;      /* matches /…/i */
	bool quoted_name;      /* field: %"odd name" */
	bool has_time_unit;    /* number: 15m; the number is in ms */
	unsigned short height; /* of this tree, at most QUERY_DEPTH_MAX: recursion over it is safe */
	struct expr **children;
	size_t child_count;
};

/* ---- scope: what stands before the first pipe ---- */

enum scope_kind {
	SCOPE_ALL,	 /* empty, or * */
	SCOPE_AND,	 /* two children or more */
	SCOPE_OR,	 /* two children or more */
	SCOPE_NOT,	 /* one child */
	SCOPE_TERM,	 /* text: a keyword, * and ? are wildcards within one term */
	SCOPE_PHRASE,	 /* text: "in quotes", \" and \\ resolved; white-space runs equal */
	SCOPE_METADATA,	 /* name = text: _sourceCategory=linux*; quoted means exact */
	SCOPE_SUBQUERY,	 /* text as written, with its brackets */
	SCOPE_PARAMETER, /* {{name}} or `macro`: text as written. Also as the text of metadata, unresolved. */
};

struct scope {
	enum scope_kind kind;
	struct place_in_text place;
	struct span name, text;
	bool quoted;
	unsigned short height; /* of this tree, at most QUERY_DEPTH_MAX */
	struct scope **children;
	size_t child_count;
};

/* ---- operators ---- */

/* `expr as name`, or only one of them. */
struct named_expr {
	struct expr *expr; /* NULL when it is a field's name alone */
	struct span name;  /* empty when there is no `as` */
	struct place_in_text place;
};

/* A sort key or a `by` entry. */
struct order_key {
	struct expr *expr; /* a field, or a call such as timeslice(1h) */
	struct span name;  /* `by expr as name`, or empty */
	bool ascending;	   /* false when no direction is given: descending is the default */
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

/*
 * Which parts of struct operator each kind fills, beside name, place, text.
 * [x] may be absent. An "opt NAME" is an entry of options with that name, in lower case.
 *
 * kind          written                                   parts
 * WHERE         where c                                   expr
 * ASSIGN        e as f; eval f = e (is_dialect)           expr; names[0].name = f, empty without `as` (num(f) alone
 *                                                         works on f in place; another call makes a field _function)
 * PARSE_REGEX   parse regex [field=f] "p", "q" nodrop     expr = f or NULL (_raw); patterns in order, every one must
 *                                                         match; nodrop, multi, ignore_case
 * PARSE_ANCHOR  parse [field=f] "a*b" as x, "c*" as y     expr = f or NULL; patterns (\" resolved, other backslashes
 *                                                         as written: \n \t \r \\ \* are the anchor's own); names
 *                                                         over all patterns in order: as many as unescaped stars, checked
 * JSON          json [field=f] "a.b", "c" as x, y         expr = f or NULL; patterns = paths; names: one a path (empty
 *                                                         without `as`); auto_mode; nodrop; opt maxdepth (expr),
 *                                                         extractarrays, refonly, keys (expr NULL)
 * KEYVALUE      kv [field=f] regex "r" "k" as x           expr; patterns = keys; names as json; auto_mode for `auto`;
 *                                                         opt regex (expr = string), infer, keys, refonly, delim
 * CSV           csv [f|_raw] extract 1 as a, b            expr = f or NULL; names[].name, names[].expr = its column
 *                                                         number (filled in, when only names are given); opt delim,
 *                                                         delimiter, escape, quote (expr = a string of one character)
 * SPLIT         split f delim=":" extract 2 as b          as csv
 * PARSE_XML     parse xml [field=f] "/a/b" as x           as json
 * FIELDS        fields [-] a, b                           names[].name, [names[].expr is the field when `a as b`]; negated
 * SORT          sort by +f, -g / f asc                    keys (none: published, meaning unknown)
 * LIMIT         limit n                                   expr
 * TOP           top n a, b by x asc, count                expr = n; names[].name = a, b; keys = by
 * TOPK          topk(n, x, -y) by a, b                    expr = n; aggregates[0].arguments = x, y (OP_NEGATE for -y,
 *                                                         not for +y); keys = a, b
 * DEDUP         dedup [n] [consecutive] by a, b           [expr = n]; keys; opt consecutive
 * AGGREGATE     count, sum(x) as y by a, b                aggregates; keys
 * TIMESLICE     timeslice 5m [as t] [by f] / 10 buckets   expr = ms (has_time_unit), or the number of buckets, or NULL;
 *                                                         opt buckets (expr NULL); names[0].name = t if given; [keys = f]
 * TRANSPOSE     transpose row a, b column c as x, y, *    keys = a, b; names[].name = c; opt "as" one a name: expr
 *                                                         EXPR_FIELD (text "*" for the star)
 * FILLMISSING   fillmissing timeslice(15m),               opt timeslice (expr = number or NULL); opt values (expr =
 *               values("a") in f, values all in g         EXPR_IN of f and the list); opt "values all" (expr = g);
 *               with 0 for x, y                           opt with, one a field (expr = EXPR_BINARY OP_EQUAL of x and 0);
 *                                                         opt "timeslice in" (expr = field); opt takelast
 * LOOKUP        lookup a, b as c from path on x=y         names: expr = column, name = c or empty; patterns[0] = path;
 *                                                         keys[].expr = EXPR_BINARY OP_EQUAL (x, y); `on x` is x=x
 * CAT           cat path://"…"                            patterns[0] = path
 * ACCUM         accum f [as g] [by a]                     names[0]: expr = f, name = g or empty; keys = a
 * TOTAL DIFF    the same                                  the same
 * BACKSHIFT     backshift f, n [as g] [by a]              the same; expr = n or NULL
 * SMOOTH ROLLINGSTD RATEOF                                the same; expr = n or NULL
 * OUTLIER       outlier f [by a] [window=5, …]            names[0].expr = f; keys = a; opt window, threshold,
 *                                                         consecutive (expr); direction (expr = a string of signs)
 * WITHTIME      withtime f                                names[0].expr = f
 * COMPARE       compare [with] timeshift 1d [7] [avg]     names: one a comparison, name = x or empty; opt "timeshift",
 *               [as x], timeshift …                       "times" (expr NULL: 1) and "by" (expr NULL, or the word avg,
 *                                                         min or max as a string) in turn, three a comparison
 * OTHER         merge …; {{filters}} behind a stage       text only
 */
enum operator_kind {
	OPERATOR_WHERE,
	OPERATOR_ASSIGN,
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
	OPERATOR_TOP,
	OPERATOR_TOPK,
	OPERATOR_DEDUP,
	OPERATOR_AGGREGATE,
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
	OPERATOR_OUTLIER,
	OPERATOR_WITHTIME,
	OPERATOR_COMPARE,
	OPERATOR_OTHER, /* in the reference, parsed and not run: merge, transaction, join, geoip, …; name says which */
};

struct operator
{
	enum operator_kind kind;
	struct span name; /* the keyword(s) as written, for messages */
	struct place_in_text place;
	struct span text; /* the whole operator as written */
	struct operator* next;
	bool is_dialect; /* eval f = expr: an error under --strict */

	struct expr *expr;
	struct named_expr *names;
	size_t name_count;
	struct span *patterns;
	struct place_in_text *pattern_places;
	size_t pattern_count;
	bool nodrop, multi, auto_mode, negated, ignore_case;
	struct aggregate *aggregates;
	size_t aggregate_count;
	struct order_key *keys;
	size_t key_count;
	struct named_expr *options;
	size_t option_count;
};

struct query {
	struct arena arena;
	struct span text;	/* a copy of the search, owned by the arena */
	struct scope *scope;	/* never NULL */
	struct operator* first; /* NULL: no pipe */
	size_t operator_count;
};

#endif
