/*
 * shape: what the schemas of other people's products share. Private to
 * src/sink.
 */
#ifndef SINK_SHAPE_H
#define SINK_SHAPE_H

#include "model/finding.h"

/* What was seen, in words: the first reason, else the name of the rule. */
struct span shape_title(const struct finding *finding);

/* What its rule calls it: the rule's title, else shape_title. */
struct span shape_rule_title(const struct finding *finding);

/* "maps of sshd (812) opened by /usr/bin/python3 (29454): reason; reason". */
void shape_message(struct buffer *to, const struct finding *finding);

/* The path that was opened, as resolved where it was. */
struct span shape_path(const struct access *access);

/* comm, else the last part of exe; empty when neither is known. */
struct span shape_process_name(const struct process *process);

#define SHAPE_TACTIC_ID "TA0006"
#define SHAPE_TACTIC "Credential Access"
#define SHAPE_TECHNIQUE_ID "T1003"
#define SHAPE_TECHNIQUE "OS Credential Dumping"
#define SHAPE_SUBTECHNIQUE "Proc Filesystem"

#endif
