/* files: texts on disk, for rules and for the lists that they name. */
#ifndef RULE_SIGMA_FILES_H
#define RULE_SIGMA_FILES_H

#include "base/buffer.h"
#include "rule/sigma/diagnostics.h"

/*
 * Appends the text of a regular file, of which YAML_FILE_MAX and a little
 * more is read at most. 0, or -EINVAL: why not is in the diagnostics.
 */
int sigma_file_read(const char *path, struct buffer *to, struct sigma_diagnostics *diagnostics);

/* An error about a path that the diagnostics copy: what was attempted, and a positive errno. -EINVAL. */
int sigma_file_report(struct sigma_diagnostics *diagnostics, const char *path, const char *attempt, int number);

#endif
