/*
 * finding_json: findings and incidents, back from what `proctor scan --json`
 * wrote (docs/schema/). Whoever hands such a file over can have written
 * anything: what a field cannot be is left unknown, what is no finding at all
 * is refused, and nothing is larger than a finding of a scan.
 */
#ifndef DECODE_FINDING_JSON_H
#define DECODE_FINDING_JSON_H

#include "base/arena.h"
#include "model/incident.h"

enum finding_line {
	FINDING_LINE_BLANK,    /* or a status of `proctor watch --json` */
	FINDING_LINE_FINDING,  /* finding */
	FINDING_LINE_INCIDENT, /* incident, with the findings that it holds */
	FINDING_LINE_BAD,      /* no JSON, or neither of them, or memory is out */
};

#define FINDING_RAW_MAX 16384 /* records of one finding: as many as an event can have */

/* Of one line; lives until the next one is read. */
struct finding_reader {
	struct arena arena;
	struct finding finding;
	struct incident incident;
};

void finding_reader_init(struct finding_reader *reader);
void finding_reader_finish(struct finding_reader *reader);

/* The line is borrowed until the next call. */
enum finding_line finding_reader_take(struct finding_reader *reader, struct span line);

#endif
