/*
 * finding: accesses of one actor process to one entry of one target, judged.
 *
 * A finding owns itself: every span points into `room`, one allocation, so
 * that it can be packed into a spill file and come back byte for byte.
 */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "base/buffer.h"
#include "model/access.h"

enum risk { RISK_NONE, RISK_REVIEW, RISK_KNOWN_TOOL, RISK_HIGH };

#define FINDING_REASONS_MAX 12

struct finding {
	struct access access; /* the most telling of them; time_ms is the first's */
	enum risk risk;
	unsigned score;				  /* 0-100 */
	unsigned severity;			  /* 1-10 */
	struct span reasons[FINDING_REASONS_MAX]; /* in words */
	size_t reason_count;
	bool credentials;			   /* a rule says that the target holds them */
	bool blinded;				   /* a rule added to the score for auditing that was weakened */
	struct span rule;			   /* name of the rule that set the tier, else its title */
	struct span rule_id, rule_title;	   /* of that rule; data NULL when it has none */
	struct span threat;			   /* the known tool, "LaZagne (S0349)"; data NULL when none is known */
	struct span technique;			   /* ATT&CK, "T1003.007"; empty when there is none */
	struct span suppressed_by, suppressed_why; /* data NULL unless tuning took it */
	uint64_t count;
	bool update; /* live: it was told before, and has grown since */
	int64_t first_ms, last_ms;
	char id[17];	   /* 16 hex digits, from content alone */
	char incident[17]; /* id of the incident that it is part of; "" when that is not known or not asked for */
	char *room;	   /* owned; freed by finding_finish */
	size_t room_size;  /* bytes */
};

const char *risk_name(enum risk risk); /* "HighRisk", "KnownTool", "Review", "None" */
int risk_from_name(const char *name);  /* without case; -1 when there is none */

/* A deep copy; false when memory is out. Literals are copied too. */
bool finding_copy(struct finding *to, const struct finding *from);
void finding_finish(struct finding *finding);

/*
 * To and from bytes, for spilling. Unpack borrows all text from `bytes`,
 * except origin.file and origin.member, which are kept as pointers: both
 * halves run in one process. Returns the bytes used, or 0 for bad bytes.
 */
void finding_pack(const struct finding *finding, struct buffer *to);
size_t finding_unpack(struct finding *finding, struct span bytes, struct span raw_room[], size_t raw_max);

/* An order of packed findings by content alone, wherever they lie: <0, 0, >0. Only for what finding_pack made. */
int finding_pack_compare(struct span a, struct span b);

#endif
