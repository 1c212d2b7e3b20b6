/*
 * explain_fill: commands of the playbook with the values of a finding.
 *
 * Numbers are digits, times are made here, and paths are shell words of
 * absolute paths: nothing else of a log gets into a command. Private to
 * src/sink.
 */
#ifndef SINK_EXPLAIN_FILL_H
#define SINK_EXPLAIN_FILL_H

#include "sink/explain.h"

/* Appends the command with its words in braces filled in. False, and nothing is added, when the log does not tell one of them. */
bool explain_fill(struct buffer *to, const char *command, const struct explain_subject *subject);

/* A dump file that a step of the incident names; empty when none does. */
struct span explain_dump(const struct incident *incident);

#endif
