/*
 * event: what rules are asked about, as values of numbered fields.
 *
 * One struct is filled again and again; nothing is allocated for an event.
 * A field can have several values: a rule's value matches when it matches one
 * of them. The texts are borrowed until the next begin.
 */
#ifndef RULE_SIGMA_EVENT_H
#define RULE_SIGMA_EVENT_H

#include "rule/sigma/mapping.h"

#define SIGMA_EVENT_VALUES_MAX 1024

/* What a caller knows the event by; correlations remember it (correlate.h). */
struct sigma_tag {
	uint64_t key, sub;
};

struct sigma_value {
	struct span text; /* data NULL: the field is there, and null */
	uint32_t field, next;
	bool also; /* only for correlations over several log sources: sigma_event_add_also */
};

struct sigma_event {
	enum sigma_source source;
	uint32_t services; /* of a line, from sigma_services_of */
	int64_t time_ms;
	struct sigma_tag tag; /* the caller's own: firings hand it back */
	uint64_t identity;    /* of what happened, the caller's own; counts only with `again` */
	bool again;	      /* it was told before, with less: what counts events counts it once */
	bool forgeable;	      /* any user could have written it */
	struct span whole;    /* what keywords are looked for in; data NULL: in all values */
	uint32_t *heads;      /* of each field: its newest value, or SIGMA_FIELD_NONE */
	uint32_t field_count, count;
	uint64_t dropped; /* values that found no room, since init */
	struct sigma_value values[SIGMA_EVENT_VALUES_MAX];
};

/* The field count is sigma_rules_field_count(). 0 or -ENOMEM. */
int sigma_event_init(struct sigma_event *event, uint32_t field_count);
void sigma_event_finish(struct sigma_event *event);

void sigma_event_begin(struct sigma_event *event, enum sigma_source source, int64_t time_ms);

/* Fields that no rule can ask for (SIGMA_FIELD_NONE) are ignored. */
void sigma_event_add(struct sigma_event *event, uint32_t field, struct span text);

/*
 * Likewise a name by which another log source would know it. Rules see it as any value; to group by, it counts only
 * where a correlation names rules of several sources.
 */
void sigma_event_add_also(struct sigma_event *event, uint32_t field, struct span text);

#endif
