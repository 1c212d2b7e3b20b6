/*
 * groups: findings while they grow: one for each actor process, target and
 * entry. Private to src/rule.
 *
 * A group's access is the most telling one: a command line gives way to the
 * open that it announced. A group closes after an hour of event time without
 * another access, when the table or its text is full (counted), or at the end.
 */
#ifndef RULE_GROUPS_H
#define RULE_GROUPS_H

#include "base/table.h"
#include "model/finding.h"
#include "model/summary.h"
#include "rule/telling.h"

#define GROUP_AGE_MAX (3600 * 1000) /* ms of event time */

struct groups {
	struct table table;
	size_t text_bytes; /* that the findings own */
	struct summary *summary;
	struct telling telling; /* to whom, and when */
};

int groups_init(struct groups *groups, struct summary *summary); /* 0 or -ENOMEM */
void groups_finish(struct groups *groups);

/*
 * Starts a group or joins the one of that key (groups_key). The finding is copied. Its count is 0 when another sensor
 * told of it before.
 */
void groups_put(struct groups *groups, uint64_t key, uint64_t sub, const struct finding *finding, bool final);

/* Where the group of such an access is. */
void groups_key(const struct access *access, uint64_t *key, uint64_t *sub);

/*
 * What a correlation makes of a finding that helped to complete it: graver, never less grave. Where any user could have
 * written the finding, a Review of SCORE_FORGEABLE_MAX at most.
 */
struct raise {
	enum risk risk;
	unsigned score;
	struct span rule, rule_id, rule_title, reason;
};

/* Raises the group there, if it is open and neither final nor tuned. */
void groups_raise(struct groups *groups, uint64_t key, uint64_t sub, const struct raise *raise);

/* Likewise any finding. Its new texts are the raise's. */
void finding_raise(struct finding *finding, const struct raise *raise);
bool finding_is_raised(const struct finding *finding, const struct raise *raise); /* so far already */

void groups_close_all(struct groups *groups);

/* A finding's id, from content alone: it survives rotation and compression. */
void finding_set_id(struct finding *finding);

/* Appends unless it is there or there is no room. */
void finding_add_reason(struct finding *finding, struct span reason);

#endif
