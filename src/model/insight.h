/*
 * insight: an entity whose signals of two weeks add up to more than chance,
 * as Cloud SIEM has it. A signal is a rule that findings of that entity met.
 *
 * All text and findings belong to who hands the insight out, until its next
 * call.
 */
#ifndef MODEL_INSIGHT_H
#define MODEL_INSIGHT_H

#include "model/finding.h"

/* What signals add up for. A user is one of a host: numbers mean other people elsewhere. */
enum entity_kind { ENTITY_HOST, ENTITY_USER };

struct entity {
	enum entity_kind kind;
	struct span host; /* data NULL when the log does not tell */
	uint64_t uid;	  /* of users: who logged in, else whom the actor ran as */
};

struct signal {
	const struct finding *finding; /* the gravest of them, the first among equals */
	uint64_t findings, accesses;   /* how many */
	int64_t first_ms, last_ms;
};

enum insight_severity { INSIGHT_LOW, INSIGHT_MEDIUM, INSIGHT_HIGH };

const char *insight_severity_name(enum insight_severity severity); /* "LOW", "MEDIUM", "HIGH" */

/* Each severity is 1 at least, and the sum passes the threshold only with the last. */
#define INSIGHT_THRESHOLD 12
#define INSIGHT_SIGNALS_MAX (INSIGHT_THRESHOLD + 1)

struct insight {
	char id[17]; /* 16 hex digits, from content alone */
	struct entity entity;
	unsigned score; /* the severities of its signals, added up */
	enum insight_severity severity;
	struct signal signals[INSIGHT_SIGNALS_MAX]; /* in the order in which they came first */
	size_t signal_count;
	int64_t created_ms; /* event time of the finding that made it one */
};

#endif
