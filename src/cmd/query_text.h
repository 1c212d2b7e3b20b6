/* query_text: the words of `proctor query` about a search: errors, lint, what each stage did. */
#ifndef CMD_QUERY_TEXT_H
#define CMD_QUERY_TEXT_H

#include "query/lint.h"
#include "query/parse.h"
#include "query/run.h"

/* The search in a file, or standard input for "-". Negative errno with err; the buffer is to be finished in any case. */
int query_text_read(struct buffer *text, const char *path, struct err *err);

/* "proctor: " and the error with a caret, on standard error. */
void query_text_error(struct span text, const struct query_error *error);

/* Findings on standard output, as text or one JSON object a line. Returns how many there are. */
size_t query_text_lint(const struct query *query, bool json, bool utf8);

/* What each stage took, handed on and dropped first, and why, on standard error. */
void query_text_explain(const struct run *run, bool utf8);

#endif
