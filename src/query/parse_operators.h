/*
 * parse_operators: one function for each way an operator is written;
 * operators.def says which. The keyword was taken when one is called, and
 * operator->name is it; the function leaves the token that ends the stage.
 */
#ifndef QUERY_PARSE_OPERATORS_H
#define QUERY_PARSE_OPERATORS_H

#include "query/parse_parts.h"

typedef bool parse_operator_fn(struct parser *parser, struct operator* operator);

/* parse_operator.c */
parse_operator_fn parse_operator_where, parse_operator_eval, parse_operator_other;

/* parse_extract.c: fields out of text */
parse_operator_fn parse_operator_parse, parse_operator_extract;

/* parse_structured.c: fields out of JSON, keys and values, columns */
parse_operator_fn parse_operator_json, parse_operator_keyvalue, parse_operator_csv, parse_operator_split;

/* parse_rows.c: which rows, which fields, in which order */
parse_operator_fn parse_operator_fields, parse_operator_sort, parse_operator_limit, parse_operator_top;
parse_operator_fn parse_operator_topk, parse_operator_dedup, parse_operator_lookup, parse_operator_cat;

/* parse_aggregate.c: groups, time, tables */
parse_operator_fn parse_operator_aggregate, parse_operator_timeslice, parse_operator_transpose;
parse_operator_fn parse_operator_fillmissing;

/* parse_series.c: values in the order of the rows */
parse_operator_fn parse_operator_accum, parse_operator_total, parse_operator_diff, parse_operator_backshift;
parse_operator_fn parse_operator_smooth, parse_operator_rollingstd, parse_operator_rateof;

/* parse_time.c: values and their times */
parse_operator_fn parse_operator_outlier, parse_operator_withtime, parse_operator_compare;

/* parse_operator.c: whether the word is an aggregate's. */
bool parse_is_aggregate(const struct token *token);

/* parse_extract.c: `field=f`, nodrop and their like, wherever they stand. *taken: one stood there. */
bool parse_extract_option(struct parser *parser, struct operator* operator, bool * taken);

/* parse_extract.c: `"pattern", "pattern" [as x, y]`, again and again. */
bool parse_paths(struct parser *parser, struct operator* operator);

#endif
