/*
 * report: a drill's outcome, as text, as JSON lines, as a page, and as a
 * layer of ATT&CK Navigator. Each appends to a buffer; every text is escaped
 * for where it goes.
 */
#ifndef DRILL_REPORT_H
#define DRILL_REPORT_H

#include "base/buffer.h"
#include "drill/drill.h"

/* Where and when, for the heads of reports. */
struct report_place {
	const char *host;
	int64_t time_ms; /* since the epoch */
};

/* A table with a line a variant, and what it comes to. */
void report_text(struct buffer *to, const struct drill *drill, bool utf8);

/* The signals of --test N, each seen, missed or not applicable. */
void report_test(struct buffer *to, const struct drill *drill, bool utf8);

/*
 * {"variant":"dirfd-pid","sensor":"audit","expected":"seen","seen":true,"risk":"HighRisk","latency_ms":3.214,
 *  "why":null,"result":"seen",…}
 */
void report_json(struct buffer *to, const struct drill *drill);

/* One page, without scripts or anything from elsewhere, fit for a printer. */
void report_html(struct buffer *to, const struct drill *drill, const struct report_place *place);

/* Layer format 4.5. The score of a technique is the percentage of its variants that were seen. */
void report_navigator(struct buffer *to, const struct drill *drill, const struct report_place *place);

/* "3.2 ms", or "" when it is not known. `room` has REPORT_LATENCY_ROOM bytes. */
#define REPORT_LATENCY_ROOM 24
const char *report_latency(int64_t latency_us, char *room);

#endif
