/* insights: findings, added up by entity, to a sink that wants insights. Private to src/engine. */
#ifndef ENGINE_INSIGHTS_H
#define ENGINE_INSIGHTS_H

#include "model/summary.h"
#include "sink/sink.h"
#include "sink/spool.h"

/* All findings are in the spool. Does not end the sink. 0, or a negative errno with err. */
int insights_write(struct spool *spool, struct sink *sink, struct summary *summary, struct err *err);

#endif
