/* line_sighting: a line of text as a sighting of its own. */
#ifndef ENGINE_LINE_SIGHTING_H
#define ENGINE_LINE_SIGHTING_H

#include "model/access.h"

/* Of a record of kind RECORD_LOG, from which it borrows. */
struct access line_sighting(const struct record *record);

#endif
