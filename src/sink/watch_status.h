/* watch_status: what a watch says of itself, for people and for programs. */
#ifndef SINK_WATCH_STATUS_H
#define SINK_WATCH_STATUS_H

#include "base/buffer.h"
#include "model/watch_status.h"

/*
 * Appends one line of JSON:
 *
 *   {"type":"status","why":"heartbeat","time":"2026-11-23T22:56:01.786Z","uptime_ms":60003,…,"sensors":[…]}
 *
 * docs/schema/status.schema.json describes it. Findings and accesses have no "type".
 */
void watch_status_json(struct buffer *to, const struct watch_status *status);

/* Appends one line of text, safe for a terminal. */
void watch_status_text(struct buffer *to, const struct watch_status *status, bool utf8);

#endif
