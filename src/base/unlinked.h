/*
 * unlinked: a temporary file that has no name, for what memory does not hold.
 */
#ifndef BASE_UNLINKED_H
#define BASE_UNLINKED_H

/*
 * Opens one for reading and writing in `directory`, or where that is NULL or cannot be written, in $TMPDIR, /var/tmp or
 * /tmp. The descriptor, or a negative errno. Before confinement.
 */
int unlinked_open(const char *directory);

#endif
