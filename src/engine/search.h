/*
 * search: the order of the stages of a query, from inputs to rows.
 *
 *   source → messages → run → rows
 */
#ifndef ENGINE_SEARCH_H
#define ENGINE_SEARCH_H

#include "engine/messages.h"
#include "sink/rows.h"
#include "source/source.h"

struct search_options {
	const char *const *paths;
	size_t path_count;
	struct source_options source;
	enum message_unit unit;
	const struct category_map *categories; /* NULL: no globs */
	const struct pack *pack;	       /* ACCESS: the rules that judge; others do not need it */
	int64_t since_ms, until_ms;	       /* messages of other times, or of none, go by; TIME_UNKNOWN: no bound */
	bool every_message; /* the run sees each, also those that its literals rule out: it counts them (explain) */
	bool confine;
	const char *output_path; /* of -o: an input that is the same file is refused; NULL is stdout */
	/* As in scan.h. */
	bool (*progress)(void *context, const struct source *source);
	void *progress_context;
};

struct search_totals {
	uint64_t messages, rows;
};

/*
 * Reads, searches and writes rows, which it ends. `run` was made of `query`.
 * Fills *totals and *summary in every case; rows are the summary's findings.
 * 0, or a negative errno with err: output is not possible, memory is out, or
 * the query hit a ceiling.
 */
int search_run(const struct search_options *options, const struct query *query, struct run *run, struct rows *rows,
	       struct search_totals *totals, struct summary *summary, struct err *err);

#endif
