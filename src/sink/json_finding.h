/* json_finding: the objects of docs/schema/ that lines of JSON are made of. Private to src/sink. */
#ifndef SINK_JSON_FINDING_H
#define SINK_JSON_FINDING_H

#include "base/buffer.h"
#include "model/incident.h"

/* Each leaves a comma behind, as json_writer.h says. */
void json_add_finding(struct buffer *to, const struct finding *finding, bool raw);
void json_add_incident(struct buffer *to, const struct incident *incident, bool raw);

/* Their parts, with their names. */
void json_add_actor(struct buffer *to, const struct process *actor, bool live); /* live: with what only sensors tell */
void json_add_origin(struct buffer *to, const struct origin *origin, uint64_t serial);

#endif
