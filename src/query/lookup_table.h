/*
 * lookup_table: tables that a search looks values up in. Where a search names
 * one of the service's own, or a file on the web, nothing is fetched: the
 * caller hands the table in, as CSV with a header.
 */
#ifndef QUERY_LOOKUP_TABLE_H
#define QUERY_LOOKUP_TABLE_H

#include "base/arena.h"
#include "base/err.h"

#define LOOKUP_FILE_MAX ((size_t)100 << 20) /* bytes; what Sumo Logic allows */

struct lookup_table {
	struct lookup_table *next;
	struct span name;	   /* as the search writes the path, without path:// and quotes */
	const struct span *header; /* column_count names */
	const struct span *cells;  /* row by row */
	size_t column_count, row_count;
};

/* The tables of a run. They have to live as long as it. */
struct lookup_tables {
	struct lookup_table *first;
	struct arena arena;
};

void lookup_tables_init(struct lookup_tables *tables);
void lookup_tables_finish(struct lookup_tables *tables); /* zeroed memory is allowed */

/* Adds the table that is written in the CSV text, which is copied. 0, or negative with err. */
int lookup_tables_add(struct lookup_tables *tables, struct span name, struct span csv, struct err *err);

/* The same for a file: "NAME=FILE"; the last = parts them. */
int lookup_tables_read(struct lookup_tables *tables, struct span setting, struct err *err);

/* The table of that path; NULL when there is none. */
const struct lookup_table *lookup_tables_find(const struct lookup_tables *tables, struct span path);

/* Which column has that name, without regard to case; column_count when none has. */
size_t lookup_table_column(const struct lookup_table *table, struct span name);

#endif
