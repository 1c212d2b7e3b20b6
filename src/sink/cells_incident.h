/* cells_incident: an incident in the words of the table. Private to src/sink. */
#ifndef SINK_CELLS_INCIDENT_H
#define SINK_CELLS_INCIDENT_H

#include "model/incident.h"
#include "sink/cells.h"

/* As cell_add. */
size_t cell_add_incident(struct buffer *to, enum cell cell, const struct incident *incident, bool utf8);

#endif
