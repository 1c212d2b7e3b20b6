/* explain_class: the class of a program, and what is normal for it (explain_normal.def). Private to src/sink. */
#ifndef SINK_EXPLAIN_CLASS_H
#define SINK_EXPLAIN_CLASS_H

#include "model/access.h"

enum program_class {
#define CLASS(id, name, normal, unusual) CLASS_##id,
#include "sink/explain_normal.def"
#undef CLASS
};

/* Its class by its path, and *note ("" or what was measured of it; literals). A script counts before its interpreter. */
enum program_class program_class_of(const struct process *process, const char **note);

const char *program_class_name(enum program_class class);
const char *program_class_normal(enum program_class class);
const char *program_class_unusual(enum program_class class);

bool program_is_fileless(struct span exe); /* deleted, or from memory */

#endif
