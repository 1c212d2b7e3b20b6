/*
 * mapping: which log sources there are, and which fields their events have
 * (sources.def, fields.def).
 *
 * Fields are numbered through all sources. Numbers behind the table's are
 * those of names that rules ask of an open source; the rules give them out.
 */
#ifndef RULE_SIGMA_MAPPING_H
#define RULE_SIGMA_MAPPING_H

#include "base/span.h"

enum sigma_source {
#define SOURCE(id, product, category, service, what) SIGMA_SOURCE_##id,
#include "rule/sigma/sources.def"
#undef SOURCE
	SIGMA_SOURCE_COUNT
};

enum sigma_service {
#define SERVICE(id, service, programs, what) SIGMA_SERVICE_##id,
#include "rule/sigma/sources.def"
#undef SERVICE
	SIGMA_SERVICE_COUNT
};

enum sigma_field {
#define FIELD(source, id, name, what) SIGMA_##source##_##id,
#include "rule/sigma/fields.def"
#undef FIELD
	SIGMA_FIELD_TABLE
};

#define SIGMA_FIELD_NONE UINT32_MAX
#define SIGMA_FIELD_WHOLE (UINT32_MAX - 1) /* the whole text of the event: keywords */

/*
 * The source of a rule with these names, each empty when it is not asked
 * for, and the services as bits (0: any). SIGMA_SOURCE_COUNT: proctor has none.
 */
enum sigma_source sigma_source_of(struct span product, struct span category, struct span service, uint32_t *services);

/* The services that a line of this program belongs to, as bits. */
uint32_t sigma_services_of(struct span program);

const char *sigma_source_name(enum sigma_source source); /* "process_access", "auditd", "line" */
bool sigma_source_is_open(enum sigma_source source);

/* SIGMA_FIELD_NONE when the table has none. */
uint32_t sigma_field_of(enum sigma_source source, struct span name);

const char *sigma_field_name(enum sigma_field field);
enum sigma_source sigma_field_source(enum sigma_field field);
const char *sigma_field_what(enum sigma_field field);

/* A field of the source that was probably meant, or NULL. */
const char *sigma_field_suggest(enum sigma_source source, struct span name);

#endif
