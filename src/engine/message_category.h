/*
 * message_category: the _sourceCategory of a message, which on a collector is
 * a matter of configuration: from the user's globs, else from the path of the
 * log, else from what the line is.
 */
#ifndef ENGINE_MESSAGE_CATEGORY_H
#define ENGINE_MESSAGE_CATEGORY_H

#include "base/err.h"
#include "base/span.h"

#define CATEGORY_GLOBS_MAX 4096
#define CATEGORY_FILE_MAX (1u << 20) /* bytes */

struct category_map;

struct category_map *category_map_create(void); /* NULL: memory is out */
void category_map_destroy(struct category_map *map);

/*
 * Adds "GLOB=NAME", cut at the last '='. `*` and `?` match '/', too; a glob
 * without a '/' may also match the last part of the path alone. The first
 * glob that matches decides. 0, or a negative errno with err.
 */
int category_map_add(struct category_map *map, struct span text, struct err *err);

/* Adds the lines of a file, likewise; blank ones and those that begin with '#' go by. The message tells the line. */
int category_map_read(struct category_map *map, const char *path, struct err *err);

/* By glob or by the usual names of logs; empty when neither tells. Lives as long as the map (NULL: no globs). */
struct span category_of_path(const struct category_map *map, struct span path);

/* What a line is known to be. */
enum line_kind { LINE_UNKNOWN, LINE_AUDIT, LINE_LOG };

/* For lines of logs whose path says nothing. */
struct span category_of_line(enum line_kind kind, struct span program, struct span text);

#endif
