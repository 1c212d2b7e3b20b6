/*
 * telling: when a finding that still grows is told, for a watch. Private to
 * src/rule.
 *
 *   NEW ──told at once──▶ TOLD ──grows──▶ WAITING ──update_ms since it was told──▶ told again
 *                          ▲                 │
 *                          └── graver: told again at once
 *
 * Of a scan, told once, when its group closes.
 */
#ifndef RULE_TELLING_H
#define RULE_TELLING_H

#include "model/finding.h"

struct telling {
	void (*emit)(void *context, const struct finding *finding); /* NULL: nobody listens */
	void *context;
	int64_t update_ms; /* 0: a scan */
	int64_t now_ms;
	struct told *first, *last; /* that wait, those that have waited longest in front */
};

/* What is remembered of one finding; zeroed memory is a finding that was not told. */
struct told {
	struct told *before, *after;
	const struct finding *finding;
	int64_t when_ms;
	enum risk risk;
	unsigned score;
	bool once, waits;
};

/* It is new, or has grown. The finding stays where it is until telling_close. */
void telling_grown(struct telling *telling, struct told *told, const struct finding *finding);

/* It is complete: told if there is something to tell. */
void telling_close(struct telling *telling, struct told *told, const struct finding *finding);

/* Tells what has waited long enough. */
void telling_tick(struct telling *telling, int64_t now_ms);

#endif
