/*
 * withtime: a value and the time of its message in one text, as `withtime x`
 * puts it into x_withtime, and most_recent takes it apart:
 *
 *	{"time":1795430400000,"value":"running"}
 *
 * Quotes, backslashes and control bytes of the value are escaped as in JSON.
 */
#ifndef QUERY_WITHTIME_H
#define QUERY_WITHTIME_H

#include "query/row.h"

/* The text, in the row's arena. Empty with row->trouble when it is too long. */
struct span withtime_write(struct row *row, const struct value *value, const struct value *time);

/*
 * Takes such a text apart; leaves *value and *time alone when it is another
 * text. *room is what free() has to be given when *value is done with. False:
 * memory is out.
 */
bool withtime_read(struct span text, struct value *value, struct value *time, char **room);

#endif
