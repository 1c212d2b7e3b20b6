/*
 * load: rule files to rules. What is broken is told in the diagnostics, with
 * file, line and column, and left out; everything else loads.
 *
 *   create ── add_text, add_path … ── link ── (engine_create, …) ── destroy
 *
 * Sigma specification 2.1.0; documents in one file are separated by ---, and
 * `action: global`, `reset` and `repeat` work as in Sigma's rule collections.
 */
#ifndef RULE_SIGMA_LOAD_H
#define RULE_SIGMA_LOAD_H

#include "rule/sigma/builder.h"

#define SIGMA_RULES_MAX 65536
#define SIGMA_FILES_MAX 100000
#define SIGMA_DIRECTORY_DEPTH_MAX 16

/* A field that rules ask of an open source, beyond the table; its number is SIGMA_FIELD_TABLE plus its place. */
struct sigma_extra_field {
	enum sigma_source source;
	struct span name;
};

struct sigma_rules {
	struct arena arena;
	struct sigma_diagnostics diagnostics;
	struct sigma_rule *items; /* in the order of loading */
	size_t count, capacity;
	size_t files, documents; /* read */
	struct sigma_extra_field *extra;
	size_t extra_count, extra_capacity;
	struct sigma_regexes regexes;
	const struct sigma_placeholder *placeholders;
	size_t placeholder_count;
};

/* The placeholders are borrowed until the last text was added. NULL: memory is out. */
struct sigma_rules *sigma_rules_create(const struct sigma_placeholder *placeholders, size_t count);
void sigma_rules_destroy(struct sigma_rules *rules);

/* `name` is for messages. The text is borrowed for the call. */
void sigma_rules_add_text(struct sigma_rules *rules, const char *name, struct span text);

/* A file, or a directory: every .yml and .yaml below it, in the order of their names; symbolic links to directories are not followed. */
void sigma_rules_add_path(struct sigma_rules *rules, const char *path);

/* Finds fields, filters, correlated rules; sets each rule's state. Once, when all is added. */
void sigma_rules_link(struct sigma_rules *rules);

/* The number of a field, as events need it; SIGMA_FIELD_NONE when no rule can ask for it. */
uint32_t sigma_rules_field(const struct sigma_rules *rules, enum sigma_source source, struct span name);

/* How many numbers of fields there are. */
uint32_t sigma_rules_field_count(const struct sigma_rules *rules);

#endif
