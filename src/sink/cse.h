/*
 * cse: the shapes of Sumo Logic Cloud SIEM that its sinks share: records and
 * signals. Private to src/sink.
 */
#ifndef SINK_CSE_H
#define SINK_CSE_H

#include "model/insight.h"
#include "sink/json_writer.h"

/* The attributes of a normalised record, as a JSON object named `name` (NULL: an item). */
void cse_put_record(struct buffer *to, const char *name, const struct finding *finding);

/* {"id":"_hostname-web-01","name":"web-01",…}: what a signal or an insight is about. */
void cse_put_entity(struct buffer *to, const char *name, const struct entity *entity);

/* Items of a list of tags: _mitreAttackTechnique:T1003.007; the tactic that goes with it, where it is known. */
void cse_put_technique(struct buffer *to, struct span technique);
void cse_put_tactic(struct buffer *to, struct span technique);

/* The finding as an item of a list of signals of that entity; `records`: how many there were. */
void cse_put_signal(struct buffer *to, const struct finding *finding, const struct entity *entity, uint64_t records);

/* The name of the signal that a finding is: what makes signals of one entity add up. */
struct span cse_signal_name(const struct finding *finding);

#endif
