/*
 * directory: the logs below a directory, in the order of reading.
 */
#ifndef SOURCE_DIRECTORY_H
#define SOURCE_DIRECTORY_H

#include "source/inputs.h"

/* Adds the logs below `path`; notes what was skipped, and that there was none. Negative errno: no memory. */
int directory_add(struct inputs *inputs, const char *path);

/*
 * Adds what this host keeps itself below root ("" for /): audit's logs,
 * syslog's, and the journal where syslog writes no files. What is not there
 * is not missed.
 */
int directory_add_host(struct inputs *inputs, const char *root);

#endif
